import type { Brief } from "../../api/queries";
import { day, metricName, money, platformName } from "../../words/figures";
import { capital } from "../../words/sureness";

type Value = unknown;
type Content = Brief["brief"];

export interface Field {
  name: string;
  label: string;
  group: string;
  /** How it is corrected: by choosing, by a day, by a list of words, or in plain words. */
  edit: "choice" | "choices" | "day" | "list" | "words";
  options?: { value: string; label: string }[];
  hint?: string;
  read: (brief: Content) => Value;
  words: (value: never) => string;
}

const named = (names: string[]) => names.map((value) => ({ value, label: capital(metricName(value)) }));
const joined = (values: string[]) => values.map((one) => capital(one)).join(", ");
const COUNTRY = typeof Intl.DisplayNames === "function" ? new Intl.DisplayNames(undefined, { type: "region" }) : null;

function countryName(code: string): string {
  try {
    return COUNTRY?.of(code) ?? code;
  } catch {
    return code; // no region that the browser knows
  }
}

const GENDERS = [
  { value: "FEMALE", label: "Women" },
  { value: "MALE", label: "Men" },
];
const PLATFORMS = ["google_ads", "meta_ads"].map((value) => ({ value, label: platformName(value) }));
const PERIODS: Record<string, string> = { total: "in total", day: "a day", week: "a week", month: "a month" };
const OBJECTIVES = ["leads", "sales", "traffic", "awareness", "engagement", "app_installs"];
const OUTCOMES = ["leads", "qualified_leads", "conversions", "revenue", "profit", "clicks", "impressions", "reach", "installs"];

interface Target {
  metric: string;
  value: number;
  comparison: string;
}

function targetWords(targets: Target[], currency: string): string {
  return targets
    .map((target) => {
      const asMoney = /^(cost|revenue|profit)/.test(target.metric);
      const value = asMoney ? money(target.value, currency) : target.value.toLocaleString();
      return `${capital(metricName(target.metric))} ${target.comparison.replace("_", " ")} ${value}`;
    })
    .join("; ");
}

/** What a brief can say, in the order in which a person would ask. */
export const FIELDS: Field[] = [
  {
    name: "objective",
    label: "Goal",
    group: "What",
    edit: "choice",
    options: named(OBJECTIVES),
    read: (b) => b.objective,
    words: (v: string) => capital(metricName(v)),
  },
  {
    name: "outcome",
    label: "Counts as success",
    group: "What",
    edit: "choice",
    options: named(OUTCOMES),
    read: (b) => b.outcome,
    words: (v: string | Record<string, number>) =>
      typeof v === "string" ? capital(metricName(v)) : Object.keys(v).map(metricName).join(" and "),
  },
  { name: "product", label: "Product", group: "What", edit: "words", read: (b) => b.product, words: (v: string) => capital(v) },
  {
    name: "industry",
    label: "Industry",
    group: "What",
    edit: "words",
    read: (b) => b.industry,
    words: (v: string) => capital(v.replaceAll("_", " ")),
  },
  {
    name: "budget",
    label: "Budget",
    group: "Money",
    edit: "words",
    hint: "For example: 20k euros in total, or $500 a day",
    read: (b) => b.budget,
    words: (v: { amount: number; currency?: string | null; period: string }) =>
      `${v.currency ? money(v.amount, v.currency) : v.amount.toLocaleString()} ${PERIODS[v.period] ?? v.period}`,
  },
  {
    name: "targets",
    label: "Targets",
    group: "Money",
    edit: "words",
    hint: "For example: at most $45 per lead",
    read: (b) => (b.targets?.length ? { targets: b.targets, currency: b.budget?.currency ?? "USD" } : null),
    words: (v: { targets: Target[]; currency: string }) => targetWords(v.targets, v.currency),
  },
  { name: "start_date", label: "Starts", group: "When", edit: "day", read: (b) => b.start_date, words: (v: string) => day(v, "long") },
  { name: "end_date", label: "Ends", group: "When", edit: "day", read: (b) => b.end_date, words: (v: string) => day(v, "long") },
  {
    name: "platforms.include",
    label: "On",
    group: "Where",
    edit: "choices",
    options: PLATFORMS,
    read: (b) => b.platforms?.include,
    words: (v: string[]) => v.map(platformName).join(", "),
  },
  {
    name: "platforms.exclude",
    label: "Not on",
    group: "Where",
    edit: "choices",
    options: PLATFORMS,
    read: (b) => b.platforms?.exclude,
    words: (v: string[]) => v.map(platformName).join(", "),
  },
  {
    name: "audience.countries",
    label: "Countries",
    group: "Where",
    edit: "words",
    hint: "For example: Germany and Austria",
    read: (b) => b.audience?.countries,
    words: (v: string[]) => v.map(countryName).join(", "),
  },
  { name: "audience.places", label: "Places", group: "Where", edit: "list", read: (b) => b.audience?.places, words: joined },
  {
    name: "audience.age_min",
    label: "Age from",
    group: "Who",
    edit: "words",
    read: (b) => b.audience?.age_min,
    words: (v: number) => String(v),
  },
  {
    name: "audience.age_max",
    label: "Age to",
    group: "Who",
    edit: "words",
    read: (b) => b.audience?.age_max,
    words: (v: number) => String(v),
  },
  {
    name: "audience.genders",
    label: "Women, men",
    group: "Who",
    edit: "choices",
    options: GENDERS,
    read: (b) => b.audience?.genders,
    words: (v: string[]) => v.map((one) => GENDERS.find((own) => own.value === one)?.label ?? one).join(" and "),
  },
  { name: "audience.interests", label: "Interests", group: "Who", edit: "list", read: (b) => b.audience?.interests, words: joined },
  { name: "tone", label: "Tone", group: "How", edit: "list", read: (b) => b.tone, words: joined },
  {
    name: "constraints",
    label: "Mind",
    group: "How",
    edit: "words",
    hint: "For example: avoid stock photos",
    read: (b) => b.constraints,
    words: (v: { kind: string; what: string }[]) => v.map((one) => `${capital(one.kind)} ${one.what}`).join("; "),
  },
  { name: "concerns", label: "Worries", group: "How", edit: "list", read: (b) => b.concerns, words: (v: string[]) => v.join("; ") },
];

export const GROUPS = ["What", "Money", "When", "Where", "Who", "How"];

/** What the brief says of a field in words; `null` where it says nothing. */
export function said(field: Field, brief: Content): string | null {
  const value = field.read(brief);
  if (value === null || value === undefined || (Array.isArray(value) && value.length === 0)) return null;
  return (field.words as (value: unknown) => string)(value);
}
