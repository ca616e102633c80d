import { Anchor, Badge, Group, List, Paper, Stack, Text, Title } from "@mantine/core";
import { Link, useParams } from "react-router";
import { Figure } from "../../parts/Figure";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { ago, day, figure, metricName, percent, shortDay } from "../../words/figures";
import { capital } from "../../words/sureness";
import { FoundPage } from "./FoundPage";
import { Windows } from "./Windows";
import type { Backtest } from "./found";
import { useBacktest } from "./queries";
import { signed, stretch } from "./words";

const FINDINGS: Record<Backtest["finding"], { words: string; colour: string }> = {
  better: { words: "Advice was better", colour: "teal" },
  worse: { words: "Advice was worse", colour: "orange" },
  "no clear difference": { words: "No clear difference", colour: "gray" },
  "not enough data": { words: "Not enough data", colour: "gray" },
};

/** One backtest: what past advice would have brought, stretch by stretch, and how good the forecasts were. */
export function BacktestPage() {
  const { id = "" } = useParams();
  const { data, error, refetch } = useBacktest(id);
  if (error && !data) return <Problem error={error} retry={() => void refetch()} />;
  if (!data) return <Loading rows={4} />;
  const found = data.found;
  return (
    <FoundPage
      title="Advice tried on the past"
      all="/models/past"
      simulated={found.simulated}
      of={
        <>
          {capital(metricName(found.metric))}, stretches of {stretch(found.weeks)}; {ago(data.created_at)}, {data.who}
        </>
      }
    >
      <Answer found={found} />
      {found.windows.length > 0 && (
        <>
          <Gains found={found} id={id} />
          <Forecasts found={found} id={id} />
          <Windows found={found} />
        </>
      )}
    </FoundPage>
  );
}

function Answer({ found }: { found: Backtest }) {
  const finding = FINDINGS[found.finding];
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-labelledby="answer">
      <Stack gap="sm">
        <Group gap="xs">
          <Title order={2} size="h4" id="answer">
            What it found
          </Title>
          <Badge variant="light" size="lg" color={finding.colour} tt="none">
            {finding.words}
          </Badge>
        </Group>
        <Text size="lg">{found.headline}</Text>
        <List>
          {found.sentences.map((sentence) => (
            <List.Item key={sentence}>{sentence}</List.Item>
          ))}
        </List>
        {found.windows.length > 0 && (
          <details>
            <summary>How this was found</summary>
            <List size="sm" mt={4}>
              {found.notes.map((note) => (
                <List.Item key={note}>{note}</List.Item>
              ))}
            </List>
          </details>
        )}
        {found.windows.length === 0 && (
          <Text>
            <Anchor component={Link} to="/data">
              See which days are there
            </Anchor>
            , or try shorter stretches.
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function Gains({ found, id }: { found: Backtest; id: string }) {
  const ahead = found.windows.filter((one) => one.gain.low > 0).length;
  const behind = found.windows.filter((one) => one.gain.high < 0).length;
  return (
    <Figure
      title={`What the advised split would have changed in ${metricName(found.metric)}`}
      words={`In ${ahead} of ${found.windows.length} stretches the whole range lies above nought, in ${behind} below it. The shaded part holds eight times out of ten.`}
      name={`backtest-${id}-gain`}
      chart={{
        x: "day",
        xWords: (value) => shortDay(String(value)),
        yWords: (value) => percent(value),
        series: [
          {
            name: "Change by the advice",
            points: found.windows.map((one) => [one.start, one.gain.mid]),
            range: found.windows.map((one) => [one.gain.low, one.gain.high]),
          },
          { name: "As it was", dashed: true, points: found.windows.map((one) => [one.start, 0]) },
        ],
      }}
      table={{
        columns: ["From", "To", "Change, low", "Change, middle", "Change, high", "Likely better", "Promised"],
        rows: found.windows.map((one) => [one.start, one.end, one.gain.low, one.gain.mid, one.gain.high, one.probability_better, one.promised.mid]),
        shown: (cell, column) => (typeof cell !== "number" ? day(String(cell)) : column === 5 ? percent(cell) : signed(cell)),
      }}
    />
  );
}

function Forecasts({ found, id }: { found: Backtest; id: string }) {
  const held = found.windows.filter((one) => one.forecast.low <= one.counted && one.counted <= one.forecast.high).length;
  const due = Math.round(0.8 * found.windows.length);
  return (
    <Figure
      title={`${capital(metricName(found.metric))} foretold, and counted`}
      words={`What came lies in the range in ${held} of ${found.windows.length} stretches; about ${due} are meant to.`}
      name={`backtest-${id}-forecast`}
      chart={{
        x: "day",
        xWords: (value) => shortDay(String(value)),
        yWords: (value) => figure(value, found.metric, found.currency),
        series: [
          {
            name: "Foretold",
            points: found.windows.map((one) => [one.start, one.forecast.mid]),
            range: found.windows.map((one) => [one.forecast.low, one.forecast.high]),
          },
          { name: "Counted", points: found.windows.map((one) => [one.start, one.counted]) },
          { name: "As in the four weeks before", dashed: true, points: found.windows.map((one) => [one.start, one.by_last_weeks]) },
        ],
      }}
      table={{
        columns: ["From", "To", "Foretold, low", "Foretold, middle", "Foretold, high", "Counted", "As in the four weeks before"],
        rows: found.windows.map((one) => [one.start, one.end, one.forecast.low, one.forecast.mid, one.forecast.high, one.counted, one.by_last_weeks]),
        shown: (cell) => (typeof cell !== "number" ? day(String(cell)) : figure(cell, found.metric, found.currency)),
      }}
    />
  );
}
