import { Button, List, Stack, Text, Timeline } from "@mantine/core";
import { useState } from "react";
import { type Plan, usePlanLog } from "../../api/queries";
import { useMay } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { Problem } from "../../parts/Problem";
import { type Cell, saveCsv } from "../../parts/csv";
import { day, moment } from "../../words/figures";
import { Differences } from "./Differences";
import { GoBack } from "./RunningBack";
import { changeWords, differences, namesOf } from "./changing";
import { CHANGING, isOut } from "./running";
import type { Schemas } from "../../api/client";
import { Section } from "../../parts/Section";

type Entry = Schemas["LogEntry"];

const KINDS: Record<Entry["kind"], string> = {
  approve: "Approved",
  publish: "Published",
  start: "Started what is new",
  apply: "Changed",
  undo: "Taken back",
  rollback: "Gone back to an earlier state",
  abandon: "Publication given up",
};
const HOW: Record<Entry["mode"], string> = { advise: "", approve: "", automatic: ", by itself", by_hand: "" };

/** Who did what with the plan, the newest first, with what was before and after; and the way back to each state. */
export function RunningLog({ plan }: { plan: Plan }) {
  const log = usePlanLog(plan.id);
  const may = useMay("plans:publish") && isOut(plan);
  const [back, setBack] = useState<string | null>(null);
  if (log.error) return <Problem error={log.error} retry={() => void log.refetch()} />;
  const rows = log.data?.items ?? [];
  const changed = rows.some(({ entry }) => CHANGING.includes(entry.kind));
  return (
    <Section
      id="log"
      title="What was done with it"
      actions={
        rows.length > 0 && (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            leftSection={<Icon name="download" size={16} />}
            onClick={() =>
              save(
                plan,
                rows.map((one) => one.entry),
              )
            }
          >
            Save as CSV
          </Button>
        )
      }
      card
    >
      <Timeline bulletSize={14} lineWidth={2} active={rows.length}>
        {rows.map(({ entry, stands }, place) => (
          <Timeline.Item
            key={entry.id}
            title={`${KINDS[entry.kind]} by ${entry.who}${HOW[entry.mode]}${entry.kind === "apply" && !stands ? " (taken back since)" : ""}`}
          >
            <Text size="sm" c="dimmed">
              {moment(entry.at)}
              {entry.why ? `: ${entry.why}` : ""}
            </Text>
            {CHANGING.includes(entry.kind) && <What entry={entry} plan={plan} />}
            {may && place > 0 && CHANGING.includes(entry.kind) && (
              <Button size="compact-xs" variant="subtle" onClick={() => setBack(entry.id)}>
                Go back to how it was then…
              </Button>
            )}
          </Timeline.Item>
        ))}
        <Timeline.Item title={`Composed by ${plan.who}`}>
          <Text size="sm" c="dimmed">
            {moment(plan.created_at)}, on data up to {plan.plan.history.last_date ? day(plan.plan.history.last_date) : "then"}
          </Text>
          {may && changed && (
            <Button size="compact-xs" variant="subtle" onClick={() => setBack("plan")}>
              Go back to the plan as composed…
            </Button>
          )}
        </Timeline.Item>
      </Timeline>
      <GoBack plan={plan} to={back} title="Go back to an earlier state" close={() => setBack(null)} />
    </Section>
  );
}

function What({ entry, plan }: { entry: Entry; plan: Plan }) {
  const rows = differences(entry.before, entry.after, plan);
  const reasons = (entry.changes ?? []).filter((change) => change.reason);
  return (
    <details>
      <summary>
        <Text span size="sm">
          {rows.length === 1 && rows[0]
            ? `${rows[0].line}: ${rows[0].what.toLowerCase()} ${rows[0].before} to ${rows[0].after}`
            : `${rows.length} settings changed: before and after`}
        </Text>
      </summary>
      <Stack gap="xs" mt="xs">
        <Differences rows={rows} />
        {reasons.length > 0 && (
          <List size="sm" spacing={4}>
            {reasons.map((change) => (
              <List.Item key={change.line_id + change.action}>
                <b>{namesOf(plan)(change.line_id)}</b> ({changeWords(change, plan.currency)}): {change.reason}
              </List.Item>
            ))}
          </List>
        )}
      </Stack>
    </details>
  );
}

function save(plan: Plan, entries: Entry[]): void {
  const rows = entries.flatMap((entry): Cell[][] => {
    const head = [entry.id, entry.at, entry.who, KINDS[entry.kind], entry.why];
    const found = CHANGING.includes(entry.kind) ? differences(entry.before, entry.after, plan) : [];
    return found.length ? found.map((row) => [...head, row.line, row.what, row.before, row.after]) : [[...head, "", "", "", ""]];
  });
  saveCsv(`plan-${plan.id}-log`, ["Entry", "When", "Who", "What", "Why", "Line", "Setting", "Before", "After"], rows);
}
