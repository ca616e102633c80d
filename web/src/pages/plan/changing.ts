import type { Plan } from "../../api/queries";
import { day, figure, metricName, money } from "../../words/figures";
import type { Schemas } from "../../api/client";
import type { Change, State } from "./running";

type InForce = Pick<State, "daily_budgets" | "paused" | "settings">;

const SETTINGS: Record<string, string> = { set_bidding: "bidding", set_audience: "audience", rotate_creative: "ads" };

/** The lines' names by their ids. */
export function namesOf(plan: Plan): (line: string) => string {
  const names = new Map(plan.plan.lines.map((line) => [line.id, line.name || line.id]));
  return (line) => names.get(line) ?? line;
}

/** A value of a setting, as plain as it goes. */
export function settingWords(value: unknown): string {
  if (value === null || value === undefined) return "new ads, to be made";
  if (typeof value !== "object") return String(value).replaceAll("_", " ").toLowerCase();
  const told = value as Record<string, unknown>;
  if (typeof told.headline === "string") return `“${told.headline}”`;
  return Object.entries(told)
    .filter(([, one]) => one !== null && !(Array.isArray(one) && one.length === 0))
    .map(([name, one]) => `${name.replaceAll("_", " ")} ${Array.isArray(one) ? one.join(", ") : settingWords(one)}`)
    .join("; ");
}

/** What a change does, in a few words. */
export function changeWords(change: Change, currency: string): string {
  const to = change.to;
  if (change.action === "pause") return "Paused";
  if (change.action === "resume") return change.trial ? "Switched on again, on trial" : "Switched on again";
  if (change.action === "set_daily_budget" && typeof to === "number") {
    const from = typeof change.from === "number" ? `${money(change.from, currency)} to ` : "";
    return `${from}${money(to, currency)} a day`;
  }
  return `Other ${SETTINGS[change.action] ?? "settings"}: ${settingWords(to)}`;
}

export interface Difference {
  line: string;
  what: string;
  before: string;
  after: string;
}

/** The plan's own budgets, before anything was changed. */
export function composed(plan: Plan): InForce {
  return { daily_budgets: Object.fromEntries(plan.plan.lines.map((line) => [line.id, line.daily_budget])), paused: [], settings: {} };
}

/** What differs between two states, line by line, in words. */
export function differences(before: InForce, after: InForce, plan: Plan): Difference[] {
  const name = namesOf(plan);
  const found: Difference[] = [];
  const budgets = { ...before.daily_budgets, ...after.daily_budgets };
  for (const line of Object.keys(budgets)) {
    const [was, is] = [before.daily_budgets?.[line], after.daily_budgets?.[line]];
    if (was !== undefined && is !== undefined && Math.abs(was - is) > 0.004) {
      found.push({ line: name(line), what: "Daily budget", before: money(was, plan.currency), after: money(is, plan.currency) });
    }
  }
  const [asleep, stopped] = [new Set(before.paused), new Set(after.paused)];
  for (const line of new Set([...asleep, ...stopped])) {
    if (asleep.has(line) === stopped.has(line)) continue;
    const words = (paused: boolean) => (paused ? "paused" : "on");
    found.push({ line: name(line), what: "Runs", before: words(asleep.has(line)), after: words(stopped.has(line)) });
  }
  return [...found, ...settingDifferences(before, after, name)];
}

function settingDifferences(before: InForce, after: InForce, name: (line: string) => string): Difference[] {
  const lines = new Set([...Object.keys(before.settings ?? {}), ...Object.keys(after.settings ?? {})]);
  return [...lines].flatMap((line) => {
    const [was, is] = [before.settings?.[line] ?? {}, after.settings?.[line] ?? {}];
    return [...new Set([...Object.keys(was), ...Object.keys(is)])]
      .filter((one) => JSON.stringify(was[one]) !== JSON.stringify(is[one]))
      .map((one) => ({
        line: name(line),
        what: one.charAt(0).toUpperCase() + one.slice(1),
        before: one in was ? settingWords(was[one]) : "as the plan has it",
        after: one in is ? settingWords(is[one]) : "as the plan has it",
      }));
  });
}

/** What changes are expected to earn, as a range. */
export function gainWords(gain: Schemas["ExpectedGain"] | null | undefined, currency: string): string {
  if (!gain) return "";
  const signed = (value: number) => `${value > 0 ? "+" : ""}${figure(value, gain.metric, currency)}`;
  return `${signed(gain.low)} to ${signed(gain.high)} ${metricName(gain.metric)}`;
}

export const asOf = (iso: string) => `on the figures up to ${day(iso)}`;
