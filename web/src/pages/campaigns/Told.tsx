import { Paper, SimpleGrid, Stack, Text, UnstyledButton } from "@mantine/core";
import { day, shiftedDay } from "../../words/figures";
import { TrendOf } from "./TrendOf";
import type { Period } from "./period";
import type { Trends } from "./queries";
import { changed, inWords, metricsOf, shown } from "./words";

const MOST = 12;
const STILL_GROW = -14;

interface Asked {
  trends: Trends;
  period: Period;
  /** The first and the last day that are known. */
  known: { first_date?: string | null; last_date?: string | null };
  /** Shows what the figures rest on. */
  open: () => void;
}

/** The period in words, its figures beside those before, and one of them over time. */
export function Told({ trends, period, known, open }: Asked) {
  const since = known.first_date ?? period.first;
  const partly = Boolean(trends.compared_first && trends.compared_first < since);
  const before = partly ? null : (trends.totals_before ?? null);
  const metrics = metricsOf(trends.totals, before);
  const fresh = period.last >= shiftedDay(known.last_date ?? period.last, STILL_GROW);
  const ran = metrics.length > 0;
  return (
    <Stack gap="sm" component="section" aria-label="In short">
      <Text size="lg">{inWords(trends.totals, before, trends.currency, period, fresh)}</Text>
      {partly && period.compare !== "none" && (
        <Text size="sm" c="dimmed">
          There is nothing whole to compare it with: what is known begins on {day(since)}.
        </Text>
      )}
      {ran && (
        <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="xs">
          {metrics.slice(0, MOST).map((metric) => {
            const moved = changed(trends.totals, before, metric);
            return (
              <Paper key={metric.name} withBorder p="sm" radius="md">
                <Text size="sm" c="dimmed">
                  {metric.label}
                </Text>
                <UnstyledButton className="behind" fw={650} fz="lg" onClick={open} aria-label={`${metric.label} ${shown(trends.totals, metric, trends.currency)}: what it rests on`}>
                  {shown(trends.totals, metric, trends.currency)}
                </UnstyledButton>
                <Text size="sm" c={moved.good === null ? "dimmed" : moved.good ? "var(--good)" : "var(--bad)"}>
                  {moved.words || "\u00a0"}
                </Text>
              </Paper>
            );
          })}
        </SimpleGrid>
      )}
      {ran && <TrendOf trends={trends} period={period} metrics={metrics} compared={before !== null} />}
    </Stack>
  );
}
