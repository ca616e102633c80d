import type { IconName } from "../parts/Icon";

export interface Place {
  to: string;
  label: string;
  icon: IconName;
  about: string;
  /** What else belongs to it: beginnings of addresses. */
  also?: string[];
}

/** Where the navigation leads. */
export const PLACES: Place[] = [
  { to: "/", label: "Home", icon: "home", about: "What needs you now, plan against actual, this week" },
  { to: "/compose", label: "Compose", icon: "compose", about: "From a brief to a plan, approved and published", also: ["/briefs", "/plans"] },
  { to: "/campaigns", label: "Campaigns", icon: "campaigns", about: "What every campaign brought, down to the rows a figure rests on" },
  { to: "/monitor", label: "Monitor", icon: "monitor", about: "What runs, what is wrong, what it costs and what to do" },
  { to: "/data", label: "Data", icon: "data", about: "What was imported, what could not be used, and which days are there" },
  { to: "/models", label: "Models", icon: "models", about: "What predicts, and how far it can be trusted" },
  { to: "/settings", label: "Settings", icon: "settings", about: "Accounts, people, keys, notices and the audit log" },
];

/** How many places a phone's bar holds beside "More". */
export const IN_BAR = 4;

/** Whether an address lies within a place. */
export function within(place: Place, path: string): boolean {
  if (place.to === "/") return path === "/";
  return [place.to, ...(place.also ?? [])].some((start) => path === start || path.startsWith(`${start}/`));
}
