import { Alert, Button, Group, List, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { type PlanSummary, unfinished, useJob, useJobResult } from "../../api/queries";
import { useMay } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { JobCard } from "../../parts/JobCard";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { ago, day, platformName } from "../../words/figures";
import { counted } from "../../words/sureness";
import { useFreshness, useLastWatch, usePull, useWatch } from "./queries";

/** How fresh the figures are, when they were last watched, and a way to do both now. */
export function Watching({ plans }: { plans: PlanSummary[] }) {
  const fresh = useFreshness();
  const watched = useLastWatch();
  const rows = fresh.data?.items ?? [];
  const behind = rows.filter((one) => (one.days_behind ?? 0) > 1);
  return (
    <Section
      id="watching"
      title="How fresh this is"
      about={`${watched.data ? `Last watched ${ago(watched.data)}.` : watched.isPending ? "" : "Nothing was watched yet."} It is done by itself every morning, when new figures are here.`}
      actions={
        <Group gap="xs">
          <PullNow />
          <WatchNow plans={plans} />
        </Group>
      }
      card
    >
      <Problem error={fresh.error} retry={() => void fresh.refetch()} />
      {fresh.data && rows.length === 0 && (
        <Text size="sm">
          No ad account is connected, so that nothing new comes in.{" "}
          <Link to="/settings" style={{ color: "var(--mantine-color-anchor)" }}>
            Connect one in the settings.
          </Link>
        </Text>
      )}
      <List size="sm" spacing={2}>
        {rows.map((one) => (
          <List.Item key={one.platform + one.account_id}>
            {platformName(one.platform)}, {one.name}: {one.last_day ? `figures up to ${day(one.last_day)}` : "no figures yet"}
            {one.pulled_at ? `, fetched ${ago(one.pulled_at)}` : ""}
            {one.days_behind ? `, ${counted(one.days_behind, "day")} behind` : ""}.
          </List.Item>
        ))}
      </List>
      {rows.map(
        (one) =>
          one.problem && (
            <Alert
              key={one.account_id}
              color="orange"
              icon={<Icon name="alert" />}
              title={`${platformName(one.platform)}: the last fetch did not go through`}
            >
              {one.problem}
            </Alert>
          ),
      )}
      {behind.length > 0 && <Text size="sm">What is wrong since then is not known yet: fetch new figures, then watch again.</Text>}
    </Section>
  );
}

function PullNow() {
  const may = useMay("accounts:write");
  const pull = usePull();
  const { job, follow, error } = useFollowing(["pulls", "history", "plans"]);
  if (!may) return null;
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        size="xs"
        variant="default"
        loading={pull.isPending || unfinished(job)}
        onClick={() => pull.mutate(undefined, { onSuccess: follow })}
      >
        Fetch new figures
      </Button>
      <Problem error={pull.error ?? error} />
      {job && <JobCard job={job} doing="Fetching new figures" />}
    </Stack>
  );
}

interface Found {
  as_of: string;
  alerts: number;
  found: number;
  worse: number;
  back: number;
  resolved: number;
}

function WatchNow({ plans }: { plans: PlanSummary[] }) {
  const may = useMay("monitoring:write");
  const watch = useWatch();
  const { job, follow, error, result } = useFollowing(["alerts", "plans"]);
  const [next, setNext] = useState<string[]>([]);
  const running = plans.filter((plan) => plan.state === "running").map((plan) => plan.id);
  const { mutate } = watch;
  const done = job?.state === "done" ? job.id : null;
  useEffect(() => {
    const [first, ...rest] = next;
    if (!done || first === undefined) return;
    setNext(rest);
    mutate(first, { onSuccess: follow });
  }, [done, next, mutate, follow]);
  if (!may) return null;
  const begin = () => {
    setNext(running.slice(1));
    mutate(running[0] ?? null, { onSuccess: follow });
  };
  const found = result as unknown as Found | undefined;
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        size="xs"
        loading={watch.isPending || unfinished(job) || (done !== null && next.length > 0)}
        onClick={begin}
        leftSection={<Icon name="monitor" size={16} />}
      >
        Watch now
      </Button>
      <Problem error={watch.error ?? error} />
      {job && <JobCard job={job} doing="Watching what runs, day by day" />}
      {found && (
        <Text size="sm" role="status">
          Watched up to {day(found.as_of)}: {newsOf(found)}.
        </Text>
      )}
    </Stack>
  );
}

function newsOf(found: Found): string {
  const told = [
    found.found ? `${found.found} new` : "",
    found.back ? `${found.back} back` : "",
    found.worse ? `${found.worse} worse` : "",
    found.resolved ? `${found.resolved} over` : "",
  ].filter(Boolean);
  return told.length ? told.join(", ") : "nothing new";
}

/** Follows a job, and has what it changes read again when it is done. */
function useFollowing(touches: string[]) {
  const client = useQueryClient();
  const [asked, setAsked] = useState<string | null>(null);
  const [follow] = useState(() => (made: { id: string }) => setAsked(made.id));
  const job = useJob(asked);
  const done = job.data?.state === "done";
  const result = useJobResult(asked, done);
  const keys = touches.join();
  useEffect(() => {
    if (done) for (const key of keys.split(",")) void client.invalidateQueries({ queryKey: [key] });
  }, [done, keys, client]);
  return { job: job.data, follow, error: job.error ?? result.error, result: result.data?.result };
}
