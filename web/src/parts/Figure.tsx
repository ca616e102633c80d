import { ActionIcon, Group, Paper, ScrollArea, Skeleton, Table, Text, Title, Tooltip } from "@mantine/core";
import { type ReactNode, Suspense, lazy, useState } from "react";
import { Boundary } from "./Boundary";
import type { ChartData } from "./Chart";
import { Icon } from "./Icon";
import { type Cell, saveCsv } from "./csv";

const Chart = lazy(() => import("./Chart"));

export interface TableData {
  columns: string[];
  rows: Cell[][];
  shown?: (cell: Cell, column: number) => string;
}

interface Asked {
  title: string;
  /** What it says, in words; stands before the chart. */
  words: ReactNode;
  chart: ChartData;
  table: TableData;
  name: string;
  height?: number;
  controls?: ReactNode;
  /** Begins as its table: where names are long, it is read more easily. */
  tableFirst?: boolean;
}

/** A chart with its words before it, and its figures as a table and as a file. */
export function Figure({ title, words, chart, table, name, height = 280, controls, tableFirst = false }: Asked) {
  const [asTable, setAsTable] = useState(tableFirst);
  const toggle = asTable ? "Show the chart" : "Show the table";
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-label={title}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Title order={3} size="h5" style={{ minWidth: 0, overflowWrap: "anywhere" }}>
          {title}
        </Title>
        <Group gap={4} wrap="nowrap">
          <Tooltip label={toggle}>
            <ActionIcon variant="subtle" color="gray" size="lg" aria-label={toggle} onClick={() => setAsTable(!asTable)}>
              <Icon name={asTable ? "chart" : "table"} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Save as CSV">
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Save ${title} as CSV`}
              onClick={() => saveCsv(name, table.columns, table.rows)}
            >
              <Icon name="download" />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      <Text size="sm" c="dimmed" component="div">
        {words}
      </Text>
      {controls}
      {asTable ? (
        <Figures table={table} title={title} height={height} />
      ) : (
        <Boundary>
          <Suspense fallback={<Skeleton height={height} mt="sm" />}>
            <Chart data={chart} height={height} label={title} />
          </Suspense>
        </Boundary>
      )}
    </Paper>
  );
}

function Figures({ table, title, height }: { table: TableData; title: string; height: number }) {
  const shown = table.shown ?? ((cell: Cell) => (typeof cell === "number" ? cell.toLocaleString() : (cell ?? "")));
  return (
    <ScrollArea.Autosize mah={height} mt="sm" viewportProps={{ tabIndex: 0, "aria-label": `${title}, as a table` }}>
      <Table striped stickyHeader>
        <Table.Thead>
          <Table.Tr>
            {table.columns.map((column) => (
              <Table.Th key={column}>{column}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {table.rows.map((row, number) => (
            <Table.Tr key={number}>
              {row.map((cell, column) => (
                <Table.Td key={column} ta={typeof cell === "number" ? "right" : "left"}>
                  {shown(cell, column)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}
