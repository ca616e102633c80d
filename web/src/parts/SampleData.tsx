import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link } from "react-router";
import { api, taken } from "../api/client";
import { type Job, unfinished, useHistorySummary, useJobs } from "../api/queries";
import { useMay } from "../api/session";
import { useWork } from "../api/work";
import { Empty } from "./Empty";
import { Icon } from "./Icon";
import { JobCard } from "./JobCard";
import { Problem } from "./Problem";

/** All that figures and plans are shown of is asked for anew. */
function useRenewed(done: boolean) {
  const client = useQueryClient();
  useEffect(() => {
    if (done) void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" && queryKey[0] !== "jobs" });
  }, [done, client]);
}

/** No data yet: connect an account, send exports, or look around with sample data. */
export function NoData({ title = "No campaign data yet", children }: { title?: string; children?: string }) {
  const mayWrite = useMay("history:write");
  const mayConnect = useMay("accounts:write");
  const load = useWork(() => taken(api.POST("/v1/history/sample")) as Promise<Job>);
  const running = useJobs("running").data?.items.find((job) => job.kind === "history.sample" && unfinished(job));
  useRenewed(load.done);
  const job = load.job ?? running;
  return (
    <Stack gap="sm">
      <Empty
        icon="data"
        title={title}
        actions={
          mayWrite || mayConnect ? (
            <>
              {mayConnect && (
                <Button component={Link} to="/settings/connections">
                  Connect an account
                </Button>
              )}
              {mayWrite && (
                <Button component={Link} to="/data/imports" variant="default">
                  Upload exports
                </Button>
              )}
              {mayWrite && (
                <Button variant="subtle" loading={load.busy} onClick={() => load.begin(undefined)}>
                  Look around with sample data
                </Button>
              )}
            </>
          ) : undefined
        }
      >
        {children ?? "Plans rest on what your campaigns did so far."}{" "}
        {mayWrite
          ? "Connect Google Ads or Meta Ads, or upload their exports. Sample data are two simulated years: no advertiser or person in them exists, and one click takes them out again."
          : "An owner or a manager connects an account, uploads exports or loads sample data."}
      </Empty>
      <Problem error={load.error} />
      {job && <JobCard job={job} doing="Making sample data" />}
    </Stack>
  );
}

/** Says that what is shown is simulated, and takes it out again. */
export function SampleNotice() {
  const { data } = useHistorySummary();
  const mayWrite = useMay("history:write");
  const remove = useWork(() => taken(api.DELETE("/v1/history/sample")) as Promise<Job>);
  useRenewed(remove.done);
  if (!data?.sample) return null;
  return (
    <Stack gap="sm">
      <Alert color="indigo" variant="light" icon={<Icon name="data" />} title="You are looking at sample data">
        <Group justify="space-between" gap="sm">
          <Text size="sm" style={{ flex: "1 1 20rem" }}>
            They are simulated: no advertiser, campaign or person in them exists. Remove them before your own data come in.
          </Text>
          {mayWrite && (
            <Button size="xs" variant="default" loading={remove.busy} onClick={() => remove.begin(undefined)}>
              Remove the sample data
            </Button>
          )}
        </Group>
      </Alert>
      <Problem error={remove.error} />
      {remove.job && <JobCard job={remove.job} doing="Removing the sample data" />}
    </Stack>
  );
}
