import { Badge, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { Figure } from "../../parts/Figure";
import { ago, percent, whole } from "../../words/figures";
import { counted } from "../../words/sureness";
import type { Calibration, Model } from "./found";
import { standingOf } from "./words";

/** How often what was stated came: in words, then as a chart where there is enough to draw. */
export function Calibrations({ model }: { model: Model }) {
  const known = model.calibrations;
  const drawn = known.filter((one) => one.points.length > 1);
  const said = known.filter((one) => one.points.length <= 1);
  return (
    <Stack gap="md" component="section" aria-labelledby="calibration">
      <div>
        <Title order={2} size="h4" id="calibration">
          Does it know how sure it is?
        </Title>
        {model.id === "response" && (
          <Text size="sm" c="dimmed">
            A range that is stated for eight cases in ten should hold in eight of ten: not in all, and not in five.
          </Text>
        )}
      </div>
      {known.length === 0 && <Text>{model.calibration}</Text>}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        {drawn.map((one) => (
          <Drawn key={one.id} one={one} />
        ))}
        {said.map((one) => (
          <Said key={one.id} one={one} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

function Words({ one }: { one: Calibration }) {
  const standing = standingOf(one);
  return (
    <Stack gap={4} mt={4}>
      <div>
        <Badge variant="light" color={standing.colour} tt="none">
          {standing.words}
        </Badge>
      </div>
      <span>{one.words}</span>
      <span>
        {counted(one.stretches, one.id === "plans" ? "plan" : "stretch", one.id === "plans" ? "plans" : "stretches")}
        {one.at ? `, ${ago(one.at)}` : ""}
      </span>
    </Stack>
  );
}

function Said({ one }: { one: Calibration }) {
  return (
    <Paper withBorder p="md" radius="md">
      <Title order={3} size="h5">
        {one.about}
      </Title>
      <Text size="sm" c="dimmed" component="div">
        <Words one={one} />
      </Text>
    </Paper>
  );
}

function Drawn({ one }: { one: Calibration }) {
  const ranges = one.kind === "ranges";
  const many = ranges ? "Ranges" : "Stretches";
  return (
    <Figure
      title={one.about}
      words={<Words one={one} />}
      name={`calibration-${one.id}`}
      height={260}
      chart={{
        x: "number",
        xName: ranges ? "How often ranges were to hold" : "How likely it was said to be better",
        xWords: (value) => percent(Number(value)),
        yWords: (value) => percent(value),
        series: [
          {
            name: ranges ? "How often they held" : "How often it was",
            points: one.points.map((point) => [point.stated, point.observed]),
            range: one.points.map((point) => [point.low, point.high]),
          },
          { name: "If it were as stated", dashed: true, points: one.points.map((point) => [point.stated, point.stated]) },
        ],
      }}
      table={{
        columns: ["Stated", "Observed", "Observed, low", "Observed, high", many, "Held"],
        rows: one.points.map((point) => [point.stated, point.observed, point.low, point.high, point.n, point.held]),
        shown: (cell, column) => (typeof cell !== "number" ? (cell ?? "") : column < 4 ? percent(cell) : whole(cell)),
      }}
    />
  );
}
