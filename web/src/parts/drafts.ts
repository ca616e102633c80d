import { useRef, useState } from "react";

const PREFIX = "marketmover-draft";

/** What was typed and is not sent yet, how it is changed, and how what is kept of it is dropped once it is sent. */
export type Draft<T> = [T, (next: T | ((now: T) => T)) => void, () => void];

/** What is typed at a place. It outlives a reload and the end of a session, not the browser's tab. */
export function useDraftAt<T>(place: string, empty: T): Draft<T> {
  const [held, hold] = useState(() => ({ place, value: read(place, empty) }));
  const value = held.place === place ? held.value : read(place, empty);
  const latest = useRef(value);
  latest.current = value;
  const set = (next: T | ((now: T) => T)) => {
    const typed = next instanceof Function ? next(latest.current) : next;
    latest.current = typed;
    write(place, JSON.stringify(typed) === JSON.stringify(empty) ? null : typed);
    hold({ place, value: typed });
  };
  return [value, set, () => write(place, null)];
}

/** Drops all that was typed in this tab: whoever typed it leaves. */
export function forgetDrafts(): void {
  try {
    for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
  } catch {
    // a browser that keeps nothing has nothing to forget
  }
}

function read<T>(place: string, empty: T): T {
  try {
    const found = sessionStorage.getItem(PREFIX + place);
    return found === null ? empty : (JSON.parse(found) as T);
  } catch {
    return empty;
  }
}

function write(place: string, value: unknown): void {
  try {
    if (value === null) sessionStorage.removeItem(PREFIX + place);
    else sessionStorage.setItem(PREFIX + place, JSON.stringify(value));
  } catch {
    // a browser that keeps nothing, or no more: what was typed lasts until the page is left
  }
}
