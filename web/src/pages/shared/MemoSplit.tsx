import { Table, Text } from "@mantine/core";
import { figure, metricName, money, percent } from "../../words/figures";
import { span } from "./ranges";
import { Section } from "./Section";
import type { Memo } from "./queries";

/** What the budget goes on, line by line, with what each is to bring. */
export function MemoSplit({ memo }: { memo: Memo }) {
  const bring = memo.metric ? metricName(memo.metric) : "";
  const today = memo.groups.some((group) => group.today !== null);
  return (
    <Section
      id="split"
      title="What your budget goes on"
      about={bring ? `What each line is to bring is said as a range of ${bring}: four times in five it will lie within.` : undefined}
    >
      {memo.groups.map((group) => (
        <div key={group.platform} className="group">
          <div className="group-head">
            <Text fw={600}>{group.name}</Text>
            <Text className="figures">
              {money(group.budget, memo.currency)}{" "}
              <Text span c="dimmed">
                {percent(group.share)}
              </Text>
            </Text>
          </div>
          <div className="bar" aria-hidden="true">
            <span style={{ width: `${group.share * 100}%` }} />
          </div>
          <Table className="lines">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Line</Table.Th>
                <Table.Th ta="right">Budget</Table.Th>
                {today && <Table.Th ta="right">As today</Table.Th>}
                {bring && <Table.Th ta="right">To bring</Table.Th>}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {group.lines.map((line, at) => (
                <Table.Tr key={`${at} ${line.name}`}>
                  <Table.Td className="anywhere">
                    {line.name}
                    <Text size="xs" c="dimmed">
                      {line.kind}
                      {line.is_new ? ", new" : ""}
                    </Text>
                  </Table.Td>
                  <Table.Td data-label="Budget" className="figures">
                    {money(line.budget, memo.currency)}
                  </Table.Td>
                  {today && (
                    <Table.Td data-label="As today" className="figures">
                      {line.today === null || line.today === undefined ? "–" : money(line.today, memo.currency)}
                    </Table.Td>
                  )}
                  {bring && memo.metric && (
                    <Table.Td data-label="To bring" className="figures">
                      {line.expected ? span(line.expected, memo.metric, memo.currency) : "–"}
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      ))}
      <div className="group-head total">
        <Text fw={600}>In all</Text>
        <Text fw={600} className="figures">
          {figure(memo.total_budget, "budget", memo.currency)}
        </Text>
      </div>
      {memo.notes.map((note) => (
        <Text key={note} size="sm" mt="xs">
          {note}
        </Text>
      ))}
    </Section>
  );
}
