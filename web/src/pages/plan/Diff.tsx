import { ActionIcon, Badge, Button, Group, List, Select, Stack, Table, Text, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { type Schemas, api, taken } from "../../api/client";
import { type Plan, usePlans } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { saveCsv } from "../../parts/csv";
import { ago, between, day, figure, metricName, money, platformName } from "../../words/figures";
import { capital, counted } from "../../words/sureness";

type PlanDiff = Schemas["PlanDiff"];
type LineChange = Schemas["LineChange"];

const MOST = 10;

function useDiff(id: string, against: string | null) {
  return useQuery({
    queryKey: ["plans", id, "diff", against],
    queryFn: () => taken(api.GET("/v1/plans/{plan_id}/diff", { params: { path: { plan_id: id }, query: { against: against ?? "" } } })),
    enabled: against !== null,
    staleTime: Infinity,
  });
}

/** What changed from another plan to this one: from the plan before, or from any that somebody chooses. */
export function Diff({ plan }: { plan: Plan }) {
  const [query, setQuery] = useSearchParams();
  const plans = usePlans();
  const others = (plans.data?.items ?? []).filter((one) => one.id !== plan.id);
  const against = query.get("against") ?? plan.parent_id ?? null;
  const diff = useDiff(plan.id, against);
  if (!plan.parent_id && others.length === 0) return null;
  const choose = (id: string | null) =>
    setQuery(
      (now) => {
        if (id && id !== plan.parent_id) now.set("against", id);
        else now.delete("against");
        return now;
      },
      { replace: true, preventScrollReset: true },
    );
  const choices = others.map((one) => ({
    value: one.id,
    label: `${one.title}, ${money(one.total_budget, one.currency)} from ${day(one.start_date)}, made ${ago(one.created_at)}${one.id === plan.parent_id ? " (the plan before)" : ""}`,
  }));
  return (
    <Section
      id="diff"
      title={plan.parent_id && against === plan.parent_id ? "What changed from the plan before" : "Compare with another plan"}
      actions={diff.data && !diff.data.same && <Save diff={diff.data} />}
      card
      gap="md"
    >
      {(others.length > 1 || !plan.parent_id) && (
        <Select
          label="Against"
          placeholder="Choose a plan"
          maw={560}
          data={choices}
          value={against}
          clearable={!plan.parent_id}
          searchable
          onChange={choose}
        />
      )}
      {against && diff.isPending && <Loading rows={2} />}
      <Problem error={diff.error} retry={() => void diff.refetch()} />
      {diff.data && <Changes diff={diff.data} open={against !== plan.parent_id} />}
    </Section>
  );
}

function Changes({ diff, open }: { diff: PlanDiff; open: boolean }) {
  return (
    <>
      <Stack gap={6}>
        {diff.summary.map((sentence, number) => (
          <Text key={sentence} size={number === 0 ? "lg" : undefined}>
            {sentence}
          </Text>
        ))}
      </Stack>
      {!diff.same && (
        <details open={open}>
          <summary>What both expect, and line by line</summary>
          <Stack gap="md" mt="xs">
            <Results diff={diff} />
            <Lines diff={diff} />
          </Stack>
        </details>
      )}
      {diff.causes.length > 0 && (
        <details>
          <summary>What the plans were made from</summary>
          <List size="sm" mt={4}>
            {[...diff.causes.map((cause) => cause.words), ...diff.notes].map((words) => (
              <List.Item key={words}>{words}</List.Item>
            ))}
          </List>
        </details>
      )}
    </>
  );
}

const PARTS: Record<Schemas["Step"]["kind"], string> = {
  forecast: "the same money is expected to bring something else now",
  money: "another budget or length",
  split: "the money lies elsewhere",
  rest: "rounding of ranges",
};
const LEAST_PART = 0.02;

/** What both plans expect, and what the difference comes from. */
function Results({ diff }: { diff: PlanDiff }) {
  const metric = diff.metric;
  const main = diff.results.find((one) => one.metric === metric);
  const size = main?.new?.mid ?? 0;
  const parts = diff.steps.filter((step) => step.kind !== "rest" && Math.abs(step.amount) >= LEAST_PART * size);
  return (
    <Stack gap="xs">
      <Table.ScrollContainer minWidth={340} type="native" tabIndex={0} role="region" aria-label="What both plans expect">
        <Table fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Expected</Table.Th>
              <Table.Th ta="right">Before</Table.Th>
              <Table.Th ta="right">Now</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {diff.results.slice(0, 5).map((one) => (
              <Table.Tr key={one.metric}>
                <Table.Td fw={one.metric === metric ? 600 : undefined}>{capital(metricName(one.metric))}</Table.Td>
                <Table.Td ta="right" className="figures">
                  {one.old ? between(one.old, one.metric, diff.currency) : "not said"}
                </Table.Td>
                <Table.Td ta="right" className="figures">
                  {one.new ? between(one.new, one.metric, diff.currency) : "not said"}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {metric && parts.length > 0 && (
        <Text size="sm" c="dimmed">
          Of the change in {metricName(metric)}: {parts.map((step) => `${signed(step.amount, metric, diff.currency)} since ${PARTS[step.kind]}`).join(", ")}.
        </Text>
      )}
    </Stack>
  );
}

const STATUS: Record<LineChange["status"], { words: string; colour: string }> = {
  new: { words: "New", colour: "indigo" },
  joined: { words: "Joins", colour: "indigo" },
  started: { words: "Starts", colour: "teal" },
  more: { words: "More", colour: "teal" },
  same: { words: "As before", colour: "gray" },
  less: { words: "Less", colour: "orange" },
  stopped: { words: "Stops", colour: "red" },
  left_out: { words: "Left out", colour: "red" },
  dropped: { words: "Gone", colour: "red" },
};

function Lines({ diff }: { diff: PlanDiff }) {
  const [all, setAll] = useState(false);
  const changed = diff.lines.filter((line) => line.status !== "same" || line.settings.length > 0);
  const shown = all ? diff.lines : changed.slice(0, MOST);
  const sum = (value: number | null) => (value === null ? "none" : money(value, diff.currency));
  return (
    <Stack gap="xs">
      <Text size="sm">
        {counted(changed.length, "line")} of {diff.lines.length} changed.
      </Text>
      <Table.ScrollContainer minWidth={520} type="native" tabIndex={0} role="region" aria-label="Lines before and now">
        <Table fz="sm" verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Line</Table.Th>
              <Table.Th ta="right">Before</Table.Th>
              <Table.Th ta="right">Now</Table.Th>
              <Table.Th ta="right">Change</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((line) => (
              <Table.Tr key={line.id}>
                <Table.Td>
                  <Group gap={6}>
                    <span>{line.name}</span>
                    <Badge size="sm" variant="light" color={STATUS[line.status].colour} tt="none">
                      {STATUS[line.status].words}
                    </Badge>
                  </Group>
                  <Text size="xs" c="dimmed">
                    {platformName(line.platform)}
                  </Text>
                  <Why line={line} />
                </Table.Td>
                <Table.Td ta="right" className="figures" style={{ verticalAlign: "top" }}>
                  {sum(line.old)}
                </Table.Td>
                <Table.Td ta="right" className="figures" style={{ verticalAlign: "top" }}>
                  {sum(line.new)}
                </Table.Td>
                <Table.Td ta="right" className="figures" style={{ verticalAlign: "top" }}>
                  {signed(line.change, "cost", diff.currency)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {diff.lines.length > shown.length && (
        <Group>
          <Button size="xs" variant="default" onClick={() => setAll(true)}>
            Show all {diff.lines.length} lines
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Why({ line }: { line: LineChange }) {
  const words = [...line.reasons, ...line.settings];
  if (words.length === 0) return null;
  return (
    <details>
      <summary>Why</summary>
      <List size="xs" spacing={2}>
        {words.map((one) => (
          <List.Item key={one}>{one}</List.Item>
        ))}
      </List>
    </details>
  );
}

function Save({ diff }: { diff: PlanDiff }) {
  const rows = diff.lines.map((line) => [line.id, line.name, line.platform, line.status, line.old, line.new, line.change, line.by_total, line.by_split, [...line.reasons, ...line.settings].join(" ")]);
  const columns = ["Line", "Name", "Platform", "Status", "Before", "Now", "Change", "By the total", "By the split", "Why"];
  return (
    <Tooltip label="Save the changes as CSV">
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Save the changes as CSV" onClick={() => saveCsv(`plan-${diff.new.name}-diff`, columns, rows)}>
        <Icon name="download" />
      </ActionIcon>
    </Tooltip>
  );
}

/** An amount of a metric with its sign. */
function signed(amount: number, metric: string, currency: string): string {
  const words = figure(Math.abs(amount), metric, currency);
  if (Math.abs(amount) < 0.005) return "no change";
  return `${amount > 0 ? "+" : "\u2212"}${words}`;
}
