import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Collapse,
  Group,
  NumberInput,
  Slider,
  Stack,
  Text,
  Tooltip,
  UnstyledButton,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { memo, useCallback, useEffect, useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { type Plan, type WhatIf, useJob, useJobResult, useReplan, useWhatIf } from "../../api/queries";
import { useMay } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { JobCard } from "../../parts/JobCard";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { saveCsv } from "../../parts/csv";
import { between, change, figure, metricName, money, platformName } from "../../words/figures";
import { counted, likely } from "../../words/sureness";
import { roomFor, shared } from "./split";

const WAIT_MS = 180;
const MOST = 10;

/** The split, with a slider for each line; what another split would bring is said as it is tried. */
export function Split({ plan }: { plan: Plan }) {
  const lines = plan.plan.lines;
  const [set, setSet] = useState<Record<string, number>>({});
  const [locked, setLocked] = useState<Record<string, number>>({});
  const [total, setTotal] = useState(plan.total_budget);
  const [all, setAll] = useState(false);
  const fixed = useMemo(() => ({ ...locked, ...set }), [locked, set]);
  const tried = Object.keys(set).length > 0 || total !== plan.total_budget;
  const budgets = useMemo(() => shared(lines, fixed, total), [lines, fixed, total]);
  const asked = useMemo(() => (tried ? { budgets } : null), [tried, budgets]);
  const [settled] = useDebouncedValue(asked, WAIT_MS);
  const whatIf = useWhatIf(plan.id, settled);
  const outlook = tried ? whatIf.data : undefined;
  const today = useMemo(() => new Map(plan.plan.baseline.lines.map((line) => [line.id, line.budget])), [plan]);
  const expected = useMemo(
    () => new Map(outlook?.lines.map((line) => [line.id, line.expected[plan.objective]])),
    [outlook, plan.objective],
  );

  const move = useCallback(
    (id: string, amount: number) => setSet((now) => ({ ...now, [id]: Math.min(amount, roomFor(lines, { ...locked, ...now }, id, total)) })),
    [lines, locked, total],
  );
  const toggle = useCallback(
    (id: string, amount: number) => {
      const { [id]: was, ...others } = locked;
      setLocked(was === undefined ? { ...locked, [id]: amount } : others);
      if (was !== undefined) setSet(({ [id]: _gone, ...kept }) => kept);
    },
    [locked],
  );
  const back = () => {
    setSet({});
    setLocked({});
    setTotal(plan.total_budget);
  };
  const shown = all || lines.length <= MOST + 2 ? lines : lines.slice(0, MOST);
  const scale = Math.max(...lines.map((line) => Math.max(line.budget, today.get(line.id) ?? 0))) * 1.25;
  return (
    <Section
      id="split"
      title="The split"
      about="Move a line and the others share what is left; lock what must stay. Orange dots are today's budgets. Trying changes nothing."
      actions={
        <Group gap="xs" align="flex-end">
          <NumberInput
            label="In all"
            size="xs"
            w={130}
            min={0}
            step={500}
            thousandSeparator
            suffix={` ${plan.currency}`}
            value={total}
            onChange={(value) => typeof value === "number" && Number.isFinite(value) && value >= 0 && setTotal(value)}
          />
          <Tooltip label="Save the split as CSV">
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label="Save the split as CSV"
              onClick={() => saveSplit(plan, budgets, today)}
            >
              <Icon name="download" />
            </ActionIcon>
          </Tooltip>
        </Group>
      }
      card
      gap="md"
    >
      <Tried
        plan={plan}
        whatIf={outlook}
        tried={tried}
        stale={whatIf.isPlaceholderData || asked !== settled}
        error={tried ? whatIf.error : null}
        back={back}
      >
        <PlanAgain plan={plan} fixed={fixed} total={total} />
      </Tried>
      <Stack gap={4}>
        {shown.map((line) => (
          <Line
            key={line.id}
            line={line}
            plan={plan}
            today={today.get(line.id) ?? 0}
            amount={budgets[line.id] ?? line.budget}
            most={scale}
            own={line.id in fixed}
            locked={line.id in locked}
            range={expected.get(line.id) ?? (tried ? undefined : line.expected[plan.objective])}
            move={move}
            toggle={toggle}
          />
        ))}
        {shown.length < lines.length && (
          <Button variant="subtle" onClick={() => setAll(true)}>
            Show the other {counted(lines.length - shown.length, "line")}
          </Button>
        )}
      </Stack>
    </Section>
  );
}

function saveSplit(plan: Plan, budgets: Record<string, number>, today: Map<string, number>): void {
  const rows = plan.plan.lines.map((line) => [
    platformName(line.platform),
    line.name ?? "",
    line.id,
    today.get(line.id) ?? 0,
    line.budget,
    budgets[line.id] ?? line.budget,
  ]);
  saveCsv(
    `split-${plan.id}`,
    ["Platform", "Line", "Id", `Today (${plan.currency})`, `Plan (${plan.currency})`, `Tried (${plan.currency})`],
    rows,
  );
}

interface TriedAsked {
  plan: Plan;
  whatIf: WhatIf | undefined;
  tried: boolean;
  stale: boolean;
  error: Error | null;
  back: () => void;
  children: React.ReactNode;
}

function Tried({ plan, whatIf, tried, stale, error, back, children }: TriedAsked) {
  if (!tried) return null;
  if (error) return <Problem error={error} />;
  const metric = plan.objective;
  const now = whatIf?.expected[metric];
  const own = plan.plan.expected[metric];
  return (
    <Alert
      color="indigo"
      variant="light"
      p="sm"
      style={{ position: "sticky", top: 64, zIndex: 5 }}
      styles={{ root: { backgroundColor: "var(--mantine-color-body)", border: "1px solid var(--mantine-color-indigo-5)" } }}
    >
      <Stack gap="xs">
        <div aria-live="polite" style={{ opacity: stale ? 0.55 : 1 }}>
          {now && whatIf && own ? (
            <Text>
              As you have it: <b>{between(now, metric, plan.currency)}</b> {metricName(metric)} (the plan:{" "}
              {between(own, metric, plan.currency)}).
              {whatIf.probability_better_than_baseline !== null &&
                ` Better than today's split: ${likely(whatIf.probability_better_than_baseline)}.`}{" "}
              Better than the plan: {likely(whatIf.probability_better_than_plan)}.
            </Text>
          ) : (
            <Text>Working it out…</Text>
          )}
          {(whatIf?.notes ?? []).map((note) => (
            <Text key={note} size="sm" c="dimmed">
              {note}
            </Text>
          ))}
        </div>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={back} leftSection={<Icon name="undo" size={14} />}>
            Back to the plan
          </Button>
          {children}
        </Group>
      </Stack>
    </Alert>
  );
}

/** Composes a new plan in which what was set stays, and the rest is planned anew. */
function PlanAgain({ plan, fixed, total }: { plan: Plan; fixed: Record<string, number>; total: number }) {
  const may = useMay("plans:write");
  const replan = useReplan(plan.id);
  const [asked, setAsked] = useState<string | null>(null);
  const job = useJob(asked);
  const result = useJobResult(asked, job.data?.state === "done");
  const go = useNavigate();
  const made = (result.data?.result as { plan_id?: string } | undefined)?.plan_id;
  useEffect(() => {
    if (made) void go(`/plans/${made}`);
  }, [made, go]);
  if (!may) return null;
  const busy = replan.isPending || job.data?.state === "queued" || job.data?.state === "running";
  const begin = () => replan.mutate({ locked: fixed, total }, { onSuccess: (one) => setAsked(one.id) });
  return (
    <>
      <Button size="xs" loading={busy} onClick={begin}>
        Plan the rest again
      </Button>
      <Problem error={replan.error ?? job.error ?? result.error} />
      {job.data && <JobCard job={job.data} doing="Planning again" />}
    </>
  );
}

interface LineAsked {
  line: Plan["plan"]["lines"][number];
  plan: Plan;
  today: number;
  amount: number;
  most: number;
  own: boolean;
  locked: boolean;
  range: { low: number; mid: number; high: number } | undefined;
  move: (id: string, amount: number) => void;
  toggle: (id: string, amount: number) => void;
}

const Line = memo(function Line({ line, plan, today, amount, most, own, locked, range, move, toggle }: LineAsked) {
  const [open, setOpen] = useState(false);
  const name = line.name || line.id;
  const lockLabel = locked ? `Unlock ${name}` : `Lock ${name}`;
  const against =
    today > 0 ? `${change(amount / today - 1)} on today's ${money(today, plan.currency)}` : line.is_new ? "new" : "nothing today";
  return (
    <div style={{ borderTop: "1px solid var(--mantine-color-default-border)", paddingTop: 8, paddingBottom: 4 }}>
      <Group gap="xs" wrap="wrap" align="center" className="split-line">
        <UnstyledButton onClick={() => setOpen(!open)} aria-expanded={open} className="split-name">
          <Group gap={6} wrap="nowrap">
            <span style={{ transform: open ? "rotate(90deg)" : undefined, display: "inline-flex" }}>
              <Icon name="right" size={14} />
            </span>
            <div style={{ minWidth: 0 }}>
              <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
                {name}
              </Text>
              <Text size="xs" c="dimmed">
                {platformName(line.platform)}
                {line.is_new ? ", new" : ""}
                {line.on_trial ? ", on trial" : ""}
              </Text>
            </div>
          </Group>
        </UnstyledButton>
        <Slider
          className="split-slider"
          thumbLabel={`Budget of ${name}`}
          thumbValueText={(value) => money(value, plan.currency)}
          min={0}
          max={Math.ceil(most)}
          step={Math.max(1, Math.round(most / 400))}
          value={Math.min(amount, most)}
          disabled={locked}
          label={(value) => money(value, plan.currency)}
          marks={today > 0 && today < most ? [{ value: today }] : []}
          onChange={(value) => move(line.id, value)}
          color={own ? "indigo" : "indigo.4"}
          classNames={{ mark: "today-mark" }}
        />
        <Group gap={4} wrap="nowrap" className="split-amount">
          <NumberInput
            aria-label={`Budget of ${name} in ${plan.currency}`}
            size="xs"
            w={96}
            hideControls
            min={0}
            decimalScale={amount < 100 ? 2 : 0}
            thousandSeparator
            value={amount < 100 ? amount : Math.round(amount)}
            disabled={locked}
            onValueChange={({ floatValue }, source) => {
              if (String(source.source) === "event" && floatValue !== undefined) move(line.id, floatValue);
            }}
            styles={{ input: { textAlign: "right", fontVariantNumeric: "tabular-nums" } }}
          />
          <Tooltip label={locked ? "Unlock" : "Lock: it stays while the rest moves"}>
            <ActionIcon
              variant={locked ? "filled" : "subtle"}
              color={locked ? "indigo" : "gray"}
              size={30}
              aria-label={lockLabel}
              aria-pressed={locked}
              onClick={() => toggle(line.id, amount)}
            >
              <Icon name={locked ? "lock" : "unlock"} size={16} />
            </ActionIcon>
          </Tooltip>
        </Group>
        <div className="split-range">
          <Text size="sm" className="figures">
            {range ? `${between(range, plan.objective, plan.currency)} ${metricName(plan.objective)}` : "…"}
          </Text>
          <Text size="xs" c="dimmed" className="figures">
            {against}
          </Text>
        </div>
      </Group>
      <Collapse expanded={open}>
        <Stack gap={4} pl={20} py="xs">
          {line.reasons.map((reason) => (
            <Text key={reason} size="sm">
              {reason}
            </Text>
          ))}
          {(line.changes ?? []).map((one) => (
            <Text key={one.parameter + one.after} size="sm">
              <Badge size="sm" variant="light">
                {one.parameter.replace("_", " ")}
              </Badge>{" "}
              {one.words}
            </Text>
          ))}
          {range && (
            <Text size="sm" c="dimmed">
              Most likely {figure(range.mid, plan.objective, plan.currency)} {metricName(plan.objective)};{" "}
              {money(line.daily_budget, plan.currency)} a day in the plan.
            </Text>
          )}
        </Stack>
      </Collapse>
    </div>
  );
});
