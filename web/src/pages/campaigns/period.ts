import { day, shiftedDay } from "../../words/figures";

export type Compare = "previous" | "year" | "none";

/** Days that are looked at, both ends included, and what they are compared with. */
export interface Period {
  first: string;
  last: string;
  days: number;
  compare: Compare;
}

export const PRESETS = [
  { value: "7", label: "Last 7 days" },
  { value: "28", label: "Last 28 days" },
  { value: "90", label: "Last 90 days" },
  { value: "quarter", label: "This quarter" },
  { value: "365", label: "Last 365 days" },
  { value: "custom", label: "From … to …" },
];

const DAY_MS = 86_400_000;
const ISO = /^\d{4}-\d\d-\d\d$/;

export function daysBetween(first: string, last: string): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1;
}

/** The period that an address asks for; days count back from the last one with figures, not from today. */
export function periodOf(query: URLSearchParams, known: string): Period {
  const compare = (["previous", "year", "none"] as const).find((one) => one === query.get("compare")) ?? "previous";
  const [first, last] = endsOf(query, known);
  return { first, last, days: daysBetween(first, last), compare };
}

/** Which of the presets an address asks for. */
export function presetOf(query: URLSearchParams): string {
  const asked = query.get("days");
  return PRESETS.find((one) => one.value === asked)?.value ?? "28";
}

function endsOf(query: URLSearchParams, known: string): [string, string] {
  const asked = presetOf(query);
  if (asked === "custom") {
    const [first, last] = [query.get("first") ?? "", query.get("last") ?? ""];
    const sound = ISO.test(first) && ISO.test(last) && !Number.isNaN(Date.parse(first)) && !Number.isNaN(Date.parse(last));
    if (sound && first <= last && daysBetween(first, last) <= 1100) return [first, last];
    return [shiftedDay(known, -27), known];
  }
  if (asked === "quarter") {
    const month = Math.floor((Number(known.slice(5, 7)) - 1) / 3) * 3 + 1;
    return [`${known.slice(0, 4)}-${String(month).padStart(2, "0")}-01`, known];
  }
  return [shiftedDay(known, 1 - Number(asked)), known];
}

/** What it is compared with, in words. */
export function comparedWith(period: Period): string {
  if (period.compare === "year") return "a year before";
  return period.days === 1 ? "on the day before" : `in the ${period.days} days before`;
}

/** The days, and what stands beside them, in words. */
export function besideWords(period: Period): string {
  const days = period.days === 1 ? day(period.last) : `${day(period.first)} to ${day(period.last)}`;
  if (period.compare === "none") return days;
  return `${days}, beside the ${period.compare === "year" ? "year" : "days"} before`;
}
