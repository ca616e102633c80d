import { Anchor, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { Link, useParams } from "react-router";
import { unfinished, useJob, useJobResult } from "../../api/queries";
import { JobCard } from "../../parts/JobCard";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { moment } from "../../words/figures";
import { aboutOf, placeOf, saidOf } from "../../words/jobs";

/** One job: what it was, how it went, and where to go on. */
export function JobPage() {
  const { id = "" } = useParams();
  const { data: job, error, refetch } = useJob(id);
  const result = useJobResult(id, job?.state === "done");
  if (error && !job) return <Problem error={error} retry={() => void refetch()} />;
  if (!job) return <Loading rows={2} />;
  const said = saidOf(job);
  const done = job.state === "done";
  return (
    <Page title={done ? said.done : job.state === "failed" ? said.failed : said.doing} about={aboutOf(job) || undefined}>
      <JobCard job={job} doing={said.doing} />
      <Paper withBorder p="md" radius="md">
        <Stack gap="xs">
          <Text>
            Asked for by {job.asked_by}, {moment(job.created_at)}
            {job.ended_at ? `; ended ${moment(job.ended_at)}` : ""}.
          </Text>
          {job.state === "failed" && (
            <Text>Nothing is lost: do what the words above say, then ask for it again where it was asked for.</Text>
          )}
          {job.state === "failed" && job.error?.id && (
            <Text size="sm" c="dimmed">
              Tell whoever runs the server this number, its log has more: {job.error.id}
            </Text>
          )}
          <Group gap="sm" mt="xs">
            {!unfinished(job) && (
              <Button component={Link} to={placeOf(job, result.data?.result)}>
                {done ? said.look : "Go to where it is asked for"}
              </Button>
            )}
            <Anchor component={Link} to="/">
              Home
            </Anchor>
          </Group>
        </Stack>
      </Paper>
    </Page>
  );
}
