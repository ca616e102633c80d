import { Alert, Button, Checkbox, Group, List, Modal, Stack, Text, Textarea, ThemeIcon, VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useEffect, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { type Plan, unfinished, useApprove, useJob, useJobResult, usePublish } from "../../api/queries";
import { useMay } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { JobCard } from "../../parts/JobCard";
import { useDraft } from "../../parts/ownDraft";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { day, moment, money } from "../../words/figures";
import { counted } from "../../words/sureness";

const STEP: Record<Plan["state"], number> = { draft: 0, approved: 1, waiting: 2, published: 2, running: 3, ended: 4, given_up: 1 };

/** The way of a plan to the platforms: read, approve, check, publish. */
export function Publishing({ plan }: { plan: Plan }) {
  const narrow = useMediaQuery("(max-width: 48em)");
  return (
    <Section id="publishing" title={titleOf(plan)} card gap="md">
      {!narrow && <Way plan={plan} />}
      <Next plan={plan} />
    </Section>
  );
}

function Way({ plan }: { plan: Plan }) {
  const at = STEP[plan.state];
  const steps = [
    { name: "Approve", said: plan.approved_by ? `by ${plan.approved_by}` : "somebody says yes" },
    { name: "Publish", said: "checked first, then sent" },
    { name: "Run", said: `from ${day(plan.start_date)}` },
  ];
  return (
    <Group component="ol" justify="space-between" gap="lg" m={0} p={0} style={{ listStyle: "none" }}>
      {steps.map(({ name, said }, place) => (
        <Group key={name} component="li" gap="sm" wrap="nowrap" aria-current={place === at ? "step" : undefined}>
          <ThemeIcon radius="xl" size={34} variant={place < at ? "filled" : place === at ? "light" : "default"} aria-hidden>
            {place < at ? <Icon name="check" size={18} /> : place + 1}
          </ThemeIcon>
          <div>
            <Text size="sm" fw={place === at ? 700 : 500}>
              {name}
              {place < at && <VisuallyHidden>, done</VisuallyHidden>}
            </Text>
            <Text size="xs" c="dimmed">
              {said}
            </Text>
          </div>
        </Group>
      ))}
    </Group>
  );
}

function titleOf(plan: Plan): string {
  if (plan.state === "draft") return "Next: approve it";
  if (plan.state === "approved" || plan.state === "given_up") return "Next: publish it";
  if (plan.state === "waiting") return `It goes out on ${plan.waits_until ? day(plan.waits_until, "long") : "its first day"}`;
  if (plan.state === "published") return "It is published";
  return plan.state === "running" ? "It is running" : "It has ended";
}

function Next({ plan }: { plan: Plan }) {
  if (plan.state === "draft") return <Approval plan={plan} />;
  if (plan.state === "approved" || plan.state === "given_up") return <Publication plan={plan} />;
  if (plan.state === "waiting") {
    return (
      <Text>
        It was approved by {plan.approved_by ?? "somebody"} and checked by the platforms. On that day the running lines get their new budgets by themselves; leave
        marketmover serve running.
      </Text>
    );
  }
  return (
    <Text>
      Approved by {plan.approved_by ?? "somebody"}
      {plan.approved_at ? `, ${moment(plan.approved_at)}` : ""}. What is in force, and everything that was done with it, stands in the log below.
    </Text>
  );
}

function Approval({ plan }: { plan: Plan }) {
  const may = useMay("plans:approve");
  const [open, setOpen] = useState(false);
  const [mayStart, setMayStart] = useState(false);
  const [why, setWhy, forget] = useDraft(`approve ${plan.id}`, "");
  const approve = useApprove(plan.id);
  if (!may) return <Text>You may read this plan. An owner or a manager approves it; send them this page's address.</Text>;
  const done = () => {
    forget();
    setOpen(false);
  };
  const fresh = plan.plan.lines.filter((line) => line.is_new).length;
  return (
    <>
      <Text>Read what it brings and what could go wrong, try other splits if you like, and then say yes. Approving sends nothing yet.</Text>
      <Group>
        <Button onClick={() => setOpen(true)} leftSection={<Icon name="check" size={18} />}>
          Approve…
        </Button>
      </Group>
      <Modal opened={open} onClose={() => setOpen(false)} title="Approve this plan">
        <Stack>
          <Text>
            You approve {money(plan.total_budget, plan.currency)} from {day(plan.start_date, "long")} to {day(plan.end_date, "long")} on{" "}
            {counted(plan.plan.lines.length, "line")}, as the plan stands now. Splits that you tried are not part of it: plan again with them first.
          </Text>
          <Checkbox
            label="What is new may start by itself"
            description={`Else new ads${fresh ? " and lines" : ""} stay paused until somebody switches them on.`}
            checked={mayStart}
            onChange={(event) => setMayStart(event.currentTarget.checked)}
          />
          <Textarea label="Why (for the log)" placeholder="Agreed with the client on Monday" value={why} onChange={(event) => setWhy(event.currentTarget.value)} autosize />
          <Problem error={approve.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpen(false)}>
              Not yet
            </Button>
            <Button loading={approve.isPending} onClick={() => approve.mutate({ may_start: mayStart, why }, { onSuccess: done })}>
              Approve
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

interface Sent {
  steps: Record<string, string[]>;
  refusals: { line_ids: string[]; words: string; remedy: string }[];
  notes: string[];
  waits_until: string | null;
  dry_run: boolean;
}

function Publication({ plan }: { plan: Plan }) {
  const may = useMay("plans:publish");
  const check = useSending(plan.id);
  const send = useSending(plan.id);
  const [now, setNow] = useState(false);
  if (!may) return <Text>It is approved. An owner or a manager publishes it; send them this page's address.</Text>;
  const checked = check.sent;
  const refused = (checked?.refusals.length ?? 0) > 0;
  return (
    <>
      <Text>First let the platforms check it; nothing is changed by that. Then publish.</Text>
      <Group>
        <Button variant={checked ? "default" : "filled"} loading={check.busy} disabled={send.busy} onClick={() => check.begin(true, false)}>
          {checked ? "Check again" : "Check what would be sent"}
        </Button>
        {checked && (
          <Button loading={send.busy} disabled={refused || check.busy} onClick={() => send.begin(false, now)} leftSection={<Icon name="send" size={18} />}>
            Publish
          </Button>
        )}
      </Group>
      {check.card}
      {send.card}
      {checked && !send.sent && <Steps sent={checked} now={now} setNow={setNow} />}
      {send.sent && (
        <Alert color="teal" icon={<Icon name="check" />} title="It is published">
          {send.sent.waits_until ? `Running lines get their new budgets on ${day(send.sent.waits_until, "long")}.` : "All of it is on the platforms."}
        </Alert>
      )}
    </>
  );
}

function Steps({ sent, now, setNow }: { sent: Sent; now: boolean; setNow: (now: boolean) => void }) {
  const places = Object.entries(sent.steps);
  return (
    <Stack gap="sm" aria-live="polite">
      {sent.refusals.map((one) => (
        <Alert key={one.words} color="red" icon={<Icon name="alert" />} title={one.words}>
          {one.remedy}
        </Alert>
      ))}
      {sent.refusals.length === 0 && (
        <Text fw={600}>
          The platforms would take all of it: {counted(places.reduce((sum, [, steps]) => sum + steps.length, 0), "step")} on {counted(places.length, "account")}.
        </Text>
      )}
      {places.map(([place, steps]) => (
        <details key={place}>
          <summary>
            {place}: {counted(steps.length, "step")}
          </summary>
          <List size="sm" mt={4}>
            {steps.map((step, number) => (
              <List.Item key={`${number} ${step}`}>{step.replace(/ \[[^\]]*\]/g, "")}</List.Item>
            ))}
          </List>
        </details>
      ))}
      {sent.notes
        .filter((note) => !note.includes("is not approved"))
        .map((note) => (
          <Text key={note} size="sm" c="dimmed">
            {note}
          </Text>
        ))}
      {sent.waits_until && (
        <Checkbox
          label="Change running lines at once"
          description={`Else they keep today's budgets until ${day(sent.waits_until, "long")}, the plan's first day.`}
          checked={now}
          onChange={(event) => setNow(event.currentTarget.checked)}
        />
      )}
    </Stack>
  );
}

/** Sends a plan (or only has it checked), and tells how that goes. */
function useSending(id: string) {
  const publish = usePublish(id);
  const client = useQueryClient();
  const [asked, setAsked] = useState<string | null>(null);
  const job = useJob(asked);
  const done = job.data?.state === "done";
  const result = useJobResult(asked, done);
  const sent = result.data?.result as unknown as Sent | undefined;
  const real = sent !== undefined && !sent.dry_run;
  useEffect(() => {
    if (real) void client.invalidateQueries({ queryKey: ["plans"] });
  }, [real, client]);
  return {
    sent: asked ? sent : undefined,
    busy: publish.isPending || unfinished(job.data) || (done && result.isPending),
    begin: (dryRun: boolean, now: boolean) => publish.mutate({ dry_run: dryRun, now, keep: false, why: "" }, { onSuccess: (made) => setAsked(made.id) }),
    card: (
      <>
        <Problem error={publish.error ?? job.error ?? result.error} />
        {job.data && <JobCard job={job.data} doing="Asking the platforms" />}
      </>
    ),
  };
}
