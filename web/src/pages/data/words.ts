import { day, money, platformName } from "../../words/figures";
import { capital, counted } from "../../words/sureness";

interface ReasonWords {
  title: string;
  what: string;
  remedy: string;
  /** Whether reading the same files again may help. */
  again?: boolean;
}

/** Why a row could not be used, and what to do about it. */
const REASONS: Record<string, ReasonWords> = {
  unreadable: { title: "Not readable", what: "There is text that is no JSON where a row should be.", remedy: "Export that file again; do not edit or open it in between." },
  truncated: { title: "Cut off", what: "The file ends in the middle of a row: the download broke off.", remedy: "Export or download that file again, and send it." },
  missing_date: {
    title: "Without a day",
    what: "A daily figure says no day, or a Meta row covers several days.",
    remedy: "Export with the day as a segment; from Meta with one row a day (time increment 1).",
  },
  missing_id: { title: "Belongs to nobody", what: "No campaign, ad set, account or lead is named that the row could belong to.", remedy: "Add the ids to the export's columns, and export again." },
  wrong_type: { title: "Not a number or date", what: "A number is none, a date is none, or something else stands where a list belongs.", remedy: "Mend the value in the row below at its source, and export again." },
  negative_cost: { title: "Cost below zero", what: "Money spent cannot be negative. Credits and refunds are no spend of a day.", remedy: "Leave corrections out of the export, or book them on the day that they correct." },
  negative_count: { title: "Count below zero", what: "Impressions, clicks or conversions cannot be negative.", remedy: "Export that day again; if it stays, ask whoever makes the export." },
  impossible_clicks: { title: "More clicks than impressions", what: "An ad cannot be clicked more often than it is shown.", remedy: "Export that day again; often it was cut off while figures were still coming in." },
  duplicate: { title: "Twice the same", what: "The same row came more than once in one import. It was taken once, so no figure is missing.", remedy: "Nothing to do." },
  conflict: { title: "Two versions", what: "One import had two different rows for the same day and line. The later one was taken.", remedy: "Look whether the later one is right; if not, send the right file alone." },
  other_currency: { title: "Another currency", what: "The row is in another currency than its account.", remedy: "Export the account in its own currency." },
  future: { title: "Days to come", what: "The row is about a day that was still ahead when it was imported.", remedy: "Read it again once that day is over.", again: true },
};

export function reasonWords(reason: string): ReasonWords {
  return REASONS[reason] ?? { title: capital(reason.replaceAll("_", " ")), what: "The row could not be used.", remedy: "Export it again." };
}

const KINDS: Record<string, string> = {
  daily: "Figures by day",
  action: "Conversions by action",
  breakdown: "Breakdowns (age, gender, place)",
  ad: "Figures by ad",
  lead: "Leads of the CRM",
  creative: "Ads and their texts",
  settings: "Settings of campaigns and ad groups",
  targeting: "Audiences and keywords",
  change: "Changes that were made",
  account: "Accounts",
  campaign: "Campaigns",
  ad_group: "Ad groups",
  ad_set: "Ad sets",
  criterion: "Keywords and audiences",
  curve: "The platform's own forecasts",
  comment: "Comments",
  unknown: "Rows that are not known",
};

export function kindWords(kind: string): string {
  return KINDS[kind] ?? capital(kind.replaceAll("_", " "));
}

/** Where an import came from, as a person would say it. */
export function sourceWords(source: string): string {
  const pull = /^pulls\/(google_ads|meta_ads)-(.+)\/(\d+)$/.exec(source);
  if (pull) return `Pull of ${platformName(pull[1] ?? "")} ${pull[2]}`;
  if (source.startsWith("imports/sample-")) return "Sample data (simulated)";
  if (source.startsWith("imports/")) return "Files that were sent";
  return "A folder on the server";
}

/** What an import took, in a sentence. */
export function tookWords(one: { added: number; known: number; first_date: string | null; last_date: string | null; lines: number; spend: Record<string, number> }): string {
  const parts = [`${counted(one.added, "row")} new or changed`];
  if (one.known) parts.push(`${counted(one.known, "row")} known already`);
  const span = one.first_date && one.last_date ? `, ${day(one.first_date)} to ${day(one.last_date)}` : "";
  const lines = one.lines ? `, ${counted(one.lines, "line")}` : "";
  const spend = Object.entries(one.spend)
    .map(([currency, sum]) => money(sum, currency))
    .join(" and ");
  return `${parts.join(", ")}${span}${lines}${spend ? `, ${spend} spent` : ""}`;
}

export const total = (counts: Record<string, number> | undefined) => Object.values(counts ?? {}).reduce((sum, one) => sum + one, 0);

export const ACTION_KINDS = [
  { value: "leads", label: "Lead" },
  { value: "qualified_leads", label: "Qualified lead" },
  { value: "sales", label: "Purchase" },
  { value: "installs", label: "App install" },
  { value: "other", label: "Not counted" },
] as const;
