import { ActionIcon, Anchor, Badge, Group, Indicator, Popover, Progress, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { type Job, unfinished, useCancelJob, useJob, useJobs } from "../api/queries";
import { useMay } from "../api/session";
import { Icon } from "../parts/Icon";
import { ago } from "../words/figures";
import { aboutOf, placeOf, saidOf } from "../words/jobs";
import { capital } from "../words/sureness";

const LOOKED_AT = 30;
const FAILED_FOR_MS = 3 * 86_400_000;
const DONE_FOR_MS = 3_600_000;

/** What is under way, what failed of late, and what was just done. */
export function Activity() {
  const may = useMay("jobs:read");
  return may ? <Menu /> : null;
}

function Menu() {
  const [open, setOpen] = useState(false);
  const jobs = useJobs(null, LOOKED_AT);
  const all = jobs.data?.items ?? [];
  const running = all.filter(unfinished);
  const failed = all.filter((job) => job.state === "failed" && recent(job, FAILED_FOR_MS));
  const done = all.filter((job) => job.state === "done" && recent(job, DONE_FOR_MS)).slice(0, 5);
  const parts = [running.length ? `${running.length} under way` : "", failed.length ? `${failed.length} failed` : ""].filter(Boolean);
  const label = parts.length ? `Activity: ${parts.join(", ")}` : "Activity";
  return (
    <Popover position="bottom-end" width={360} opened={open} onChange={setOpen} trapFocus returnFocus shadow="md">
      <Indicator
        disabled={parts.length === 0}
        color={running.length ? "indigo" : "red"}
        processing={running.length > 0}
        size={9}
        offset={7}
      >
        <Popover.Target>
          <ActionIcon size={36} variant="subtle" color="gray" aria-label={label} title={label} onClick={() => setOpen(!open)}>
            <Icon name="clock" />
          </ActionIcon>
        </Popover.Target>
      </Indicator>
      <Popover.Dropdown mah="70vh" style={{ overflowY: "auto" }} aria-label="Activity">
        <Stack gap="sm">
          <Title order={2} size="h6">
            Activity
          </Title>
          {running.length + failed.length + done.length === 0 && (
            <Text size="sm" c="dimmed">
              Nothing is under way, and nothing failed of late.
            </Text>
          )}
          {open && running.map((job) => <Running key={job.id} job={job} />)}
          {[...failed, ...done].map((job) => (
            <Ended key={job.id} job={job} close={() => setOpen(false)} />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function recent(job: Job, within: number): boolean {
  return Date.now() - Date.parse(job.ended_at ?? job.created_at) < within;
}

function Running({ job: known }: { job: Job }) {
  const { data } = useJob(known.id);
  const job = data ?? known;
  const may = useMay("jobs:run");
  const cancel = useCancelJob();
  const { doing } = saidOf(job);
  return (
    <div>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" fw={600}>
          {doing}
        </Text>
        {may && (
          <Anchor
            component="button"
            type="button"
            size="sm"
            disabled={cancel.isPending || job.cancel_asked}
            onClick={() => cancel.mutate(job.id)}
          >
            {job.cancel_asked ? "Stopping…" : "Stop"}
          </Anchor>
        )}
      </Group>
      <Text size="xs" c="dimmed">
        {[aboutOf(job), job.state === "queued" ? "waiting for its turn" : job.step].filter(Boolean).map(capital).join(" · ")}
      </Text>
      <Progress value={Math.max(4, job.progress * 100)} size="sm" mt={4} aria-label={doing} />
    </div>
  );
}

function Ended({ job, close }: { job: Job; close: () => void }) {
  const failed = job.state === "failed";
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
        <Anchor component={Link} to={failed ? `/monitor/jobs/${job.id}` : placeOf(job)} size="sm" fw={600} onClick={close}>
          {failed ? saidOf(job).failed : saidOf(job).done}
        </Anchor>
        <Badge size="sm" variant="light" color={failed ? "red" : "teal"} style={{ flexShrink: 0 }}>
          {failed ? "failed" : "done"}
        </Badge>
      </Group>
      <Text size="xs" c="dimmed">
        {[aboutOf(job), failed ? (job.error?.detail ?? "") : "", ago(job.ended_at ?? job.created_at)].filter(Boolean).join(" · ")}
      </Text>
    </div>
  );
}
