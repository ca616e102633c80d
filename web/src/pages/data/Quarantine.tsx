import { Button, Chip, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { Link, useSearchParams } from "react-router";
import { useHistorySummary } from "../../api/queries";
import { useMay } from "../../api/session";
import { Empty } from "../../parts/Empty";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { NoData } from "../../parts/SampleData";
import { whole } from "../../words/figures";
import { counted } from "../../words/sureness";
import { Aside } from "./Aside";
import { useImport, useSetAside } from "./queries";
import { reasonWords, total } from "./words";

/** Rows that could not be used, of all imports. */
export function Quarantine({ importId }: { importId: null }) {
  const history = useHistorySummary();
  if (history.isPending) return <Loading rows={3} />;
  if (history.error) return <Problem error={history.error} retry={() => void history.refetch()} />;
  if (!history.data.made_at) return <NoData title="Nothing was imported yet" />;
  return <SetAsideRows importId={importId} counts={history.data.quarantine ?? {}} />;
}

/** Those of one import. */
export function QuarantineOf({ importId }: { importId: number }) {
  const found = useImport(importId);
  return found.data ? <SetAsideRows importId={importId} counts={found.data.quarantine ?? {}} /> : null;
}

function SetAsideRows({ importId, counts }: { importId: number | null; counts: Record<string, number> }) {
  const [asked, setAsked] = useSearchParams();
  const reasons = Object.keys(counts).sort((one, other) => (counts[other] ?? 0) - (counts[one] ?? 0));
  const reason = asked.get("reason") ?? reasons[0] ?? null;
  const rows = useSetAside(importId, reason);
  const mayWrite = useMay("history:write");
  if (total(counts) === 0) {
    return (
      <Empty icon="check" title="Everything could be used">
        No row was set aside. Where a row of an export makes no sense, it waits here with its reason, and nothing else of the file is lost.
      </Empty>
    );
  }
  const words = reason ? reasonWords(reason) : null;
  const file = `${importId === null ? "/v1/history/quarantine" : `/v1/imports/${importId}/quarantine`}?format=csv${reason ? `&reason=${reason}` : ""}`;
  const shown = rows.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Stack gap="md">
      <Chip.Group value={reason ?? ""} onChange={(value) => setAsked({ reason: String(value) }, { replace: true })}>
        <Group gap="xs" role="group" aria-label="By reason">
          {reasons.map((one) => (
            <Chip key={one} value={one}>
              {reasonWords(one).title} ({whole(counts[one] ?? 0)})
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {words && (
        <Paper withBorder p="md" radius="md">
          <Group justify="space-between" align="flex-start">
            <div style={{ flex: "1 1 18rem" }}>
              <Title order={2} size="h5">
                {words.title}
              </Title>
              <Text>{words.what}</Text>
              <Text>
                <b>What to do:</b> {words.remedy}
              </Text>
            </div>
            <Button component="a" href={file} download variant="default" size="xs" leftSection={<Icon name="download" size={16} />}>
              Save as CSV
            </Button>
          </Group>
          {mayWrite && importId === null && (
            <Text size="sm" mt="xs">
              <Link to="/data/imports">Send a mended file</Link>: rows that are right now come in, and what is known already is not counted twice.
              {words.again ? " Or open the import below, and read its files again." : ""}
            </Text>
          )}
        </Paper>
      )}
      <Problem error={rows.error} retry={() => void rows.refetch()} />
      {rows.isPending && <Loading rows={3} />}
      {shown.map((row) => (
        <Paper key={`${row.import_id} ${row.file} ${row.position} ${row.row}`} withBorder p="sm" radius="md">
          <Aside row={row} />
          {importId === null && (
            <Text size="sm" mt={4}>
              <Link to={`/data/imports/${row.import_id}`}>Import {row.import_id}</Link>
            </Text>
          )}
        </Paper>
      ))}
      {rows.hasNextPage && (
        <Button variant="default" loading={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>
          More
        </Button>
      )}
      {reason && shown.length > 0 && !rows.hasNextPage && shown.length < (counts[reason] ?? 0) && (
        <Text size="sm" c="dimmed">
          The newest {counted(shown.length, "row")} are kept here.
        </Text>
      )}
    </Stack>
  );
}
