import { Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { useHistorySummary } from "../../api/queries";
import { useMay } from "../../api/session";
import { Empty } from "../../parts/Empty";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { metricName } from "../../words/figures";
import { capital } from "../../words/sureness";
import { BringIn } from "./InUse";
import { Kept } from "./Kept";
import { Work } from "./Work";
import { useBacktests, useStartBacktest } from "./queries";
import { stretch } from "./words";

const WEEKS = [
  { value: "1", label: "One week" },
  { value: "2", label: "Two weeks" },
  { value: "4", label: "Four weeks (usual)" },
  { value: "8", label: "Eight weeks" },
];
const COUNTED = ["leads", "qualified_leads", "conversions", "revenue"] as const;

/** Advice tried on the past: ask for it, and find what it found before. */
export function Backtests() {
  const kept = useBacktests();
  const may = useMay("plans:write");
  const history = useHistorySummary();
  const empty = history.data !== undefined && !history.data.last_date;
  if (empty) return <NoHistory />;
  return (
    <Stack gap="lg">
      {may ? <NewBacktest /> : <Text c="dimmed">Somebody who may write plans can try advice on the past; what they found stands here.</Text>}
      {kept.isPending && <Loading rows={2} />}
      <Problem error={kept.error} retry={() => void kept.refetch()} />
      {kept.data?.items.length === 0 && !may && <Text>Nobody has tried it yet.</Text>}
      <Kept title="Found before" items={kept.data?.items ?? []} to="/models/past" about={askedFor} />
    </Stack>
  );
}

function NewBacktest() {
  const [weeks, setWeeks] = useState("4");
  const [counted, setCounted] = useState<string>("usual");
  const start = useStartBacktest();
  const objective = COUNTED.find((one) => one === counted) ?? null;
  return (
    <Work
      kind="plans.backtest"
      button="Try it on the past"
      doing="Advising on the past, stretch by stretch"
      to="/models/past"
      start={{ ...start, mutateAsync: () => start.mutateAsync({ weeks: Number(weeks), objective } satisfies Pick<Schemas["BacktestAsked"], "weeks" | "objective">) }}
      about="The past is cut into stretches. Before each one a plan is made from what was known on that evening; the weeks after say what it would have brought. Your campaigns and plans are not touched."
    >
      <Select label="A stretch is" data={WEEKS} value={weeks} allowDeselect={false} onChange={(value) => value && setWeeks(value)} />
      <Select
        label="What counts"
        w={280}
        maw="100%"
        data={[{ value: "usual", label: "Leads, else conversions (usual)" }, ...COUNTED.map((one) => ({ value: one, label: capital(metricName(one)) }))]}
        value={counted}
        allowDeselect={false}
        onChange={(value) => value && setCounted(value)}
      />
    </Work>
  );
}

export function NoHistory() {
  return (
    <Empty
      icon="data"
      title="There is no past to try it on"
      actions={<BringIn />}
    >
      Half a year of daily figures is enough for a first answer; two years are better.
    </Empty>
  );
}

function askedFor(asked: Record<string, unknown>): string {
  const metric = typeof asked.objective === "string" ? `, ${metricName(asked.objective)}` : "";
  return `Stretches of ${stretch(Number(asked.weeks ?? 4))}${metric}`;
}
