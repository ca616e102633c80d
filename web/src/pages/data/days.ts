import { shiftedDay } from "../../words/figures";
import type { CoverageDay } from "./queries";

export type Standing = "there" | "partial" | "missing" | "quiet" | "outside";

export const STANDING: Record<Standing, string> = {
  there: "all there",
  partial: "some lines missing",
  missing: "missing",
  quiet: "nothing ran",
  outside: "not known yet",
};

export interface CalendarDay {
  date: string;
  standing: Standing;
  lines: number;
  missing: number;
}

export interface Calendar {
  platform: string;
  account: string;
  months: { month: string; days: CalendarDay[] }[];
  counts: Record<Standing, number>;
}

/** Each account's days, by month; days before its first figures lie outside. */
export function calendarsOf(days: CoverageDay[], first: string, last: string): Calendar[] {
  const accounts = new Map<string, CoverageDay[]>();
  for (const one of days) {
    const key = `${one.platform} ${one.account_id ?? ""}`;
    accounts.set(key, [...(accounts.get(key) ?? []), one]);
  }
  return [...accounts.values()].map((own) => calendarOf(own, first, last));
}

function calendarOf(own: CoverageDay[], first: string, last: string): Calendar {
  const byDay = new Map(own.map((one) => [one.date, one]));
  const begun = own.reduce((least, one) => (one.date < least ? one.date : least), last);
  const ended = own.reduce((most, one) => (one.date > most ? one.date : most), first);
  const counts = { there: 0, partial: 0, missing: 0, quiet: 0, outside: 0 };
  const months: Calendar["months"] = [];
  for (let date = first; date <= last; date = shiftedDay(date, 1)) {
    const found = byDay.get(date);
    const standing = standingOf(found, date < begun ? "outside" : date > ended ? "missing" : "quiet");
    counts[standing] += 1;
    const month = date.slice(0, 7);
    if (months.at(-1)?.month !== month) months.push({ month, days: [] });
    months.at(-1)?.days.push({ date, standing, lines: found?.lines ?? 0, missing: found?.missing ?? 0 });
  }
  return { platform: own[0]?.platform ?? "", account: own[0]?.account_id ?? "", months, counts };
}

function standingOf(found: CoverageDay | undefined, without: Standing): Standing {
  if (!found || (found.lines === 0 && found.missing === 0)) return without;
  if (found.lines === 0) return "missing";
  return found.missing > 0 ? "partial" : "there";
}

/** Monday is 0. */
export function weekdayOf(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
}
