import { Button, Group, Paper, Select, SimpleGrid, Stack, Table, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { useMay } from "../../api/session";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { saveCsv } from "../../parts/csv";
import { moment, shiftedDay } from "../../words/figures";
import { counted } from "../../words/sureness";
import { Item, Items, Small } from "./pieces";
import { type Entry, type Search, useAudit, usePeople, wholeAudit } from "./queries";
import { THINGS, deed, differences } from "./deeds";

/** A day of the reader's as the moment at which it begins. */
const beginOf = (day: string) => new Date(`${day}T00:00:00`).toISOString();

function searchOf(query: URLSearchParams): Search {
  const found: Search = {};
  for (const name of ["who", "what", "about"] as const) {
    const text = query.get(name)?.trim();
    if (text) found[name] = text;
  }
  const [since, until] = [query.get("since"), query.get("until")];
  if (since && isDay(since)) found.since = beginOf(since);
  if (until && isDay(until)) found.until = beginOf(shiftedDay(until, 1));
  return found;
}

const isDay = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

/** Who did what and when, how it was before and after, and all of it as a file. */
export function Audit() {
  const [query, setQuery] = useSearchParams();
  const search = searchOf(query);
  const found = useAudit(search);
  const save = useMutation({
    mutationFn: () => wholeAudit(search),
    onSuccess: (entries) =>
      saveCsv(
        "audit",
        ["When", "Who", "What", "About", "Before", "After"],
        entries.map((one) => [
          one.at,
          one.who,
          one.what,
          one.about,
          one.before && JSON.stringify(one.before),
          one.after && JSON.stringify(one.after),
        ]),
      ),
  });
  const entries = found.data?.pages.flatMap((page) => page.items) ?? [];
  const put = (name: string, value: string) => {
    const next = new URLSearchParams(query);
    if (value) next.set(name, value);
    else next.delete(name);
    setQuery(next, { replace: true });
  };
  return (
    <Stack gap="md">
      <Paper withBorder p="md" radius="md" component="search">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
          <Who value={query.get("who") ?? ""} change={(value) => put("who", value)} />
          <Select
            label="What"
            placeholder="Everything"
            clearable
            searchable
            data={THINGS}
            value={query.get("what")}
            onChange={(value) => put("what", value ?? "")}
          />
          <TextInput
            label="From"
            type="date"
            value={query.get("since") ?? ""}
            max={query.get("until") ?? undefined}
            onChange={(event) => put("since", event.currentTarget.value)}
          />
          <TextInput
            label="Until"
            type="date"
            value={query.get("until") ?? ""}
            min={query.get("since") ?? undefined}
            onChange={(event) => put("until", event.currentTarget.value)}
          />
        </SimpleGrid>
        <Group mt="sm" gap="sm">
          <Button
            variant="default"
            size="xs"
            leftSection={<Icon name="download" size={16} />}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            Save as CSV
          </Button>
          {query.size > 0 && (
            <Button variant="subtle" size="xs" onClick={() => setQuery({}, { replace: true })}>
              Show everything
            </Button>
          )}
          {query.get("about") && <Small>About {query.get("about")} alone</Small>}
          <Text size="sm" c="dimmed" role="status">
            {save.data ? `${counted(save.data.length, "entry", "entries")} saved` : ""}
          </Text>
        </Group>
      </Paper>
      <Problem error={found.error ?? save.error} retry={() => void found.refetch()} />
      {found.isPending && <Loading />}
      {found.data && entries.length === 0 && (
        <Text c="dimmed">Nothing of this kind was done in that time. Entries are only ever added, never changed or deleted.</Text>
      )}
      <Items label="What was done">
        {entries.map((entry) => (
          <One key={entry.id} entry={entry} only={put} />
        ))}
      </Items>
      {found.hasNextPage && (
        <Group>
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** Somebody of the workspace, where one may see who works here; else what one types. */
function Who({ value, change }: { value: string; change: (value: string) => void }) {
  const may = useMay("people:read");
  return may ? (
    <Known value={value} change={change} />
  ) : (
    <TextInput label="Who" placeholder="Everybody" value={value} onChange={(event) => change(event.currentTarget.value)} />
  );
}

function Known({ value, change }: { value: string; change: (value: string) => void }) {
  const people = usePeople();
  const emails = people.data?.items.map((person) => person.email) ?? [];
  const data = value && !emails.includes(value) ? [value, ...emails] : emails;
  return (
    <Select
      label="Who"
      placeholder="Everybody"
      clearable
      searchable
      data={data}
      value={value || null}
      onChange={(chosen) => change(chosen ?? "")}
    />
  );
}

function One({ entry, only }: { entry: Entry; only: (name: "about" | "who", value: string) => void }) {
  const rows = differences(entry.before, entry.after);
  return (
    <Item
      title={
        <>
          {entry.who} {deed(entry.what)}
        </>
      }
    >
      <Small>
        {moment(entry.at)} · {entry.about}
      </Small>
      <details>
        <summary>More</summary>
        {rows.length > 0 && (
          <Table.ScrollContainer minWidth={360} scrollAreaProps={{ viewportProps: { tabIndex: 0, "aria-label": "Before and after" } }}>
            <Table fz="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>What</Table.Th>
                  {entry.before && <Table.Th>Before</Table.Th>}
                  {entry.after && <Table.Th>After</Table.Th>}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => (
                  <Table.Tr key={row.name}>
                    <Table.Td style={{ verticalAlign: "top" }}>{row.name}</Table.Td>
                    {entry.before && <Table.Td style={{ overflowWrap: "anywhere" }}>{row.before}</Table.Td>}
                    {entry.after && <Table.Td style={{ overflowWrap: "anywhere" }}>{row.after}</Table.Td>}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        )}
        <Group gap="sm" mt={4}>
          <Small>
            {moment(entry.at, "long")} · {entry.what} · entry {entry.id}
          </Small>
          <Button size="compact-xs" variant="subtle" onClick={() => only("about", entry.about)}>
            All about {entry.about}
          </Button>
          <Button size="compact-xs" variant="subtle" onClick={() => only("who", entry.who)}>
            All by {entry.who}
          </Button>
        </Group>
      </details>
    </Item>
  );
}
