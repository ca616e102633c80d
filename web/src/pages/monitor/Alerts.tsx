import { Anchor, Badge, Group, Paper, SegmentedControl, Stack, Text, ThemeIcon } from "@mantine/core";
import { Link, useSearchParams } from "react-router";
import type { Alert } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { moment, money } from "../../words/figures";
import { counted } from "../../words/sureness";
import { Actions } from "./Actions";
import { type Show, useAlertsOf } from "./queries";
import { causesOf, colourOf, factorOf, moneyWords, seenWords, severityOf, sinceWords, titleOf } from "./words";

const SHOWS: { value: Show; label: string }[] = [
  { value: "open", label: "Open" },
  { value: "later", label: "Put off" },
  { value: "seen", label: "Seen to" },
  { value: "over", label: "Over" },
];

const NONE: Record<Show, string> = {
  open: "Nothing is wrong that is not seen to.",
  later: "No alert is put off.",
  seen: "No alert is marked as seen to.",
  over: "No alert is over yet.",
};

/** What is wrong, ordered by money, each with what to do. */
export function Alerts({ plan }: { plan?: string }) {
  const [asked, ask] = useSearchParams();
  const show = SHOWS.find((one) => one.value === asked.get("show"))?.value ?? "open";
  const alerts = useAlertsOf(show, plan);
  const rows = alerts.data ?? [];
  return (
    <Section
      id="alerts"
      title="What is wrong"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Which alerts"
          data={SHOWS}
          value={show}
          onChange={(value) => ask(value === "open" ? {} : { show: value }, { replace: true, preventScrollReset: true })}
        />
      }
    >
      <Problem error={alerts.error} retry={() => void alerts.refetch()} />
      {alerts.isPending && <Loading rows={2} />}
      {alerts.data && rows.length === 0 && (
        <Paper withBorder p="md" radius="md">
          <Group gap="sm" wrap="nowrap">
            <ThemeIcon color={show === "open" ? "teal" : "gray"} variant="light" radius="xl">
              <Icon name="check" size={16} />
            </ThemeIcon>
            <Text>{NONE[show]}</Text>
          </Group>
        </Paper>
      )}
      {show === "open" && rows.length > 0 && <Text>{totalWords(rows)}</Text>}
      {rows.map((alert) => (
        <AlertCard key={alert.id} alert={alert} />
      ))}
    </Section>
  );
}

function totalWords(rows: Alert[]): string {
  const sums = new Map<string, number>();
  for (const alert of rows) sums.set(alert.currency, (sums.get(alert.currency) ?? 0) + Math.max(0, alert.money_at_risk));
  const told = [...sums].filter(([, sum]) => sum > 0).map(([currency, sum]) => money(sum, currency));
  const open = `${counted(rows.length, "alert")} ${rows.length === 1 ? "is" : "are"} open`;
  return told.length
    ? `${open}. Left alone, they put about ${told.join(" and ")} at risk over the rest of the plans. The dearest stands first.`
    : `${open}; no money is at risk.`;
}

function AlertCard({ alert }: { alert: Alert }) {
  const colour = colourOf(alert);
  const causes = causesOf(alert);
  return (
    <Paper
      withBorder
      p="md"
      radius="md"
      component="article"
      aria-label={`${titleOf(alert)}: ${alert.who}`}
      style={{ borderLeft: `4px solid var(--mantine-color-${colour}-filled)` }}
    >
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap" align="flex-start" gap="sm">
          <div style={{ minWidth: 0 }}>
            <Group gap="xs">
              <Anchor component={Link} to={`/monitor/alerts/${alert.id}`} fw={650} c="inherit" underline="always">
                {titleOf(alert)}
              </Anchor>
              <Badge color={colour} variant="light" size="sm">
                {severityOf(alert)}
              </Badge>
            </Group>
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
              {alert.who}
            </Text>
          </div>
          {alert.worth > 0 && (
            <Text fw={650} size="lg" className="figures" ta="right" style={{ whiteSpace: "nowrap" }}>
              {money(alert.worth, alert.currency)}
            </Text>
          )}
        </Group>
        <Text size="sm">
          {seenWords(alert)}, {sinceWords(alert)}. {moneyWords(alert)}.
        </Text>
        <Text size="sm" c="dimmed">
          Cause: {factorOf(alert.cause.factor)}
          {causes.length > 0 && `; fits: ${causes.map((one) => one.name).join(", ")}`}
        </Text>
        {(alert.recommendations[0]?.reason ?? "") !== "" && <Text size="sm">What to do: {alert.recommendations[0]?.reason}.</Text>}
        {alert.snoozed_until && alert.state === "open" && (
          <Text size="sm" c="dimmed">
            Put off until {moment(alert.snoozed_until)} by {alert.handled_by}.
          </Text>
        )}
        {alert.state === "acknowledged" && (
          <Text size="sm" c="dimmed">
            {alert.reason}: {alert.handled_by}
            {alert.handled_at ? `, ${moment(alert.handled_at)}` : ""}. It opens again by itself where it grows worse or comes back.
          </Text>
        )}
        <Actions alert={alert} />
      </Stack>
    </Paper>
  );
}
