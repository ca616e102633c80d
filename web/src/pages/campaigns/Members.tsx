import { ActionIcon, Anchor, Badge, Button, Checkbox, Group, Paper, Popover, ScrollArea, Select, Stack, Table, Text, TextInput, Title, Tooltip, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { platformName } from "../../words/figures";
import { counted } from "../../words/sureness";
import type { Subject } from "./Basis";
import { addressOf, useCarried, useChanged } from "./address";
import type { Period } from "./period";
import { type Level, type MemberTotals, type Ranking, type SortedBy, type Whose, tableAt, totalsAsked, useMembers } from "./queries";
import { METRICS, type Metric, changed, codeWords, outcomeOf, shown } from "./words";

const FIRST: Metric["name"][] = ["cost", "impressions", "clicks", "conversions", "cost_per_conversion"];
const PAUSE_MS = 250;

interface Asked {
  whose: Whose;
  level: Level;
  title: string;
  period: Period;
  currency: string | undefined;
  /** Those that say something in these days. */
  metrics: Metric[];
  open: (subject: Subject) => void;
}

/** What lies beneath: a table that one can search, sort, widen and save. */
export function Members({ whose, level, title, period, currency, metrics, open }: Asked) {
  const [query] = useSearchParams();
  const set = useChanged();
  const single = level === "account";
  const text = single ? "" : (query.get("q") ?? "");
  const [search] = useDebouncedValue(text, PAUSE_MS);
  const by: SortedBy = query.get("sort") === "name" ? "name" : (METRICS.find((one) => one.name === query.get("sort"))?.name ?? "cost");
  const ranking: Ranking = { by: single ? "cost" : by, ascending: !single && query.get("up") === "1", search, currency };
  const found = useMembers(whose, level, period, ranking);
  const [chosen, setChosen] = useState<string[] | null>(null);
  const columns = metrics.filter((metric) => (chosen ?? usualOf(found.members)).includes(metric.name));
  if (found.isPending) return <Loading rows={2} height={120} />;
  const turn = single ? null : (next: SortedBy) => set({ sort: next, up: next === by ? (ranking.ascending ? "" : "1") : next === "name" ? "1" : "" });
  const table = { rows: found.members, columns, compared: period.compare !== "none", open, title, ranking, turn };
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-label={title} aria-busy={found.isPlaceholderData}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-end">
          <div>
            <Title order={2} size="h4">
              {title}
            </Title>
            <Text size="sm" c="dimmed" aria-live="polite">
              {foundWords(found.members.length, found.hasNextPage, search)}
            </Text>
          </div>
          <Group gap="xs" align="flex-end">
            {!single && (
              <TextInput
                aria-label={`Search ${title.toLowerCase()}`}
                placeholder="Search"
                leftSection={<Icon name="search" size={16} />}
                w={150}
                value={text}
                maxLength={200}
                onChange={(event) => set({ q: event.currentTarget.value })}
              />
            )}
            {turn && <Order by={by} metrics={metrics} turn={turn} title={title} />}
            <Columns title={title} all={metrics} chosen={columns.map((metric) => metric.name)} choose={setChosen} />
            <Tooltip label="Save as CSV">
              <ActionIcon component="a" href={tableAt("/v1/history/totals", totalsAsked(whose, level, period, ranking))} download variant="subtle" color="gray" size="lg" aria-label={`Save ${title} as CSV`}>
                <Icon name="download" />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
        <Problem error={found.error} retry={() => void found.refetch()} />
        {found.members.length === 0 && <Text c="dimmed">{emptyWords(search, level)}</Text>}
        {found.members.length > 0 && <Wide {...table} />}
        {found.members.length > 0 && <Narrow {...table} />}
        {found.hasNextPage && (
          <Button variant="default" style={{ alignSelf: "flex-start" }} loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Show more
          </Button>
        )}
      </Stack>
    </Paper>
  );
}

function foundWords(number: number, more: boolean, search: string): string {
  if (number === 0) return "";
  const of = search ? " found, with figures in these days" : " with figures in these days";
  return more ? `The first ${number.toLocaleString()}${of}; there are more` : `${counted(number, "entry", "entries")}${of}`;
}

function emptyWords(search: string, level: Level): string {
  if (search) return "Nothing with figures in these days has this in its name.";
  return level === "ad_group" ? "No figures below this campaign in these days: the exports may hold campaigns only." : "Nothing ran in these days.";
}

/** Columns to begin with: what was bought, and what it cost. */
function usualOf(rows: MemberTotals[]): string[] {
  const sales = rows.some((row) => outcomeOf(row.figures).name === "sales");
  return [...FIRST, ...(sales ? ["revenue", "roas"] : [])];
}

/** Which figures stand in the table. */
function Columns({ title, all, chosen, choose }: { title: string; all: Metric[]; chosen: string[]; choose: (names: string[]) => void }) {
  return (
    <Popover position="bottom-end" withinPortal trapFocus>
      <Popover.Target>
        <Button variant="default" aria-label={`Columns of ${title.toLowerCase()}`}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Checkbox.Group aria-label="Columns" value={chosen} onChange={choose}>
          <Stack gap="xs">
            {all.map((metric) => (
              <Checkbox key={metric.name} value={metric.name} label={metric.label} />
            ))}
          </Stack>
        </Checkbox.Group>
      </Popover.Dropdown>
    </Popover>
  );
}

/** By what cards are ordered, where there is no head of a table to press. */
function Order({ by, metrics, turn, title }: { by: SortedBy; metrics: Metric[]; turn: (by: SortedBy) => void; title: string }) {
  return (
    <Select
      hiddenFrom="sm"
      aria-label={`Order of ${title.toLowerCase()}`}
      w={150}
      data={[{ value: "name", label: "By name" }, ...metrics.map((metric) => ({ value: metric.name as string, label: `By ${metric.label.toLowerCase()}` }))]}
      value={by}
      allowDeselect={false}
      onChange={(value) => value && value !== by && turn(value as SortedBy)}
    />
  );
}

interface TableAsked {
  rows: MemberTotals[];
  columns: Metric[];
  compared: boolean;
  open: (subject: Subject) => void;
  title: string;
  ranking: Ranking;
  turn: ((by: SortedBy) => void) | null;
}

function Wide({ rows, columns, compared, open, title, ranking, turn }: TableAsked) {
  const head = (by: SortedBy, label: string, right: boolean) => {
    const mine = ranking.by === by;
    return (
      <Table.Th key={by} ta={right ? "right" : "left"} aria-sort={turn ? (mine ? (ranking.ascending ? "ascending" : "descending") : "none") : undefined}>
        {turn ? (
          <UnstyledButton fz="sm" fw={650} onClick={() => turn(by)}>
            {label}
            <span aria-hidden>{mine ? (ranking.ascending ? " ↑" : " ↓") : ""}</span>
          </UnstyledButton>
        ) : (
          label
        )}
      </Table.Th>
    );
  };
  return (
    <ScrollArea visibleFrom="sm" viewportProps={{ tabIndex: 0, role: "group", "aria-label": title }}>
      <Table highlightOnHover verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {head("name", "Name", false)}
            {columns.map((metric) => head(metric.name, metric.label, true))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)}>
              <Table.Td style={{ minWidth: 220 }}>
                <Named row={row} />
              </Table.Td>
              {columns.map((metric) => (
                <Table.Td key={metric.name} ta="right" className="figures">
                  <Value row={row} metric={metric} open={open} />
                  {compared && <Moved row={row} metric={metric} />}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

function Narrow({ rows, columns, compared, open }: TableAsked) {
  return (
    <Stack gap="xs" hiddenFrom="sm">
      {rows.map((row) => (
        <Paper key={keyOf(row)} withBorder p="sm" radius="md">
          <Named row={row} />
          {columns.map((metric) => (
            <Group key={metric.name} justify="space-between" wrap="nowrap" gap="xs" align="baseline">
              <Text size="sm" c="dimmed">
                {metric.label}
              </Text>
              <Group gap={6} justify="flex-end" className="figures">
                <Value row={row} metric={metric} open={open} />
                {compared && <Moved row={row} metric={metric} />}
              </Group>
            </Group>
          ))}
        </Paper>
      ))}
    </Stack>
  );
}

/** A figure that leads to what it rests on. */
function Value({ row, metric, open }: { row: MemberTotals; metric: Metric; open: (subject: Subject) => void }) {
  const words = shown(row.figures, metric, row.currency);
  const whose = { platform: row.platform, campaign: row.campaign_id || undefined, group: row.group_id || undefined };
  return (
    <UnstyledButton className="behind figures" fz="sm" onClick={() => open({ whose, name: nameOf(row) })} aria-label={`${nameOf(row)}, ${metric.label} ${words}: what it rests on`}>
      {words}
    </UnstyledButton>
  );
}

function Moved({ row, metric }: { row: MemberTotals; metric: Metric }) {
  const moved = changed(row.figures, row.before, metric);
  if (!moved.words) return null;
  return (
    <Text size="xs" c={moved.good === null ? "dimmed" : moved.good ? "var(--good)" : "var(--bad)"}>
      {moved.words}
    </Text>
  );
}

function Named({ row }: { row: MemberTotals }) {
  const carried = useCarried();
  const kind = codeWords(row.ad_type);
  return (
    <div>
      <Anchor component={Link} to={addressOf(row.platform, row.campaign_id, row.group_id, carried)} style={{ overflowWrap: "anywhere" }}>
        {nameOf(row)}
      </Anchor>
      <Group gap={6}>
        <Text size="xs" c="dimmed">
          {row.level === "account" ? `Account ${row.account_id}` : `${platformName(row.platform)}${kind ? `, ${kind.toLowerCase()}` : ""}`}
        </Text>
        {row.status && !/^(ENABLED|ACTIVE|UNKNOWN)$/.test(row.status) && (
          <Badge size="xs" variant="light" color="gray">
            {codeWords(row.status)}
          </Badge>
        )}
      </Group>
    </div>
  );
}

const keyOf = (row: MemberTotals) => [row.platform, row.account_id, row.campaign_id, row.group_id].join(" ");
const nameOf = (row: MemberTotals) => (row.level === "account" ? platformName(row.platform) : row.name || row.group_id || row.campaign_id);
