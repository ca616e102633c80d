import { Alert, Button, Code, Group, Image, List, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { counted } from "../../words/sureness";
import { Done, Once, Part } from "./pieces";
import { useBeginTotp, useConfirmTotp, useTotp, useTurnTotpOff } from "./queries";

const FEW = 3;

/** The second factor: an app whose code is asked for at sign-in, beside the password. */
export function SecondFactor({ hasPassword }: { hasPassword: boolean }) {
  const totp = useTotp();
  const [doing, setDoing] = useState<"on" | "off" | null>(null);
  const on = totp.data?.on ?? false;
  const left = totp.data?.recovery_codes_left ?? 0;
  return (
    <Part
      title="Second factor"
      about={
        on
          ? `On: a code of your app is asked for at sign-in. ${counted(left, "recovery code")} left.`
          : "Off. With it, a password that somebody stole opens nothing: a code of an app on your phone is asked for as well."
      }
      actions={
        totp.data &&
        !doing && (
          <Button variant="default" onClick={() => setDoing(on ? "off" : "on")}>
            {on ? "Turn it off…" : "Turn it on"}
          </Button>
        )
      }
    >
      <Problem error={totp.error} retry={() => void totp.refetch()} />
      {totp.isPending && <Loading rows={1} />}
      {on && left <= FEW && !doing && (
        <Alert color="orange" variant="light" icon={<Icon name="alert" />} title="Few recovery codes are left">
          Turn the second factor off and on again: that makes ten new ones.
        </Alert>
      )}
      {doing === "on" && <TurnOn hasPassword={hasPassword} close={() => setDoing(null)} />}
      {doing === "off" && <TurnOff hasPassword={hasPassword} close={() => setDoing(null)} />}
    </Part>
  );
}

function TurnOn({ hasPassword, close }: { hasPassword: boolean; close: () => void }) {
  const begin = useBeginTotp();
  const confirm = useConfirmTotp();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  if (confirm.data) return <Recovery codes={confirm.data.recovery_codes} close={close} />;
  if (begin.data) {
    const submit = (event: FormEvent) => {
      event.preventDefault();
      confirm.mutate(code.replaceAll(" ", ""));
    };
    return (
      <form onSubmit={submit}>
        <Stack maw={480}>
          <List type="ordered" size="sm">
            <List.Item>Open an authenticator app on your phone, and add an account there.</List.Item>
            <List.Item>Let it read this picture, or type the seed.</List.Item>
            <List.Item>Type the six digits that it shows now.</List.Item>
          </List>
          <Image
            src={begin.data.qr}
            alt="QR code for the authenticator app; the seed below says the same"
            w={220}
            h={220}
            radius="md"
            bg="white"
          />
          <Text size="sm">
            Seed: <Code style={{ overflowWrap: "anywhere" }}>{begin.data.seed.replaceAll(/(.{4})/g, "$1 ").trim()}</Code>
          </Text>
          <TextInput
            label="Six digits"
            required
            inputMode="numeric"
            autoComplete="one-time-code"
            pattern="[0-9 ]{6,7}"
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            maw={200}
          />
          <Problem error={confirm.error} />
          <Group>
            <Button type="submit" loading={confirm.isPending}>
              Turn it on
            </Button>
            <Button variant="default" onClick={close}>
              Leave it off
            </Button>
          </Group>
        </Stack>
      </form>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    begin.mutate(password);
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={360}>
        {hasPassword ? (
          <PasswordInput
            label="Your password"
            description="To see that it is you"
            required
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        ) : (
          <Text size="sm">Your organisation's sign-in does not ask for this code; it counts where you sign in by password.</Text>
        )}
        <Problem error={begin.error} />
        <Group>
          <Button type="submit" loading={begin.isPending}>
            Go on
          </Button>
          <Button variant="default" onClick={close}>
            Leave it off
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Recovery({ codes, close }: { codes: string[]; close: () => void }) {
  return (
    <Stack maw={480}>
      <Done>Your second factor is on.</Done>
      <Once label="Recovery codes" text={codes.join("\n")} rows={codes.length}>
        If the phone is lost, each of these lets you in once in place of a code. They are shown only now: print them, or keep them where you
        keep passwords.
      </Once>
      <Group>
        <Button variant="default" onClick={() => window.print()}>
          Print
        </Button>
        <Button onClick={close}>I have put them away</Button>
      </Group>
    </Stack>
  );
}

function TurnOff({ hasPassword, close }: { hasPassword: boolean; close: () => void }) {
  const off = useTurnTotpOff();
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    off.mutate({ password, code: code.trim() }, { onSuccess: close });
  };
  return (
    <form onSubmit={submit}>
      <Stack maw={360}>
        <Text size="sm">Then your password alone opens your account, and the recovery codes hold no more.</Text>
        {hasPassword && (
          <PasswordInput
            label="Your password"
            required
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="Code"
          description="Of your authenticator app, or a recovery code"
          required
          autoComplete="one-time-code"
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Problem error={off.error} />
        <Group>
          <Button type="submit" color="red.9" loading={off.isPending}>
            Turn it off
          </Button>
          <Button variant="default" onClick={close}>
            Leave it on
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
