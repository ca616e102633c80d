import { Badge, Group, Paper, Text } from "@mantine/core";
import { Link } from "react-router";
import type { PlanSummary } from "../../api/queries";
import { ago, between, day, metricName, money } from "../../words/figures";
import { likely } from "../../words/sureness";

const STATES: Record<PlanSummary["state"], { words: string; colour: string }> = {
  draft: { words: "draft", colour: "gray" },
  approved: { words: "approved", colour: "indigo" },
  waiting: { words: "scheduled", colour: "indigo" },
  published: { words: "published", colour: "teal" },
  running: { words: "running", colour: "teal" },
  ended: { words: "ended", colour: "gray" },
  given_up: { words: "given up", colour: "orange" },
};

export function StateBadge({ state }: { state: PlanSummary["state"] }) {
  return (
    <Badge variant="light" color={STATES[state].colour}>
      {STATES[state].words}
    </Badge>
  );
}

/** A plan in a list: what it is to bring, and how likely it beats today. */
export function PlanCard({ plan }: { plan: PlanSummary }) {
  return (
    <Paper withBorder p="sm" radius="md" component={Link} to={`/plans/${plan.id}`} className="card-link">
      <Group justify="space-between" gap="xs" wrap="nowrap" align="flex-start">
        <Group gap="xs" style={{ minWidth: 0 }}>
          <Text fw={600}>{plan.title}</Text>
          <StateBadge state={plan.state} />
        </Group>
        <Text className="figures">{money(plan.total_budget, plan.currency)}</Text>
      </Group>
      <Text size="sm">
        {plan.expected && `${between(plan.expected, plan.objective, plan.currency)} ${metricName(plan.objective)}`}
        {plan.probability_better !== null && `; better than today's split: ${likely(plan.probability_better)}`}
      </Text>
      <Text size="sm" c="dimmed">
        {day(plan.start_date)} to {day(plan.end_date)}; composed {ago(plan.created_at)}
      </Text>
    </Paper>
  );
}
