import { useSyncExternalStore } from "react";
import type { Job } from "../api/queries";

/** Jobs that ended while nobody looked at them; each is told once. */
let ended: readonly Job[] = [];
const watchers = new Set<() => void>();

export function tellEnded(job: Job): void {
  if (ended.some((one) => one.id === job.id)) return;
  ended = [...ended, job].slice(-20);
  for (const tell of watchers) tell();
}

function subscribe(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

export function useEnded(): readonly Job[] {
  return useSyncExternalStore(subscribe, () => ended);
}
