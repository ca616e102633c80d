import { ActionIcon, Badge, Button, Group, List, Modal, NumberInput, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { type PlanSummary, useActual } from "../../api/queries";
import { useMay } from "../../api/session";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { metricName } from "../../words/figures";
import { capital } from "../../words/sureness";
import { goalStanding, goalWords } from "./pacing";
import { type Goals as GoalsOf, useGoals, useSetGoals } from "./queries";

const METRICS = ["leads", "conversions", "sales", "installs", "clicks", "impressions"];
const COSTS = ["lead", "conversion", "sale", "install", "click"].map((one) => `cost_per_${one}`);

/** What a plan is to reach, whether it does, and a way to say so. */
export function Goals({ plan }: { plan: PlanSummary }) {
  const goals = useGoals(plan.id);
  const actual = useActual(plan.id);
  const may = useMay("monitoring:write");
  const [open, setOpen] = useState(false);
  const told = goals.data?.goals;
  const rows = Object.entries(told ?? {});
  return (
    <Section
      id="goals"
      title="Goals"
      about="You are told early where one will hardly be reached."
      actions={
        may &&
        told && (
          <Button size="xs" variant="default" onClick={() => setOpen(true)}>
            {rows.length ? "Change goals…" : "Set goals…"}
          </Button>
        )
      }
      card
    >
      <Problem error={goals.error} retry={() => void goals.refetch()} />
      {goals.isPending && <Loading rows={1} height={40} />}
      {told && rows.length === 0 && <Text>No goal is set: the plan is watched by what it expects alone.</Text>}
      <List spacing="xs" listStyleType="none">
        {rows.map(([metric, goal]) => {
          const standing = actual.data ? goalStanding(metric, goal, actual.data, plan.total_budget) : null;
          return (
            <List.Item key={metric}>
              <Group gap="xs">
                <Text>{goalWords(metric, goal, plan.currency)}</Text>
                {standing && (
                  <Badge color={standing.colour} variant="light" tt="none" style={{ height: "auto", whiteSpace: "normal" }} py={3}>
                    {standing.words}
                  </Badge>
                )}
              </Group>
            </List.Item>
          );
        })}
      </List>
      {told && <GoalsForm key={JSON.stringify(told) + String(open)} plan={plan} goals={told} opened={open} close={() => setOpen(false)} />}
    </Section>
  );
}

interface Row {
  metric: string;
  bound: number | string;
}

function GoalsForm({ plan, goals, opened, close }: { plan: PlanSummary; goals: GoalsOf; opened: boolean; close: () => void }) {
  const set = useSetGoals(plan.id);
  const [rows, setRows] = useState<Row[]>(() => {
    const now = Object.entries(goals).map(([metric, goal]) => ({ metric, bound: goal.at_least ?? goal.at_most ?? "" }));
    return now.length ? now : [{ metric: METRICS.includes(plan.objective) ? plan.objective : "leads", bound: "" }];
  });
  const put = (at: number, row: Row) => setRows(rows.map((one, place) => (place === at ? row : one)));
  const free = [...METRICS, ...COSTS].filter((metric) => !rows.some((row) => row.metric === metric));
  const asked = rows.filter((row) => typeof row.bound === "number" && row.bound > 0);
  const save = () =>
    set.mutate(
      Object.fromEntries(
        asked.map((row) => [
          row.metric,
          row.metric.startsWith("cost_per_") ? { at_most: Number(row.bound) } : { at_least: Number(row.bound) },
        ]),
      ),
      {
        onSuccess: close,
      },
    );
  return (
    <Modal opened={opened} onClose={close} title="What this plan is to reach">
      <Stack>
        <Text size="sm">Over the plan's dates, all lines together. Costs have an upper bound, counts a lower one.</Text>
        {rows.map((row, at) => (
          <Group key={row.metric} gap="xs" wrap="nowrap" align="flex-end">
            <Select
              label="What"
              style={{ flex: 1 }}
              allowDeselect={false}
              data={[row.metric, ...free].map((metric) => ({ value: metric, label: capital(metricName(metric)) }))}
              value={row.metric}
              onChange={(metric) => metric && put(at, { ...row, metric })}
            />
            <NumberInput
              label={row.metric.startsWith("cost_per_") ? `At most, ${plan.currency}` : "At least"}
              w={140}
              min={0}
              thousandSeparator
              value={row.bound}
              onChange={(bound) => put(at, { ...row, bound })}
            />
            <ActionIcon
              size={36}
              variant="subtle"
              color="gray"
              aria-label={`Take away the goal on ${metricName(row.metric)}`}
              onClick={() => setRows(rows.filter((_, place) => place !== at))}
            >
              ×
            </ActionIcon>
          </Group>
        ))}
        {free.length > 0 && (
          <Button
            size="xs"
            variant="subtle"
            onClick={() => setRows([...rows, { metric: free[0] ?? "leads", bound: "" }])}
            style={{ alignSelf: "flex-start" }}
          >
            Another goal
          </Button>
        )}
        <Problem error={set.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button loading={set.isPending} onClick={save}>
            {asked.length ? "Save goals" : "Save without goals"}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
