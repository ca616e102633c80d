import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Schemas, api, taken } from "../../api/client";
import type { Job, Plan } from "../../api/queries";
import { useSession } from "../../api/session";
import { offerUndo } from "../../parts/undoing";

export type Carried = Schemas["Carried"];
export type Change = Schemas["Change"];
export type PlanState = Schemas["PlanState"];
export type State = Schemas["State"];
export type Tuning = Schemas["TuningSummary"];

/** What of a plan's log changes what is in force. */
export const CHANGING = ["apply", "undo", "rollback"];

const LOOK_MS = 60_000; // somebody else may change it, and no event tells

/** What of a plan is in force. */
export function usePlanState(id: string) {
  return useQuery({
    queryKey: ["plans", id, "state"],
    queryFn: () => taken(api.GET("/v1/plans/{plan_id}/state", { params: { path: { plan_id: id } } })) as Promise<PlanState>,
    refetchInterval: LOOK_MS,
  });
}

export function useTunings(id: string) {
  return useQuery({
    queryKey: ["plans", id, "tunings"],
    queryFn: () => taken(api.GET("/v1/plans/{plan_id}/tunings", { params: { path: { plan_id: id }, query: { limit: 20 } } })),
  });
}

export function useTuning(id: string, tuning: string | null) {
  return useQuery({
    queryKey: ["plans", id, "tunings", tuning],
    queryFn: () =>
      taken(api.GET("/v1/plans/{plan_id}/tunings/{tuning_id}", { params: { path: { plan_id: id, tuning_id: tuning ?? "" } } })),
    enabled: tuning !== null,
  });
}

export function useTune(id: string) {
  return useMutation({
    mutationFn: () => taken(api.POST("/v1/plans/{plan_id}/tune", { params: { path: { plan_id: id } }, body: {} })) as Promise<Job>,
  });
}

export function useDecline(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ tuning, why }: { tuning: string; why: string }) =>
      taken(
        api.POST("/v1/plans/{plan_id}/tunings/{tuning_id}/decline", {
          params: { path: { plan_id: id, tuning_id: tuning } },
          body: { why },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["plans", id] }),
  });
}

interface Asked {
  tuning?: string;
  alert?: string;
  /** What was done, for the bar that offers to take it back. */
  words: string;
}

/** Puts a tuning's or an alert's changes into force, and offers to take them back. */
export function useApply(id: string) {
  const client = useQueryClient();
  const { data: session } = useSession();
  return useMutation({
    mutationFn: ({ tuning, alert }: Asked) =>
      taken(
        api.POST("/v1/plans/{plan_id}/apply", {
          params: { path: { plan_id: id } },
          body: { tuning_id: tuning, alert_id: alert, dry_run: false, why: "" },
        }),
      ) as Promise<Carried>,
    onSuccess: (carried, { alert, words }) => {
      const entry = carried.in_force.may_undo;
      if (entry) offerUndo({ words, workspace: session?.workspace ?? "", plan: { id, entry }, alert });
    },
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ["plans"] }), client.invalidateQueries({ queryKey: ["alerts"] })]),
  });
}

/** What would be in force after going back: to an earlier state, or before the last changes; nothing is done. */
export function useGoingBack(id: string, to: string | null) {
  return useQuery({
    queryKey: ["plans", id, "back", to],
    queryFn: () => sentBack(id, to ?? "", true),
    enabled: to !== null,
    staleTime: 0,
    gcTime: 0,
  });
}

/** Goes back; `undo ENTRY` takes back the last changes, all else names the state to be in force again. Offers to change it again. */
export function useGoBack(id: string) {
  const client = useQueryClient();
  const { data: session } = useSession();
  return useMutation({
    mutationFn: async (to: string) => {
      const log = await taken(api.GET("/v1/plans/{plan_id}/log", { params: { path: { plan_id: id }, query: { limit: 500 } } }));
      const former = log.items.find(({ entry }) => CHANGING.includes(entry.kind))?.entry.id ?? "plan";
      return { former, carried: await sentBack(id, to, false) };
    },
    onSuccess: ({ former, carried }) => {
      const entry = carried.in_force.change_id;
      if (entry) offerUndo({ words: "Changed back", workspace: session?.workspace ?? "", plan: { id, entry, to: former } });
      return client.invalidateQueries({ queryKey: ["plans"] });
    },
  });
}

function sentBack(id: string, to: string, dryRun: boolean): Promise<Carried> {
  const params = { path: { plan_id: id } };
  if (to.startsWith("undo ")) {
    const body = { entry_id: to.slice(5), dry_run: dryRun, why: "" };
    return taken(api.POST("/v1/plans/{plan_id}/undo", { params, body })) as Promise<Carried>;
  }
  return taken(api.POST("/v1/plans/{plan_id}/rollback", { params, body: { to, dry_run: dryRun, why: "" } })) as Promise<Carried>;
}

export function useStart(id: string) {
  return useMutation({
    mutationFn: () =>
      taken(api.POST("/v1/plans/{plan_id}/start", { params: { path: { plan_id: id } }, body: { why: "" } })) as Promise<Job>,
  });
}

export function useGiveUp(id: string) {
  return useMutation({
    mutationFn: () =>
      taken(api.POST("/v1/plans/{plan_id}/give-up", { params: { path: { plan_id: id } }, body: { why: "" } })) as Promise<Job>,
  });
}

/** Whether a plan is on the platforms, or was changed there. */
export function isOut(plan: Pick<Plan, "state">): boolean {
  return plan.state === "waiting" || plan.state === "published" || plan.state === "running";
}
