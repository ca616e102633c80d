import { Badge, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { Link } from "react-router";
import { type Job, unfinished, useHistorySummary, useJobs } from "../../api/queries";
import { useMay } from "../../api/session";
import { JobCard } from "../../parts/JobCard";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { NoData } from "../../parts/SampleData";
import { ago } from "../../words/figures";
import { capital, counted } from "../../words/sureness";
import { useImports } from "./queries";
import { Upload } from "./Upload";
import { sourceWords, tookWords, total } from "./words";

/** Exports go in here, and what came of each import stands below. */
export function Imports() {
  const imports = useImports();
  const mayWrite = useMay("history:write");
  const known = useHistorySummary().data?.last_date;
  const rows = imports.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="lg">
      {mayWrite ? <Upload /> : <Text c="dimmed">An owner, a manager or an analyst sends exports in.</Text>}
      <Underway />
      <Stack gap="sm" component="section" aria-labelledby="imports">
        <Title order={2} size="h4" id="imports">
          Imports so far
        </Title>
        {imports.isPending && <Loading rows={3} />}
        <Problem error={imports.error} retry={() => void imports.refetch()} />
        {imports.data && rows.length === 0 && !known && <NoData title="Nothing was imported yet" />}
        {rows.map((one) => (
          <Paper key={one.import_id} withBorder p="sm" radius="md" component={Link} to={`/data/imports/${one.import_id}`} className="card-link">
            <Group justify="space-between" gap="xs">
              <Text fw={600}>
                {one.import_id}. {sourceWords(one.source)}
              </Text>
              {total(one.quarantine) > 0 && (
                <Badge variant="light" color="orange">
                  {counted(total(one.quarantine), "row")} not usable
                </Badge>
              )}
            </Group>
            <Text size="sm" c="dimmed">
              {capital(ago(one.imported_at))}: {tookWords(one)}
              {one.simulated ? "; simulated" : ""}
            </Text>
          </Paper>
        ))}
        {imports.hasNextPage && (
          <Button variant="default" loading={imports.isFetchingNextPage} onClick={() => void imports.fetchNextPage()}>
            Earlier ones
          </Button>
        )}
      </Stack>
    </Stack>
  );
}

/** What others, or an earlier visit, asked for and is not done yet. */
function Underway() {
  const running = useJobs("running").data?.items ?? [];
  const queued = useJobs("queued").data?.items ?? [];
  const mine = [...running, ...queued].filter((job: Job) => job.kind === "history.import" && unfinished(job));
  return (
    <>
      {mine.map((job) => (
        <JobCard key={job.id} job={job} doing={`Under way: ${job.about || "an import"}`} />
      ))}
    </>
  );
}
