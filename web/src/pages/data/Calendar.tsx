import { ActionIcon, Button, Group, Paper, Stack, Table, Text, Title, Tooltip } from "@mantine/core";
import { type KeyboardEvent, useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { saveCsv } from "../../parts/csv";
import { day, month as monthOf, platformName, shiftedDay } from "../../words/figures";
import { counted } from "../../words/sureness";
import { type Calendar as Days, type CalendarDay, STANDING, type Standing, calendarsOf, weekdayOf } from "./days";
import "./calendar.css";
import { useCoverage } from "./queries";

const YEAR = 365;
const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, PageUp: -30, PageDown: 30 };

/** Which days are there, by account: a year at a time. */
export function Calendar() {
  const [asked, setAsked] = useSearchParams();
  const until = asked.get("until") ?? undefined;
  const found = useCoverage(until ? shiftedDay(until, -YEAR) : undefined, until);
  const newest = useCoverage();
  const [asTable, setAsTable] = useState(false);
  const { first, last } = found.data ?? {};
  const calendars = useMemo(() => (found.data && first && last ? calendarsOf(found.data.days, first, last) : []), [found.data, first, last]);
  const move = (to: string | null) => setAsked(to ? { until: to } : {}, { replace: true, preventScrollReset: true });
  const rows = calendars.flatMap((one) =>
    one.months.flatMap((month) => month.days.map((at) => [platformName(one.platform), one.account, at.date, STANDING[at.standing], at.lines, at.missing])),
  );
  const columns = ["Platform", "Account", "Day", "Standing", "Lines with figures", "Lines without"];
  const toggle = asTable ? "Show the calendar" : "Show the table";
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-labelledby="calendar">
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={2} size="h4" id="calendar">
            Which days are there
          </Title>
          <Group gap={4} wrap="nowrap">
            <Tooltip label={toggle}>
              <ActionIcon variant="subtle" color="gray" size="lg" aria-label={toggle} onClick={() => setAsTable(!asTable)}>
                <Icon name={asTable ? "chart" : "table"} />
              </ActionIcon>
            </Tooltip>
            <Tooltip label="Save as CSV">
              <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Save the calendar as CSV" onClick={() => saveCsv("coverage", columns, rows)}>
                <Icon name="download" />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
        <Problem error={found.error} retry={() => void found.refetch()} />
        {found.isPending && <Loading rows={1} height={160} />}
        {first && last && (
          <Group gap="xs">
            <Text size="sm" c="dimmed">
              {day(first)} to {day(last)}
            </Text>
            <Button size="xs" variant="subtle" onClick={() => move(shiftedDay(first, -1))}>
              A year earlier
            </Button>
            {until && (
              <Button size="xs" variant="subtle" onClick={() => move(newest.data?.last && shiftedDay(until, YEAR + 1) < newest.data.last ? shiftedDay(until, YEAR + 1) : null)}>
                A year later
              </Button>
            )}
          </Group>
        )}
        {found.data && calendars.length === 0 && <Text c="dimmed">No day of that year is known.</Text>}
        {calendars.map((one) => (asTable ? <Months key={one.platform + one.account} of={one} /> : <Account key={one.platform + one.account} of={one} />))}
        {!asTable && calendars.length > 0 && <Legend />}
      </Stack>
    </Paper>
  );
}

function wordsOf({ counts }: Days): string {
  const parts = [`${counted(counts.there, "day")} all there`];
  if (counts.partial) parts.push(`${counted(counts.partial, "day")} with some lines missing`);
  if (counts.missing) parts.push(`${counted(counts.missing, "day")} missing`);
  if (counts.quiet) parts.push(`${counted(counts.quiet, "day")} on which nothing ran`);
  return parts.join(", ");
}

function saidOf(at: CalendarDay): string {
  const lines = at.standing === "partial" ? `: ${at.missing} of ${counted(at.lines + at.missing, "line")}` : at.lines ? ` (${counted(at.lines, "line")})` : "";
  return `${day(at.date)}: ${STANDING[at.standing]}${lines}`;
}

/** An account's year: months that wrap as the window is wide; one day at a time has the focus, arrows move it. */
function Account({ of }: { of: Days }) {
  const days = useMemo(() => of.months.flatMap((month) => month.days), [of]);
  const [at, setAt] = useState(days.length - 1);
  const chosen = days[Math.min(at, days.length - 1)];
  const name = `${platformName(of.platform)} ${of.account}`;
  const step = (event: KeyboardEvent<HTMLDivElement>) => {
    const move = event.key === "Home" ? -days.length : event.key === "End" ? days.length : STEPS[event.key];
    if (!move) return;
    event.preventDefault();
    const to = Math.min(days.length - 1, Math.max(0, at + move));
    setAt(to);
    event.currentTarget.querySelector<HTMLElement>(`[data-day="${days[to]?.date}"]`)?.focus();
  };
  return (
    <div>
      <Text fw={600}>{name}</Text>
      <Text size="sm" c="dimmed">
        {wordsOf(of)}
      </Text>
      <div className="calendar" role="group" aria-label={`${name}, day by day; arrow keys move`} onKeyDown={step}>
        {of.months.map((month) => (
          <div key={month.month} className="calendar-month">
            <Text size="xs" c="dimmed">
              {new Intl.DateTimeFormat(navigator.language, { month: "short", year: "2-digit", timeZone: "UTC" }).format(new Date(`${month.month}-01T00:00:00Z`))}
            </Text>
            <div className="calendar-days">
              {month.days.map((one, number) => (
                <button
                  key={one.date}
                  type="button"
                  className="calendar-day"
                  data-day={one.date}
                  data-standing={one.standing}
                  title={saidOf(one)}
                  aria-label={saidOf(one)}
                  tabIndex={one.date === chosen?.date ? 0 : -1}
                  style={number === 0 ? { gridColumnStart: weekdayOf(one.date) + 1 } : undefined}
                  onFocus={() => setAt(days.indexOf(one))}
                />
              ))}
            </div>
          </div>
        ))}
      </div>
      {chosen && (
        <Text size="sm" mt={4}>
          {saidOf(chosen)}
        </Text>
      )}
    </div>
  );
}

function Legend() {
  return (
    <Group gap="md">
      {(Object.keys(STANDING) as Standing[]).map((one) => (
        <Group key={one} gap={6} wrap="nowrap">
          <span className="calendar-day" data-standing={one} />
          <Text size="xs" c="dimmed">
            {STANDING[one]}
          </Text>
        </Group>
      ))}
    </Group>
  );
}

/** The same by month, as figures. */
function Months({ of }: { of: Days }) {
  return (
    <div>
      <Text fw={600}>
        {platformName(of.platform)} {of.account}
      </Text>
      <Table.ScrollContainer minWidth={420}>
        <Table striped>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Month</Table.Th>
              <Table.Th ta="right">All there</Table.Th>
              <Table.Th ta="right">Some missing</Table.Th>
              <Table.Th ta="right">Missing</Table.Th>
              <Table.Th ta="right">Nothing ran</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {of.months.map((month) => (
              <Table.Tr key={month.month}>
                <Table.Td>{monthOf(month.month)}</Table.Td>
                {(["there", "partial", "missing", "quiet"] as Standing[]).map((standing) => (
                  <Table.Td key={standing} ta="right">
                    {month.days.filter((one) => one.standing === standing).length}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </div>
  );
}
