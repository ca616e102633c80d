import { Button, Loader, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Link, useNavigate } from "react-router";
import { type Schemas, api, taken } from "../api/client";
import { useChooseWorkspace, useRedeem, useSession } from "../api/session";
import { Problem } from "../parts/Problem";
import { moment } from "../words/figures";
import { Gate } from "./Gate";

/** What a one-time link opens: become the owner, join, or set a new password. The token stays behind `#`. */
export default function OneTimeLink() {
  const token = window.location.hash.slice(1);
  const looked = useQuery({
    queryKey: ["link", token],
    queryFn: () => taken(api.POST("/v1/links/look", { body: { token } })),
    enabled: token !== "",
    retry: false,
    staleTime: Infinity,
  });
  if (looked.data) return <Redeeming token={token} link={looked.data} />;
  return (
    <Gate title="One-time link">
      {token !== "" && looked.isPending ? <Loader aria-label="Loading" /> : null}
      <Problem error={looked.error ?? (token === "" ? new Error("This link is not whole: what stands behind # is missing.") : null)} />
      <Button component={Link} to="/sign-in" variant="default">
        To the sign-in page
      </Button>
    </Gate>
  );
}

function titleOf(link: Schemas["LinkAnswer"]): string {
  if (link.purpose === "owner") return "Welcome: set up your account";
  if (link.purpose === "invitation") return `Join ${link.workspace}`;
  return "Set a new password";
}

function Redeeming({ token, link }: { token: string; link: Schemas["LinkAnswer"] }) {
  const redeem = useRedeem();
  const choose = useChooseWorkspace();
  const { data: session } = useSession();
  const go = useNavigate();
  const [email, setEmail] = useState(link.email);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const owner = link.purpose === "owner";
  const here = link.known && session?.signed_in && session.name === link.email;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const asked = { token, password: here ? null : password, code, email: owner ? email.trim() : null, name: name.trim() || null };
    redeem.mutate(asked, {
      onSuccess: (done) => {
        const enter = () => void go(done.signed_in ? "/" : "/sign-in", { replace: true });
        if (done.signed_in && link.purpose === "invitation") choose.mutate(done.workspace, { onSettled: enter });
        else enter();
      },
    });
  };
  const about = owner
    ? "You will own this installation. The link works once."
    : `${link.purpose === "invitation" ? `As ${link.role}. ` : ""}The link works once, until ${moment(link.expires_at)}.`;
  return (
    <Gate title={titleOf(link)} about={about}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="E-mail"
            type="email"
            autoComplete="username"
            required
            readOnly={!owner}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          {!link.known && link.purpose !== "reset" && (
            <TextInput label="Your name" autoComplete="name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
          )}
          {here ? (
            <Text size="sm">You are signed in as {session.name}: one click, and you belong to it.</Text>
          ) : (
            <PasswordInput
              label={link.known ? "Your password" : "New password"}
              description={
                link.known
                  ? "You have an account already; show that it is you."
                  : "12 letters or more; a few words that you remember do well"
              }
              autoComplete={link.known ? "current-password" : "new-password"}
              required
              minLength={link.known ? undefined : 12}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
          )}
          {link.known && !here && (
            <TextInput
              label="Code"
              description="Only if your second factor is on"
              autoComplete="one-time-code"
              value={code}
              onChange={(event) => setCode(event.currentTarget.value)}
            />
          )}
          <Problem error={redeem.error} />
          <Button type="submit" loading={redeem.isPending || choose.isPending}>
            {here ? `Join ${link.workspace}` : link.known ? "Go on" : "Set the password and go in"}
          </Button>
        </Stack>
      </form>
    </Gate>
  );
}
