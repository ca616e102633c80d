import { Paper, SimpleGrid, Text } from "@mantine/core";
import { useMemo } from "react";
import type { Schemas } from "../../api/client";
import { useTrends } from "../../api/queries";
import { Figure } from "../../parts/Figure";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { change, count, day, money, shiftedDay, shortDay } from "../../words/figures";
import { Decided } from "./Decided";

type Figures = Schemas["Figures"];

/** The last seven days in words, then by day, beside the seven before. */
export function Week({ last }: { last: string }) {
  const span = useMemo(() => ({ first: shiftedDay(last, -6), last }), [last]);
  const trends = useTrends(span, "day", undefined, "previous");
  const found = trends.data;
  const outcome = found && found.totals.conversions > 0 ? "conversions" : "clicks";
  return (
    <Section id="week" title="The last seven days">
      <Problem error={trends.error} retry={() => void trends.refetch()} />
      {trends.isPending && <Loading rows={1} height={200} />}
      {found && (
        <>
          <Text>{wordsOf(found.totals, found.totals_before ?? null, found.currency)}</Text>
          <Decided />
          <SimpleGrid cols={{ base: 2, sm: 4 }}>
            {tilesOf(found.totals, found.totals_before ?? null, found.currency).map((tile) => (
              <Paper key={tile.name} withBorder p="sm" radius="md">
                <Text size="sm" c="dimmed">
                  {tile.name}
                </Text>
                <Text fw={650} size="xl" className="figures">
                  {tile.value}
                </Text>
                <Text size="sm" c="dimmed">
                  {tile.change}
                </Text>
              </Paper>
            ))}
          </SimpleGrid>
          <Figure
            title={`${outcome === "conversions" ? "Conversions" : "Clicks"} by day`}
            words={`${day(span.first)} to ${day(span.last)}, beside the seven days before. The last days still grow: conversions come in late, some by weeks.`}
            name="last-seven-days"
            height={220}
            chart={{
              x: "day",
              xWords: (value) => shortDay(String(value)),
              yWords: count,
              series: [
                { name: "This week", points: found.points.map((point) => [point.date, point.figures[outcome]]) },
                {
                  name: "The week before",
                  dashed: true,
                  points: found.points.map((point) => [point.date, point.before?.[outcome] ?? null]),
                },
              ],
            }}
            table={{
              columns: ["Day", "Spend", "Clicks", "Conversions", "Conversions a week before"],
              rows: found.points.map((point) => [
                point.date,
                point.figures.cost,
                point.figures.clicks,
                point.figures.conversions,
                point.before?.conversions ?? null,
              ]),
            }}
          />
        </>
      )}
    </Section>
  );
}

function moved(now: number, before: number | undefined): string {
  if (before === undefined || before === 0) return "no week before to compare";
  const share = now / before - 1;
  if (Math.abs(share) < 0.03) return "about as the week before";
  return `${change(share)} on the week before`;
}

function wordsOf(now: Figures, before: Figures | null, currency: string): string {
  const spend = `You spent ${money(now.cost, currency)} (${moved(now.cost, before?.cost)})`;
  if (now.conversions === 0) return `${spend} for ${count(now.clicks)} clicks (${moved(now.clicks, before?.clicks)}).`;
  const former = before ? `; the week before it was ${count(before.conversions)}` : "";
  const clicks = `${count(now.clicks)} clicks (${moved(now.clicks, before?.clicks)})`;
  return `${spend} for ${clicks}. So far ${count(now.conversions)} conversions are counted for it${former}. More of this week's come in later, so its cost of each still falls.`;
}

function tilesOf(now: Figures, before: Figures | null, currency: string) {
  const each = (of: Figures | null) => (of && of.conversions > 0 ? money(of.cost / of.conversions, currency) : null);
  return [
    { name: "Spend", value: money(now.cost, currency), change: moved(now.cost, before?.cost) },
    { name: "Clicks", value: count(now.clicks), change: moved(now.clicks, before?.clicks) },
    { name: "Conversions so far", value: count(now.conversions), change: before ? `${count(before.conversions)} the week before` : "" },
    {
      name: "Cost each so far",
      value: each(now) ?? "–",
      change: each(before) ? `${each(before)} the week before` : "no conversions before",
    },
  ];
}
