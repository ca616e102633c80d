import { Anchor, Button, Drawer, Group, Paper, Stack, Table, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { count, day, figure, moment, money, platformName } from "../../words/figures";
import { capital, counted } from "../../words/sureness";
import type { Period } from "./period";
import { type SourceRow, type Whose, asked, levelOf, rowsAsked, tableAt, useByDay, useDays, useSourceRows } from "./queries";

/** Whose figures are looked behind. */
export interface Subject {
  whose: Whose;
  name: string;
}

interface Step extends Subject {
  day?: string;
}

/** From figures to the days that they add up, on to the campaigns of a day, on to the rows of exports. */
export function Basis({ subject, period, close, currency }: { subject: Subject | null; period: Period; close: () => void; currency: string }) {
  const [steps, setSteps] = useState<Step[]>([]);
  const shut = () => {
    setSteps([]);
    close();
  };
  const step = steps.at(-1) ?? subject;
  const on = (next: Step) => setSteps([...steps, next]);
  return (
    <Drawer
      opened={subject !== null}
      onClose={shut}
      position="right"
      size="lg"
      title={step ? titleOf(step) : ""}
      closeButtonProps={{ "aria-label": "Close" }}
      styles={{ title: { overflowWrap: "anywhere", fontWeight: 650 } }}
    >
      <Stack gap="sm">
        {steps.length > 0 && (
          <Button variant="default" size="xs" onClick={() => setSteps(steps.slice(0, -1))} style={{ alignSelf: "flex-start" }}>
            Back
          </Button>
        )}
        {step && <StepOf step={step} period={period} currency={currency} on={on} />}
      </Stack>
    </Drawer>
  );
}

const titleOf = (step: Step) => (step.day ? `${step.name}, ${day(step.day)}` : `${step.name}: its days`);

interface Asked {
  step: Step;
  period: Period;
  currency: string;
  on: (next: Step) => void;
}

function StepOf({ step, period, currency, on }: Asked) {
  if (step.day && step.whose.campaign) return <RowsOf whose={step.whose} at={step.day} currency={currency} />;
  if (step.day) return <OfDay step={{ ...step, day: step.day }} currency={currency} on={on} />;
  return <Days step={step} period={period} currency={currency} on={on} />;
}

interface Line {
  key: string;
  name: string;
  cost: number;
  clicks: number;
  conversions: number;
  next: Step;
}

/** The days of a period; what is wider than a campaign is added up by day. */
function Days({ step, period, currency, on }: Asked) {
  const found = useByDay(step.whose, period, currency);
  const lines = (found.data?.points ?? []).map((point) => ({ key: point.date, name: day(point.date), ...point.figures, next: { ...step, day: point.date } })).reverse();
  return (
    <Lines
      about={`The figures add up ${counted(lines.length, "day")}. Choose one to see what it was read from.`}
      heading="Day"
      lines={lines}
      table={tableAt("/v1/history/facts", { ...asked(step.whose), level: levelOf(step.whose), first: period.first, last: period.last })}
      pending={found.isPending}
      error={found.error}
      currency={currency}
      on={on}
    />
  );
}

/** The campaigns of a day. */
function OfDay({ step, currency, on }: { step: Step & { day: string }; currency: string; on: Asked["on"] }) {
  const found = useDays(step.whose, step.day, step.day, true);
  const mine = (found.data?.items ?? []).filter((row) => row.currency === currency);
  const lines = mine
    .sort((one, other) => other.cost - one.cost)
    .map((row) => ({
      key: `${row.platform} ${row.campaign_id} ${row.account_id}`,
      name: step.whose.platform ? row.name : `${platformName(row.platform)}: ${row.name}`,
      cost: row.cost,
      clicks: row.clicks,
      conversions: row.conversions,
      next: { whose: { platform: row.platform, campaign: row.campaign_id }, name: row.name, day: step.day },
    }));
  return (
    <Lines
      about={`${counted(lines.length, "campaign")} ${found.data?.next ? "(the first ones; the table has all) " : ""}make up the day. Choose one to see the rows of exports that it was read from.`}
      heading="Campaign"
      lines={lines}
      table={tableAt("/v1/history/facts", { ...asked(step.whose), level: levelOf(step.whose), first: step.day, last: step.day })}
      pending={found.isPending}
      error={found.error}
      currency={currency}
      on={on}
    />
  );
}

interface LinesAsked {
  about: string;
  heading: string;
  lines: Line[];
  table: string;
  pending: boolean;
  error: unknown;
  currency: string;
  on: Asked["on"];
}

function Lines({ about, heading, lines, table, pending, error, currency, on }: LinesAsked) {
  if (pending) return <Loading rows={4} height={40} />;
  if (lines.length === 0 && !error) return <Text c="dimmed">No figures are known of these days.</Text>;
  return (
    <>
      <Problem error={error} />
      <Text size="sm" c="dimmed">
        {about}
      </Text>
      <CsvLink to={table} />
      <Table striped style={{ tableLayout: "fixed" }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="40%">{heading}</Table.Th>
            <Table.Th ta="right">Spend</Table.Th>
            <Table.Th ta="right">Clicks</Table.Th>
            <Table.Th ta="right" style={{ overflowWrap: "anywhere" }}>
              Conversions
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line) => (
            <Table.Tr key={line.key}>
              <Table.Td>
                <UnstyledButton className="behind" fz="sm" onClick={() => on(line.next)} style={{ overflowWrap: "anywhere" }}>
                  {line.name}
                </UnstyledButton>
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {money(line.cost, currency)}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {count(line.clicks)}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {count(line.conversions)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

function CsvLink({ to }: { to: string }) {
  return (
    <Anchor href={to} download size="sm" style={{ alignSelf: "flex-start" }}>
      <Group gap={4} component="span">
        <Icon name="download" size={16} /> Save as CSV
      </Group>
    </Anchor>
  );
}

const KINDS: Record<string, string> = {
  action: "Conversions by action: not added to totals again",
  breakdown: "A split of the same figures: not added again",
  ad: "By single ad: not added again",
};

function RowsOf({ whose, at, currency }: { whose: Whose; at: string; currency: string }) {
  const rows = useSourceRows(whose, at);
  const items = rows.data?.items ?? [];
  return (
    <>
      <Text size="sm" c="dimmed">
        Where rows tell the same of a whole and of its parts (its ad groups, its devices), it is counted once.
      </Text>
      <Problem error={rows.error} retry={() => void rows.refetch()} />
      {rows.isPending && <Loading rows={3} height={60} />}
      {rows.isSuccess && items.length === 0 && <Text c="dimmed">No row of an export speaks of this day by itself.</Text>}
      {items.length > 0 && <CsvLink to={tableAt("/v1/history/rows", rowsAsked(whose, at))} />}
      {items.map((row, number) => (
        <Row key={number} row={row} currency={currency} />
      ))}
      {rows.data?.next && <Text size="sm">And more: the first 200 are shown, the file has all.</Text>}
    </>
  );
}

function Row({ row, currency }: { row: SourceRow; currency: string }) {
  const figures = [...Object.entries(row.figures), ...Object.entries(row.actions ?? {})];
  const words = figures.map(([name, value]) => `${name.replaceAll("_", " ")} ${name === "cost" || name === "conversions_value" ? figure(value, "cost", currency) : count(value)}`);
  const what = KINDS[row.kind] ?? (row.group_id ? `Of ${row.platform === "meta_ads" ? "ad set" : "ad group"} ${row.group_id}` : "Of the whole campaign");
  const place = row.file ? `${row.file}, row ${count((row.row ?? 0) + 1)} of those that could be read` : "Its place in the file was not kept";
  return (
    <Paper withBorder p="sm" radius="md">
      <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
        {what}
        {row.action ? `: ${row.action}` : ""}
        {row.segment ? ` (${row.segment})` : ""}
      </Text>
      <Text size="sm" className="figures" style={{ overflowWrap: "anywhere" }}>
        {capital(words.join(", ")) || "No figures"}
      </Text>
      <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
        {place}; import {row.import_id} of {moment(row.imported_at)}, from {row.source}
      </Text>
    </Paper>
  );
}
