import { Anchor, Badge, Group, List, Paper, Stack, Table, Text, Title } from "@mantine/core";
import { Link, useParams } from "react-router";
import { Figure } from "../../parts/Figure";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { ago, day, metricName, percent, shortDay, whole } from "../../words/figures";
import { capital, counted } from "../../words/sureness";
import { FoundPage } from "./FoundPage";
import { Wide } from "./Wide";
import type { Comparison, ModelRow, OutcomeTable } from "./found";
import { useComparison } from "./queries";
import { TYPICAL_ERROR, changes, stretch } from "./words";

/** One comparison of models: who wins, how sure that is, and every model's figures. */
export function ComparisonPage() {
  const { id = "" } = useParams();
  const { data, error, refetch } = useComparison(id);
  if (error && !data) return <Problem error={error} retry={() => void refetch()} />;
  if (!data) return <Loading rows={4} />;
  const found = data.found;
  return (
    <FoundPage
      title="Models compared"
      all="/models/comparisons"
      simulated={found.simulated}
      of={
        <>
          Stretches of {stretch(found.weeks)}, {counted(found.lines, "line")}; {ago(data.created_at)}, {data.who}
        </>
      }
    >
      <Answer found={found} />
      {found.outcomes.map((table) => (
        <Outcome key={table.outcome} table={table} id={id} />
      ))}
    </FoundPage>
  );
}

function Answer({ found }: { found: Comparison }) {
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-labelledby="answer">
      <Stack gap="sm">
        <Title order={2} size="h4" id="answer">
          What it found
        </Title>
        <Text size="lg">{found.headline}</Text>
        <List>
          {found.sentences.map((sentence) => (
            <List.Item key={sentence}>{sentence}</List.Item>
          ))}
        </List>
        {found.outcomes.length > 0 ? (
          <Text>Plans go on resting on the structural model: a better forecast of what is done anyway need not be a better split.</Text>
        ) : (
          <Anchor component={Link} to="/data">
            See which days are there
          </Anchor>
        )}
        {found.outcomes.length > 0 && (
          <details>
            <summary>How this was found</summary>
            <List size="sm" mt={4}>
              {found.notes.map((note) => (
                <List.Item key={note}>{note}</List.Item>
              ))}
            </List>
          </details>
        )}
      </Stack>
    </Paper>
  );
}

function Outcome({ table, id }: { table: OutcomeTable; id: string }) {
  const wins = table.verdict === "earns its place";
  const [own] = table.models;
  const saves = table.together.saves;
  return (
    <Stack gap="sm" component="section" aria-labelledby={`of-${table.outcome}`}>
      <Group gap="xs">
        <Title order={2} size="h4" id={`of-${table.outcome}`}>
          {capital(metricName(table.outcome))}
        </Title>
        <Badge variant="light" size="lg" tt="none" color={wins ? "teal" : "gray"}>
          {wins ? "All together win" : "The structural model stays"}
        </Badge>
      </Group>
      <Text>
        In {counted(table.folds, "stretch", "stretches")} from {day(table.first_date)} to {day(table.last_date)}, {counted(table.forecasts, "forecast")} of a line:
        {saves && ` all models together are off by ${less(saves)} the structural model.`}{" "}
        {wins ? "That is more than chance explains." : "Chance can explain that, or it is too little to matter."}
      </Text>
      {(table.stretches ?? []).length > 1 && own && <ThroughStretches table={table} id={id} />}
      <Wide label={`Models of ${metricName(table.outcome)}`} width={640}>
        <Table fz="sm" aria-label={`Models of ${metricName(table.outcome)}`}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Model</Table.Th>
              <Table.Th ta="right">Off by, alone</Table.Th>
              <Table.Th ta="right">80% ranges that held</Table.Th>
              <Table.Th ta="right">Off by, with the structural one</Table.Th>
              <Table.Th ta="right">Misses saved so</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {[...table.models, table.together].map((row) => (
              <Row key={row.name} row={row} />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      <Text size="sm" c="dimmed">
        {TYPICAL_ERROR}
      </Text>
    </Stack>
  );
}

/** How much smaller misses are, between its ends. */
function less(saves: { low: number; high: number }): string {
  const size = (value: number) => percent(Math.abs(value), 1);
  if (saves.low > 0) return `${size(saves.low)} to ${size(saves.high)} less than`;
  if (saves.high < 0) return `${size(saves.high)} to ${size(saves.low)} more than`;
  return `something between ${size(saves.low)} more and ${size(saves.high)} less than`;
}

const share = (value: number | null) => (value === null ? "" : percent(value, 1));

function Row({ row }: { row: ModelRow }) {
  return (
    <Table.Tr>
      <Table.Td>{row.label}</Table.Td>
      <Table.Td ta="right" className="figures">
        {share(row.error)}
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {share(row.cover ?? row.stacked_cover)}
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {share(row.stacked_error)}
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {row.saves ? changes(row.saves) : ""}
      </Table.Td>
    </Table.Tr>
  );
}

function ThroughStretches({ table, id }: { table: OutcomeTable; id: string }) {
  const stretches = table.stretches ?? [];
  const better = stretches.filter((one) => one.stacked_error < one.error).length;
  return (
    <Figure
      title="How far forecasts were off, stretch by stretch"
      words={`All together were nearer in ${better} of ${stretches.length}.`}
      name={`comparison-${id}-${table.outcome}`}
      height={220}
      chart={{
        x: "day",
        xWords: (value) => shortDay(String(value)),
        yWords: (value) => percent(value),
        series: [
          { name: "Structural model", points: stretches.map((one) => [one.first_date, one.error]) },
          { name: "All together", dashed: true, points: stretches.map((one) => [one.first_date, one.stacked_error]) },
        ],
      }}
      table={{
        columns: ["From", "To", "Structural model", "All together", "Forecasts", "Ranges held, structural", "Ranges held, together"],
        rows: stretches.map((one) => [one.first_date, one.last_date, one.error, one.stacked_error, one.forecasts, one.held, one.stacked_held]),
        shown: (cell, column) => (typeof cell !== "number" ? day(String(cell)) : column < 4 ? percent(cell, 1) : whole(cell)),
      }}
    />
  );
}
