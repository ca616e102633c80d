import { change, count, figure, money, percent } from "../../words/figures";
import { capital } from "../../words/sureness";
import { type Period, comparedWith } from "./period";
import type { Figures, SortedBy } from "./queries";

/** How a long name stands in a way of links. */
export const NAME = { whiteSpace: "normal", overflowWrap: "anywhere", minWidth: 0, maxWidth: "100%", lineHeight: 1.4 } as const;

/** A figure that can be shown: a count, or a ratio. */
export interface Metric {
  name: SortedBy & keyof Figures;
  label: string;
  /** How it is written (see `figure`). */
  as: string;
  /** Whether more of it is good; `null`: neither. */
  more: boolean | null;
}

export const METRICS: Metric[] = [
  { name: "cost", label: "Spend", as: "cost", more: null },
  { name: "impressions", label: "Impressions", as: "impressions", more: true },
  { name: "clicks", label: "Clicks", as: "clicks", more: true },
  { name: "ctr", label: "Click rate", as: "ctr", more: true },
  { name: "cost_per_thousand", label: "Cost per 1,000", as: "cpm", more: false },
  { name: "cost_per_click", label: "Cost per click", as: "cpc", more: false },
  { name: "conversions", label: "Conversions", as: "conversions", more: true },
  { name: "conversion_rate", label: "Conversion rate", as: "conversion_rate", more: true },
  { name: "cost_per_conversion", label: "Cost per conversion", as: "cost", more: false },
  { name: "leads", label: "Leads", as: "leads", more: true },
  { name: "cost_per_lead", label: "Cost per lead", as: "cost", more: false },
  { name: "qualified_leads", label: "Qualified leads", as: "leads", more: true },
  { name: "cost_per_qualified_lead", label: "Cost per qualified lead", as: "cost", more: false },
  { name: "sales", label: "Sales", as: "sales", more: true },
  { name: "cost_per_acquisition", label: "Cost per sale", as: "cost", more: false },
  { name: "installs", label: "Installs", as: "installs", more: true },
  { name: "revenue", label: "Revenue", as: "revenue", more: true },
  { name: "roas", label: "Return on spend", as: "roas", more: true },
];

/** Those that say something here: of counts that are all nothing, neither they nor their costs are shown; what was there before and is gone, is. */
export function metricsOf(totals: Figures | undefined, before?: Figures | null): Metric[] {
  if (!totals) return METRICS.slice(0, 4);
  const shown = METRICS.filter((metric) => totals[metric.name] || before?.[metric.name]);
  return shown.filter((metric) => !(same(totals, "leads", metric, "cost_per_lead") || same(totals, "sales", metric, "cost_per_acquisition")));
}

/** Leads (or sales) that are all the conversions there are say nothing more than these do. */
function same(totals: Figures, kind: "leads" | "sales", metric: Metric, cost: keyof Figures): boolean {
  return totals[kind] === totals.conversions && (metric.name === kind || metric.name === cost);
}

export function shown(figures: Figures | null | undefined, metric: Metric, currency: string): string {
  const value = figures?.[metric.name];
  return value === null || value === undefined ? "–" : figure(value, metric.as, currency);
}

/** How a figure changed: in words, and whether that is good. `chance` where so few counts prove nothing. */
export function changed(now: Figures, before: Figures | null | undefined, metric: Metric): { words: string; good: boolean | null } {
  const [one, other] = [now[metric.name], before?.[metric.name]];
  if (!before || one === null || one === undefined || other === null || other === undefined) return { words: "", good: null };
  if (other === 0) return { words: one === 0 ? "as before" : "none before", good: null };
  const share = one / other - 1;
  if (Math.abs(share) < 0.02) return { words: "as before", good: null };
  const sure = metric.name === "cost" || !byChance(now, before, metric);
  return { words: sure ? change(share) : `${change(share)}, may be chance`, good: sure && metric.more !== null ? share > 0 === metric.more : null };
}

const RARE: Partial<Record<keyof Figures, keyof Figures>> = {
  ctr: "clicks",
  cost_per_click: "clicks",
  cost_per_thousand: "impressions",
  conversion_rate: "conversions",
  cost_per_conversion: "conversions",
  cost_per_lead: "leads",
  cost_per_qualified_lead: "qualified_leads",
  cost_per_acquisition: "sales",
};

/** What money comes in by: sales, those that the CRM knows to have bought, or conversions that have a value. */
const PAID: (keyof Figures)[] = ["sales", "won", "conversions"];

/** Money a sale differs more from sale to sale than sales do in number. */
const UNEVEN = 2;

/** Whether a difference is within what counts of this size do by themselves. */
function byChance(now: Figures, before: Figures, metric: Metric): boolean {
  const money = metric.name === "revenue" || metric.name === "roas";
  const counted = money ? PAID.find((name) => now[name] || before[name]) : (RARE[metric.name] ?? metric.name);
  const [one, other] = [Number(now[counted ?? "conversions"] ?? 0), Number(before[counted ?? "conversions"] ?? 0)];
  const share = Number(now[metric.name]) / Number(before[metric.name]);
  if (!(share > 0)) return one + other < 4;
  return isChance(money ? share ** (1 / UNEVEN) : share, one, other);
}

/** What was bought: sales, else leads, else conversions, else clicks; of the days before where there is none now. */
export function outcomeOf(now: Figures, before: Figures | null = null): { name: SortedBy & keyof Figures; one: string; many: string } {
  const [sales, leads, conversions] = (["sales", "leads", "conversions"] as const).map((name) => now[name] + (before?.[name] ?? 0));
  if (sales && sales >= (leads ?? 0)) return { name: "sales", one: "sale", many: "sales" };
  if (leads) return { name: "leads", one: "lead", many: "leads" };
  if (conversions) return { name: "conversions", one: "conversion", many: "conversions" };
  return { name: "clicks", one: "click", many: "clicks" };
}

const FEW = 10;
const SAME = 0.02;

/** The period in a few sentences. `fresh`: its last days are the last that are known, so that they still grow. */
export function inWords(now: Figures, before: Figures | null, currency: string, period: Period, fresh: boolean): string {
  if (now.cost === 0 && now.impressions === 0 && now.conversions === 0) return nothingRan(before, currency, period);
  const outcome = outcomeOf(now, before);
  const parts = [spendWords(now, before, currency, period), ...outcomeWords(now, before, outcome, currency)];
  const none = now.conversions === 0 && !before?.conversions ? " No conversions are counted in these days, so clicks stand for what came of it." : "";
  const late = fresh && outcome.name !== "clicks" ? " The last days still grow: some results come in weeks late." : "";
  return `${parts.join("; ")}.${none}${late}`;
}

function nothingRan(before: Figures | null, currency: string, period: Period): string {
  if (!before || before.cost === 0) return "Nothing ran in these days.";
  return `Nothing ran in these days; ${money(before.cost, currency)} was spent ${comparedWith(period)}.`;
}

function spendWords(now: Figures, before: Figures | null, currency: string, period: Period): string {
  const days = period.days === 1 ? "on one day" : `in ${period.days} days`;
  if (now.cost === 0) return `Nothing was spent ${days}, as far as the exports say`;
  if (!before) return `You spent ${money(now.cost, currency)} ${days}`;
  if (before.cost === 0) return `You spent ${money(now.cost, currency)} ${days}, and nothing ${comparedWith(period)}`;
  const share = now.cost / before.cost - 1;
  if (Math.abs(share) < SAME) return `Spend was about as ${comparedWith(period)}: ${money(now.cost, currency)}`;
  const other = `${money(before.cost, currency)} ${comparedWith(period)}`;
  if (share > 2) return `Spend rose to ${money(now.cost, currency)} (${other})`;
  return `Spend ${share > 0 ? "rose" : "fell"} ${size(share)} to ${money(now.cost, currency)} (${other})`;
}

type Outcome = ReturnType<typeof outcomeOf>;

function outcomeWords(now: Figures, before: Figures | null, outcome: Outcome, currency: string): string[] {
  const [brought, former] = [Number(now[outcome.name] ?? 0), Number(before?.[outcome.name] ?? 0)];
  const named = `${count(brought)} ${brought === 1 ? outcome.one : outcome.many}`;
  if (!before) return brought > 0 && now.cost > 0 ? [`it brought ${named} at ${money(now.cost / brought, currency)} each`] : [`it brought ${named}`];
  if (brought < FEW || former < FEW) return [`${named} came of it, ${count(former)} before: too few to say whether that is a change`];
  return [countWords(brought, former, outcome), ...eachWords(now.cost / brought, before.cost / former, brought, former, outcome, currency)];
}

function countWords(brought: number, former: number, outcome: Outcome): string {
  const share = brought / former - 1;
  if (Math.abs(share) < SAME) return `${outcome.many} about as many as before (${count(brought)})`;
  const words = share > 2 ? `${outcome.many} rose from ${count(former)} to ${count(brought)}` : `${outcome.many} ${size(share)} ${share > 0 ? "more" : "fewer"} (${count(brought)})`;
  return isChance(brought / former, brought, former) ? `${words}, which may be chance` : words;
}

function eachWords(each: number, formerEach: number, brought: number, former: number, outcome: Outcome, currency: string): string[] {
  if (each === 0 || formerEach === 0) return [];
  const share = each / formerEach;
  if (Math.abs(share - 1) < SAME) return [`the cost per ${outcome.one} is about as before, at ${money(each, currency)}`];
  const chance = isChance(share, brought, former) ? ", which may be chance" : "";
  return [`the cost per ${outcome.one} is ${share > 1 ? "up" : "down"} ${money(Math.abs(each - formerEach), currency)} to ${money(each, currency)}${chance}`];
}

/** Whether counts of this size differ so much by themselves (about two standard deviations). */
function isChance(share: number, one: number, other: number): boolean {
  return Math.abs(Math.log(share)) < 2 * Math.sqrt(1 / Math.max(one, 0.5) + 1 / Math.max(other, 0.5));
}

/** A change without its sign. */
function size(share: number): string {
  return percent(Math.abs(share));
}

const CODES: Record<string, string> = {
  TARGET_CPA: "Target cost per conversion",
  TARGET_ROAS: "Target return on spend",
  MAXIMIZE_CONVERSIONS: "As many conversions as possible",
  MAXIMIZE_CONVERSION_VALUE: "As much conversion value as possible",
  TARGET_SPEND: "As many clicks as possible",
  TARGET_IMPRESSION_SHARE: "Target share of impressions",
  MANUAL_CPC: "Bids by hand",
  LOWEST_COST_WITHOUT_CAP: "Lowest cost",
  LOWEST_COST_WITH_BID_CAP: "Lowest cost with a cap on bids",
  LOWEST_COST_WITH_MIN_ROAS: "Lowest cost with a floor on return",
  COST_CAP: "A cap on the cost of each result",
};

/** A platform's code in words; empty where it says nothing. */
export function codeWords(code: string | null | undefined): string {
  if (!code || code === "UNKNOWN" || code === "UNSPECIFIED") return "";
  const plain = code.replace(/^OUTCOME_/, "").toLowerCase().replaceAll("_", " ");
  return CODES[code] ?? capital(plain);
}
