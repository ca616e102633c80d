import { Button, Group, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type Session, useSignOut } from "../api/session";
import { Gate } from "./Gate";

/** Somebody signed in who belongs to no workspace, or to none any more. */
export function Nowhere({ session }: { session: Session }) {
  const out = useSignOut();
  const client = useQueryClient();
  return (
    <Gate title="You belong to no workspace" about={`You are signed in as ${session.name ?? "somebody"}.`}>
      <Text>
        Ask an owner of a workspace to invite {session.name}, and open the link that they send. If you belonged to one until now, it was
        archived, or somebody took you out of it.
      </Text>
      <Group>
        <Button onClick={() => void client.invalidateQueries({ queryKey: ["session"] })}>Look again</Button>
        <Button variant="default" loading={out.isPending} onClick={() => out.mutate()}>
          Sign out
        </Button>
      </Group>
    </Gate>
  );
}
