import type { Role } from "./queries";

const ABOUT: Record<string, string> = {
  owner: "May do all, also decide who works here.",
  manager: "May do all but give roles, make keys and make workspaces.",
  analyst: "Imports, keeps briefs and changes plans; neither approves nor publishes.",
  viewer: "Reads figures, briefs, plans and alerts.",
};

/** What a role may do, in a sentence. */
export function aboutRole(name: string, own = false): string {
  return ABOUT[name] ?? (own ? "A role of this workspace's own." : "");
}

export function roleChoices(roles: Role[]): { value: string; label: string }[] {
  return roles.map((role) => ({
    value: role.name,
    label: aboutRole(role.name, role.own) ? `${role.name}: ${aboutRole(role.name, role.own)}` : role.name,
  }));
}

const GROUPS: Record<string, string> = {
  history: "Figures",
  accounts: "Connections",
  briefs: "Briefs",
  plans: "Plans",
  monitoring: "Alerts",
  notices: "Notices",
  jobs: "Jobs",
  models: "Models",
  people: "People",
  keys: "Keys",
  workspaces: "Workspaces",
  audit: "Audit log",
  settings: "System",
};

export interface Permission {
  name: string;
  about: string;
}

/** Permissions by what they are about, in the order in which the server tells them. */
export function grouped(permissions: Permission[]): { title: string; permissions: Permission[] }[] {
  const found = new Map<string, Permission[]>();
  for (const permission of permissions) {
    const thing = permission.name.split(":")[0] ?? "";
    found.set(thing, [...(found.get(thing) ?? []), permission]);
  }
  return [...found].map(([thing, of]) => ({ title: GROUPS[thing] ?? thing, permissions: of }));
}
