import { Badge, Group, Paper, Select, Stack, Text, Title } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { useHistorySummary } from "../../api/queries";
import { useMay } from "../../api/session";
import { useWork } from "../../api/work";
import { JobCard } from "../../parts/JobCard";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { NoData } from "../../parts/SampleData";
import { count, platformName } from "../../words/figures";
import { capital } from "../../words/sureness";
import { mapAction } from "./queries";
import { ACTION_KINDS } from "./words";

type Action = Schemas["ActionView"];

/** What each conversion action counts as; what nobody said yet stands on top. */
export function Actions() {
  const history = useHistorySummary();
  const may = useMay("history:write");
  const map = useWork(mapAction);
  if (history.isPending) return <Loading rows={3} />;
  if (!history.data) return <Problem error={history.error} retry={() => void history.refetch()} />;
  const actions = history.data.actions ?? [];
  if (!history.data.last_date) return <NoData title="No conversions yet" />;
  const doubtful = actions.filter((one) => one.guessed && one.kind === "other");
  const guessed = actions.filter((one) => one.guessed && one.kind !== "other");
  const said = actions.filter((one) => !one.guessed);
  const groups: [string, string, Action[]][] = [
    ["Not counted", "These count neither as leads nor as purchases, as far as their names show. Change what is one.", doubtful],
    ["Taken by their category or name", "marketmover read it from the action's category or its name. Change what is wrong.", guessed],
    ["Said by you", "These hold until you change them.", said],
  ];
  return (
    <Stack gap="lg">
      <Text>
        Each platform calls its conversions as it likes. What an action counts as decides what is a lead and what is a purchase in all figures and plans, back to the first day.
      </Text>
      <Problem error={map.error} />
      {map.job && <JobCard job={map.job} doing="Counting anew" />}
      {map.done && <Text role="status">Done: all figures follow it. Plans that were made before stay as they are; plan again to use it.</Text>}
      {actions.length === 0 && (
        <Text c="dimmed">These exports name no conversion actions: they hold conversions as a whole. What they are was taken from the campaigns' goals and the CRM.</Text>
      )}
      {groups
        .filter(([, , rows]) => rows.length > 0)
        .map(([title, words, rows]) => (
          <Stack key={title} gap="xs" component="section" aria-label={title}>
            <Title order={2} size="h4">
              {title}
            </Title>
            <Text size="sm" c="dimmed">
              {words}
            </Text>
            {rows.map((one) => (
              <Row key={`${one.platform} ${one.action}`} action={one} change={may ? (kind) => map.begin({ platform: one.platform as "google_ads", action: one.action, kind }) : null} busy={map.busy} />
            ))}
          </Stack>
        ))}
    </Stack>
  );
}

type Kind = (typeof ACTION_KINDS)[number]["value"];

function Row({ action, change, busy }: { action: Action; change: ((kind: Kind) => void) | null; busy: boolean }) {
  const label = ACTION_KINDS.find((one) => one.value === action.kind)?.label ?? action.kind;
  return (
    <Paper withBorder p="sm" radius="md">
      <Group justify="space-between" gap="sm">
        <div style={{ flex: "1 1 16rem", minWidth: 0 }}>
          <Text fw={600} style={{ overflowWrap: "anywhere" }}>
            {action.action}
          </Text>
          <Text size="sm" c="dimmed">
            {platformName(action.platform)}, {count(action.total)} in all. {capital(action.reason)}.
          </Text>
        </div>
        {change ? (
          <Select
            aria-label={`${action.action} counts as`}
            data={[...ACTION_KINDS]}
            value={action.kind}
            allowDeselect={false}
            disabled={busy}
            w={230}
            onChange={(kind) => kind && kind !== action.kind && change(kind as Kind)}
          />
        ) : (
          <Badge variant="light">{label}</Badge>
        )}
      </Group>
    </Paper>
  );
}
