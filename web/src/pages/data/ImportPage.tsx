import { Button, Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { Link, useParams } from "react-router";
import { useMay } from "../../api/session";
import { useWork } from "../../api/work";
import { Icon } from "../../parts/Icon";
import { JobCard } from "../../parts/JobCard";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { day, moment, whole } from "../../words/figures";
import { counted } from "../../words/sureness";
import { QuarantineOf } from "./Quarantine";
import { type Report, retryImport, useImport } from "./queries";
import { Kinds } from "./Told";
import { sourceWords, tookWords } from "./words";

/** What one import took, and what it could not use. */
export function ImportPage() {
  const id = Number(useParams().id);
  const { data: found, error, refetch, isPending } = useImport(id);
  const mayWrite = useMay("history:write");
  const retry = useWork<number, Report>(retryImport);
  if (isPending) return <Loading rows={3} />;
  if (!found) return <Problem error={error} retry={() => void refetch()} />;
  const tiles = [
    { name: "Files", value: whole(found.files) + (found.empty_files ? ` (${whole(found.empty_files)} empty)` : "") },
    { name: "New or changed", value: whole(found.added) },
    { name: "Known already", value: whole(found.known) },
    { name: "Taken as today", value: day(found.as_of) },
  ];
  return (
    <Stack gap="lg">
      <div>
        <Link to="/data/imports">All imports</Link>
        <Group justify="space-between" mt="xs">
          <Title order={2} size="h4">
            Import {found.import_id}: {sourceWords(found.source)}
          </Title>
          {mayWrite && found.can_retry && (
            <Button variant="default" leftSection={<Icon name="undo" size={16} />} loading={retry.busy} onClick={() => retry.begin(id)}>
              Read its files again
            </Button>
          )}
        </Group>
        <Text c="dimmed">
          {moment(found.imported_at)}: {tookWords(found)}.{found.simulated ? " These data are simulated." : ""}
        </Text>
      </div>
      <Problem error={retry.error} />
      {retry.job && <JobCard job={retry.job} doing="Reading the files again" />}
      {retry.result && (
        <Text role="status">
          Read again: {tookWords(retry.result)}. <Link to={`/data/imports/${retry.result.import_id}`}>See what came of it</Link>
        </Text>
      )}
      <SimpleGrid cols={{ base: 2, sm: 4 }}>
        {tiles.map((tile) => (
          <Paper key={tile.name} withBorder p="sm" radius="md">
            <Text size="sm" c="dimmed">
              {tile.name}
            </Text>
            <Text fw={650} size="lg" className="figures">
              {tile.value}
            </Text>
          </Paper>
        ))}
      </SimpleGrid>
      <Kinds report={found} />
      <Stack gap="sm" component="section" aria-labelledby="aside">
        <Title order={2} size="h4" id="aside">
          Not usable
        </Title>
        <QuarantineOf importId={id} />
        {found.can_retry ? null : (
          <Text size="sm" c="dimmed">
            {found.source.startsWith("pulls/") ? "Pull the account again to have these days anew." : `The ${counted(found.files, "file")} lie elsewhere: send them again to read them anew.`}
          </Text>
        )}
      </Stack>
    </Stack>
  );
}
