import { useQuery } from "@tanstack/react-query";
import { type Schemas, api, taken } from "../../api/client";
import type { Brief } from "../../api/queries";

/** How little and how much a platform or a line may get; nothing where nobody says. */
export interface Bounds {
  least: number | null;
  most: number | null;
}

/** What somebody wants of a plan beside what the brief says; `null` and nothing: as the brief has it. */
export interface Wishes {
  objective: string | null;
  start: string;
  end: string;
  total: number | null;
  /** In percent of the whole. */
  platforms: Record<string, Bounds>;
  /** In money over the plan's dates. */
  lines: Record<string, Bounds>;
  keepSettings: boolean;
}

export const NO_WISHES: Wishes = { objective: null, start: "", end: "", total: null, platforms: {}, lines: {}, keepSettings: false };

/** What of the wishes stands in the brief, as corrections of it. */
export function correctionsOf(wishes: Wishes, brief: Brief["brief"]): Record<string, unknown> {
  const changed: Record<string, unknown> = {};
  if (wishes.total !== null) changed.budget = { amount: wishes.total, currency: brief.budget?.currency ?? null, period: "total" };
  if (wishes.start && wishes.start !== brief.start_date) changed.start_date = wishes.start;
  if (wishes.end && wishes.end !== brief.end_date) changed.end_date = wishes.end;
  return changed;
}

/** What is asked for of the brief. Only what somebody set is sent: all else is as the plan would have it anyway. */
export function askedOf(id: string, wishes: Wishes): Schemas["PlanAsked"] {
  const platforms = Object.fromEntries(
    set(wishes.platforms).map(([name, bounds]) => [
      name,
      {
        ...(bounds.least === null ? {} : { min_share: bounds.least / 100 }),
        ...(bounds.most === null ? {} : { max_share: bounds.most / 100 }),
      },
    ]),
  );
  const lines = Object.fromEntries(
    set(wishes.lines).map(([name, bounds]) => [
      name,
      { ...(bounds.least === null ? {} : { min: bounds.least }), ...(bounds.most === null ? {} : { max: bounds.most }) },
    ]),
  );
  const limits = {
    ...(Object.keys(platforms).length > 0 ? { platforms } : {}),
    ...(Object.keys(lines).length > 0 ? { lines } : {}),
    ...(wishes.keepSettings ? { settings: "keep", exploration: 0 } : {}),
  };
  return {
    brief_id: id,
    seed: 0,
    objective: (wishes.objective ?? undefined) as Schemas["PlanAsked"]["objective"],
    limits: Object.keys(limits).length > 0 ? (limits as unknown as Schemas["Limits"]) : undefined,
  };
}

function set(bounds: Record<string, Bounds>): [string, Bounds][] {
  return Object.entries(bounds).filter(([, one]) => one.least !== null || one.most !== null);
}

/** The lines that a plan may give money to: those that ran lately. */
export function useLines(on: boolean) {
  return useQuery({
    queryKey: ["history", "lines", "for a plan"],
    queryFn: () => taken(api.GET("/v1/history/lines", { params: { query: { limit: 500 } } })),
    enabled: on,
    staleTime: 300_000,
  });
}
