import type { Alert } from "../../api/queries";
import { between, day, figure, metricName, money, percent } from "../../words/figures";

const TITLES: Record<string, [up: string, down: string]> = {
  pacing: ["Spends more than planned", "Spends less than planned"],
  delivery: ["Shown more than usual", "Hardly shown"],
  tracking: ["More results counted than there can be", "Results are not counted"],
  cpm: ["Impressions got dearer", "Impressions got cheaper"],
  ctr: ["More people click", "Fewer people click"],
  conversion_rate: ["More clicks become results", "Fewer clicks become results"],
  value: ["A result is worth more", "A result is worth less"],
};

/** What is wrong, in a few words. */
export function titleOf(alert: Alert): string {
  if (alert.kind === "underperforming") return `Behind on ${metricOf(alert.metric)}`;
  const words = TITLES[alert.kind === "anomaly" ? alert.metric : alert.kind];
  return words ? words[alert.direction === "up" ? 0 : 1] : `Unusual ${metricOf(alert.metric)}`;
}

const METRICS: Record<string, string> = {
  cpm: "price of 1,000 impressions",
  conversion_rate: "conversion rate",
  value: "revenue of a result",
  cost: "spend",
};

export function metricOf(metric: string): string {
  return METRICS[metric] ?? metricName(metric);
}

/** A figure of an alert's metric. */
export function seen(value: number, alert: Alert): string {
  return figure(value, alert.metric === "value" ? "revenue" : alert.metric, alert.currency);
}

const UNITS: Record<string, string> = {
  cost: " a day",
  cpm: " for 1,000 impressions",
  ctr: " of impressions clicked",
  conversion_rate: " of clicks become results",
  value: " of revenue for a result",
};

/** What was seen beside what was due. */
export function seenWords(alert: Alert): string {
  const due = between(alert.expected, alert.metric === "value" ? "revenue" : alert.metric, alert.currency);
  const unit =
    UNITS[alert.metric] ?? (alert.kind === "underperforming" ? ` ${metricOf(alert.metric)}` : ` ${metricOf(alert.metric)} a day`);
  return `${seen(alert.observed, alert)}${unit}, where ${due} was due`;
}

const CAUSES: Record<string, string> = {
  change_log: "something was changed",
  creative_age: "tired ads",
  rival: "a rival bids",
  season: "season or holiday",
  tracking: "tracking",
  learning: "the platform is learning",
  account: "the whole account",
};

const FACTORS: Record<string, string> = {
  spend: "delivery and spend",
  cpm: "price of impressions",
  ctr: "click rate",
  conversion_rate: "conversion rate",
  value: "revenue of a result",
};

export function factorOf(factor: string): string {
  return FACTORS[factor] ?? metricName(factor);
}

/** What was found to fit, each in a word or two. */
export function causesOf(alert: Alert): { kind: string; name: string; words: string }[] {
  return (alert.cause.found ?? []).map((one) => ({
    kind: one.kind ?? "",
    name: CAUSES[one.kind ?? ""] ?? one.kind ?? "",
    words: one.words ?? "",
  }));
}

/** Which factors made the change, and which worked against it. */
export function splitWords(alert: Alert): string {
  const parts = Object.entries(alert.cause.share)
    .filter(([, share]) => Math.abs(share) >= 0.05)
    .sort(([, one], [, other]) => other - one);
  if (parts.length < 2) return "";
  const made = parts.filter(([, share]) => share > 0);
  const against = parts.filter(([, share]) => share < 0).reverse();
  const what = `The change in ${metricOf(alert.cause.split_of)}`;
  if (against.length === 0)
    return `${what} comes by ${made.map(([name, share]) => `the ${factorOf(name)} (${percent(share)})`).join(", ")}.`;
  const named = (these: [string, number][]) => these.map(([name]) => `the ${factorOf(name)}`).join(", ");
  return `${what} comes by ${named(made)}; ${named(against)} worked against it.`;
}

/** The money that an alert is about. */
export function moneyWords(alert: Alert): string {
  const lost =
    alert.money_lost > 0 ? `${money(alert.money_lost, alert.currency)} ${alert.state === "resolved" ? "lost" : "lost so far"}` : "";
  const risk = alert.state !== "resolved" && alert.money_at_risk > 0 ? `${money(alert.money_at_risk, alert.currency)} more at risk` : "";
  return [lost, risk].filter(Boolean).join(", ") || "No money at risk";
}

export function sinceWords(alert: Alert): string {
  return alert.resolved_on ? `${day(alert.since)} to ${day(alert.resolved_on)}` : `since ${day(alert.since)}`;
}

const COLOURS: Record<Alert["severity"], string> = { critical: "red", warning: "orange", info: "gray" };
const SEVERITIES: Record<Alert["severity"], string> = { critical: "urgent", warning: "look soon", info: "to know" };

export function colourOf(alert: Alert): string {
  return alert.state === "resolved" ? "gray" : COLOURS[alert.severity];
}

export function severityOf(alert: Alert): string {
  return alert.state === "resolved" ? "over" : SEVERITIES[alert.severity];
}
