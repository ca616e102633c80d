import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type Job, unfinished, useJob, useJobResult } from "./queries";

/** Long work that a page asks for: it is sent, goes on as a job, and ends with a result. */
export function useWork<Asked, Result = Record<string, unknown>>(ask: (asked: Asked) => Promise<Job>) {
  const [id, setId] = useState<string | null>(null);
  const send = useMutation({ mutationFn: ask, onSuccess: (job) => setId(job.id) });
  const job = useJob(id);
  const done = job.data?.state === "done";
  const found = useJobResult(id, done);
  return {
    begin: (asked: Asked) => {
      setId(null);
      send.mutate(asked);
    },
    forget: () => {
      setId(null);
      send.reset();
    },
    job: job.data,
    sending: send.isPending,
    busy: send.isPending || (id !== null && job.isPending) || unfinished(job.data) || (done && found.isPending),
    done: done && found.data !== undefined,
    result: id && done ? (found.data?.result as unknown as Result | undefined) : undefined,
    error: send.error ?? job.error ?? found.error,
  };
}
