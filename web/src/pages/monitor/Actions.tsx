import { Button, Group, Menu, Stack, Text } from "@mantine/core";
import { Link } from "react-router";
import type { Alert } from "../../api/queries";
import { useMay } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { Problem } from "../../parts/Problem";
import { money } from "../../words/figures";
import { counted } from "../../words/sureness";
import { useApply } from "../plan/running";
import { TuneNow } from "../plan/RunningTunings";
import { type Remedy, isLater, useRemedy, useSettle } from "./queries";

/** What can be done about an alert, in one click each; every one can be taken back. */
export function Actions({ alert }: { alert: Alert }) {
  const remedy = useRemedy(alert);
  const settle = useSettle(alert.id);
  if (alert.state === "resolved") return null;
  return (
    <Stack gap="xs">
      {remedy.data && <Words remedy={remedy.data} />}
      <Group gap="xs" align="flex-start">
        {remedy.data && <Remedied alert={alert} remedy={remedy.data} />}
        <Settling alert={alert} settle={settle} />
      </Group>
      <Problem error={remedy.error ?? settle.error} />
    </Stack>
  );
}

function Words({ remedy }: { remedy: Remedy }) {
  if (remedy.way === "by_hand" || remedy.way === "none") return null;
  return <Text size="sm">{remedy.words}</Text>;
}

/** The change itself: in one click where it is known, by tuning where money moves. */
function Remedied({ alert, remedy }: { alert: Alert; remedy: Remedy }) {
  const may = useMay("plans:publish");
  const apply = useApply(remedy.plan_id);
  const changes = remedy.changes?.changes ?? [];
  if (remedy.way === "tune") return <TuneNow plan={{ id: remedy.plan_id }} label="Work out what to move" />;
  if ((remedy.way !== "change" && remedy.way !== "tuning") || changes.length === 0) return null;
  if (!may) return <Text size="sm">Whoever may publish plans does this: an owner or a manager.</Text>;
  const label = remedy.way === "tuning" ? `Apply tuning's ${counted(changes.length, "change")}` : labelOf(alert, changes);
  return (
    <>
      <Button
        size="xs"
        loading={apply.isPending}
        onClick={() => apply.mutate({ tuning: remedy.tuning_id ?? undefined, alert: alert.id, words: doneOf(alert, remedy) })}
      >
        {label}
      </Button>
      {remedy.way === "tuning" && (
        <Button size="xs" variant="default" component={Link} to={`/monitor/plans/${remedy.plan_id}#tunings`}>
          Read them first
        </Button>
      )}
      <Problem error={apply.error} />
    </>
  );
}

function labelOf(alert: Alert, changes: NonNullable<Remedy["changes"]>["changes"]): string {
  const [first] = changes;
  if (!first) return "";
  if (changes.length > 1) return `${first.action === "pause" ? "Pause" : "Lower the budgets of"} ${counted(changes.length, "line")}`;
  return first.action === "pause" ? "Pause this line" : `Lower it to ${money(Number(first.to), alert.currency)} a day`;
}

/** What was done, for the bar that offers to take it back. */
function doneOf(alert: Alert, remedy: Remedy): string {
  const changes = remedy.changes?.changes ?? [];
  const [first] = changes;
  if (remedy.way === "tuning" || changes.length > 1 || !first) return `${counted(changes.length, "change")} made for: ${alert.who}`;
  return `${alert.who}: ${first.action === "pause" ? "paused" : `lowered to ${money(Number(first.to), alert.currency)} a day`}`;
}

const LATER = [
  { words: "until tomorrow", hours: 24 },
  { words: "for three days", hours: 72 },
  { words: "for a week", hours: 168 },
];

function Settling({ alert, settle }: { alert: Alert; settle: ReturnType<typeof useSettle> }) {
  const may = useMay("monitoring:write");
  if (!may) return null;
  if (alert.state === "acknowledged" || isLater(alert)) {
    return (
      <Button
        size="xs"
        variant="default"
        loading={settle.isPending}
        onClick={() => settle.mutate({ what: "reopen", reason: "Opened again" })}
      >
        Open it again
      </Button>
    );
  }
  const later = (hours: number, words: string) =>
    settle.mutate({
      what: "snooze",
      reason: `Put off ${words}`,
      until: new Date(Date.now() + hours * 3_600_000).toISOString(),
      words: `Put off ${words}: ${alert.who}`,
    });
  return (
    <>
      <Button
        size="xs"
        variant="default"
        loading={settle.isPending}
        leftSection={<Icon name="check" size={14} />}
        onClick={() => settle.mutate({ what: "acknowledge", reason: "Seen to", words: `Seen to: ${alert.who}` })}
      >
        Seen to
      </Button>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button size="xs" variant="default" leftSection={<Icon name="clock" size={14} />}>
            Later
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {LATER.map(({ words, hours }) => (
            <Menu.Item key={hours} onClick={() => later(hours, words)}>
              Put it off {words}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
