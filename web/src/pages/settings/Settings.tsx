import { Anchor, Box, Group, NavLink, Paper, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { ComponentType } from "react";
import { Link, Navigate, Route, Routes, useLocation } from "react-router";
import { useSession } from "../../api/session";
import { Empty } from "../../parts/Empty";
import { Icon } from "../../parts/Icon";
import { Page } from "../../parts/Page";
import Missing from "../Missing";
import { AddAccount } from "./AddAccount";
import { Audit } from "./Audit";
import { Connections } from "./Connections";
import { Jobs } from "./Jobs";
import { Keys } from "./Keys";
import { Notices } from "./Notices";
import { People } from "./People";
import { RouteEditor } from "./RouteEditor";
import { SECTIONS, type SectionPlace } from "./sections";
import { Schedules } from "./Schedules";
import { System } from "./System";
import { Workspaces } from "./Workspaces";
import { You } from "./You";

const PARTS: Record<string, ComponentType> = {
  connections: Connections,
  people: People,
  notices: Notices,
  schedules: Schedules,
  jobs: Jobs,
  keys: Keys,
  audit: Audit,
  workspaces: Workspaces,
  system: System,
  you: You,
};

/** Accounts, people, keys, notices and the audit log: a list of parts, and the part that is open beside it. */
export default function Settings() {
  const { data: session } = useSession();
  const narrow = useMediaQuery("(max-width: 62em)", undefined, { getInitialValueInEffect: false });
  const may = (place: SectionPlace) => !place.may || (session?.permissions ?? []).includes(place.may);
  const mine = SECTIONS.filter(may);
  const list = narrow ? <Front places={mine} /> : <Navigate to={mine[0]?.to === "connections" ? "connections" : "you"} replace />;
  return (
    <Routes>
      <Route index element={list} />
      {SECTIONS.map((place) => {
        const Part = PARTS[place.to];
        if (!Part) return null;
        const inside = may(place) ? <Part /> : <Denied place={place} />;
        return <Route key={place.to} path={place.to} element={<Framed place={place} places={mine} narrow={narrow} inside={inside} />} />;
      })}
      {mine.some((place) => place.to === "connections") && (
        <Route
          path="connections/add/:platform?"
          element={<Framed place={at("connections")} places={mine} narrow={narrow} inside={<AddAccount />} />}
        />
      )}
      {mine.some((place) => place.to === "notices") && (
        <Route
          path="notices/:way/:name"
          element={<Framed place={at("notices")} places={mine} narrow={narrow} inside={<RouteEditor />} />}
        />
      )}
      <Route path="*" element={<Missing />} />
    </Routes>
  );
}

const at = (to: string) => SECTIONS.find((place) => place.to === to) ?? (SECTIONS[0] as SectionPlace);

/** On a phone: the list of parts alone. */
function Front({ places }: { places: SectionPlace[] }) {
  return (
    <Page title="Settings">
      <Stack component="nav" aria-label="Parts of the settings" gap="xs">
        {places.map((place) => (
          <Paper key={place.to} withBorder radius="md" p="md" component={Link} to={place.to} className="card-link">
            <Group wrap="nowrap">
              <Icon name={place.icon} />
              <Box flex={1}>
                <Text fw={600}>{place.label}</Text>
                <Text size="sm" c="dimmed">
                  {place.about}
                </Text>
              </Box>
              <Icon name="right" size={16} />
            </Group>
          </Paper>
        ))}
      </Stack>
    </Page>
  );
}

/** A part with the list beside it, or a way back to the list. */
function Framed({
  place,
  places,
  narrow,
  inside,
}: {
  place: SectionPlace;
  places: SectionPlace[];
  narrow: boolean | undefined;
  inside: React.ReactNode;
}) {
  const path = useLocation().pathname;
  return (
    <Group align="flex-start" gap="xl" wrap="nowrap">
      {!narrow && (
        <Box component="nav" aria-label="Parts of the settings" w={180} style={{ flexShrink: 0, position: "sticky", top: 72 }}>
          {places.map((one) => (
            <NavLink
              key={one.to}
              component={Link}
              to={`/settings/${one.to}`}
              label={one.label}
              active={path.startsWith(`/settings/${one.to}`)}
              aria-current={path === `/settings/${one.to}` ? "page" : undefined}
              style={{ borderRadius: "var(--mantine-radius-md)" }}
            />
          ))}
        </Box>
      )}
      <Box flex={1} miw={0} maw={920}>
        {narrow && (
          <Anchor component={Link} to="/settings" size="sm">
            ‹ All settings
          </Anchor>
        )}
        <Page title={place.label} about={place.about}>
          {inside}
        </Page>
      </Box>
    </Group>
  );
}

function Denied({ place }: { place: SectionPlace }) {
  return (
    <Empty icon="lock" title="Your role does not open this">
      {place.about}: an owner of this workspace can tell you about it, or give you a role that opens it.
    </Empty>
  );
}
