import { Button, Group, List, Menu, Paper, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link, useLocation } from "react-router";
import { useJob } from "../../api/queries";
import { useMay } from "../../api/session";
import { Empty } from "../../parts/Empty";
import { Icon } from "../../parts/Icon";
import { JobCard } from "../../parts/JobCard";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { ProblemError } from "../../api/client";
import { day, moment, platformName } from "../../words/figures";
import { counted } from "../../words/sureness";
import { Confirm, Done, Item, Items, Mark, Part, Small } from "./pieces";
import { type Account, type Freshness, useAccounts, useCheckAccount, useFreshness, usePull, useRemoveAccount } from "./queries";

/** Ad accounts that are connected, how each stands in words, and the CRM. */
export function Connections() {
  const accounts = useAccounts();
  const freshness = useFreshness();
  const may = useMay("accounts:write");
  const mayImport = useMay("history:write");
  const said = (useLocation().state as { said?: string } | null)?.said;
  if (accounts.isPending) return <Loading />;
  const there = accounts.data?.items ?? [];
  const add = may && (
    <Button component={Link} to="/settings/connections/add" leftSection={<Icon name="plus" size={18} />}>
      Connect an account
    </Button>
  );
  return (
    <Stack gap="xl">
      {said && <Done>{said}</Done>}
      <Part
        title="Ad accounts"
        about="Figures are fetched from them once a day has ended; published plans go to them."
        actions={there.length > 0 && add}
      >
        <Problem error={accounts.error ?? freshness.error} retry={() => void accounts.refetch()} />
        {accounts.data && there.length === 0 && (
          <Empty icon="data" title="No account is connected yet" actions={add}>
            {may
              ? "Connect Google Ads or Meta Ads, and what your campaigns did comes in by itself, day by day. Exports can be imported as files as well."
              : "An owner or a manager connects Google Ads or Meta Ads; then figures come in by themselves."}
          </Empty>
        )}
        <Items label="Ad accounts">
          {there.map((account) => (
            <One
              key={account.name}
              account={account}
              known={freshness.data?.items.find((one) => one.platform === account.platform && one.account_id === account.account_id)}
              may={may}
            />
          ))}
        </Items>
      </Part>
      <Part title="CRM" about="Which leads became qualified, and what they were worth: plans can then aim at these instead of clicks.">
        <Paper withBorder p="md" radius="md">
          <Group justify="space-between">
            <Text flex={1} miw={220}>
              {there.some((account) => account.simulated)
                ? "The simulated accounts bring their CRM's leads along with their figures. "
                : "Leads of any CRM come in as an export in JSON that names the campaign or the click of each. "}
              Import a new export whenever you like; what is there already is not counted twice.
            </Text>
            {mayImport && (
              <Button component={Link} to="/data/imports" variant="default">
                Import an export
              </Button>
            )}
          </Group>
        </Paper>
      </Part>
    </Stack>
  );
}

const SOON_DAYS = 14;

interface Standing {
  colour: string;
  mark: string;
  words: string;
}

/** How an account stands, the worst first. */
export function standingOf(account: Account, known: Freshness | undefined, today = new Date()): Standing {
  const left = account.access_ends ? Math.ceil((Date.parse(`${account.access_ends}T00:00:00Z`) - today.getTime()) / 86_400_000) : null;
  const ends = account.access_ends ? day(account.access_ends, "long") : "";
  if (left !== null && left <= 0) {
    return {
      colour: "red",
      mark: "Access ran out",
      words: `Its token ran out on ${ends}: nothing is fetched or published until a new one is put in.`,
    };
  }
  if (known?.problem) return { colour: "red", mark: "Needs you", words: known.problem };
  if (left !== null && left <= SOON_DAYS) {
    return {
      colour: "orange",
      mark: `${counted(left, "day")} left`,
      words: `Its token runs out on ${ends}. Put a new one in before that day.`,
    };
  }
  if (known?.under_way)
    return {
      colour: "indigo",
      mark: "Fetching",
      words: `Fetching: ${known.under_way[0]} of ${counted(known.under_way[1] ?? 0, "file")} came so far.`,
    };
  if (!known?.last_day)
    return {
      colour: "gray",
      mark: "New",
      words: "Nothing was fetched yet. It is fetched by itself within the hour, or at once if you like.",
    };
  const upTo = `Known up to ${day(known.last_day, "long")}`;
  if ((known.days_behind ?? 0) > 1)
    return { colour: "orange", mark: `${known.days_behind} days behind`, words: `${upTo}. Check it, or fetch what is new.` };
  return { colour: "teal", mark: "Up to date", words: `${upTo}.${account.access_ends ? ` Its token runs out on ${ends}.` : ""}` };
}

function One({ account, known, may }: { account: Account; known: Freshness | undefined; may: boolean }) {
  const check = useCheckAccount();
  const pull = usePull();
  const remove = useRemoveAccount();
  const [asks, setAsks] = useState(false);
  const job = useJob(pull.data?.id ?? null);
  const standing = standingOf(account, known);
  const checked = check.data;
  return (
    <Item
      title={`${platformName(account.platform)}: ${account.title || account.account_id}`}
      badges={
        <>
          <Mark colour={standing.colour}>{standing.mark}</Mark>
          {account.simulated && <Mark colour="yellow">Simulated</Mark>}
        </>
      }
      actions={
        may && (
          <>
            <Button
              size="xs"
              variant="default"
              loading={check.isPending}
              onClick={() => check.mutate(account.name)}
              aria-label={`Check ${account.name}`}
            >
              Check
            </Button>
            <Menu position="bottom-end">
              <Menu.Target>
                <Button size="xs" variant="default" px="xs" aria-label={`More for ${account.name}`}>
                  <Icon name="more" size={18} />
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => pull.mutate(account.name)}>Fetch what is new</Menu.Item>
                {!account.simulated && (
                  <Menu.Item component={Link} to={`/settings/connections/add/${account.platform}?renew=${account.name}`}>
                    Put in a new token…
                  </Menu.Item>
                )}
                <Menu.Item color="red" onClick={() => setAsks(true)}>
                  Disconnect…
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        )
      }
    >
      <Text size="sm">{standing.words}</Text>
      <Small>
        {account.name}, {account.account_id}, {account.currency}, {account.time_zone}; connected {moment(account.added_at)}
      </Small>
      <Problem error={check.error ?? pull.error ?? job.error} />
      {checked?.works && (
        <Done>
          It answers: {checked.title || account.account_id}.{checked.today ? ` There it is ${day(checked.today, "long")}.` : ""}
        </Done>
      )}
      {checked && !checked.works && <Problem error={new ProblemError({ detail: checked.problem, remedy: checked.remedy }, 400)} />}
      {job.data && <JobCard job={job.data} doing={`Fetching ${account.name}`} />}
      {job.data?.state === "done" && <Done>What is new was fetched.</Done>}
      <Confirm
        title={`Disconnect ${account.title || account.name}?`}
        opened={asks}
        close={() => setAsks(false)}
        yes="Disconnect"
        act={() => remove.mutate(account.name, { onSuccess: () => setAsks(false) })}
        busy={remove.isPending}
        error={remove.error}
      >
        <List size="sm">
          <List.Item>What opens it is forgotten. To connect it again somebody needs its credentials anew.</List.Item>
          <List.Item>Nothing new is fetched, running plans are watched no more, and nothing can be published there.</List.Item>
          <List.Item>What was fetched so far stays. On the platform nothing changes: campaigns run on.</List.Item>
        </List>
      </Confirm>
    </Item>
  );
}
