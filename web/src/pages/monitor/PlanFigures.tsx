import { Badge, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { type PlanSummary, useActual } from "../../api/queries";
import { Figure } from "../../parts/Figure";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { count, figure, metricName, money, shortDay } from "../../words/figures";
import { capital } from "../../words/sureness";
import { dueByDay, paceOf, resultsOf, standingWords } from "./pacing";
import type { Actual } from "./queries";

/** Spend of a plan beside its pace, in words, a chart and a table. */
export function Pace({ plan, title, children }: { plan: PlanSummary; title?: string; children?: ReactNode }) {
  const { data: actual, error, refetch } = useActual(plan.id);
  if (error) return <Problem error={error} retry={() => void refetch()} />;
  if (!actual) return <Loading rows={1} height={200} />;
  const results = resultsOf(actual, plan.objective);
  return (
    <Figure
      title={title ?? plan.title}
      words={
        <>
          <Group gap="xs" my={4}>
            <Badge variant="light" tt="none" color={paceOf(actual).colour}>
              {capital(paceOf(actual).words)}
            </Badge>
            {results && (
              <Badge variant="light" tt="none" color={results.colour}>
                {capital(results.words)}
              </Badge>
            )}
          </Group>
          {standingWords(actual, plan)}
          {children}
        </>
      }
      name={`plan-${plan.id}-pace`}
      height={220}
      chart={{
        x: "day",
        xWords: (value) => shortDay(String(value)),
        yWords: (value) => money(value, actual.currency),
        series: [
          { name: "Planned so far", dashed: true, points: actual.days.map((one) => [one.date, one.planned_so_far]) },
          { name: "Spent so far", points: actual.days.map((one) => [one.date, one.spent_so_far]) },
        ],
      }}
      table={{
        columns: ["Day", "Planned", "Spent", "Planned so far", "Spent so far"],
        rows: actual.days.map((one) => [one.date, one.planned, one.spent, one.planned_so_far, one.spent_so_far]),
      }}
    />
  );
}

/** What came beside what was to come, as a range that widens. */
export function Results({ plan, actual }: { plan: PlanSummary; actual: Actual }) {
  const { objective } = plan;
  const due = dueByDay(actual, plan.expected, plan.total_budget);
  if (due.every((one) => one === null)) return null;
  const name = metricName(objective);
  const words = (value: number) => figure(value, objective, actual.currency);
  return (
    <Figure
      title={`${capital(name)} so far`}
      words={`What came, beside the range that the plan expects for the money spent by each day. ${capital(name)} of the last days still come in.`}
      name={`plan-${plan.id}-${objective}`}
      height={220}
      chart={{
        x: "day",
        xWords: (value) => shortDay(String(value)),
        yWords: words,
        series: [
          {
            name: "Expected",
            dashed: true,
            points: actual.days.map((one, at) => [one.date, due[at]?.mid ?? null]),
            range: due.map((one) => (one ? [one.low, one.high] : null)),
          },
          { name: "Came", points: actual.days.map((one) => [one.date, one.results_so_far?.[objective] ?? null]) },
        ],
      }}
      table={{
        columns: ["Day", `${capital(name)} that day`, `${capital(name)} so far`, "Expected, low", "Expected, high"],
        rows: actual.days.map((one, at) => [
          one.date,
          one.results?.[objective] ?? null,
          one.results_so_far?.[objective] ?? null,
          due[at] ? Math.round(due[at].low * 10) / 10 : null,
          due[at] ? Math.round(due[at].high * 10) / 10 : null,
        ]),
      }}
    />
  );
}

/** Line by line: spend beside its plan, results beside their range. */
export function LineFigures({ plan, actual, nameOf }: { plan: PlanSummary; actual: Actual; nameOf: (line: string) => string }) {
  const rows = [...actual.lines].sort((one, other) => other.planned_so_far - one.planned_so_far);
  const { objective } = plan;
  const off = rows.filter((one) => one.planned_so_far > 0 && Math.abs(one.spent / one.planned_so_far - 1) > 0.2);
  const name = capital(metricName(objective));
  return (
    <Figure
      title="Line by line"
      words={
        off.length === 0
          ? "Every line is within a fifth of its planned spend."
          : `${count(off.length)} of ${count(rows.length)} lines are off their planned spend by more than a fifth: ${off
              .slice(0, 3)
              .map((one) => nameOf(one.id))
              .join(", ")}${off.length > 3 ? " and others" : ""}.`
      }
      name={`plan-${plan.id}-lines`}
      height={300}
      tableFirst
      chart={{
        x: "day",
        xWords: String,
        yWords: (value) => money(value, actual.currency),
        series: [
          { name: "Planned so far", kind: "bar", points: rows.map((one) => [nameOf(one.id), one.planned_so_far]) },
          { name: "Spent so far", kind: "bar", points: rows.map((one) => [nameOf(one.id), one.spent]) },
        ],
      }}
      table={{
        columns: ["Line", "Planned so far", "Spent so far", `${name} so far`, "Expected, low", "Expected, high"],
        rows: rows.map((one) => {
          const due = one.expected_so_far[objective];
          return [
            nameOf(one.id),
            one.planned_so_far,
            one.spent,
            one.results[objective] ?? null,
            due ? due.low : null,
            due ? due.high : null,
          ];
        }),
        shown: (cell, column) =>
          typeof cell !== "number" ? (cell ?? "") : column < 3 ? money(cell, actual.currency) : figure(cell, objective, actual.currency),
      }}
    />
  );
}
