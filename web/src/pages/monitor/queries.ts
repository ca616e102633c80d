import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Schemas, api, taken } from "../../api/client";
import type { Alert, Job } from "../../api/queries";
import { useMay, useSession } from "../../api/session";
import { offerUndo } from "../../parts/undoing";

export type AlertDetail = Schemas["AlertDetail"];
export type Remedy = Schemas["RemedyAnswer"];
export type Goals = Schemas["Goals"]["goals"];
export type Actual = Schemas["ActualView"];

const LOOK_MS = 60_000;

export type Show = "open" | "later" | "seen" | "over";

const STATES: Record<Show, Alert["state"]> = { open: "open", later: "open", seen: "acknowledged", over: "resolved" };

export function isLater(alert: Alert): boolean {
  return alert.snoozed_until !== null && Date.parse(alert.snoozed_until) > Date.now();
}

/** Alerts of a kind of standing, the dearest first. */
export function useAlertsOf(show: Show, plan?: string) {
  const state = STATES[show];
  return useQuery({
    queryKey: ["alerts", "list", state, plan ?? null, "monitor"],
    queryFn: () => taken(api.GET("/v1/alerts", { params: { query: { state, plan_id: plan, limit: 200 } } })),
    select: (page) => (state === "open" ? page.items.filter((alert) => isLater(alert) === (show === "later")) : page.items),
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_MS,
  });
}

export function useAlert(id: string) {
  return useQuery({
    queryKey: ["alerts", id],
    queryFn: () => taken(api.GET("/v1/alerts/{alert_id}", { params: { path: { alert_id: id } } })) as Promise<AlertDetail>,
  });
}

/** What can be done at once about an alert; of none that is of no plan. */
export function useRemedy(alert: Alert) {
  const may = useMay("plans:read");
  const plan = alert.plan_id ?? "";
  return useQuery({
    queryKey: ["plans", plan, "remedies", alert.id, alert.updated_on],
    queryFn: () =>
      taken(
        api.GET("/v1/plans/{plan_id}/remedies/{alert_id}", { params: { path: { plan_id: plan, alert_id: alert.id } } }),
      ) as Promise<Remedy>,
    enabled: may && plan !== "" && alert.state !== "resolved",
  });
}

interface Settled {
  what: "acknowledge" | "snooze" | "reopen";
  reason: string;
  until?: string;
  /** For the bar that offers to take it back. */
  words?: string;
}

/** Says that an alert is seen to, puts it off, or opens it again. */
export function useSettle(id: string) {
  const client = useQueryClient();
  const { data: session } = useSession();
  const params = { path: { alert_id: id } };
  return useMutation({
    mutationFn: ({ what, reason, until }: Settled) => {
      if (what === "snooze") return taken(api.POST("/v1/alerts/{alert_id}/snooze", { params, body: { reason, until: until ?? "" } }));
      if (what === "reopen") return taken(api.POST("/v1/alerts/{alert_id}/reopen", { params, body: { reason } }));
      return taken(api.POST("/v1/alerts/{alert_id}/acknowledge", { params, body: { reason } }));
    },
    onSuccess: (_, { words }) => {
      if (words) offerUndo({ words, workspace: session?.workspace ?? "", alert: id });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["alerts"] }),
  });
}

export function useWatch() {
  return useMutation({
    mutationFn: (plan: string | null) => taken(api.POST("/v1/watch", { body: { plan_id: plan } })) as Promise<Job>,
  });
}

export function usePull() {
  return useMutation({ mutationFn: () => taken(api.POST("/v1/pulls", { body: {} })) as Promise<Job> });
}

export function useFreshness() {
  return useQuery({
    queryKey: ["pulls", "freshness"],
    queryFn: () => taken(api.GET("/v1/pulls/freshness")),
    refetchInterval: LOOK_MS,
  });
}

/** When what runs was last watched, by itself or because somebody asked; null where it never was. */
export function useLastWatch() {
  const may = useMay("jobs:read");
  return useQuery({
    queryKey: ["jobs", "list", "watched"],
    queryFn: async () => {
      const [asked, scheduled] = await Promise.all([
        taken(api.GET("/v1/jobs", { params: { query: { kind: "monitoring.watch", state: "done", limit: 1 } } })),
        taken(api.GET("/v1/schedules")),
      ]);
      const own = scheduled.items
        .filter((one) => one.name.startsWith("watch") && one.last?.state === "done")
        .map((one) => one.last?.ended_at ?? "");
      return [asked.items[0]?.ended_at ?? "", ...own].sort().at(-1) || null;
    },
    enabled: may,
  });
}

export function useGoals(plan: string) {
  return useQuery({
    queryKey: ["alerts", "goals", plan],
    queryFn: () => taken(api.GET("/v1/plans/{plan_id}/goals", { params: { path: { plan_id: plan } } })),
  });
}

export function useSetGoals(plan: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (goals: Goals) => taken(api.PUT("/v1/plans/{plan_id}/goals", { params: { path: { plan_id: plan } }, body: { goals } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["alerts", "goals", plan] }),
  });
}
