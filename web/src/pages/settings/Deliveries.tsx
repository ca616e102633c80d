import { Button, Group, Select, Text } from "@mantine/core";
import { useSearchParams } from "react-router";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { moment } from "../../words/figures";
import { counted } from "../../words/sureness";
import { Done, Item, Items, Mark, Part, Small } from "./pieces";
import { type Delivery, useDeliveries, useRetry } from "./queries";

const STATES: Record<Delivery["state"], { label: string; colour: string }> = {
  waiting: { label: "waits", colour: "gray" },
  sending: { label: "is being sent", colour: "indigo" },
  sent: { label: "sent", colour: "teal" },
  dead: { label: "given up", colour: "red" },
  passed_over: { label: "a newer one took its place", colour: "gray" },
};

/** What became of each notice, and another try of what was given up. */
export function Deliveries({ may }: { may: boolean }) {
  const [query, setQuery] = useSearchParams();
  const asked = query.get("state");
  const state = asked && asked in STATES ? (asked as Delivery["state"]) : null;
  const found = useDeliveries(state);
  const retry = useRetry();
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  const dead = rows.some((row) => row.state === "dead");
  return (
    <Part
      title="What was told"
      actions={
        <>
          <Select
            aria-label="Show notices that"
            w={200}
            data={[{ value: "", label: "All" }, ...Object.entries(STATES).map(([value, { label }]) => ({ value, label }))]}
            value={state ?? ""}
            allowDeselect={false}
            onChange={(value) => setQuery(value ? { state: value } : {}, { replace: true })}
          />
          {may && dead && (
            <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate(undefined)}>
              Try again what was given up
            </Button>
          )}
        </>
      }
    >
      <Problem error={found.error ?? retry.error} />
      {retry.data && <Done>{counted(retry.data.deliveries, "notice")} {retry.data.deliveries === 1 ? "goes" : "go"} out again within a minute.</Done>}
      {found.isPending && <Loading rows={2} />}
      {found.data && rows.length === 0 && <Text c="dimmed">{state ? "None of these." : "Nothing was told yet."}</Text>}
      <Items label="What was told">
        {rows.map((row) => (
          <Item
            key={row.id + row.route}
            title={row.title}
            badges={<Mark colour={STATES[row.state].colour}>{STATES[row.state].label}</Mark>}
          >
            <Small>
              By {row.route}, {row.sent_at ? `sent ${moment(row.sent_at)}` : `raised ${moment(row.raised_at)}`}
              {row.state === "waiting" ? `; next try ${moment(row.due_at)}` : ""}
              {row.tries > 1 ? `; ${counted(row.tries, "try", "tries")}` : ""}
            </Small>
            {row.said && row.state !== "sent" && <Text size="sm">{row.said}</Text>}
          </Item>
        ))}
      </Items>
      {found.hasNextPage && (
        <Group>
          <Button variant="default" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            Show more
          </Button>
        </Group>
      )}
    </Part>
  );
}
