import { Button, Group, Modal, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { useMay } from "../../api/session";
import { useWork } from "../../api/work";
import { JobCard } from "../../parts/JobCard";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { day, money, platformName } from "../../words/figures";
import { type Member, deleteData, useMembers } from "./queries";

/** The accounts that figures are known of, and a way to forget one. */
export function Accounts({ last }: { last: string }) {
  const members = useMembers(last);
  const may = useMay("history:write");
  const [asked, setAsked] = useState<Member | null>(null);
  const remove = useWork(deleteData);
  return (
    <Stack gap="sm" component="section" aria-labelledby="accounts">
      <Title order={2} size="h4" id="accounts">
        Whose figures these are
      </Title>
      <Problem error={members.error ?? remove.error} />
      {members.isPending && <Loading rows={1} />}
      {remove.job && <JobCard job={remove.job} doing="Deleting the account's data" />}
      {remove.done && <Text role="status">Deleted. Nothing of the account is known here any more.</Text>}
      {members.data?.items.map((one) => (
        <Paper key={one.platform + one.account_id} withBorder p="sm" radius="md">
          <Group justify="space-between" gap="sm">
            <div style={{ flex: "1 1 16rem", minWidth: 0 }}>
              <Text fw={600}>
                {platformName(one.platform)} {one.name || one.account_id}
              </Text>
              <Text size="sm" c="dimmed">
                {day(one.first_date)} to {day(one.last_date)}, {money(one.figures.cost, one.currency)} spent
              </Text>
            </div>
            {may && (
              <Button
                size="xs"
                variant="subtle"
                color="red"
                disabled={remove.busy}
                onClick={() => setAsked(one)}
                aria-label={`Delete its data… ${platformName(one.platform)} ${one.name || one.account_id}`}
              >
                Delete its data…
              </Button>
            )}
          </Group>
        </Paper>
      ))}
      <Confirm asked={asked} close={() => setAsked(null)} yes={(one) => remove.begin({ platform: one.platform, account_id: one.account_id })} />
    </Stack>
  );
}

function Confirm({ asked, close, yes }: { asked: Member | null; close: () => void; yes: (one: Member) => void }) {
  const [typed, setTyped] = useState("");
  const name = asked ? asked.name || asked.account_id : "";
  const end = () => {
    setTyped("");
    close();
  };
  return (
    <Modal opened={asked !== null} onClose={end} title="Delete all that is known of an account">
      {asked && (
        <Stack
          component="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (typed.trim() !== name) return;
            yes(asked);
            end();
          }}
        >
          <Text>
            Figures, campaigns, ads, leads and alerts of {platformName(asked.platform)} {name} are deleted for good, and the files that they came from. Plans and the log stay. While
            the account is connected, the next pull fetches its history again.
          </Text>
          <TextInput label={`Type ${name} to confirm`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" data-autofocus />
          <Group justify="flex-end">
            <Button variant="default" onClick={end}>
              Keep them
            </Button>
            <Button type="submit" color="red" disabled={typed.trim() !== name}>
              Delete
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
