import { List, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { Schemas } from "../../api/client";
import { useHistorySummary } from "../../api/queries";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { NoData } from "../../parts/SampleData";
import { count, day, money } from "../../words/figures";
import { counted } from "../../words/sureness";
import { Accounts } from "./Accounts";
import { Calendar } from "./Calendar";
import { Fresh } from "./Fresh";

/** What is known, how fresh it is, and which days are there. */
export function Overview() {
  const history = useHistorySummary();
  if (history.isPending) return <Loading rows={4} />;
  if (!history.data) return <Problem error={history.error} retry={() => void history.refetch()} />;
  if (!history.data.last_date) {
    return (
      <Stack gap="lg">
        <NoData />
        <Fresh />
      </Stack>
    );
  }
  return (
    <Stack gap="lg">
      <Summary known={history.data} />
      <Fresh />
      <Calendar />
      <Accounts last={history.data.last_date} />
    </Stack>
  );
}

function Summary({ known }: { known: Schemas["HistorySummary"] }) {
  const spend = Object.entries(known.spend_by_currency ?? {}).map(([currency, sum]) => money(sum, currency));
  const notes = known.notes ?? [];
  const tiles = [
    { name: "From", value: known.first_date ? day(known.first_date) : "" },
    { name: "To", value: known.last_date ? day(known.last_date) : "" },
    { name: "Spent in it", value: spend.join(" and ") || "nothing" },
    { name: "Leads in the CRM", value: known.crm ? count(known.crm.leads ?? 0) : "no CRM" },
  ];
  return (
    <Stack gap="sm" component="section" aria-labelledby="known">
      <Title order={2} size="h4" id="known">
        What is known
      </Title>
      <Text>
        {counted(known.lines, "line")} with a budget of {known.lines === 1 ? "its" : "their"} own.{" "}
        {known.missing_days ? `${counted(known.missing_days, "day")} without figures while a line ran; ` : "No day is missing while a line ran; "}
        {known.odd_days ? `${counted(known.odd_days, "day")} with a figure far above its surroundings, which ${known.odd_days === 1 ? "is" : "are"} kept.` : "no figure stands out oddly."}
      </Text>
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
      {notes.length > 0 && (
        <details>
          <summary>What to know before trusting it ({notes.length})</summary>
          <List size="sm" mt="xs">
            {notes.map((note) => (
              <List.Item key={note}>{note}</List.Item>
            ))}
          </List>
        </details>
      )}
    </Stack>
  );
}
