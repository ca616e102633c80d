import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Schemas, api, taken } from "../../api/client";
import { type Job, unfinished, useJob, useJobResult, useJobs } from "../../api/queries";
import type { Backtest, Comparison } from "./found";

export function useModels() {
  return useQuery({ queryKey: ["models", "list"], queryFn: () => taken(api.GET("/v1/models")) });
}

export function useModel(id: string) {
  return useQuery({
    queryKey: ["models", "one", id],
    queryFn: () => taken(api.GET("/v1/models/{model_id}", { params: { path: { model_id: id } } })),
  });
}

/** Puts another version of a model in use. */
export function useUseVersion(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (version: number) => taken(api.POST("/v1/models/{model_id}/use", { params: { path: { model_id: id } }, body: { version } })),
    onSuccess: (model) => {
      client.setQueryData(["models", "one", id], model);
      return client.invalidateQueries({ queryKey: ["models", "list"] });
    },
  });
}

export function useBacktests() {
  return useQuery({ queryKey: ["models", "backtests"], queryFn: () => taken(api.GET("/v1/backtests")) });
}

export function useBacktest(id: string) {
  return useQuery({
    queryKey: ["models", "backtests", id],
    queryFn: async () => {
      const answer = await taken(api.GET("/v1/backtests/{backtest_id}", { params: { path: { backtest_id: id } } }));
      return { ...answer, found: answer.found as unknown as Backtest };
    },
    staleTime: Infinity,
  });
}

export function useComparisons() {
  return useQuery({ queryKey: ["models", "comparisons"], queryFn: () => taken(api.GET("/v1/models/comparisons")) });
}

export function useComparison(id: string) {
  return useQuery({
    queryKey: ["models", "comparisons", id],
    queryFn: async () => {
      const answer = await taken(api.GET("/v1/models/comparisons/{comparison_id}", { params: { path: { comparison_id: id } } }));
      return { ...answer, found: answer.found as unknown as Comparison };
    },
    staleTime: Infinity,
  });
}

export function useStartBacktest() {
  return useMutation({
    mutationFn: (asked: Pick<Schemas["BacktestAsked"], "weeks" | "objective">) => taken(api.POST("/v1/backtests", { body: { ...asked, seed: 0 } })),
  });
}

export function useStartComparison() {
  return useMutation({
    mutationFn: (asked: Pick<Schemas["ComparisonAsked"], "weeks" | "trials">) => taken(api.POST("/v1/models/compare", { body: { ...asked, seed: 0 } })),
  });
}

/** A job of a kind: the one that was asked for here, else one that is under way; and what it made. */
export function useWork(kind: string, asked: string | null) {
  const running = useJobs("running");
  const queued = useJobs("queued");
  const other = [...(running.data?.items ?? []), ...(queued.data?.items ?? [])].find((job) => job.kind === kind);
  const job = useJob(asked ?? other?.id ?? null);
  const done = asked !== null && job.data?.state === "done";
  const result = useJobResult(asked, done);
  const made = (result.data?.result as { analysis_id?: string } | null | undefined)?.analysis_id;
  return { job: job.data as Job | undefined, busy: unfinished(job.data), made, error: job.error ?? result.error };
}
