import { Badge, Group, Paper, Stack, Text, ThemeIcon } from "@mantine/core";
import { Link } from "react-router";
import { type Alert, type Job, type PlanSummary, useAlerts, useJobs, usePlans } from "../../api/queries";
import { useMay } from "../../api/session";
import { Icon, type IconName } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { ago, between, day, metricName, money } from "../../words/figures";
import { aboutOf, saidOf } from "../../words/jobs";
import { capital, likely } from "../../words/sureness";
import { seenWords, severityOf, sinceWords, titleOf } from "../monitor/words";
import { type ClientRemark, useClientRemarks } from "../plan/sharingQueries";

interface Need {
  id: string;
  icon: IconName;
  colour: string;
  label: string;
  title: string;
  words: string;
  to: string | null;
  amount: string;
  /** By what it is ordered: money first, then what waits. */
  rank: number;
}

const RECENT_MS = 3 * 86_400_000;
const MOST = 8;

/** Alerts by their money, then plans that wait for somebody, then jobs that failed. */
export function Needs() {
  const alerts = useAlerts("open");
  const plans = usePlans();
  const failed = useJobs("failed");
  const remarks = useClientRemarks();
  const mayApprove = useMay("plans:approve");
  if (alerts.isPending || plans.isPending) return <Loading rows={2} />;
  const needs = [
    ...(alerts.data?.items ?? []).map(ofAlert),
    ...(plans.data?.items ?? []).flatMap((plan) => ofPlan(plan, mayApprove, remarks.data?.items ?? [])),
    ...(failed.data?.items ?? []).filter((job) => Date.now() - Date.parse(job.created_at) < RECENT_MS).map(ofJob),
  ].sort((one, other) => other.rank - one.rank);
  return (
    <Stack gap="xs">
      <Problem error={alerts.error ?? plans.error ?? failed.error} />
      {needs.length === 0 && !alerts.error && (
        <Paper withBorder p="md" radius="md">
          <Group gap="sm">
            <ThemeIcon color="teal" variant="light" radius="xl">
              <Icon name="check" size={16} />
            </ThemeIcon>
            <Text>Nothing waits for you. No alert is open, and no plan waits for an approval.</Text>
          </Group>
        </Paper>
      )}
      {needs.slice(0, MOST).map((need) => (
        <NeedCard key={need.id} need={need} />
      ))}
      {needs.length > MOST && (
        <Text size="sm" c="dimmed">
          And {needs.length - MOST} more of less weight.
        </Text>
      )}
    </Stack>
  );
}

function NeedCard({ need }: { need: Need }) {
  const inside = (
    <Group wrap="nowrap" align="flex-start" gap="sm">
      <ThemeIcon color={need.colour} variant="light" radius="xl" size="lg">
        <Icon name={need.icon} size={18} />
      </ThemeIcon>
      <div style={{ flex: 1, minWidth: 0 }}>
        <Group gap="xs">
          <Text fw={600} style={{ overflowWrap: "anywhere" }}>
            {need.title}
          </Text>
          <Badge color={need.colour} variant="light" size="sm">
            {need.label}
          </Badge>
        </Group>
        <Text fw={600} hiddenFrom="xs" className="figures">
          {need.amount}
        </Text>
        <Text size="sm" c="dimmed">
          {need.words}
        </Text>
      </div>
      <Text fw={600} visibleFrom="xs" className="figures" ta="right">
        {need.amount}
      </Text>
    </Group>
  );
  if (!need.to) {
    return (
      <Paper withBorder p="sm" radius="md">
        {inside}
      </Paper>
    );
  }
  return (
    <Paper withBorder p="sm" radius="md" component={Link} to={need.to} className="card-link">
      {inside}
    </Paper>
  );
}

const WEIGHT = { critical: 2, warning: 1, info: 0 };

function ofAlert(alert: Alert): Need {
  return {
    id: alert.id,
    icon: "alert",
    colour: alert.severity === "critical" ? "red" : alert.severity === "warning" ? "orange" : "gray",
    label: severityOf(alert),
    title: `${titleOf(alert)}: ${alert.who}`,
    words: `${capital(seenWords(alert))}, ${sinceWords(alert)}. ${capital(alert.recommendations[0]?.reason ?? "Look at it")}.`,
    to: `/monitor/alerts/${alert.id}`,
    amount: alert.worth > 0 ? money(alert.worth, alert.currency) : "",
    rank: 1e9 * (1 + WEIGHT[alert.severity]) + alert.worth,
  };
}

function ofPlan(plan: PlanSummary, mayApprove: boolean, remarks: ClientRemark[]): Need[] {
  const outlook = plan.expected
    ? `${between(plan.expected, plan.objective, plan.currency)} ${metricName(plan.objective)} from ${day(plan.start_date)} to ${day(plan.end_date)}`
    : `${day(plan.start_date)} to ${day(plan.end_date)}`;
  const sure = plan.probability_better === null ? "" : `; better than today's split: ${likely(plan.probability_better)}`;
  const shared = { id: plan.id, title: plan.title, to: `/plans/${plan.id}`, amount: money(plan.total_budget, plan.currency) };
  const said = plan.state === "draft" ? remarks.find((one) => one.plan_id === plan.id && one.kind !== "comment") : undefined;
  if (said?.waits) {
    return [{ ...shared, icon: "check", colour: "teal", label: "client approved, waits for you", words: capital(outlook), rank: 4e6 }];
  }
  if (said?.kind === "changes") {
    return [{ ...shared, icon: "compose", colour: "orange", label: "client asks for changes", words: `${said.name}: ${said.text.slice(0, 160)}`, rank: 3.5e6 }];
  }
  if (plan.state === "draft" && mayApprove) {
    return [{ ...shared, icon: "compose", colour: "indigo", label: "waits for approval", words: capital(outlook + sure), rank: 2e6 }];
  }
  if (plan.state === "approved") {
    return [{ ...shared, icon: "send", colour: "indigo", label: "approved, not published", words: capital(outlook), rank: 3e6 }];
  }
  if (plan.state === "waiting" && plan.waits_until) {
    const words = `Goes to the platforms by itself on ${day(plan.waits_until)}. Nothing to do, unless you changed your mind.`;
    return [{ ...shared, icon: "clock", colour: "gray", label: "scheduled", words, rank: 1e6 }];
  }
  return [];
}

function ofJob(job: Job): Need {
  return {
    id: job.id,
    icon: "alert",
    colour: "orange",
    label: "failed",
    title: [saidOf(job).failed, aboutOf(job)].filter(Boolean).join(": "),
    words: `${job.error?.detail ?? "It did not end well."} ${job.error?.remedy ?? ""} (${ago(job.created_at)})`,
    to: `/monitor/jobs/${job.id}`,
    amount: "",
    rank: 2.5e6,
  };
}
