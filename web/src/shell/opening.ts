import { useSyncExternalStore } from "react";

/** Opens the palette, whose code is fetched when it is first wanted. */
let wanted = false;
let show: (() => void) | null = null;
let over: string | null = null;
const watchers = new Set<() => void>();

export function openPalette(): void {
  over = window.location.pathname;
  if (show) show();
  wanted = true;
  for (const tell of watchers) tell();
}

/** Whether the palette was opened over a page before that was drawn, and so keeps the keyboard. Asked once for each page. */
export function openedOver(path: string): boolean {
  const there = over === path;
  over = null;
  return there;
}

/** The palette says how it is opened, once it is there; the first wish is granted then. */
export function readyToOpen(open: () => void): void {
  show = open;
  open();
}

function subscribe(tell: () => void): () => void {
  const pressed = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    openPalette();
  };
  watchers.add(tell);
  window.addEventListener("keydown", pressed);
  return () => {
    watchers.delete(tell);
    window.removeEventListener("keydown", pressed);
  };
}

/** Whether the palette was ever wanted; listens to Ctrl K and ⌘ K. */
export function usePaletteKey(): boolean {
  return useSyncExternalStore(subscribe, () => wanted);
}
