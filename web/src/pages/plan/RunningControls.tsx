import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type Job, type Plan, unfinished, useJob, useJobResult, useJobs, usePlanLog } from "../../api/queries";
import { useMay } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { JobCard } from "../../parts/JobCard";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { money } from "../../words/figures";
import { counted } from "../../words/sureness";
import { GoBack } from "./RunningBack";
import { composed, differences } from "./changing";
import { isOut, useGiveUp, usePlanState, useStart } from "./running";

/** What is in force, and what can be done with a plan that is on the platforms. */
export function RunningControls({ plan }: { plan: Plan }) {
  const state = usePlanState(plan.id);
  const may = useMay("plans:publish");
  const now = state.data;
  if (state.error) return <Problem error={state.error} retry={() => void state.refetch()} />;
  if (!now) return null;
  const paused = new Set(now.paused);
  const daily = Object.entries(now.daily_budgets).reduce((sum, [line, budget]) => sum + (paused.has(line) ? 0 : budget), 0);
  const changed = differences(composed(plan), now, plan).length;
  return (
    <Section id="in-force" title={plan.state === "waiting" ? "What will be in force" : "What is in force"} card>
      <Text>
        {money(daily, plan.currency)} a day on {counted(plan.plan.lines.length - paused.size, "line")}
        {paused.size ? `; ${counted(paused.size, "line")} paused` : ""}
        {changed
          ? `; ${counted(changed, "setting")} ${changed === 1 ? "differs" : "differ"} from the plan as composed`
          : ", as the plan was composed"}
        .
      </Text>
      {may ? (
        <Buttons plan={plan} undoable={now.may_undo} />
      ) : (
        <Text size="sm">Whoever may publish plans changes what is in force: an owner or a manager.</Text>
      )}
    </Section>
  );
}

function Buttons({ plan, undoable }: { plan: Plan; undoable: string | null }) {
  const [back, setBack] = useState<string | null>(null);
  return (
    <Stack gap="sm">
      <Group gap="sm" align="flex-start">
        <Start plan={plan} />
        {undoable && isOut(plan) && (
          <Button variant="default" leftSection={<Icon name="undo" size={16} />} onClick={() => setBack(`undo ${undoable}`)}>
            Take back the last change…
          </Button>
        )}
        <GiveUp plan={plan} />
      </Group>
      <GoBack plan={plan} to={back} title="Take back the last change" close={() => setBack(null)} />
    </Stack>
  );
}

/** Follows a job that was asked for, and brings the plan up to date when it ends. */
function useFollowed() {
  const client = useQueryClient();
  const [asked, setAsked] = useState<string | null>(null);
  const job = useJob(asked);
  const ended = job.data !== undefined && !unfinished(job.data);
  const result = useJobResult(asked, job.data?.state === "done");
  useEffect(() => {
    if (ended) void client.invalidateQueries({ queryKey: ["plans"] });
  }, [ended, client]);
  return { job: job.data, error: job.error ?? result.error, result: result.data?.result, follow: (made: Job) => setAsked(made.id) };
}

/** Whether something that the plan made anew still waits to be switched on. */
function useAsleep(plan: Plan): boolean {
  const log = usePlanLog(plan.id);
  const kinds = (log.data?.items ?? []).map((one) => one.entry.kind);
  const published = kinds.indexOf("publish");
  const started = kinds.indexOf("start");
  return plan.plan.lines.some((line) => line.is_new) && published >= 0 && (started < 0 || started > published);
}

function Start({ plan }: { plan: Plan }) {
  const asleep = useAsleep(plan);
  const start = useStart(plan.id);
  const { job, error, follow, result } = useFollowed();
  const [open, setOpen] = useState(false);
  const fresh = plan.plan.lines.filter((line) => line.is_new);
  if (!isOut(plan) || (!asleep && !job)) return null;
  return (
    <>
      {asleep && (
        <Button onClick={() => setOpen(true)} loading={start.isPending || unfinished(job)}>
          Start what is new…
        </Button>
      )}
      {job && <JobCard job={job} doing="Switching on what is new" />}
      {result && (
        <Text size="sm">
          {result.started
            ? "What is new is switched on."
            : "Nothing was switched on: what is there differs from the plan. The log below says more."}
        </Text>
      )}
      <Problem error={start.error ?? error} />
      <Modal opened={open} onClose={() => setOpen(false)} title="Start what is new">
        <Stack>
          <Text>
            {counted(fresh.length, "new line")} of this plan {fresh.length === 1 ? "is" : "are"} on the platforms, paused. Started,{" "}
            {fresh.length === 1 ? "it spends" : "they spend"} up to{" "}
            {money(
              fresh.reduce((sum, line) => sum + line.daily_budget, 0),
              plan.currency,
            )}{" "}
            a day, from {fresh.length === 1 ? "its" : "their"} own first day on. What differs from the plan is not started.
          </Text>
          <List size="sm">
            {fresh.map((line) => (
              <List.Item key={line.id}>
                {line.name || line.id}: {money(line.daily_budget, plan.currency)} a day
              </List.Item>
            ))}
          </List>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)}>
              Not yet
            </Button>
            <Button
              onClick={() => {
                setOpen(false);
                start.mutate(undefined, { onSuccess: follow });
              }}
            >
              Start
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

/** Whether the last publication of a plan was cut short. */
function useCutShort(plan: Plan): boolean {
  const failed = useJobs("failed", 20);
  const last = failed.data?.items.find((job) => job.kind === "plans.publish" && job.about === `plan ${plan.id}`);
  return last !== undefined && plan.state === "approved";
}

/** Takes back a publication that waits for its day, or was cut short; nothing for any other. */
export function GiveUp({ plan }: { plan: Plan }) {
  const may = useMay("plans:publish");
  const cut = useCutShort(plan);
  const giveUp = useGiveUp(plan.id);
  const { job, error, follow } = useFollowed();
  const [open, setOpen] = useState(false);
  if (!may || (plan.state !== "waiting" && !cut && !job)) return null;
  return (
    <>
      <Button variant="default" color="red" onClick={() => setOpen(true)} loading={giveUp.isPending || unfinished(job)}>
        Give up this publication…
      </Button>
      {job && <JobCard job={job} doing="Taking it back from the platforms" />}
      <Problem error={giveUp.error ?? error} />
      <Modal opened={open} onClose={() => setOpen(false)} title="Give up this publication">
        <Stack>
          <Text>
            What was made for this plan is taken off the platforms again, and lines that run keep, or get back, what they had before it.
            What cannot be taken back is named. The plan stays, and can be published anew.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)}>
              Keep it
            </Button>
            <Button
              color="red"
              onClick={() => {
                setOpen(false);
                giveUp.mutate(undefined, { onSuccess: follow });
              }}
            >
              Give it up
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
