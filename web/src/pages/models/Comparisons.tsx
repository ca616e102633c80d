import { Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useHistorySummary } from "../../api/queries";
import { useMay } from "../../api/session";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { NoHistory } from "./Backtests";
import { Kept } from "./Kept";
import { Work } from "./Work";
import { useComparisons, useStartComparison } from "./queries";
import { stretch } from "./words";

const WEEKS = [
  { value: "1", label: "One week" },
  { value: "2", label: "Two weeks" },
  { value: "4", label: "Four weeks (usual)" },
  { value: "8", label: "Eight weeks" },
];
const CARE = [
  { value: "0", label: "Quick: models as they usually stand" },
  { value: "8", label: "Careful: each model tuned (usual)" },
  { value: "24", label: "Very careful: tuned longer" },
];

/** Models held against each other on the past: ask for it, and find what it found before. */
export function Comparisons() {
  const kept = useComparisons();
  const may = useMay("models:write");
  const history = useHistorySummary();
  if (history.data && !history.data.last_date) return <NoHistory />;
  return (
    <Stack gap="lg">
      {may ? <NewComparison /> : <Text c="dimmed">An owner or a manager can compare models; what they found stands here.</Text>}
      {kept.isPending && <Loading rows={2} />}
      <Problem error={kept.error} retry={() => void kept.refetch()} />
      {kept.data?.items.length === 0 && !may && <Text>Nobody has compared them yet.</Text>}
      <Kept title="Found before" items={kept.data?.items ?? []} to="/models/comparisons" about={(asked) => `Stretches of ${stretch(Number(asked.weeks ?? 4))}`} />
    </Stack>
  );
}

function NewComparison() {
  const [weeks, setWeeks] = useState("4");
  const [trials, setTrials] = useState("8");
  const start = useStartComparison();
  return (
    <Work
      kind="models.compare"
      button="Compare models"
      doing="Comparing models on the past"
      to="/models/comparisons"
      start={{ ...start, mutateAsync: () => start.mutateAsync({ weeks: Number(weeks), trials: Number(trials) }) }}
      about="Would another model foretell better than the one that plans rest on? All of them foretell the same past stretches, each from what was known then. It takes a few minutes; plans stay as they are, whoever wins."
    >
      <Select label="A stretch is" data={WEEKS} value={weeks} allowDeselect={false} onChange={(value) => value && setWeeks(value)} />
      <Select label="How careful" w={300} maw="100%" data={CARE} value={trials} allowDeselect={false} onChange={(value) => value && setTrials(value)} />
    </Work>
  );
}
