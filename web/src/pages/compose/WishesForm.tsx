import { Accordion, ActionIcon, Checkbox, Group, NumberInput, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import type { Brief } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { day, metricName, money, platformName } from "../../words/figures";
import { capital } from "../../words/sureness";
import { type Bounds, type Wishes, useLines } from "./wishes";

const GOALS = ["leads", "qualified_leads", "conversions", "revenue", "clicks", "impressions", "reach"].map((value) => ({
  value,
  label: capital(metricName(value)),
}));
const PLATFORMS = ["google_ads", "meta_ads"];
const NONE: Bounds = { least: null, most: null };

interface Asked {
  brief: Brief["brief"];
  wishes: Wishes;
  set: (changes: Partial<Wishes>) => void;
  opened: boolean;
  open: (opened: boolean) => void;
}

/** What somebody may set before a plan is composed; left alone, it goes by the brief. */
export function WishesForm({ brief, wishes, set, opened, open }: Asked) {
  return (
    <Accordion variant="contained" order={2} value={opened ? "wishes" : null} onChange={(value) => open(value !== null)}>
      <Accordion.Item value="wishes">
        <Accordion.Control>
          Before you compose: goal, dates, money, limits
          <Text size="sm" c="dimmed">
            Nothing needs to be set. What you leave alone goes by the brief.
          </Text>
        </Accordion.Control>
        <Accordion.Panel>
          <Stack gap="lg">
            <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
              <Select
                label="Get as many as possible of"
                description="Else what the brief wants"
                placeholder={goalOf(brief)}
                data={GOALS}
                value={wishes.objective}
                onChange={(objective) => set({ objective })}
                clearable
              />
              <TextInput
                type="date"
                label="First day"
                description={brief.start_date ? `The brief: ${day(brief.start_date)}` : "Else the Monday after the last figures"}
                value={wishes.start}
                onChange={(event) => set({ start: event.currentTarget.value })}
              />
              <TextInput
                type="date"
                label="Last day"
                description={brief.end_date ? `The brief: ${day(brief.end_date)}` : "Else four weeks"}
                value={wishes.end}
                error={wishes.end && wishes.start && wishes.end < wishes.start ? "Lies before the first day" : undefined}
                onChange={(event) => set({ end: event.currentTarget.value })}
              />
              <NumberInput
                label={`In all${brief.budget?.currency ? ` (${brief.budget.currency})` : ""}`}
                description={
                  brief.budget?.currency
                    ? `The brief: ${money(brief.budget.amount, brief.budget.currency)}`
                    : "Else what the last 28 days spent"
                }
                min={0}
                thousandSeparator
                value={wishes.total ?? ""}
                onChange={(value) => set({ total: typeof value === "number" ? value : null })}
              />
            </SimpleGrid>
            <Stack gap="xs">
              <Text fw={600} size="sm">
                How much of it a platform may get
              </Text>
              {PLATFORMS.map((name) => (
                <BoundsOf
                  key={name}
                  name={platformName(name)}
                  unit="%"
                  bounds={wishes.platforms[name] ?? NONE}
                  set={(bounds) => set({ platforms: { ...wishes.platforms, [name]: bounds } })}
                  highest={100}
                />
              ))}
            </Stack>
            <LineBounds wishes={wishes} set={set} shown={opened} currency={brief.budget?.currency ?? ""} />
            <Checkbox
              label="Move money only"
              description="Audiences, bidding and messages stay as they are, and nothing new is tried."
              checked={wishes.keepSettings}
              onChange={(event) => set({ keepSettings: event.currentTarget.checked })}
            />
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}

function goalOf(brief: Brief["brief"]): string {
  const said = typeof brief.outcome === "string" ? brief.outcome : brief.objective;
  return said ? `${capital(metricName(said))}, as the brief says` : "Leads, or conversions";
}

/** Bounds of single lines, each once it is chosen. */
function LineBounds({ wishes, set, shown, currency }: { wishes: Wishes; set: Asked["set"]; shown: boolean; currency: string }) {
  const lines = useLines(shown);
  const known = new Map(
    (lines.data?.items ?? []).flatMap((line) => (line.line_id ? [[line.line_id, line.line_name || line.name] as const] : [])),
  );
  const free = [...known].filter(([id]) => !(id in wishes.lines)).map(([value, label]) => ({ value, label }));
  const without = (id: string) => Object.fromEntries(Object.entries(wishes.lines).filter(([name]) => name !== id));
  return (
    <Stack gap="xs">
      <Text fw={600} size="sm">
        What a single line must get, or may get at most
      </Text>
      {Object.entries(wishes.lines).map(([id, bounds]) => (
        <BoundsOf
          key={id}
          name={known.get(id) ?? id}
          unit={currency}
          bounds={bounds}
          set={(next) => set({ lines: { ...wishes.lines, [id]: next } })}
          remove={() => set({ lines: without(id) })}
        />
      ))}
      <Select
        aria-label="Add a line"
        placeholder={known.size > 0 ? "Add a line…" : "No lines are known yet"}
        maw={420}
        searchable
        disabled={free.length === 0}
        data={free}
        value={null}
        onChange={(id) => id && set({ lines: { ...wishes.lines, [id]: NONE } })}
      />
    </Stack>
  );
}

interface BoundsAsked {
  name: string;
  unit: string;
  bounds: Bounds;
  set: (bounds: Bounds) => void;
  highest?: number;
  remove?: () => void;
}

function BoundsOf({ name, unit, bounds, set, highest, remove }: BoundsAsked) {
  const amount = (value: string | number) => (typeof value === "number" ? value : null);
  const crossed = bounds.least !== null && bounds.most !== null && bounds.least > bounds.most;
  return (
    <Group gap="xs" align="center">
      <Text size="sm" style={{ flex: "1 1 180px", overflowWrap: "anywhere" }}>
        {name}
      </Text>
      <NumberInput
        aria-label={`${name}: at least`}
        placeholder="at least"
        w={120}
        min={0}
        max={highest}
        suffix={` ${unit}`}
        thousandSeparator
        value={bounds.least ?? ""}
        onChange={(value) => set({ ...bounds, least: amount(value) })}
      />
      <NumberInput
        aria-label={`${name}: at most`}
        placeholder="at most"
        w={120}
        min={0}
        max={highest}
        suffix={` ${unit}`}
        thousandSeparator
        value={bounds.most ?? ""}
        error={crossed ? "Below the least" : undefined}
        onChange={(value) => set({ ...bounds, most: amount(value) })}
      />
      {remove && (
        <ActionIcon variant="subtle" color="gray" aria-label={`No limits for ${name}`} onClick={remove}>
          <Icon name="undo" size={16} />
        </ActionIcon>
      )}
    </Group>
  );
}
