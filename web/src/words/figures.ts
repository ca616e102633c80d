/** Figures and dates as the reader's own language writes them. */
const locale = typeof navigator === "undefined" ? "en-GB" : navigator.language;

export interface RangeOf {
  low: number;
  mid: number;
  high: number;
}

const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });

/** A count: whole from ten on, else with what is behind the point. */
export function count(value: number): string {
  return Math.abs(value) >= 10 ? plain.format(value) : new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value);
}

/** A whole number of things. */
export const whole = (value: number): string => plain.format(value);

/** A measure between nought and one. */
export const measure = (value: number): string => fine.format(value);

/** Money: without cents from a hundred on. */
export function money(value: number, currency: string): string {
  const cents = Math.abs(value) < 100 && !Number.isInteger(value);
  try {
    return new Intl.NumberFormat(locale, {
      style: "currency",
      currency,
      ...(cents ? {} : { minimumFractionDigits: 0, maximumFractionDigits: 0 }),
    }).format(value);
  } catch {
    return `${fine.format(value)} ${currency}`; // a code that no browser knows
  }
}

/** A share of one as a percentage. */
export function percent(share: number, digits = 0): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: digits }).format(share);
}

/** A change with its sign: +12%. */
export function change(share: number): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" }).format(share);
}

const MONEY = /^(cost|cpm|cpc|cpl|revenue|profit|spend|budget)/;

/** A figure of a metric: money, a percentage, a factor or a count. */
export function figure(value: number, metric: string, currency: string): string {
  if (MONEY.test(metric)) return money(value, currency);
  if (metric === "ctr" || metric === "conversion_rate") return percent(value, 2);
  if (metric === "roas") return `${fine.format(value)}×`;
  return count(value);
}

/** From-to words of a range; the middle is said beside it, never alone. */
export function between(range: RangeOf, metric: string, currency: string): string {
  return `${figure(range.low, metric, currency)} to ${figure(range.high, metric, currency)}`;
}

const NAMES: Record<string, string> = {
  cost_per_lead: "cost per lead",
  cost_per_qualified_lead: "cost per qualified lead",
  cost_per_acquisition: "cost per conversion",
  ctr: "click rate",
  roas: "return on ad spend",
  qualified_leads: "qualified leads",
};

/** A metric in words. */
export function metricName(metric: string): string {
  return NAMES[metric] ?? metric.replaceAll("_", " ");
}

const PLATFORMS: Record<string, string> = { google_ads: "Google Ads", meta_ads: "Meta Ads", crm: "CRM" };

export function platformName(platform: string): string {
  return PLATFORMS[platform] ?? platform;
}

/** A day of the calendar: it has no time zone, so none may shift it. */
export function day(iso: string, style: "short" | "long" = "short"): string {
  const at = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  const form: Intl.DateTimeFormatOptions =
    style === "long" ? { day: "numeric", month: "long", year: "numeric" } : { day: "numeric", month: "short", year: "numeric" };
  return new Intl.DateTimeFormat(locale, { ...form, timeZone: "UTC" }).format(at);
}

/** A month: "Nov 2025". */
export function month(iso: string): string {
  const at = new Date(`${iso.slice(0, 7)}-01T00:00:00Z`);
  return new Intl.DateTimeFormat(locale, { month: "short", year: "numeric", timeZone: "UTC" }).format(at);
}

/** A day where the year is plain: "Nov 15". */
export function shortDay(iso: string): string {
  const at = new Date(`${iso.slice(0, 10)}T00:00:00Z`);
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" }).format(at);
}

/** A moment, in the reader's own time zone; with its year where that is not this one, and to the second where asked. */
export function moment(iso: string, style: "short" | "long" = "short", now = new Date()): string {
  const at = new Date(iso);
  const year = style === "long" || at.getFullYear() !== now.getFullYear() ? ({ year: "numeric" } as const) : {};
  const seconds = style === "long" ? ({ second: "2-digit" } as const) : {};
  const form: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", ...year, hour: "2-digit", minute: "2-digit", ...seconds };
  return new Intl.DateTimeFormat(locale, form).format(at);
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/** How long ago: "5 minutes ago". */
export function ago(iso: string, now = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const words = new Intl.RelativeTimeFormat(locale.startsWith("en") ? locale : "en", { numeric: "auto" });
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return words.format(Math.round(seconds / length), unit);
  }
  return "just now";
}

/** A day some days later or earlier, as ISO. */
export function shiftedDay(iso: string, days: number): string {
  const at = new Date(`${iso}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}
