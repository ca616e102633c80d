import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { tellEnded } from "../shell/ended";
import { type Job, unfinished } from "./queries";

/** What a finished job may have changed, by the beginning of its kind. */
const TOUCHES: Record<string, string[]> = {
  plans: ["plans", "models"],
  history: ["history", "imports"],
  pulls: ["history", "pulls", "imports"],
  monitoring: ["alerts"],
  models: ["models"],
};

function heardJob(client: QueryClient, job: Job, me: string | null): void {
  const former = client.getQueryData<Job>(["jobs", job.id]);
  client.setQueryData(["jobs", job.id], job);
  if (former?.state !== job.state) void client.invalidateQueries({ queryKey: ["jobs", "list"] });
  if (unfinished(job)) return;
  const watched = client.getQueryCache().find({ queryKey: ["jobs", job.id] })?.isActive() ?? false;
  if (!watched && job.asked_by === me && job.state !== "cancelled") tellEnded(job);
  for (const key of TOUCHES[job.kind.split(".")[0] ?? ""] ?? []) void client.invalidateQueries({ queryKey: [key] });
}

type PlanEvent = { plan_id: string };

/** What is asked of all plans at once. */
const OF_ALL = new Set<unknown>(["list", "remarks", "satisfaction"]);

/** What goes by a plan's content alone, and costs the server to compute. */
const LASTING = new Set<unknown>(["curves", "what-if", "diff"]);

/** Fetches a plan anew, and what stands beside all plans, whoever changed it; other plans stay as they are. */
function heardPlan(client: QueryClient, { plan_id }: PlanEvent): void {
  void client.invalidateQueries({
    predicate: ({ queryKey: [about, whose, part] }) =>
      about === "plans" && (whose === plan_id ? !LASTING.has(part) : OF_ALL.has(whose)),
  });
}

/** Listens to what changes on the server for as long as the page is open. */
export function useEvents(on: boolean, workspace: string | null | undefined, me: string | null): void {
  const client = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another workspace has other events
  useEffect(() => {
    if (!on) return;
    const source = new EventSource("/v1/events");
    source.addEventListener("job", (event: MessageEvent<string>) => heardJob(client, JSON.parse(event.data) as Job, me));
    source.addEventListener("plan", (event: MessageEvent<string>) => heardPlan(client, JSON.parse(event.data) as PlanEvent));
    source.addEventListener("alert", () => void client.invalidateQueries({ queryKey: ["alerts"] }));
    return () => source.close();
  }, [client, on, workspace, me]);
}
