import { useSyncExternalStore } from "react";

export const UNDO_MS = 60_000;
const PLACE = "marketmover-undo";

/** Something that was just done, and how it is taken back. */
export interface Undoable {
  id: string;
  /** What was done, in words. */
  words: string;
  /** Until when it is offered. */
  until: number;
  workspace: string;
  undone?: boolean;
  /** An entry of a plan's log, or an alert that was settled; both, where a change was made about an alert. `to` is the state to go back to, where the entry was itself a way back. */
  plan?: { id: string; entry: string; to?: string };
  alert?: string;
}

/** It outlives a reload, not the browser's tab. */
function kept(): readonly Undoable[] {
  try {
    const found = JSON.parse(sessionStorage.getItem(PLACE) ?? "[]") as Undoable[];
    return Array.isArray(found) ? found.filter((one) => one.until > Date.now() && !one.undone) : [];
  } catch {
    return [];
  }
}

let offered: readonly Undoable[] = kept();
const watchers = new Set<() => void>();

function put(next: readonly Undoable[]): void {
  offered = next;
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(offered));
  } catch {
    // a browser that keeps nothing: the offer lasts until the page is left
  }
  for (const tell of watchers) tell();
}

/** Offers to take back what was just done. Of a plan's changes only the last can be; it takes the place of those before. */
export function offerUndo(done: Omit<Undoable, "id" | "until">): void {
  const plan = done.plan?.id;
  const others = offered.filter((one) => (plan ? one.plan?.id !== plan : true) && (done.alert ? one.alert !== done.alert : true));
  put([...others, { ...done, id: `${Date.now()}-${others.length}`, until: Date.now() + UNDO_MS }].slice(-3));
}

export function withdrawUndo(id: string): void {
  if (offered.some((one) => one.id === id)) put(offered.filter((one) => one.id !== id));
}

export function markUndone(id: string): void {
  put(offered.map((one) => (one.id === id ? { ...one, undone: true } : one)));
}

function subscribe(tell: () => void): () => void {
  watchers.add(tell);
  return () => watchers.delete(tell);
}

export function useUndoable(): readonly Undoable[] {
  return useSyncExternalStore(subscribe, () => offered);
}
