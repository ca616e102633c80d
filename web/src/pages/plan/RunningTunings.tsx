import { Badge, Button, Group, List, Modal, Paper, Stack, Text, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type Plan, unfinished, useJob } from "../../api/queries";
import { useMay } from "../../api/session";
import { JobCard } from "../../parts/JobCard";
import { Loading } from "../../parts/Loading";
import { useDraft } from "../../parts/ownDraft";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { ago } from "../../words/figures";
import { counted, likely } from "../../words/sureness";
import { asOf, changeWords, gainWords, namesOf } from "./changing";
import { type Change, type Tuning, useApply, useDecline, useTune, useTuning, useTunings } from "./running";

const SHOWN = 5;

/** What tuning proposes for a running plan: asked for, applied, declined. */
export function RunningTunings({ plan }: { plan: Plan }) {
  const tunings = useTunings(plan.id);
  const all = tunings.data?.items ?? [];
  const open = all.find((one) => one.state === "proposed");
  const rest = all.filter((one) => one !== open);
  return (
    <Section
      id="tunings"
      title="Tuning"
      about="What to move now, learnt from the days so far. Nothing changes until somebody applies it."
      actions={<TuneNow plan={plan} />}
      card
      gap="md"
    >
      <Problem error={tunings.error} retry={() => void tunings.refetch()} />
      {tunings.isPending && <Loading rows={1} />}
      {tunings.data && all.length === 0 && <Text>Nothing was proposed yet.</Text>}
      {open && <Proposal plan={plan} tuning={open} />}
      {rest.length > 0 && (
        <List size="sm" spacing={4}>
          {rest.slice(0, SHOWN).map((one) => (
            <List.Item key={one.id}>{endedWords(one, plan)}</List.Item>
          ))}
        </List>
      )}
    </Section>
  );
}

function endedWords(one: Tuning, plan: Plan): string {
  const what = `${counted(one.changes, "change")} ${asOf(one.as_of)}`;
  const gain = one.expected_gain ? `, expected to bring ${gainWords(one.expected_gain, plan.currency)}` : "";
  if (one.state === "proposed") return `${what}${gain}: an earlier proposal, not decided.`;
  return `${what}${gain}: ${one.state} by ${one.decided_by ?? "somebody"} ${one.decided_at ? ago(one.decided_at) : ""}.`;
}

/** Asks for a proposal, and tells how that goes. */
export function TuneNow({ plan, label = "Tune now" }: { plan: Pick<Plan, "id">; label?: string }) {
  const may = useMay("plans:write");
  const tune = useTune(plan.id);
  const client = useQueryClient();
  const [asked, setAsked] = useState<string | null>(null);
  const job = useJob(asked);
  const done = job.data?.state === "done";
  useEffect(() => {
    if (done) void client.invalidateQueries({ queryKey: ["plans"] });
  }, [done, client]);
  if (!may) return null;
  const busy = tune.isPending || unfinished(job.data);
  return (
    <Stack gap="xs" align="flex-start">
      <Button size="xs" variant="default" loading={busy} onClick={() => tune.mutate(undefined, { onSuccess: (made) => setAsked(made.id) })}>
        {label}
      </Button>
      <Problem error={tune.error ?? job.error} />
      {job.data && <JobCard job={job.data} doing="Learning from the days so far" />}
    </Stack>
  );
}

function Proposal({ plan, tuning }: { plan: Plan; tuning: Tuning }) {
  const { data, error } = useTuning(plan.id, tuning.id);
  const may = useMay("plans:publish");
  const apply = useApply(plan.id);
  const words = `${counted(tuning.changes, "change")} of tuning applied`;
  if (error) return <Problem error={error} />;
  if (!data) return <Loading rows={1} height={160} />;
  const told = data.proposed;
  const gain = gainWords(told.expected_gain, plan.currency);
  return (
    <Paper withBorder p="md" radius="md" style={{ borderLeft: "4px solid var(--mantine-primary-color-filled)" }}>
      <Stack gap="sm">
        <Text fw={600}>
          {tuning.changes === 0 ? "Leave all as it is" : `${counted(tuning.changes, "change")} proposed`} {asOf(tuning.as_of)}
        </Text>
        {gain && (
          <Text>
            Expected to bring <b>{gain}</b> more than leaving the plan alone
            {typeof told.confidence === "number" ? `; for the better: ${likely(told.confidence)}` : ""}.
          </Text>
        )}
        {told.changes.map((change) => (
          <Line key={change.line_id + change.action} change={change} plan={plan} />
        ))}
        {(told.notes ?? []).map((note) => (
          <Text key={note} size="sm">
            {note}
          </Text>
        ))}
        {(told.held ?? []).length > 0 && (
          <details>
            <summary>{counted(told.held?.length ?? 0, "line")} stay as they are, and why</summary>
            <List size="sm" mt={4} spacing={4}>
              {told.held?.map((one) => (
                <List.Item key={one.line_id}>
                  <b>{namesOf(plan)(one.line_id)}:</b> {one.reason}
                </List.Item>
              ))}
            </List>
          </details>
        )}
        <Problem error={apply.error} />
        <Group gap="sm">
          {may && tuning.changes > 0 && (
            <Button loading={apply.isPending} onClick={() => apply.mutate({ tuning: tuning.id, words })}>
              Apply {counted(tuning.changes, "change")}
            </Button>
          )}
          <Decline plan={plan} tuning={tuning} />
        </Group>
        {!may && <Text size="sm">Whoever may publish plans applies it: an owner or a manager.</Text>}
      </Stack>
    </Paper>
  );
}

function Line({ change, plan }: { change: Change; plan: Plan }) {
  const gain = gainWords(change.expected_gain, plan.currency);
  const sure = typeof change.confidence === "number" ? `for the better: ${likely(change.confidence)}` : "";
  return (
    <div>
      <Group gap="xs">
        <Text fw={600} size="sm" style={{ overflowWrap: "anywhere" }}>
          {namesOf(plan)(change.line_id)}
        </Text>
        <Badge variant="light" tt="none" className="figures" style={{ height: "auto", whiteSpace: "normal" }}>
          {changeWords(change, plan.currency)}
        </Badge>
        <Text size="sm" c="dimmed" className="figures">
          {[gain, sure].filter(Boolean).join("; ")}
        </Text>
      </Group>
      <details>
        <summary>
          <Text span size="sm">
            Why
          </Text>
        </summary>
        <Text size="sm">{change.reason}</Text>
      </details>
    </div>
  );
}

function Decline({ plan, tuning }: { plan: Plan; tuning: Tuning }) {
  const may = useMay("plans:approve");
  const decline = useDecline(plan.id);
  const [open, setOpen] = useState(false);
  const [why, setWhy, forget] = useDraft(`decline ${tuning.id}`, "");
  if (!may) return null;
  const done = () => {
    forget();
    setOpen(false);
  };
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Decline…
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Decline what was proposed ${asOf(tuning.as_of)}`}>
        <Stack>
          <Textarea label="Why (for the log)" value={why} onChange={(event) => setWhy(event.currentTarget.value)} autosize data-autofocus />
          <Problem error={decline.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)}>
              Not yet
            </Button>
            <Button
              loading={decline.isPending}
              onClick={() => decline.mutate({ tuning: tuning.id, why }, { onSuccess: done })}
            >
              Decline
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
