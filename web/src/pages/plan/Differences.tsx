import { ScrollArea, Table, Text } from "@mantine/core";
import type { Difference } from "./changing";

/** Line by line, what was and what is. */
export function Differences({ rows, before = "Before", after = "After" }: { rows: Difference[]; before?: string; after?: string }) {
  if (rows.length === 0) return <Text size="sm">Nothing that is in force differs.</Text>;
  return (
    <ScrollArea.Autosize mah={360} viewportProps={{ tabIndex: 0, "aria-label": "What differs" }}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Line</Table.Th>
            <Table.Th ta="right">{before}</Table.Th>
            <Table.Th ta="right">{after}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.line + row.what}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                {row.line}
                <Text size="xs" c="dimmed">
                  {row.what}
                </Text>
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {row.before}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {row.after}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea.Autosize>
  );
}
