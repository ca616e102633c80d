import { Anchor, Group, List, Paper, Stack, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useParams } from "react-router";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { ago, day, whole } from "../../words/figures";
import { Calibrations } from "./Calibrations";
import { Mark } from "./Mark";
import { ThroughTime } from "./ThroughTime";
import { Versions } from "./Versions";
import { Wide } from "./Wide";
import type { Model, Proof } from "./found";
import { useModel } from "./queries";

/** One model: what it decides, what speaks for it, how far it holds, and which version is in use. */
export function ModelPage() {
  const { id = "" } = useParams();
  const { data: model, error, refetch } = useModel(id);
  if (error && !model) return <Problem error={error} retry={() => void refetch()} />;
  if (!model) return <Loading rows={4} />;
  return (
    <Page title={model.name} about={<Anchor component={Link} to="/models">All models</Anchor>}>
      <What model={model} />
      <Stack gap="md" component="section" aria-labelledby="proof">
        <Title order={2} size="h4" id="proof">
          What speaks for it
        </Title>
        {model.proofs.map((proof) => (
          <ProofCard key={proof.source} proof={proof} />
        ))}
      </Stack>
      <Calibrations model={model} />
      {model.id === "response" && <ThroughTime model={model} />}
      {model.id === "sentiment" && <Versions model={model} />}
    </Page>
  );
}

function What({ model }: { model: Model }) {
  const rows: [string, ReactNode][] = [
    ["Decides", model.decides],
    ["What it is", model.what],
    ["Learns from", learned(model)],
    ["In use", model.since ? `since ${day(model.since, "long")}` : "from the beginning"],
    ["Version", [model.version, model.fingerprint && `fingerprint ${model.fingerprint}`].filter(Boolean).join("; ")],
    ["Comes from", model.source],
    ["How it is chosen", model.chosen],
  ];
  return (
    <Paper withBorder p="md" radius="md">
      <Table variant="vertical" layout="auto" withRowBorders={false} aria-label={`About ${model.name}`}>
        <Table.Tbody>
          {rows.map(([name, words]) => (
            <Table.Tr key={name}>
              <Table.Th w={130} bg="transparent" c="dimmed" fw={400} style={{ verticalAlign: "top" }}>
                {name}
              </Table.Th>
              <Table.Td style={{ overflowWrap: "anywhere" }}>{words}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  );
}

function learned(model: Model): string {
  const told = model.learns_from;
  const span = told.first_date && told.last_date ? ` ${day(told.first_date)} to ${day(told.last_date)}, ${whole(told.rows ?? 0)} daily rows.` : "";
  return `${told.words}${span}${model.fitted_at ? ` Last learned ${ago(model.fitted_at)}.` : ""}`;
}

function ProofCard({ proof }: { proof: Proof }) {
  const own = proof.backtest_id ? `/models/past/${proof.backtest_id}` : proof.comparison_id ? `/models/comparisons/${proof.comparison_id}` : null;
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="xs">
        <Group gap="xs">
          <Mark proof={proof} />
          <Text size="sm" c="dimmed">
            {proof.source}
            {proof.at ? `, ${ago(proof.at)}` : ""}
          </Text>
        </Group>
        <Text fw={proof.where === "here" ? 600 : undefined}>{proof.headline}</Text>
        {(proof.sentences ?? []).length > 0 && (
          <List size="sm">
            {(proof.sentences ?? []).map((sentence) => (
              <List.Item key={sentence}>{sentence}</List.Item>
            ))}
          </List>
        )}
        {proof.where === "shipped" && (proof.figures ?? []).length > 0 && <Measured proof={proof} />}
        {own && (
          <Anchor component={Link} to={own} size="sm">
            See it stretch by stretch
          </Anchor>
        )}
      </Stack>
    </Paper>
  );
}

/** A benchmark's figures beside what was due, kept or not. */
function Measured({ proof }: { proof: Proof }) {
  const figures = proof.figures ?? [];
  const due = figures.some((figure) => figure.due);
  return (
    <Wide label="Measured on the benchmark" width={320}>
      <Table fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Measured on the benchmark</Table.Th>
            <Table.Th>Found</Table.Th>
            {due && <Table.Th>Was due</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {figures.map((figure) => (
            <Table.Tr key={figure.name}>
              <Table.Td>{figure.name}</Table.Td>
              <Table.Td className="figures">{figure.measured}</Table.Td>
              {due && <Table.Td className="figures">{figure.due}</Table.Td>}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}
