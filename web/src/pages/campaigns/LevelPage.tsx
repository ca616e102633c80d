import { Anchor, Breadcrumbs, Button, Text } from "@mantine/core";
import { useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import type { Schemas } from "../../api/client";
import { useHistorySummary } from "../../api/queries";
import { Empty } from "../../parts/Empty";
import { Icon } from "../../parts/Icon";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Problem } from "../../parts/Problem";
import { day, platformName } from "../../words/figures";
import { Ads } from "./Ads";
import { Basis, type Subject } from "./Basis";
import { Doubts } from "./Doubts";
import { Filters } from "./Filters";
import { LineNotes } from "./LineNotes";
import { Members } from "./Members";
import { Told } from "./Told";
import { addressOf, useCarried } from "./address";
import { type Period, besideWords, periodOf } from "./period";
import { type MemberTotals, type Whose, useIdentity, useLine, useAccounts, useTrendsOf } from "./queries";
import { NAME, metricsOf } from "./words";

/** One level of the tree: its figures in words, over time, and what lies beneath it. */
export function LevelPage() {
  const { platform, campaign, group } = useParams();
  const [query] = useSearchParams();
  const history = useHistorySummary();
  if (history.isPending) return <Loading rows={4} />;
  if (history.error) return <Problem error={history.error} retry={() => void history.refetch()} />;
  if (!history.data?.last_date) return <NoCampaigns />;
  const whose = { platform, campaign, group };
  return <Of key={JSON.stringify(whose)} whose={whose} period={periodOf(query, history.data.last_date)} history={history.data} />;
}

function Of({ whose, period, history }: { whose: Whose; period: Period; history: Schemas["HistorySummary"] }) {
  const [query] = useSearchParams();
  const own = useIdentity(whose);
  const accounts = useAccounts(history.first_date ?? period.first, history.last_date ?? period.last);
  const platforms = [...new Set(accounts.map((one) => one.platform))].sort();
  const codes = Object.keys(history.spend_by_currency ?? {});
  const chosen = codes.find((code) => code === query.get("currency"));
  const trends = useTrendsOf(whose, period, own.data?.currency ?? chosen, !whose.campaign || own.isSuccess);
  const [basis, setBasis] = useState<Subject | null>(null);
  if (whose.campaign && own.data === null) return <NotThere />;
  const title = own.data?.name || (whose.platform ? platformName(whose.platform) : "Campaigns");
  const currency = trends.data?.currency;
  const metrics = metricsOf(trends.data?.totals, trends.data?.totals_before);
  const shared = { whose, period, currency, metrics, open: setBasis };
  return (
    <Page
      title={title}
      about={besideWords(period)}
      actions={
        <Button variant="default" leftSection={<Icon name="table" size={18} />} onClick={() => setBasis({ whose, name: title })}>
          What these figures rest on
        </Button>
      }
    >
      <Way whose={whose} title={title} />
      <Filters period={period} codes={whose.campaign ? [] : codes} currency={currency} platforms={whose.campaign ? [] : platforms} platform={whose.platform} />
      <Problem error={trends.error ?? own.error} retry={() => void trends.refetch()} />
      {trends.data ? <Told trends={trends.data} period={period} known={history} open={() => setBasis({ whose, name: title })} /> : !trends.error && <Loading rows={2} />}
      <Doubts whose={whose} period={period} ends={whose.campaign ? ownEnd(own.data?.date, period) : endsOf(accounts, whose, period)} />
      {own.data?.line_id && <OfLine id={own.data.line_id} />}
      {!whose.platform && <Members {...shared} level="account" title="Platforms" />}
      {!whose.campaign && <Members {...shared} level="campaign" title="Campaigns" />}
      {whose.campaign && !whose.group && <Members {...shared} level="ad_group" title={whose.platform === "meta_ads" ? "Ad sets" : "Ad groups"} />}
      {whose.campaign && currency && <Ads whose={whose} period={period} currency={currency} />}
      {currency && <Basis subject={basis} period={period} close={() => setBasis(null)} currency={currency} />}
    </Page>
  );
}

/** Accounts whose figures end before the period does, in words. */
function endsOf(accounts: MemberTotals[], whose: Whose, period: Period): string[] {
  const short = accounts.filter((one) => one.last_date < period.last && one.last_date >= period.first && (!whose.platform || one.platform === whose.platform));
  return short.map((one) => `${platformName(one.platform)}, account ${one.account_id}: its figures end on ${day(one.last_date)}.`);
}

function ownEnd(last: string | undefined, period: Period): string[] {
  return last && last < period.last ? [`Its figures end on ${day(last)}: it may have been stopped, or an export is missing.`] : [];
}

/** What to know of the budget line that this is. */
function OfLine({ id }: { id: string }) {
  const line = useLine(id);
  const carried = useCarried();
  if (!line.data) return null;
  return (
    <>
      <Text>
        It holds a budget of its own, so plans give money to it.{" "}
        <Anchor component={Link} underline="always" to={`/campaigns/lines/${encodeURIComponent(id)}${carried}`}>
          Its settings and what was changed
        </Anchor>
      </Text>
      <LineNotes line={line.data} />
    </>
  );
}

/** The way down to here. */
function Way({ whose, title }: { whose: Whose; title: string }) {
  const carried = useCarried();
  const above = useIdentity(whose.group ? { platform: whose.platform, campaign: whose.campaign } : {});
  if (!whose.platform) return null;
  return (
    <Breadcrumbs component="nav" aria-label="Where this is" style={{ flexWrap: "wrap", rowGap: 4 }} styles={{ breadcrumb: NAME }}>
      <Anchor component={Link} to={`/campaigns${carried}`}>
        All campaigns
      </Anchor>
      {whose.campaign && (
        <Anchor component={Link} to={addressOf(whose.platform, "", "", carried)}>
          {platformName(whose.platform)}
        </Anchor>
      )}
      {whose.campaign && whose.group && (
        <Anchor component={Link} to={addressOf(whose.platform, whose.campaign, "", carried)}>
          {above.data?.name ?? "Its campaign"}
        </Anchor>
      )}
      <Text component="span" aria-current="page">
        {title}
      </Text>
    </Breadcrumbs>
  );
}

function NoCampaigns() {
  return (
    <Page title="Campaigns">
      <Empty
        icon="campaigns"
        title="No campaigns yet"
        actions={
          <Button component={Link} to="/data">
            Bring data in
          </Button>
        }
      >
        Upload exports of Google Ads or Meta Ads, connect an account, or look around with sample data.
      </Empty>
    </Page>
  );
}

/** Nothing of what the address names has figures. */
export function NotThere() {
  const carried = useCarried();
  return (
    <Page title="Not among the campaigns">
      <Empty
        icon="search"
        title="No figures of it are known"
        actions={
          <Button component={Link} to={`/campaigns${carried}`}>
            See all campaigns
          </Button>
        }
      >
        It may lie in another workspace, its account may have been deleted, or no export speaks of it yet.
      </Empty>
    </Page>
  );
}
