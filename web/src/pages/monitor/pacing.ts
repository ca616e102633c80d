import type { Plan, PlanSummary, Range } from "../../api/queries";
import { between, count, day, figure, metricName, money, percent } from "../../words/figures";
import type { Actual, Goals } from "./queries";

const NEAR = 0.1;

/** A range at a share of what it is of; its width goes with the share's square root, as that of counts does. */
function partOf(range: Range, share: number): Range {
  const part = Math.min(Math.max(share, 0), 1);
  const width = Math.sqrt(part);
  const mid = range.mid * part;
  return { low: Math.max(0, mid - (range.mid - range.low) * width), mid, high: mid + (range.high - range.mid) * width };
}

/** What was to have come by each day: the plan's range at the share of its money that was to be spent by then. */
export function dueByDay(actual: Actual, expected: Range | null | undefined, total: number): (Range | null)[] {
  return actual.days.map((one) => (expected && total > 0 ? partOf(expected, one.planned_so_far / total) : null));
}

export interface Standing {
  colour: string;
  words: string;
}

/** How spend goes beside the plan. */
export function paceOf(actual: Actual): Standing {
  if (actual.pace === null || actual.as_of === null) return { colour: "gray", words: "not begun" };
  if (actual.pace > 1 + NEAR) return { colour: "orange", words: "spends faster than planned" };
  if (actual.pace < 1 - NEAR) return { colour: "orange", words: "spends slower than planned" };
  return { colour: "teal", words: "spends as planned" };
}

/** How results go beside what was expected; the last days' still grow. */
export function resultsOf(actual: Actual, objective: string): Standing | null {
  const came = actual.results[objective];
  const due = actual.expected_so_far[objective];
  if (came === undefined || !due) return null;
  const name = metricName(objective);
  if (came < due.low) return { colour: "orange", words: `fewer ${name} than expected` };
  if (came > due.high) return { colour: "teal", words: `more ${name} than expected` };
  return { colour: "teal", words: `${name} as expected` };
}

/** Where a plan stands, in a sentence or two. */
export function standingWords(actual: Actual, plan: Pick<PlanSummary, "objective">): string {
  if (!actual.as_of) return "No figures of its days have come in yet.";
  const { currency } = actual;
  const pace = actual.pace === null ? "" : ` (${percent(actual.pace)} of what was planned by then)`;
  const spent = `By ${day(actual.as_of)} it spent ${money(actual.spent, currency)} of ${money(actual.planned_so_far, currency)}${pace}`;
  const came = actual.results[plan.objective];
  const due = actual.expected_so_far[plan.objective];
  if (came === undefined || !due) return `${spent}.`;
  return `${spent}. It brought ${figure(came, plan.objective, currency)} ${metricName(plan.objective)} so far, where ${between(due, plan.objective, currency)} were expected; the last days still grow, as results come in late.`;
}

const COUNTED: Record<string, string> = {
  cost_per_lead: "leads",
  cost_per_conversion: "conversions",
  cost_per_acquisition: "conversions",
  cost_per_sale: "sales",
  cost_per_install: "installs",
  cost_per_click: "clicks",
};

/** How one goal stands so far. */
export function goalStanding(metric: string, goal: Goals[string], actual: Actual, total: number): Standing {
  const share = total > 0 ? actual.planned_so_far / total : 0;
  if (typeof goal.at_least === "number") {
    const came = actual.results[metric];
    if (came === undefined || actual.as_of === null) return { colour: "gray", words: "nothing is known of it yet" };
    const told = `${count(came)} so far, ${percent(came / goal.at_least)} of it after ${percent(share)} of the money`;
    if (came >= goal.at_least) return { colour: "teal", words: `Reached: ${told}` };
    return came >= goal.at_least * share * (1 - NEAR)
      ? { colour: "teal", words: `On its way: ${told}` }
      : { colour: "orange", words: `Behind: ${told}` };
  }
  const results = actual.results[COUNTED[metric] ?? ""] ?? 0;
  if (results <= 0 || typeof goal.at_most !== "number") return { colour: "gray", words: "nothing is known of it yet" };
  const each = actual.spent / results;
  const told = `${money(each, actual.currency)} so far`;
  return each <= goal.at_most
    ? { colour: "teal", words: `Kept: ${told}` }
    : { colour: "orange", words: `Not kept: ${told}, which falls a little as late results come in` };
}

export function goalWords(metric: string, goal: Goals[string], currency: string): string {
  const bounds = [
    typeof goal.at_least === "number" ? `at least ${figure(goal.at_least, metric, currency)}` : "",
    typeof goal.at_most === "number" ? `at most ${figure(goal.at_most, metric, currency)}` : "",
  ];
  const name = metricName(metric);
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}: ${bounds.filter(Boolean).join(" and ")}`;
}

/** Whether a plan is to be watched: it is on the platforms, or ended within its last figures. */
export function isWatched(plan: Pick<Plan, "state">): boolean {
  return plan.state === "running" || plan.state === "published" || plan.state === "waiting";
}
