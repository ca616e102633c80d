import { moment } from "../../words/figures";
import { capital } from "../../words/sureness";

/** What the log calls a deed, as a person would say it: "connected an account". */
const DEEDS: Record<string, string> = {
  "account.added": "connected an account",
  "account.renewed": "put in a new token",
  "account.removed": "disconnected an account",
  "brief.read": "read a brief",
  "brief.answered": "answered a question of a brief",
  "brief.corrected": "corrected a brief",
  "brief.deleted": "deleted a brief",
  "goals.set": "set goals",
  "history.account_deleted": "deleted an account's data",
  "history.imported": "imported files",
  "job.asked": "asked for work",
  "job.cancelled": "stopped work",
  "key.created": "made a key",
  "key.revoked": "revoked a key",
  "key.rotated": "changed the key that seals secrets",
  "notices.set": "changed who is told",
  "notices.forgotten": "took back who is told",
  "notices.retried": "had notices tried again",
  "person.invited": "invited somebody",
  "person.uninvited": "withdrew an invitation",
  "person.joined": "joined",
  "person.removed": "took somebody out",
  "person.renamed": "changed their name",
  "person.role_given": "gave another role",
  "person.link_made": "made a link for a new password",
  "person.password_set": "set a password",
  "person.disabled": "kept somebody out",
  "person.enabled": "let somebody in again",
  "person.totp_on": "turned their second factor on",
  "person.totp_off": "turned their second factor off",
  "plan.composed": "composed a plan",
  "plan.approved": "approved a plan",
  "plan.published": "published a plan",
  "plan.deleted": "deleted a plan",
  "plan.apply": "changed a running plan",
  "plan.undo": "took a change of a plan back",
  "plan.rollback": "went back to an earlier state of a plan",
  "plan.shared": "made a link for a client",
  "plan.unshared": "withdrew a client's link",
  "plan.opened_by_link": "opened a plan",
  "plan.commented": "commented on a plan",
  "plan.changes_wished": "asked for changes of a plan",
  "plan.client_approved": "said yes to a plan",
  "plan.rated": "said how content they are with a campaign",
  "alert.acknowledged": "saw to an alert",
  "alert.snoozed": "put an alert off",
  "alert.reopened": "opened an alert again",
  "model.used": "put a version of a model in use",
  "role.made": "made a role",
  "role.changed": "changed a role",
  "role.removed": "removed a role",
  "secret.kept": "kept a secret",
  "session.opened": "signed in",
  "session.refused": "failed to sign in",
  "session.ended": "signed out a device",
  "session.all_ended": "signed out everywhere",
  "tuning.declined": "declined a tuning",
  "workspace.created": "made a workspace",
  "workspace.renamed": "renamed a workspace",
  "workspace.archived": "archived a workspace",
  "workspace.restored": "brought a workspace back",
};

const SENT: Record<string, string> = {
  publish: "published a plan",
  start: "switched a plan's new lines on",
  catch_up: "brought a plan up to date on the platforms",
  apply: "changed a running plan on the platforms",
  undo: "took a change back on the platforms",
  rollback: "went back to an earlier state on the platforms",
};
const ENDED: Record<string, string> = { done: "", waiting: ": it waits for its day", taken_back: ": it was taken back", given_up: ": it was given up" };

export function deed(what: string): string {
  const [, sent = "", ended = ""] = /^plan\.(\w+)\.(\w+)$/.exec(what) ?? [];
  const words = SENT[sent];
  return DEEDS[what] ?? (words && ended in ENDED ? `${words}${ENDED[ended]}` : what.replaceAll(/[._]/g, " "));
}

/** What the log can be searched for: a thing, for all that was done with it. */
export const THINGS = [
  { value: "account", label: "Ad accounts" },
  { value: "brief", label: "Briefs" },
  { value: "plan", label: "Plans" },
  { value: "tuning", label: "Tuning of running plans" },
  { value: "history", label: "Imports and figures" },
  { value: "alert", label: "Alerts" },
  { value: "goals", label: "Goals" },
  { value: "model", label: "Models" },
  { value: "job", label: "Jobs" },
  { value: "notices", label: "Notices" },
  { value: "person", label: "People" },
  { value: "role", label: "Roles" },
  { value: "session", label: "Sign-ins" },
  { value: "key", label: "Keys" },
  { value: "workspace", label: "Workspaces" },
];

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** A value of before and after, as words. */
export function told(value: unknown): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map(told).join(", ") || "–";
  if (typeof value === "object")
    return Object.entries(value)
      .map(([name, part]) => `${name.replaceAll("_", " ")}: ${told(part)}`)
      .join("; ");
  if (typeof value === "string" && MOMENT.test(value)) return moment(value);
  return String(value);
}

export interface Difference {
  name: string;
  before: string;
  after: string;
}

/** What changed, name by name; what stayed is left out where there is a before and an after. */
export function differences(before: Record<string, unknown> | null, after: Record<string, unknown> | null): Difference[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names
    .map((name) => ({ name: capital(name.replaceAll("_", " ")), before: told(before?.[name]), after: told(after?.[name]) }))
    .filter((one) => !(before && after) || one.before !== one.after);
}
