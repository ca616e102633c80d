import { Accordion, Badge, Group, Stack, Table, Text, Title } from "@mantine/core";
import { between, day, figure, metricName, money, percent, platformName } from "../../words/figures";
import { capital, likely } from "../../words/sureness";
import { Wide } from "./Wide";
import type { Backtest, Window } from "./found";
import { changes, signed } from "./words";

/** Each stretch in words, with its lines. */
export function Windows({ found }: { found: Backtest }) {
  return (
    <Stack gap="sm" component="section" aria-labelledby="stretches">
      <Title order={2} size="h4" id="stretches">
        Stretch by stretch
      </Title>
      <Accordion variant="separated" radius="md" order={3}>
        {[...found.windows].reverse().map((one) => (
          <Accordion.Item key={one.start} value={one.start}>
            <Accordion.Control>
              <Group justify="space-between" gap="xs" pr="sm">
                <Text fw={600}>
                  {day(one.start)} to {day(one.end)}
                </Text>
                <Badge variant="light" tt="none" color={one.probability_better >= 0.9 ? "teal" : one.probability_better <= 0.1 ? "orange" : "gray"}>
                  {changes(one.gain)} {metricName(found.metric)}
                </Badge>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <One found={found} one={one} />
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Stack>
  );
}

function One({ found, one }: { found: Backtest; one: Window }) {
  const { metric, currency } = found;
  const name = metricName(metric);
  return (
    <Stack gap="sm">
      <Text>
        {money(one.spend, currency)} brought {figure(one.counted, metric, currency)} {name}. The advice put {percent(one.moved)} of it elsewhere, and would have brought{" "}
        {between(one.earned, metric, currency)}: better, {likely(one.probability_better)}. It promised {signed(one.promised.mid)}.
        {!one.enough_overlap && " Little of that was ever tried, so it rests on the curves."}
      </Text>
      <Wide label="Lines of the stretch" width={760}>
        <Table fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Line</Table.Th>
              <Table.Th ta="right">Spent</Table.Th>
              <Table.Th ta="right">Advised</Table.Th>
              <Table.Th ta="right">Foretold</Table.Th>
              <Table.Th ta="right">Counted</Table.Th>
              <Table.Th ta="right">By the advice</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {one.lines.map((line) => {
              const held = line.expected.low <= line.counted && line.counted <= line.expected.high;
              return (
                <Table.Tr key={line.id}>
                  <Table.Td>
                    {line.name}
                    <Text size="xs" c="dimmed">
                      {platformName(line.platform)}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {money(line.made, currency)}
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {money(line.advised, currency)}
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {between(line.expected, metric, currency)}
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {figure(line.counted, metric, currency)}
                    <Text size="xs" c="dimmed">
                      {held ? "in the range" : "outside"}
                    </Text>
                  </Table.Td>
                  <Table.Td ta="right" className="figures">
                    {between(line.earned, metric, currency)}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Wide>
      <Text size="sm" c="dimmed">
        {capital(name)} foretold are for the money that was really spent; those by the advice are estimated from what the lines did later.
      </Text>
    </Stack>
  );
}
