import { Badge, Group, List, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { Plan, Range } from "../../api/queries";
import { between, figure, metricName, money } from "../../words/figures";
import { capital, likely, verdict } from "../../words/sureness";

/** What the plan is to bring, in words: the range first, then how sure, then what was asked of it. */
export function Verdict({ plan }: { plan: Plan }) {
  const told = plan.plan;
  const own = told.expected[plan.objective];
  const today = told.baseline.expected[plan.objective];
  const judged = verdict(plan.probability_better);
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-labelledby="verdict">
      <Stack gap="sm">
        <Group gap="xs">
          <Title order={2} size="h4" id="verdict">
            {judged.words}
          </Title>
          {plan.probability_better !== null && (
            <Badge color={judged.colour} variant="light" size="lg" tt="none">
              {likely(plan.probability_better)}
            </Badge>
          )}
        </Group>
        {own && (
          <Text size="lg">
            {money(plan.total_budget, plan.currency)} are expected to bring <b>{between(own, plan.objective, plan.currency)}</b>{" "}
            {metricName(plan.objective)} (most likely {figure(own.mid, plan.objective, plan.currency)}).
            {today && ` Today's split would bring ${between(today, plan.objective, plan.currency)} for the same money.`}
          </Text>
        )}
        {told.certainty && <Text c="dimmed">{told.certainty.words}</Text>}
        <Targets plan={plan} />
        <Tiles plan={plan} />
      </Stack>
    </Paper>
  );
}

function Targets({ plan }: { plan: Plan }) {
  const targets = plan.plan.targets ?? [];
  if (targets.length === 0) return null;
  return (
    <List>
      {targets.map((target) => {
        const expected = target.expected ? `${between(target.expected, target.metric, plan.currency)} expected` : "nothing expected yet";
        const chance = target.probability === null || target.probability === undefined ? "" : `; ${likely(target.probability)} to be met`;
        return (
          <List.Item key={target.metric + target.comparison}>
            The brief asks for a {metricName(target.metric)} of {target.comparison.replace("_", " ")} {figure(target.value, target.metric, plan.currency)}: {expected}
            {chance}.
          </List.Item>
        );
      })}
    </List>
  );
}

const SHOWN = ["leads", "qualified_leads", "sales", "revenue", "cost_per_lead", "cost_per_qualified_lead", "cost_per_acquisition", "roas", "clicks"];
const MOST = 4;

function Tiles({ plan }: { plan: Plan }) {
  const all = plan.plan.expected as Record<string, Range | undefined>;
  const same = (metric: string) => metric === "cost_per_acquisition" && all.cost_per_lead?.mid === all[metric]?.mid;
  const names = SHOWN.filter((metric) => metric !== plan.objective && (all[metric]?.high ?? 0) > 0 && !same(metric)).slice(0, MOST);
  return (
    <SimpleGrid cols={{ base: 2, md: names.length || 1 }}>
      {names.map((metric) => {
        const range = all[metric];
        return range ? (
          <div key={metric}>
            <Text size="sm" c="dimmed">
              {capital(metricName(metric))}
            </Text>
            <Text fw={600} className="figures">
              {between(range, metric, plan.currency)}
            </Text>
          </div>
        ) : null;
      })}
    </SimpleGrid>
  );
}
