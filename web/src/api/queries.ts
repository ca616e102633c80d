import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Schemas, api, taken } from "./client";

export type Alert = Schemas["AlertView"];
export type Brief = Schemas["BriefAnswer"];
export type Job = Schemas["JobView"];
export type Plan = Schemas["PlanAnswer"];
export type PlanSummary = Schemas["PlanSummary"];
export type Range = Schemas["Range"];
export type WhatIf = Schemas["WhatIf"];

export const unfinished = (job: Job | undefined) => job?.state === "queued" || job?.state === "running";

export function usePlans(limit = 50) {
  return useQuery({
    queryKey: ["plans", "list", limit],
    queryFn: () => taken(api.GET("/v1/plans", { params: { query: { limit } } })),
  });
}

export function usePlan(id: string) {
  return useQuery({
    queryKey: ["plans", id],
    queryFn: () => taken(api.GET("/v1/plans/{plan_id}", { params: { path: { plan_id: id } } })) as Promise<Plan>,
  });
}

export function usePlanLog(id: string) {
  return useQuery({
    queryKey: ["plans", id, "log"],
    queryFn: () => taken(api.GET("/v1/plans/{plan_id}/log", { params: { path: { plan_id: id } } })),
  });
}

export function usePlanLines(id: string) {
  return useQuery({
    queryKey: ["plans", id, "lines"],
    queryFn: () =>
      taken(api.GET("/v1/plans/{plan_id}/lines", { params: { path: { plan_id: id }, query: { limit: 500 } } })),
  });
}

export function useCurves(id: string, metric: string | null) {
  return useQuery({
    queryKey: ["plans", id, "curves", metric],
    queryFn: () =>
      taken(api.GET("/v1/plans/{plan_id}/curves", { params: { path: { plan_id: id }, query: { metric } } })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });
}

export function useActual(id: string) {
  return useQuery({
    queryKey: ["plans", id, "actual"],
    queryFn: () => taken(api.GET("/v1/plans/{plan_id}/actual", { params: { path: { plan_id: id } } })),
  });
}

/** What another split would bring; the former answer stays in view until the new one is there. */
export function useWhatIf(id: string, asked: Schemas["SplitAsked"] | null) {
  return useQuery({
    queryKey: ["plans", id, "what-if", asked],
    queryFn: ({ signal }) =>
      taken(
        api.POST("/v1/plans/{plan_id}/what-if", { params: { path: { plan_id: id } }, body: asked ?? {}, signal }),
      ) as Promise<WhatIf>,
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    staleTime: 300_000,
  });
}

export function useBriefs(limit = 20) {
  return useQuery({
    queryKey: ["briefs", "list", limit],
    queryFn: () => taken(api.GET("/v1/briefs", { params: { query: { limit } } })),
  });
}

export function useBrief(id: string) {
  return useQuery({
    queryKey: ["briefs", id],
    queryFn: () => taken(api.GET("/v1/briefs/{brief_id}", { params: { path: { brief_id: id } } })) as Promise<Brief>,
  });
}

/** Reads a brief: words, or a file as it is. */
export function useReadBrief() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (said: string | File): Promise<Brief> =>
      typeof said === "string"
        ? taken(api.POST("/v1/briefs", { body: { text: said, name: "brief.txt" } }))
        : taken(
            api.POST("/v1/briefs/upload", {
              body: { file: "" },
              bodySerializer: () => {
                const form = new FormData();
                form.append("file", said);
                return form;
              },
            }),
          ),
    onSuccess: (brief) => {
      client.setQueryData(["briefs", brief.id], brief);
      return client.invalidateQueries({ queryKey: ["briefs", "list"] });
    },
  });
}

export function useCorrectBrief(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (corrections: Record<string, unknown>) =>
      taken(
        api.PATCH("/v1/briefs/{brief_id}", { params: { path: { brief_id: id } }, body: { corrections } }),
      ) as Promise<Brief>,
    onSuccess: (brief) => client.setQueryData(["briefs", id], brief),
  });
}

export function useAnswerBrief(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reply: string) =>
      taken(
        api.POST("/v1/briefs/{brief_id}/answers", { params: { path: { brief_id: id } }, body: { reply } }),
      ) as Promise<Brief>,
    onSuccess: (brief) => client.setQueryData(["briefs", id], brief),
  });
}

export function useJobs(state: Job["state"] | null, limit = 20) {
  return useQuery({
    queryKey: ["jobs", "list", state, limit],
    queryFn: () => taken(api.GET("/v1/jobs", { params: { query: { state, limit } } })),
  });
}

/** A job; events bring its news, and a look every few seconds where they do not come through. */
export function useJob(id: string | null) {
  return useQuery({
    queryKey: ["jobs", id],
    queryFn: () => taken(api.GET("/v1/jobs/{job_id}", { params: { path: { job_id: id ?? "" } } })) as Promise<Job>,
    enabled: id !== null,
    refetchInterval: (query) => (unfinished(query.state.data) ? 3000 : false),
  });
}

/** What a finished job found. */
export function useJobResult(id: string | null, ready: boolean) {
  return useQuery({
    queryKey: ["jobs", id, "result"],
    queryFn: () => taken(api.GET("/v1/jobs/{job_id}/result", { params: { path: { job_id: id ?? "" } } })),
    enabled: id !== null && ready,
    staleTime: Infinity,
  });
}

export function useCancelJob() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => taken(api.POST("/v1/jobs/{job_id}/cancel", { params: { path: { job_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
}

export function useAlerts(state: Alert["state"] | null, limit = 50) {
  return useQuery({
    queryKey: ["alerts", "list", state, limit],
    queryFn: () => taken(api.GET("/v1/alerts", { params: { query: { state, limit } } })),
  });
}

export function useHistorySummary() {
  return useQuery({
    queryKey: ["history", "summary"],
    queryFn: () => taken(api.GET("/v1/history/summary")),
    staleTime: 60_000,
  });
}

export interface Span {
  first?: string;
  last?: string;
}

export function useTrends(span: Span | null, by: "day" | "week", currency?: string, compare?: "previous" | "year") {
  return useQuery({
    queryKey: ["history", "trends", span, by, currency, compare],
    queryFn: () => taken(api.GET("/v1/history/trends", { params: { query: { ...span, by, currency, compare } } })),
    enabled: span !== null,
    placeholderData: keepPreviousData,
  });
}

/** Asks for a plan; the answer is a job, whose result names the plan. */
export function useCompose() {
  return useMutation({
    mutationFn: (asked: Schemas["PlanAsked"]) => taken(api.POST("/v1/plans", { body: asked })) as Promise<Job>,
  });
}

export function useReplan(id: string) {
  return useMutation({
    mutationFn: (asked: Schemas["ReplanAsked"]) =>
      taken(api.POST("/v1/plans/{plan_id}/replan", { params: { path: { plan_id: id } }, body: asked })) as Promise<Job>,
  });
}

export function useApprove(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (asked: Schemas["ApprovalAsked"]) =>
      taken(api.POST("/v1/plans/{plan_id}/approve", { params: { path: { plan_id: id } }, body: asked })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["plans"] }),
  });
}

export function usePublish(id: string) {
  return useMutation({
    mutationFn: (asked: Schemas["PublicationAsked"]) =>
      taken(api.POST("/v1/plans/{plan_id}/publish", { params: { path: { plan_id: id } }, body: asked })) as Promise<Job>,
  });
}

export function useDeletePlan(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => taken(api.DELETE("/v1/plans/{plan_id}", { params: { path: { plan_id: id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["plans", "list"] }),
  });
}
