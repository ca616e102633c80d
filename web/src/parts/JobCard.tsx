import { Button, Group, Paper, Progress, Stack, Text } from "@mantine/core";
import { type Job, unfinished, useCancelJob } from "../api/queries";
import { useMay } from "../api/session";
import { capital } from "../words/sureness";
import { Problem } from "./Problem";
import { ProblemError } from "../api/client";

/** A job as it goes on: how far it is, what it does, and a way to stop it. */
export function JobCard({ job, doing }: { job: Job; doing: string }) {
  const cancel = useCancelJob();
  const mayStop = useMay("jobs:run");
  if (job.state === "failed" && job.error) {
    return <Problem error={new ProblemError({ ...job.error, type: "", faults: [] }, job.error.status)} />;
  }
  if (job.state === "cancelled") return <Text c="dimmed">It was stopped before it was done; nothing was changed.</Text>;
  if (!unfinished(job)) return null;
  const step = job.state === "queued" ? "Waiting for its turn" : capital(job.step || "Beginning");
  return (
    <Paper withBorder p="md" radius="md" aria-live="polite">
      <Stack gap="xs">
        <Group justify="space-between">
          <Text fw={600}>{doing}</Text>
          {mayStop && (
            <Button size="xs" variant="subtle" color="gray" loading={cancel.isPending || job.cancel_asked} onClick={() => cancel.mutate(job.id)}>
              Stop
            </Button>
          )}
        </Group>
        <Progress value={Math.max(4, job.progress * 100)} animated aria-label={doing} />
        <Text size="sm" c="dimmed">
          {step}. You may leave this page; it goes on.
        </Text>
        <Problem error={cancel.error} />
      </Stack>
    </Paper>
  );
}
