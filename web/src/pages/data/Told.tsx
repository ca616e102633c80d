import { Alert, Paper, Stack, Table, Text } from "@mantine/core";
import { Icon } from "../../parts/Icon";
import { whole } from "../../words/figures";
import { counted } from "../../words/sureness";
import type { Report } from "./queries";
import { Aside } from "./Aside";
import { kindWords, reasonWords, tookWords, total } from "./words";

/** What would come in, and what not. */
export function Told({ report }: { report: Report }) {
  const unusable = total(report.quarantine);
  const title = report.added ? "This would come in" : "Nothing new would come in";
  return (
    <Stack gap="sm" role="status">
      <Alert color={report.added ? "indigo" : "gray"} variant="light" icon={<Icon name="data" />} title={title}>
        <Text size="sm">
          {report.added ? `${tookWords(report)}.` : `All ${counted(report.known, "row")} are known already.`}
          {report.empty_files ? ` ${counted(report.empty_files, "file")} held nothing.` : ""}
          {report.simulated ? " These data say of themselves that they are simulated." : ""}
        </Text>
      </Alert>
      <Kinds report={report} />
      {unusable > 0 && (
        <Text fw={600}>
          {counted(unusable, "row")} could not be used. {unusable === 1 ? "It is" : "They are"} set aside; all else comes in.
        </Text>
      )}
      {Object.entries(report.quarantine ?? {}).map(([reason, rows]) => (
        <Paper key={reason} withBorder p="sm" radius="md">
          <Text fw={600}>
            {reasonWords(reason).title}: {counted(rows, "row")}
          </Text>
          <Text size="sm">{reasonWords(reason).what}</Text>
          <Text size="sm">{reasonWords(reason).remedy}</Text>
          <details>
            <summary>Some of them</summary>
            {(report.examples ?? [])
              .filter((row) => row.reason === reason)
              .map((row) => (
                <Aside key={row.file + row.position} row={row} />
              ))}
          </details>
        </Paper>
      ))}
    </Stack>
  );
}

/** What was in the files, by kind. */
export function Kinds({ report }: { report: Pick<Report, "rows" | "unknown" | "flags"> }) {
  const unknown = Object.entries(report.unknown ?? {});
  const flags = Object.entries(report.flags ?? {});
  return (
    <>
      <Table maw={480}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>In the files</Table.Th>
            <Table.Th ta="right">Rows</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {Object.entries(report.rows).map(([kind, rows]) => (
            <Table.Tr key={kind}>
              <Table.Td>{kindWords(kind)}</Table.Td>
              <Table.Td ta="right">{whole(rows)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {unknown.length > 0 && (
        <Text size="sm">
          Passed over, as marketmover does not know them: {unknown.map(([kind, rows]) => `${counted(rows, "row")} of ${kind}`).join("; ")}.
        </Text>
      )}
      {flags.length > 0 && (
        <Text size="sm">
          Kept, but odd: {flags.map(([what, rows]) => `${what.replace("=", " is ")} (${counted(rows, "row")})`).join("; ")}.
        </Text>
      )}
    </>
  );
}
