import type { IconName } from "../../parts/Icon";

export interface SectionPlace {
  to: string;
  label: string;
  icon: IconName;
  about: string;
  /** What one must be permitted to see it; none: everybody sees it. */
  may?: string;
}

/** The parts of the settings, in the order of the list. */
export const SECTIONS: SectionPlace[] = [
  { to: "connections", label: "Connections", icon: "data", about: "Ad accounts and your CRM", may: "accounts:read" },
  { to: "people", label: "People", icon: "person", about: "Who works here, and what each may do", may: "people:read" },
  { to: "notices", label: "Notices", icon: "send", about: "Who is told of what: by mail, Slack, Teams or a webhook", may: "notices:read" },
  { to: "schedules", label: "Schedules", icon: "clock", about: "What is done again and again by itself", may: "jobs:read" },
  { to: "jobs", label: "Jobs", icon: "chart", about: "Work that was asked for, and how it went", may: "jobs:read" },
  { to: "keys", label: "Keys", icon: "lock", about: "Keys for programs that work with this workspace", may: "keys:write" },
  { to: "audit", label: "Audit log", icon: "file", about: "Who did what, and how it was before and after", may: "audit:read" },
  { to: "workspaces", label: "Workspaces", icon: "table", about: "One for each client or brand; nothing in one shows in another" },
  { to: "system", label: "System", icon: "settings", about: "The version, and how this installation is set up", may: "settings:read" },
  { to: "you", label: "You", icon: "person", about: "Your name, password, second factor and devices" },
];
