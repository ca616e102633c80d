import { Anchor, Text } from "@mantine/core";
import { Link } from "react-router";
import { type PlanSummary, useActual, usePlans } from "../../api/queries";
import { Figure } from "../../parts/Figure";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { between, count, day, metricName, money, percent, shortDay } from "../../words/figures";

const MOST = 3;

/** How plans that run do beside what was planned. */
export function Actuals() {
  const plans = usePlans();
  const running = (plans.data?.items ?? []).filter((plan) => plan.state === "running" || plan.state === "ended").slice(0, MOST);
  return (
    <Section id="actual" title="Plan against actual">
      {running.length === 0 && (
        <Text c="dimmed">
          No plan is running yet. Once one is published and has begun, its spend and results stand here beside what was planned.
        </Text>
      )}
      {running.map((plan) => (
        <Actual key={plan.id} plan={plan} />
      ))}
    </Section>
  );
}

function Actual({ plan }: { plan: PlanSummary }) {
  const { data, error } = useActual(plan.id);
  if (error) return <Problem error={error} />;
  if (!data) return null;
  const link = (
    <Anchor component={Link} to={`/plans/${plan.id}`} underline="always">
      Look at the plan
    </Anchor>
  );
  if (!data.as_of) return <Text>{plan.title}: no figures have come in yet. {link}</Text>;
  const expected = data.expected_so_far[plan.objective];
  const results = data.results[plan.objective];
  const pace = data.pace === null ? "" : ` (${percent(data.pace)} of what was planned so far)`;
  return (
    <Figure
      title={plan.title}
      words={
        <>
          By {day(data.as_of)}, {money(data.spent, data.currency)} of {money(data.planned_so_far, data.currency)} is spent{pace}
          {results !== undefined && expected
            ? `, and brought ${count(results)} ${metricName(plan.objective)}, where ${between(expected, plan.objective, data.currency)} were expected`
            : ""}
          . {link}
        </>
      }
      name={`plan-${plan.id}-actual`}
      height={220}
      chart={{
        x: "day",
        xWords: (value) => shortDay(String(value)),
        yWords: (value) => money(value, data.currency),
        series: [
          { name: "Planned", dashed: true, points: data.days.map((one) => [one.date, one.planned_so_far]) },
          { name: "Spent", points: data.days.map((one) => [one.date, one.spent_so_far]) },
        ],
      }}
      table={{
        columns: ["Day", "Planned so far", "Spent so far"],
        rows: data.days.map((one) => [one.date, one.planned_so_far, one.spent_so_far]),
      }}
    />
  );
}
