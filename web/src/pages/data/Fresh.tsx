import { Button, Group, Paper, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { Link } from "react-router";
import { useMay } from "../../api/session";
import { useWork } from "../../api/work";
import { Icon } from "../../parts/Icon";
import { JobCard } from "../../parts/JobCard";
import { Loading } from "../../parts/Loading";
import { Problem } from "../../parts/Problem";
import { ago, day, platformName } from "../../words/figures";
import { counted } from "../../words/sureness";
import { type Freshness, pullNow, useConnected, useFreshness } from "./queries";

/** How fresh each connected account is, in words, and a way to pull it now. */
export function Fresh() {
  const fresh = useFreshness();
  const mayRead = useMay("accounts:read");
  const mayPull = useMay("accounts:write");
  const connected = useConnected(mayRead);
  const pull = useWork(pullNow);
  const known = fresh.data?.items ?? [];
  const plain = (id: string) => id.replace("act_", "").replaceAll("-", "");
  const accounts = connected.data?.items ?? [];
  const never = accounts.filter((one) => !known.some((other) => other.platform === one.platform && plain(other.account_id) === plain(one.account_id)));
  const nameOf = (one: Freshness) => accounts.find((other) => other.platform === one.platform && plain(other.account_id) === plain(one.account_id))?.name ?? null;
  return (
    <Stack gap="sm" component="section" aria-labelledby="fresh">
      <Group justify="space-between">
        <Title order={2} size="h4" id="fresh">
          Connected accounts
        </Title>
        {mayPull && accounts.length > 0 && (
          <Button size="xs" variant="default" loading={pull.busy} onClick={() => pull.begin(null)}>
            Pull all now
          </Button>
        )}
      </Group>
      <Problem error={fresh.error ?? connected.error ?? pull.error} />
      {fresh.isPending && <Loading rows={1} />}
      {pull.job && <JobCard job={pull.job} doing="Pulling what is new" />}
      {pull.done && <Text role="status">Pulled. What came in is read, and the figures are up to date.</Text>}
      {known.map((one) => (
        <Row
          key={one.platform + one.account_id}
          colour={one.problem ? "orange" : (one.days_behind ?? 1) > 0 ? "yellow" : "teal"}
          title={`${platformName(one.platform)}: ${wordsOf(one)}`}
          words={[named(one.name, one.simulated), one.problem ?? ""].filter(Boolean)}
          pull={mayPull && nameOf(one) ? () => pull.begin(nameOf(one)) : null}
          busy={pull.busy}
        />
      ))}
      {never.map((one) => (
        <Row
          key={one.name}
          colour="gray"
          title={`${platformName(one.platform)}: connected, nothing pulled yet`}
          words={[`${named(one.title || one.name, one.simulated)}. The first pull fetches two years; it begins by itself within the hour.`]}
          pull={mayPull ? () => pull.begin(one.name) : null}
          busy={pull.busy}
        />
      ))}
      {fresh.data && known.length === 0 && never.length === 0 && (
        <Text c="dimmed">
          No account is connected, so nothing comes in by itself. {mayPull && <Link to="/settings/connections">Connect Google Ads or Meta Ads</Link>}
        </Text>
      )}
    </Stack>
  );
}

interface Shown {
  colour: string;
  title: string;
  words: string[];
  pull: (() => void) | null;
  busy: boolean;
}

function Row({ colour, title, words, pull, busy }: Shown) {
  return (
    <Paper withBorder p="sm" radius="md">
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <ThemeIcon color={colour} variant="light" radius="xl" size="lg">
          <Icon name={colour === "teal" ? "check" : colour === "orange" ? "alert" : "clock"} size={18} />
        </ThemeIcon>
        <div style={{ flex: 1, minWidth: 0 }}>
          <Text fw={600}>{title}</Text>
          {words.map((one) => (
            <Text key={one} size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {one}
            </Text>
          ))}
        </div>
        {pull && (
          <Button size="xs" variant="subtle" disabled={busy} onClick={pull} aria-label={`Pull now: ${words[0] ?? title}`}>
            Pull now
          </Button>
        )}
      </Group>
    </Paper>
  );
}

/** "complete to Nov 21, pulled 2 hours ago" */
function wordsOf(one: Freshness): string {
  const parts: string[] = [];
  parts.push(one.last_day ? `${one.days_behind ? "has days up to" : "complete to"} ${day(one.last_day)}` : "no day known yet");
  if (one.days_behind) parts.push(`${counted(one.days_behind, "day")} behind`);
  if (one.pulled_at) parts.push(`pulled ${ago(one.pulled_at)}`);
  if (one.under_way) parts.push(`being pulled (${one.under_way[0]} of ${counted(one.under_way[1] ?? 0, "file")})`);
  if (one.waiting) parts.push(`${counted(one.waiting, "pull")} waiting to be read`);
  return parts.join(", ");
}

const named = (name: string, simulated: boolean) => (simulated && !/simulated/i.test(name) ? `${name} (simulated)` : name);
