import { Badge, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { ago, day, platformName, whole } from "../../words/figures";
import { counted } from "../../words/sureness";
import { Fresh } from "./Fresh";
import { usePulls } from "./queries";

const STATES = {
  fetching: { words: "Being fetched", colour: "indigo" },
  done: { words: "Fetched, waiting to be read", colour: "indigo" },
  landed: { words: "Read in", colour: "teal" },
  spoilt: { words: "Could not be read", colour: "orange" },
};

/** How fresh accounts are, and what their last pulls brought. */
export function Pulls() {
  const pulls = usePulls();
  return (
    <Stack gap="lg">
      <Fresh />
      <Stack gap="sm" component="section" aria-labelledby="pulls">
        <Title order={2} size="h4" id="pulls">
          Last pulls
        </Title>
        {pulls.isPending && <Loading rows={2} />}
        <Problem error={pulls.error} retry={() => void pulls.refetch()} />
        {pulls.data?.items.length === 0 && <Text c="dimmed">Nothing was pulled yet. Connected accounts are looked at once an hour.</Text>}
        {pulls.data?.items.map((pull) => (
          <Paper key={`${pull.platform} ${pull.account_id} ${pull.number}`} withBorder p="sm" radius="md">
            <Group justify="space-between" gap="xs">
              <Text fw={600}>
                {platformName(pull.platform)}, {pull.name}
                {pull.simulated ? " (simulated)" : ""}
              </Text>
              <Badge variant="light" color={STATES[pull.state].colour}>
                {STATES[pull.state].words}
              </Badge>
            </Group>
            <Text size="sm" c="dimmed">
              {day(pull.first_day)} to {day(pull.last_day)}, begun {ago(pull.started_at)}: {counted(pull.rows, "row")}
              {pull.added === null ? "" : `, ${whole(pull.added)} of them new or changed`}
            </Text>
            {pull.problem && (
              <Text size="sm">
                {pull.problem}
                {pull.state === "spoilt" ? " Its days are fetched again by themselves; Pull now does so at once." : ""}
              </Text>
            )}
          </Paper>
        ))}
      </Stack>
    </Stack>
  );
}
