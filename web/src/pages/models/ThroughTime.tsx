import { Anchor, Stack, Table, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { metricName, moment, percent, whole } from "../../words/figures";
import { counted } from "../../words/sureness";
import { Wide } from "./Wide";
import type { Model, PastProof } from "./found";
import { changes, stretch } from "./words";

/** Every time it was tried on the past, the newest first. */
export function ThroughTime({ model }: { model: Model }) {
  if (model.through_time.length === 0) return null;
  return (
    <Stack gap="sm" component="section" aria-labelledby="time">
      <Title order={2} size="h4" id="time">
        Through time
      </Title>
      <Wide label="Through time" width={560}>
        <Table fz="sm" verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>When</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>Advice would have brought</Table.Th>
              <Table.Th>Ranges that held</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {model.through_time.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td>
                  <Anchor component={Link} size="sm" to={`/models/${one.kind === "backtest" ? "past" : "comparisons"}/${one.id}`}>
                    {moment(one.at)}
                  </Anchor>
                </Table.Td>
                <Table.Td>{whatOf(one)}</Table.Td>
                <Table.Td className="figures">{one.gain ? `${changes(one.gain)} ${metricName(one.metric ?? "")}` : <Text size="sm">{one.kind === "comparison" ? one.headline : "Not enough data"}</Text>}</Table.Td>
                <Table.Td className="figures">{one.ranges ? `${percent((one.held ?? 0) / one.ranges)} of ${whole(one.ranges)}` : ""}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </Stack>
  );
}

function whatOf(one: PastProof): string {
  const many = counted(one.stretches ?? 0, "stretch", "stretches");
  return `${one.kind === "backtest" ? "Tried on the past" : "Models compared"}: ${many} of ${stretch(one.weeks)}`;
}
