import { Anchor, Breadcrumbs, Button, SimpleGrid, Text } from "@mantine/core";
import { useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { ProblemError } from "../../api/client";
import { useHistorySummary } from "../../api/queries";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { Section } from "../../parts/Section";
import { count, day, money, platformName } from "../../words/figures";
import { Basis } from "./Basis";
import { Changes } from "./Changes";
import { Filters } from "./Filters";
import { NotThere } from "./LevelPage";
import { LineNotes } from "./LineNotes";
import { Told } from "./Told";
import { addressOf, useCarried } from "./address";
import { type Period, besideWords, periodOf } from "./period";
import { type LineDetail, useLine, useTrendsOf } from "./queries";
import { NAME, codeWords } from "./words";

/** A budget line: how it is set, what was changed, and what it brought. */
export function LinePage() {
  const { line = "" } = useParams();
  const [query] = useSearchParams();
  const history = useHistorySummary();
  const found = useLine(line);
  if (found.error instanceof ProblemError && found.error.status !== 0 && found.error.status < 500) return <NotThere />;
  const error = found.error ?? history.error;
  if (error) return <Problem error={error} retry={() => void found.refetch()} />;
  if (!found.data || !history.data) return <Loading rows={4} />;
  return <Of line={found.data} period={periodOf(query, history.data.last_date ?? found.data.last_date)} known={history.data} />;
}

function Of({ line, period, known }: { line: LineDetail; period: Period; known: { first_date?: string | null; last_date?: string | null } }) {
  const trends = useTrendsOf({ line: line.line_id ?? "" }, period, line.currency);
  const [open, setOpen] = useState(false);
  const carried = useCarried();
  const whose = { platform: line.platform, campaign: line.campaign_id, group: line.group_id || undefined };
  return (
    <Page
      title={line.line_name}
      about={besideWords(period)}
      actions={
        <Button variant="default" leftSection={<Icon name="table" size={18} />} onClick={() => setOpen(true)}>
          What these figures rest on
        </Button>
      }
    >
      <Breadcrumbs component="nav" aria-label="Where this is" style={{ flexWrap: "wrap", rowGap: 4 }} styles={{ breadcrumb: NAME }}>
        <Anchor component={Link} to={`/campaigns${carried}`}>
          All campaigns
        </Anchor>
        <Anchor component={Link} to={addressOf(line.platform, "", "", carried)}>
          {platformName(line.platform)}
        </Anchor>
        <Anchor component={Link} to={addressOf(line.platform, line.campaign_id, line.group_id, carried)}>
          {line.name}
        </Anchor>
        <Text component="span" aria-current="page">
          Budget line
        </Text>
      </Breadcrumbs>
      <Filters period={period} codes={[]} currency={line.currency} />
      <Problem error={trends.error} retry={() => void trends.refetch()} />
      {trends.data ? <Told trends={trends.data} period={period} known={known} open={() => setOpen(true)} /> : !trends.error && <Loading rows={2} />}
      <LineNotes line={line} />
      <SetAs line={line} />
      <Changes line={line} />
      <Basis subject={open ? { whose, name: line.line_name } : null} period={period} close={() => setOpen(false)} currency={line.currency} />
    </Page>
  );
}

/** How it is set on its platform, as last exported. */
function SetAs({ line }: { line: LineDetail }) {
  const facts = factsOf(line);
  return (
    <Section
      title="How it is set"
      about={
        <>
          As last exported.{" "}
          {line.settings ? "What is not listed, the exports do not say." : "Its settings show here after the next import or pull."}
        </>
      }
      card
    >
      <SimpleGrid component="dl" cols={{ base: 1, sm: 2, lg: 3 }} m={0} spacing="sm">
        {facts.map(([name, words]) => (
          <div key={name}>
            <Text component="dt" size="sm" c="dimmed">
              {name}
            </Text>
            <Text component="dd" m={0} style={{ overflowWrap: "anywhere" }}>
              {words}
            </Text>
          </div>
        ))}
      </SimpleGrid>
    </Section>
  );
}

function factsOf(line: LineDetail): [string, string][] {
  const set = line.settings;
  const facts: [string, string][] = [
    ["Platform", platformName(line.platform)],
    ["State", stateWords(line.status)],
    ["Kind", codeWords(line.ad_type)],
    ["Known", `${day(line.first_date)} to ${day(line.last_date)}`],
    ["Spent and brought in all", `${money(line.totals.cost, line.currency)}, ${line.totals.conversions > 0 ? `${count(line.totals.conversions)} conversions` : `${count(line.totals.clicks)} clicks`}`],
  ];
  if (set) {
    facts.push(
      ["Budget", budgetWords(line)],
      ["Strategy", strategyWords(line)],
      ["Objective", codeWords(set.objective)],
      ["Optimised for", codeWords(set.optimization_goal)],
      ["Flight", flightWords(set.start_date, set.end_date)],
      ["Learning since", set.learning_since ? day(set.learning_since) : ""],
      ["Places", [...set.countries.map(countryWords), ...set.places].join(", ")],
      ["Ages", agesWords(set.age_min, set.age_max)],
      ["Genders", set.genders.map((one) => (one === "FEMALE" ? "Women" : one === "MALE" ? "Men" : codeWords(one))).join(", ")],
      ["Interests", set.interests.join(", ")],
      ["Keywords", set.keywords.join(", ")],
      ["And more", set.not_shown ? `${count(set.not_shown)} further places, interests or keywords` : ""],
    );
  }
  return facts.filter(([, words]) => words);
}

function stateWords(status: string): string {
  return /^(ENABLED|ACTIVE)$/.test(status) ? "Runs" : codeWords(status);
}

function budgetWords({ settings: set, currency }: LineDetail): string {
  if (!set) return "";
  const shared = set.shared_budget ? ", shared with other campaigns" : "";
  if (set.lifetime_budget) return `${money(set.lifetime_budget, currency)} for the whole flight${shared}`;
  return set.daily_budget ? `${money(set.daily_budget, currency)} a day${shared}` : "";
}

function strategyWords({ settings: set, currency }: LineDetail): string {
  const words = codeWords(set?.bidding_strategy);
  if (!set?.bidding_target) return words;
  const target = /ROAS/.test(set.bidding_strategy) ? `${set.bidding_target.toLocaleString()}×` : money(set.bidding_target, currency);
  return `${words}: ${target}`;
}

function flightWords(first: string | null | undefined, last: string | null | undefined): string {
  if (first && last) return `${day(first)} to ${day(last)}`;
  return first ? `From ${day(first)}` : last ? `Until ${day(last)}` : "";
}

function agesWords(from: number | null | undefined, to: number | null | undefined): string {
  if (from && to) return `${from} to ${to}`;
  return from ? `${from} and older` : to ? `Up to ${to}` : "";
}

function countryWords(code: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: "region" }).of(code) ?? code;
  } catch {
    return code; // no code that the browser knows
  }
}
