import { Alert, Button, Divider, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { useLocation } from "react-router";
import { ProblemError } from "../api/client";
import { type Arrival, type Session, useSignIn } from "../api/session";
import { Problem } from "../parts/Problem";
import { Gate } from "./Gate";

/** Sign in by password, or at a provider; a second factor is asked for where it is on. */
export default function SignIn({ session }: { session: Session }) {
  const signIn = useSignIn();
  const arrival = useLocation().state as Arrival | null;
  const [refused] = useState(toldByProvider);
  const [email, setEmail] = useState(arrival?.ended ?? "");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [asksCode, setAsksCode] = useState(false);
  useEffect(forgetTold, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate(
      { email: email.trim(), password, code: code.trim() },
      { onError: (error) => setAsksCode((before) => before || asksForCode(error)) },
    );
  };
  return (
    <Gate title="Sign in">
      {arrival?.ended && (
        <Alert color="gray" variant="light" role="status">
          Your session has ended. Sign in, and you are back where you were.
        </Alert>
      )}
      {!signIn.error && <Problem error={refused} />}
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            autoFocus={!email}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            autoFocus={Boolean(email)}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {asksCode && (
            <TextInput
              label="Code"
              description="Six digits of your authenticator app; without the phone, a recovery code"
              autoComplete="one-time-code"
              autoFocus
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          )}
          {!asksForCode(signIn.error) && <Problem error={signIn.error} />}
          <Button type="submit" loading={signIn.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
      {session.oidc && (
        <>
          <Divider label="or" />
          <Button component="a" variant="default" href={`/v1/session/oidc?return_to=${encodeURIComponent(arrival?.from ?? "/")}`}>
            Sign in with your organisation
          </Button>
        </>
      )}
      <Help oidc={session.oidc ?? false} />
    </Gate>
  );
}

function Help({ oidc }: { oidc: boolean }) {
  return (
    <Stack gap="xs" fz="sm" c="dimmed">
      <details>
        <summary>Forgotten the password?</summary>
        <Text size="sm" mt={4}>
          An owner of your workspace makes you a link for a new one: Settings, People. If you are the only owner, whoever runs the server
          can make it.
        </Text>
      </details>
      <details>
        <summary>Lost the phone with the codes?</summary>
        <Text size="sm" mt={4}>
          Each of your recovery codes lets you in once in place of a code. Without them, an owner turns the second factor off with the link
          for a new password.
        </Text>
      </details>
      <details>
        <summary>No account yet?</summary>
        <Text size="sm" mt={4}>
          Ask an owner for an invitation{oidc ? ", or sign in with your organisation" : ""}. The very first owner opens the link that the
          server showed when it was started.
        </Text>
      </details>
    </Stack>
  );
}

const asksForCode = (error: unknown) => error instanceof ProblemError && error.type.endsWith("second-factor");

const TOLD = "marketmover-told";

/** Why a provider's sign-in failed: the server leaves it in a cookie of this page. */
function toldByProvider(): ProblemError | null {
  const part = document.cookie.split("; ").find((one) => one.startsWith(`${TOLD}=`));
  if (!part) return null;
  try {
    const told = JSON.parse(decodeURIComponent(part.slice(TOLD.length + 1))) as { detail: string; remedy: string };
    return new ProblemError(told, 401);
  } catch {
    return null; // another page's cookie of the same name
  }
}

function forgetTold(): void {
  // biome-ignore lint/suspicious/noDocumentCookie: browsers without the Cookie Store API sign in as well
  document.cookie = `${TOLD}=; path=/sign-in; max-age=0; samesite=strict`;
}
