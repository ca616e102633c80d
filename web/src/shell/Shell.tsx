import { ActionIcon, Alert, AppShell, Group, Menu, NavLink, Select, Text, Tooltip, UnstyledButton, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { type ReactNode, Suspense, lazy, useEffect, useRef } from "react";
import { Link, useLocation, useNavigate } from "react-router";
import { useHistorySummary } from "../api/queries";
import { type Session, useChooseWorkspace, useSignOut } from "../api/session";
import { Boundary } from "../parts/Boundary";
import { Icon } from "../parts/Icon";
import { UndoBar } from "../parts/Undo";
import { Activity } from "./Activity";
import { useEnded } from "./ended";
import { openPalette, openedOver, usePaletteKey } from "./opening";
import { IN_BAR, PLACES, within } from "./pages";

const Palette = lazy(() => import("./Palette"));
const Toasts = lazy(() => import("./Toasts"));

/** What stands around every page. */
export function Shell({ session, children }: { session: Session; children: ReactNode }) {
  const path = useLocation().pathname;
  const main = useRef<HTMLDivElement>(null);
  const former = useRef(path);
  const palette = usePaletteKey();
  const ended = useEnded();
  useEffect(() => {
    if (former.current === path) return;
    former.current = path;
    window.scrollTo(0, 0);
    if (!openedOver(path)) main.current?.focus({ preventScroll: true }); // who reads by ear begins at the new page
  }, [path]);
  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: true } }} footer={{ height: { base: 60, sm: 0 } }} padding="md">
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <UnstyledButton component={Link} to="/" aria-label="marketmover, home">
            <Group gap="xs" wrap="nowrap">
              <img src="/icon.svg" alt="" width={26} height={26} />
              <Text fw={700} visibleFrom="xs">
                marketmover
              </Text>
            </Group>
          </UnstyledButton>
          <Group gap="xs" wrap="nowrap">
            <Search />
            <Workspaces session={session} />
            <Activity />
            <Scheme />
            <Account session={session} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" component="nav" aria-label="Pages" visibleFrom="sm">
        {PLACES.map((place) => (
          <NavLink
            key={place.to}
            component={Link}
            to={place.to}
            label={place.label}
            leftSection={<Icon name={place.icon} />}
            active={within(place, path)}
            aria-current={within(place, path) ? "page" : undefined}
            style={{ borderRadius: "var(--mantine-radius-md)" }}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main>
        <div id="main" ref={main} tabIndex={-1} style={{ outline: "none", maxWidth: 1280, margin: "0 auto" }}>
          <Simulated />
          {children}
        </div>
      </AppShell.Main>
      <AppShell.Footer hiddenFrom="sm">
        <Group component="nav" aria-label="Pages" h="100%" gap={0} className="bottom-bar">
          {PLACES.slice(0, IN_BAR).map((place) => (
            <Link key={place.to} to={place.to} aria-current={within(place, path) ? "page" : undefined}>
              <Icon name={place.icon} />
              {place.label}
            </Link>
          ))}
          <More path={path} />
        </Group>
      </AppShell.Footer>
      <UndoBar />
      {ended.length > 0 && (
        <Suspense fallback={null}>
          <Toasts jobs={ended} />
        </Suspense>
      )}
      {palette && (
        <Boundary>
          <Suspense fallback={null}>
            <Palette />
          </Suspense>
        </Boundary>
      )}
    </AppShell>
  );
}

/** The places that a phone's bar has no room for. */
function More({ path }: { path: string }) {
  const rest = PLACES.slice(IN_BAR);
  return (
    <Menu position="top-end" width={220}>
      <Menu.Target>
        <UnstyledButton className="bar-place" data-within={rest.some((place) => within(place, path)) || undefined}>
          <Icon name="more" />
          More
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {rest.map((place) => (
          <Menu.Item key={place.to} component={Link} to={place.to} leftSection={<Icon name={place.icon} size={18} />}>
            {place.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Simulated() {
  const { data } = useHistorySummary();
  if (!data?.simulated) return null;
  return (
    <Alert color="yellow" variant="light" p="xs" mb="md" icon={<Icon name="data" size={18} />}>
      <b>Simulated data.</b> Nothing here is a real campaign, and nothing you do spends money.
    </Alert>
  );
}

function Search() {
  const mac = /mac|iphone|ipad/i.test(navigator.platform);
  return (
    <>
      <UnstyledButton visibleFrom="md" onClick={openPalette} px="sm" h={36} bd="1px solid var(--mantine-color-default-border)" style={{ borderRadius: 8 }}>
        <Group gap="xs">
          <Icon name="search" size={16} />
          <Text size="sm" c="dimmed">
            Find or do… <kbd>{mac ? "⌘K" : "Ctrl K"}</kbd>
          </Text>
        </Group>
      </UnstyledButton>
      <ActionIcon hiddenFrom="md" size={36} variant="subtle" color="gray" aria-label="Find or do" onClick={openPalette}>
        <Icon name="search" />
      </ActionIcon>
    </>
  );
}

function Workspaces({ session }: { session: Session }) {
  const choose = useChooseWorkspace();
  const go = useNavigate();
  const places = session.workspaces ?? [];
  if (places.length < 2) return null;
  return (
    <Select
      aria-label="Workspace"
      w={{ base: 120, sm: 180 }}
      data={places.map((place) => ({ value: place.id, label: place.title }))}
      value={session.workspace ?? null}
      allowDeselect={false}
      disabled={choose.isPending}
      onChange={(id) => {
        if (id) choose.mutate(id, { onSuccess: () => void go("/") });
      }}
    />
  );
}

function Scheme() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme("light") === "dark";
  const label = dark ? "Light colours" : "Dark colours";
  return (
    <Tooltip label={label}>
      <ActionIcon size={36} variant="subtle" color="gray" aria-label={label} onClick={() => setColorScheme(dark ? "light" : "dark")}>
        <Icon name={dark ? "sun" : "moon"} />
      </ActionIcon>
    </Tooltip>
  );
}

function Account({ session }: { session: Session }) {
  const out = useSignOut();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon size={36} variant="subtle" color="gray" aria-label="Your account">
          <Icon name="person" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label style={{ overflowWrap: "anywhere" }}>{session.name}</Menu.Label>
        <Menu.Item component={Link} to="/settings/you" leftSection={<Icon name="person" size={16} />}>
          Your account
        </Menu.Item>
        {(session.workspaces ?? []).length > 1 && (
          <Menu.Item component={Link} to="/settings/workspaces" leftSection={<Icon name="table" size={16} />}>
            Workspaces
          </Menu.Item>
        )}
        <Menu.Item leftSection={<Icon name="out" size={16} />} onClick={() => out.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
