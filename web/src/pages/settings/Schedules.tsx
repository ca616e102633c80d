import { Button, Stack, Table, Text } from "@mantine/core";
import { useState } from "react";
import { useJob } from "../../api/queries";
import { useMay } from "../../api/session";
import { Empty } from "../../parts/Empty";
import { JobCard } from "../../parts/JobCard";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { ago, moment } from "../../words/figures";
import { Done, Item, Items, Mark, Part, Small } from "./pieces";
import { type Schedule, useRunSchedule, useRuns, useSchedules } from "./queries";

/** What is done again and again, how it went last, and when it is done next. */
export function Schedules() {
  const schedules = useSchedules();
  const may = useMay("jobs:run");
  if (schedules.isPending) return <Loading />;
  return (
    <Part
      title="Done by itself"
      about="Whoever runs the server sets how often. It goes on while the server runs; what was missed is made up for once."
    >
      <Problem error={schedules.error} retry={() => void schedules.refetch()} />
      {schedules.data?.items.length === 0 && (
        <Empty icon="clock" title="Nothing is scheduled">
          Connect an account, and its figures are fetched by themselves.
        </Empty>
      )}
      <Items label="Schedules">
        {schedules.data?.items.map((one) => (
          <One key={one.name} one={one} may={may} />
        ))}
      </Items>
    </Part>
  );
}

const WORDS: [RegExp, string][] = [
  [/^land$/, "Read in what was fetched from ad accounts"],
  [/^notices$/, "Send notices that are due"],
  [/^overview$/, "Bring lists and charts up to date"],
  [/^publish$/, "Send plans that wait for their first day"],
  [/^pull (.+)$/, "Fetch new figures of $1"],
  [/^tidy$/, "Forget what is old"],
  [/^watch$/, "Look at running lines"],
  [/^watch-plans$/, "Look at running plans, and raise alerts"],
];

/** What a scheduled job does, in a manager's words; else as it tells itself. */
function nameOf(one: Schedule): string {
  const [form, words] = WORDS.find(([pattern]) => pattern.test(one.name)) ?? [];
  return form && words ? one.name.replace(form, words) : one.help;
}

type Run = NonNullable<Schedule["last"]>;

const STATES: Record<Run["state"], { label: string; colour: string }> = {
  running: { label: "runs now", colour: "indigo" },
  done: { label: "went well", colour: "teal" },
  failed: { label: "failed", colour: "red" },
  stopped: { label: "was stopped", colour: "gray" },
  lost: { label: "was cut off", colour: "orange" },
};

function One({ one, may }: { one: Schedule; may: boolean }) {
  const run = useRunSchedule();
  const job = useJob(run.data?.id ?? null);
  const [open, setOpen] = useState(false);
  const busy = run.isPending || job.data?.state === "queued" || job.data?.state === "running";
  return (
    <Item
      title={nameOf(one)}
      badges={one.last ? <Mark colour={STATES[one.last.state].colour}>{STATES[one.last.state].label}</Mark> : <Mark>not run yet</Mark>}
      actions={
        may && (
          <Button size="xs" variant="default" loading={busy} onClick={() => run.mutate(one.name)} aria-label={`Run now: ${one.name}`}>
            Run now
          </Button>
        )
      }
    >
      <Small>
        {one.name}: {one.schedule ?? "only when asked"}
        {one.next_at ? `; next ${moment(one.next_at)}` : ""}
      </Small>
      {one.last && (
        <Text size="sm">
          {ago(one.last.started_at)}: {one.last.said || STATES[one.last.state].label}
          {one.last.again_at ? ` It is tried again ${moment(one.last.again_at)}.` : ""}
        </Text>
      )}
      <Problem error={run.error ?? job.error} />
      {job.data && <JobCard job={job.data} doing={nameOf(one)} />}
      {job.data?.state === "done" && <Done>It ran.</Done>}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>Last runs</summary>
        {open && <Runs name={one.name} />}
      </details>
    </Item>
  );
}

function Runs({ name }: { name: string }) {
  const runs = useRuns(name, true);
  if (runs.isPending) return <Loading rows={1} />;
  if (runs.error) return <Problem error={runs.error} />;
  if (runs.data.items.length === 0) return <Small>It has not run yet.</Small>;
  return (
    <Stack gap={0}>
      <Table aria-label={`Last runs of ${name}`} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            <Table.Th>How it went</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.data.items.map((run) => (
            <Table.Tr key={`${run.number}-${run.attempt}`}>
              <Table.Td style={{ whiteSpace: "nowrap", verticalAlign: "top" }}>{moment(run.started_at)}</Table.Td>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                {STATES[run.state].label}
                {run.said ? `: ${run.said}` : ""}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}
