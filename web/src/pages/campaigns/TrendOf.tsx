import { Group, Select } from "@mantine/core";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { Figure } from "../../parts/Figure";
import { day, figure, shiftedDay, shortDay } from "../../words/figures";
import { useChanged } from "./address";
import type { Period } from "./period";
import type { Trends } from "./queries";
import { METRICS, type Metric, outcomeOf, shown } from "./words";

interface Asked {
  trends: Trends;
  period: Period;
  metrics: Metric[];
  compared: boolean;
}

/** A figure over time, beside the days that it is compared with. */
export function TrendOf({ trends, period, metrics, compared }: Asked) {
  const [query] = useSearchParams();
  const set = useChanged();
  const wanted = query.get("metric") ?? outcomeOf(trends.totals).name;
  const metric = metrics.find((one) => one.name === wanted) ?? metrics.find((one) => one.name === "conversions") ?? metrics[0] ?? (METRICS[0] as Metric);
  const weekly = trends.by === "week";
  const points = useMemo(() => (weekly ? trends.points.filter((point) => whole(point.date, period)) : trends.points), [trends, weekly, period]);
  const chart = useMemo(
    () => ({
      x: "day" as const,
      xWords: (value: number | string) => shortDay(String(value)),
      yWords: (value: number) => figure(value, metric.as, trends.currency),
      series: [
        { name: metric.label, points: points.map((point): [string, number | null] => [point.date, point.figures[metric.name] ?? null]) },
        ...(compared ? [{ name: period.compare === "year" ? "The year before" : "The days before", dashed: true, points: points.map((point): [string, number | null] => [point.date, point.before?.[metric.name] ?? null]) }] : []),
      ],
    }),
    [trends.currency, points, metric, compared, period.compare],
  );
  return (
    <Figure
      title={`${metric.label} by ${trends.by}`}
      words={rangeWords(points, metric, trends)}
      name="campaigns-over-time"
      height={240}
      chart={chart}
      controls={
        <Group mt="sm">
          <Select
            aria-label="Figure shown over time"
            w={220}
            allowDeselect={false}
            data={metrics.map((one) => ({ value: one.name as string, label: one.label }))}
            value={metric.name}
            onChange={(value) => value && set({ metric: value })}
          />
        </Group>
      }
      table={{
        columns: [weekly ? "Week from" : "Day", ...metrics.map((one) => one.label), ...(compared ? [`${metric.label} before`] : [])],
        rows: trends.points.map((point) => [point.date, ...metrics.map((one) => point.figures[one.name] ?? null), ...(compared ? [point.before?.[metric.name] ?? null] : [])]),
        shown: (cell, column) => {
          if (cell === null) return "–";
          if (column === 0) return day(String(cell));
          return figure(Number(cell), (metrics[column - 1] ?? metric).as, trends.currency);
        },
      }}
    />
  );
}

/** Whether a week, told by its first day, lies in the period as a whole. */
function whole(monday: string, period: Period): boolean {
  return monday >= period.first && shiftedDay(monday, 6) <= period.last;
}

/** From the smallest to the largest figure. */
function rangeWords(points: Trends["points"], metric: Metric, trends: Trends): string {
  const known = points.filter((point) => typeof point.figures[metric.name] === "number");
  const sorted = [...known].sort((one, other) => Number(other.figures[metric.name]) - Number(one.figures[metric.name]));
  const [best, worst] = [sorted[0], sorted.at(-1)];
  const about = trends.by === "week" ? " Weeks that lie in the period only in part are in the table alone." : "";
  if (!best || !worst || best === worst) return about.trim();
  return `From ${shown(worst.figures, metric, trends.currency)} (${trends.by === "week" ? "week from " : ""}${day(worst.date)}) to ${shown(best.figures, metric, trends.currency)} (${day(best.date)}).${about}`;
}
