import { Group, Select } from "@mantine/core";
import { useMemo, useState } from "react";
import { type Plan, type Range, useCurves } from "../../api/queries";
import { Figure } from "../../parts/Figure";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { count, figure, metricName, money } from "../../words/figures";
import { capital } from "../../words/sureness";

/** What more or less money on one line would bring, with the range around it. */
export function Curves({ plan }: { plan: Plan }) {
  const [metric, setMetric] = useState(plan.objective);
  const largest = [...plan.plan.lines].sort((one, other) => other.budget - one.budget)[0];
  const [line, setLine] = useState(largest?.id ?? "");
  const curves = useCurves(plan.id, metric === plan.objective ? null : metric);
  const chosen = curves.data?.lines.find((one) => one.id === line);
  const own = plan.plan.lines.find((one) => one.id === line)?.expected[metric];
  const chart = useMemo(() => {
    if (!chosen) return null;
    return {
      x: "number" as const,
      xName: `Budget over the plan's dates (${plan.currency})`,
      xWords: (value: number | string) => money(Number(value), plan.currency),
      yWords: (value: number) => figure(value, metric, plan.currency),
      marks: [
        { at: chosen.today, words: "today" },
        { at: chosen.budget, words: "plan" },
      ],
      series: [
        {
          name: capital(metricName(metric)),
          points: chosen.points.map((point): [number, number] => [point.budget, point.mid]),
          range: chosen.points.map((point): [number, number] => [point.low, point.high]),
        },
      ],
    };
  }, [chosen, metric, plan.currency]);
  if (curves.error) return <Problem error={curves.error} retry={() => void curves.refetch()} />;
  if (!curves.data || !chosen || !chart) return <Loading rows={1} height={320} />;
  return (
    <Figure
      title="What more money would bring"
      words={wordsOf(chosen, own ?? null, metric, plan.currency)}
      name={`curve-${plan.id}`}
      height={300}
      chart={chart}
      controls={
        <Group mt="sm">
          <Select
            aria-label="Line"
            style={{ flex: "1 1 240px" }}
            maw={420}
            searchable
            allowDeselect={false}
            data={curves.data.lines.map((one) => ({ value: one.id, label: one.name }))}
            value={line}
            onChange={(id) => id && setLine(id)}
          />
          <Select
            aria-label="What is counted"
            w={180}
            allowDeselect={false}
            data={curves.data.metrics.map((one) => ({ value: one, label: capital(metricName(one)) }))}
            value={metric}
            onChange={(one) => one && setMetric(one)}
          />
        </Group>
      }
      table={{
        columns: [`Budget (${plan.currency})`, "Low", "Most likely", "High"],
        rows: chosen.points.map((point) => [point.budget, point.low, point.mid, point.high]),
        shown: (cell, column) => (typeof cell === "number" ? (column === 0 ? money(cell, plan.currency) : count(cell)) : ""),
      }}
    />
  );
}

interface Curve {
  budget: number;
  points: { budget: number; mid: number; low: number; high: number }[];
}

/** Between the points next to it, in a straight line. */
function at(curve: Curve, budget: number, of: "mid" | "low" | "high"): number | null {
  const above = curve.points.findIndex((point) => point.budget >= budget);
  const next = curve.points[above];
  const former = curve.points[Math.max(0, above - 1)];
  if (!next || !former) return null;
  const width = next.budget - former.budget;
  return width > 0 ? former[of] + ((budget - former.budget) / width) * (next[of] - former[of]) : next[of];
}

/** What the line brings at the plan's budget (`own` is the plan's own figure), and what a tenth more would add. */
function wordsOf(curve: Curve, own: Range | null, metric: string, currency: string): string {
  const low = own?.low ?? at(curve, curve.budget, "low");
  const high = own?.high ?? at(curve, curve.budget, "high");
  const step = curve.budget * 0.1;
  const now = at(curve, curve.budget, "mid");
  const more = at(curve, curve.budget + step, "mid");
  if (low === null || high === null || now === null) return "The shaded part is where it lies eight times out of ten.";
  const here = `At the plan's ${money(curve.budget, currency)}: ${figure(low, metric, currency)} to ${figure(high, metric, currency)} ${metricName(metric)}.`;
  const gain = more === null || step <= 0 ? "" : ` ${money(step, currency)} more would most likely add ${figure(Math.max(0, more - now), metric, currency)}.`;
  return `${here}${gain} It lies in the shaded part eight times out of ten.`;
}
