import { List, Table, Text } from "@mantine/core";
import { Section } from "./Section";
import type { Memo } from "./queries";
import { span } from "./ranges";

/** What the plan is to bring, beside the same money spent as today. */
export function Expected({ memo }: { memo: Memo }) {
  const today = memo.expected.some((one) => one.today);
  return (
    <Section id="expected" title="What it should bring" about="Ranges, not promises: four times in five the figure will lie within.">
      <Table className="lines">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Result</Table.Th>
            <Table.Th ta="right">This plan</Table.Th>
            {today && <Table.Th ta="right">The same money as today</Table.Th>}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {memo.expected.map((one) => (
            <Table.Tr key={one.metric} fw={one.metric === memo.metric ? 600 : undefined}>
              <Table.Td>{one.name}</Table.Td>
              <Table.Td data-label="This plan" className="figures">
                {span(one.planned, one.metric, memo.currency)}
              </Table.Td>
              {today && (
                <Table.Td data-label="As today" className="figures">
                  {one.today ? span(one.today, one.metric, memo.currency) : "–"}
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {memo.certainty && <Text mt="sm">{memo.certainty}</Text>}
      {memo.targets.length > 0 && (
        <>
          <Text fw={600} mt="sm">
            What you asked for
          </Text>
          <List>
            {memo.targets.map((words) => (
              <List.Item key={words}>{words}</List.Item>
            ))}
          </List>
        </>
      )}
    </Section>
  );
}
