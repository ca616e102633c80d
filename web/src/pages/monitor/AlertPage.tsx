import { Anchor, Badge, Button, Group, List, Paper, SimpleGrid, Stack, Text, TextInput, Timeline } from "@mantine/core";
import { Link, useParams } from "react-router";
import { useMay } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { useDraft } from "../../parts/ownDraft";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { day, moment, money } from "../../words/figures";
import { counted, likely } from "../../words/sureness";
import { Actions } from "./Actions";
import { DailyFigures } from "./DailyFigures";
import { type AlertDetail, useAlert, useSettle } from "./queries";
import { causesOf, colourOf, factorOf, severityOf, sinceWords, splitWords, titleOf } from "./words";

/** One alert: what is wrong and why, what to do, the days that it rests on, and what happened to it. */
export function AlertPage() {
  const { id = "" } = useParams();
  const { data: alert, error, refetch } = useAlert(id);
  if (error && !alert) {
    return (
      <Stack>
        <Problem error={error} retry={() => void refetch()} />
        <Anchor component={Link} to="/monitor">
          All alerts
        </Anchor>
      </Stack>
    );
  }
  if (!alert) return <Loading rows={4} />;
  return (
    <Page
      title={titleOf(alert)}
      about={
        <Group gap="xs">
          <Badge color={colourOf(alert)} variant="light">
            {severityOf(alert)}
          </Badge>
          <span style={{ overflowWrap: "anywhere" }}>
            {alert.who}, {sinceWords(alert)}
          </span>
          {alert.plan_id && (
            <Anchor component={Link} to={`/monitor/plans/${alert.plan_id}`}>
              Its plan
            </Anchor>
          )}
        </Group>
      }
    >
      <What alert={alert} />
      <ToDo alert={alert} />
      {alert.evidence.map((one) => (
        <DailyFigures key={one.line_id} alert={alert} evidence={one} />
      ))}
      <Group gap="lg">
        <Anchor href={`/v1/alerts/${alert.id}/evidence`} download>
          All its daily figures as CSV
        </Anchor>
        <Anchor component={Link} to={placeOfLine(alert)}>
          The campaign, and the rows behind its figures
        </Anchor>
      </Group>
      <Happened alert={alert} />
    </Page>
  );
}

/** Where the alert's own line, campaign or platform stands among the campaigns. */
function placeOfLine(alert: AlertDetail): string {
  const parts = [alert.platform, alert.campaign_id, alert.ad_group_id];
  const known = parts.slice(0, parts.includes(null) ? parts.indexOf(null) : parts.length) as string[];
  return `/campaigns/${known.map(encodeURIComponent).join("/")}`;
}

function What({ alert }: { alert: AlertDetail }) {
  const causes = causesOf(alert);
  const over = alert.resolved_on !== null;
  const tiles = [
    { name: over ? "What it put at risk" : "At risk over the rest of the plan", value: money(alert.money_at_risk, alert.currency) },
    { name: over ? "What it cost" : "What it cost so far", value: money(alert.money_lost, alert.currency) },
    { name: "That it is real", value: likely(alert.probability) },
    { name: "Found", value: day(alert.detected_on) },
  ];
  return (
    <Paper withBorder p="md" radius="md" component="section" aria-label="What is wrong">
      <Stack gap="sm">
        <Text size="lg">{alert.words}</Text>
        <SimpleGrid cols={{ base: 2, md: 4 }}>
          {tiles.map((tile) => (
            <div key={tile.name}>
              <Text size="sm" c="dimmed">
                {tile.name}
              </Text>
              <Text fw={600} className="figures">
                {tile.value}
              </Text>
            </div>
          ))}
        </SimpleGrid>
        <div>
          <Text fw={600}>Cause: {factorOf(alert.cause.factor)}</Text>
          {splitWords(alert) && <Text size="sm">{splitWords(alert)}</Text>}
          {causes.length > 0 && (
            <>
              <Text size="sm" mt={4}>
                What was found that fits, the likeliest first:
              </Text>
              <List size="sm">
                {causes.map((one) => (
                  <List.Item key={one.kind + one.words}>
                    {one.words || one.name}{" "}
                    <Text span c="dimmed">
                      {one.words ? `(${one.name})` : ""}
                    </Text>
                  </List.Item>
                ))}
              </List>
            </>
          )}
        </div>
      </Stack>
    </Paper>
  );
}

function ToDo({ alert }: { alert: AlertDetail }) {
  if (alert.state === "resolved") {
    return (
      <Paper withBorder p="md" radius="md">
        <Text>It is over since {alert.resolved_on ? day(alert.resolved_on) : "the last watch"}: there is nothing to do.</Text>
      </Paper>
    );
  }
  return (
    <Section id="to-do" title="What to do" card>
      <List>
        {[...new Set(alert.recommendations.map((one) => one.reason))].map((reason) => (
          <List.Item key={reason}>{reason}</List.Item>
        ))}
      </List>
      <Actions alert={alert} />
      <WithReason alert={alert} />
    </Section>
  );
}

/** Seen to, with words of one's own for those who come after. */
function WithReason({ alert }: { alert: AlertDetail }) {
  const may = useMay("monitoring:write");
  const settle = useSettle(alert.id);
  const [reason, setReason] = useDraft(`alert ${alert.id}`, "");
  if (!may || alert.state !== "open") return null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim())
          settle.mutate({ what: "acknowledge", reason: reason.trim(), words: `Seen to: ${alert.who}` }, { onSuccess: () => setReason("") });
      }}
    >
      <Group align="flex-end" gap="xs">
        <TextInput
          label="Seen to, and how"
          placeholder="The landing page is being mended"
          maxLength={255}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          style={{ flex: "1 1 240px" }}
        />
        <Button
          type="submit"
          variant="default"
          loading={settle.isPending}
          disabled={!reason.trim()}
          leftSection={<Icon name="check" size={16} />}
        >
          Seen to
        </Button>
      </Group>
      <Problem error={settle.error} />
    </form>
  );
}

const HAPPENED: Record<AlertDetail["happened"][number]["what"], string> = {
  found: "Found",
  worse: "Grew worse",
  resolved: "Over",
  back: "Came back",
  acknowledged: "Seen to",
  snoozed: "Put off",
  reopened: "Opened again",
};

function Happened({ alert }: { alert: AlertDetail }) {
  const rows = [...alert.happened].reverse();
  return (
    <Section id="happened" title="What happened to it" about={`${counted(rows.length, "entry", "entries")}, the newest first.`} card>
      <Timeline bulletSize={14} lineWidth={2} active={rows.length}>
        {rows.map((one) => (
          <Timeline.Item key={one.number} title={`${HAPPENED[one.what]}${one.who === "watch" ? "" : ` by ${one.who}`}`}>
            <Text size="sm" c="dimmed">
              {moment(one.at)}
              {one.reason ? `: ${one.reason}` : ""}
              {one.worth > 0 && one.who === "watch" ? `, ${money(one.worth, alert.currency)}` : ""}
            </Text>
          </Timeline.Item>
        ))}
      </Timeline>
    </Section>
  );
}
