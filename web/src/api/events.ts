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

/** Listens to what changes on the server for as long as the page is open. */
export function useEvents(on: boolean, workspace: string | null | undefined, me: string | null): void {
  const client = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another workspace has other events
  useEffect(() => {
    if (!on) return;
    const source = new EventSource("/v1/events");
    source.addEventListener("job", (event: MessageEvent<string>) => heardJob(client, JSON.parse(event.data) as Job, me));
    source.addEventListener("alert", () => void client.invalidateQueries({ queryKey: ["alerts"] }));
    return () => source.close();
  }, [client, on, workspace, me]);
}
