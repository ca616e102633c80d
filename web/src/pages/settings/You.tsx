import { Button, Group, PasswordInput, SegmentedControl, Stack, Text, TextInput, useMantineColorScheme } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ProblemError } from "../../api/client";
import { useSignOutEverywhere } from "../../api/session";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { ago, moment } from "../../words/figures";
import { SecondFactor } from "./SecondFactor";
import { Confirm, Done, Item, Items, Mark, Part, Small } from "./pieces";
import { useChangePassword, useDevices, useEndDevice, useOwnPerson, useRename, useTotp } from "./queries";

/** One's own account. */
export function You() {
  const me = useOwnPerson();
  if (me.isPending) return <Loading />;
  if (!me.data) return <Problem error={me.error} retry={() => void me.refetch()} />;
  return (
    <Stack gap="xl">
      <Name key={me.data.name} name={me.data.name} email={me.data.email} />
      {me.data.has_password ? (
        <Password email={me.data.email} />
      ) : (
        <Part title="Password">Your organisation's sign-in lets you in; you have no password here.</Part>
      )}
      <SecondFactor hasPassword={me.data.has_password} />
      <Devices />
      <Appearance />
    </Stack>
  );
}

function Name({ name, email }: { name: string; email: string }) {
  const rename = useRename();
  const [text, setText] = useState(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate(text);
  };
  return (
    <Part title="Name" about={`You sign in as ${email}.`}>
      <form onSubmit={submit}>
        <Group align="flex-end">
          <TextInput
            label="Your name"
            description="As others here see it"
            required
            maxLength={200}
            autoComplete="name"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            maw={360}
            flex={1}
          />
          <Button type="submit" variant="default" loading={rename.isPending} disabled={text.trim() === name || !text.trim()}>
            Keep
          </Button>
        </Group>
      </form>
      <Problem error={rename.error} />
    </Part>
  );
}

const LEAST = 12;

function Password({ email }: { email: string }) {
  const change = useChangePassword();
  const totp = useTotp();
  const [open, setOpen] = useState(false);
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const [code, setCode] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { password: old, new_password: fresh, code: code.trim() },
      {
        onSuccess: () => {
          setOpen(false);
          setOld("");
          setFresh("");
          setCode("");
        },
      },
    );
  };
  return (
    <Part
      title="Password"
      actions={
        !open && (
          <Button variant="default" onClick={() => setOpen(true)}>
            Change it
          </Button>
        )
      }
    >
      {change.isSuccess && !open && <Done>Your password is changed. You stay signed in here; everywhere else you sign in anew.</Done>}
      {open && (
        <form onSubmit={submit}>
          <Stack maw={360}>
            <input type="hidden" autoComplete="username" value={email} readOnly />
            <PasswordInput
              label="Your password until now"
              required
              autoComplete="current-password"
              value={old}
              onChange={(event) => setOld(event.currentTarget.value)}
            />
            <PasswordInput
              label="The new one"
              description="12 letters or more; a few words that you remember do well"
              required
              minLength={LEAST}
              autoComplete="new-password"
              value={fresh}
              onChange={(event) => setFresh(event.currentTarget.value)}
            />
            {totp.data?.on && (
              <TextInput
                label="Code"
                description="Of your authenticator app, or a recovery code"
                required
                autoComplete="one-time-code"
                value={code}
                onChange={(event) => setCode(event.currentTarget.value)}
              />
            )}
            <Problem error={change.error} />
            <Group>
              <Button type="submit" loading={change.isPending}>
                Change the password
              </Button>
              <Button variant="default" onClick={() => setOpen(false)}>
                Leave it
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Part>
  );
}

const WAYS: Record<string, string> = { password: "by password", link: "by a one-time link", oidc: "by your organisation" };

/** What a browser calls itself, in two words. */
export function browserOf(agent: string): string {
  const browser = /Edg\//.test(agent)
    ? "Edge"
    : /OPR\//.test(agent)
      ? "Opera"
      : /Firefox\//.test(agent)
        ? "Firefox"
        : /Chrome\//.test(agent)
          ? "Chrome"
          : /Safari\//.test(agent)
            ? "Safari"
            : "";
  const system = /iPhone|iPad/.test(agent)
    ? "iOS"
    : /Android/.test(agent)
      ? "Android"
      : /Windows/.test(agent)
        ? "Windows"
        : /Mac OS X/.test(agent)
          ? "macOS"
          : /Linux|X11/.test(agent)
            ? "Linux"
            : "";
  if (browser && system) return `${browser} on ${system}`;
  return browser || system || agent.slice(0, 60) || "An unknown program";
}

function Devices() {
  const devices = useDevices();
  const end = useEndDevice();
  const everywhere = useSignOutEverywhere();
  const [asks, setAsks] = useState(false);
  const gone = end.error instanceof ProblemError && end.error.status === 404;
  return (
    <Part
      title="Where you are signed in"
      actions={
        <Button variant="default" onClick={() => setAsks(true)}>
          Sign out everywhere…
        </Button>
      }
    >
      <Problem error={devices.error ?? (gone ? null : end.error)} retry={() => void devices.refetch()} />
      {devices.isPending && <Loading rows={1} />}
      <Items label="Where you are signed in">
        {devices.data?.items.map((one) => (
          <Item
            key={one.id}
            title={browserOf(one.agent)}
            badges={one.this && <Mark colour="teal">this one</Mark>}
            actions={
              !one.this && (
                <Button
                  size="xs"
                  variant="default"
                  loading={end.isPending && end.variables === one.id}
                  onClick={() => end.mutate(one.id, { onError: () => void devices.refetch() })}
                  aria-label={`Sign it out: ${browserOf(one.agent)}, ${one.address}`}
                >
                  Sign it out
                </Button>
              )
            }
          >
            <Small>
              Last used {ago(one.seen_at)}, from {one.address || "an unknown address"}; signed in {WAYS[one.way] ?? ""}{" "}
              {moment(one.opened_at)}
            </Small>
          </Item>
        ))}
      </Items>
      <Confirm
        title="Sign out everywhere?"
        opened={asks}
        close={() => setAsks(false)}
        yes="Sign out everywhere"
        act={() => everywhere.mutate()}
        busy={everywhere.isPending}
        error={everywhere.error}
      >
        Here as well: you sign in anew. If you think that somebody else is signed in as you, change your password instead: that signs out
        all other devices.
      </Confirm>
    </Part>
  );
}

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Part title="Appearance">
      <div>
        <SegmentedControl
          aria-label="Colours"
          data={[
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
            { value: "auto", label: "As this device" },
          ]}
          value={colorScheme}
          onChange={(value) => setColorScheme(value as "light" | "dark" | "auto")}
        />
      </div>
      <Text size="sm" c="dimmed">
        Figures and dates are written as your browser's language has them, moments in the time zone{" "}
        {Intl.DateTimeFormat().resolvedOptions().timeZone}.
      </Text>
    </Part>
  );
}
