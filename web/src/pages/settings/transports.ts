import type { Notices, Route } from "./queries";

export interface Option {
  key: string;
  label: string;
  where: string;
  secret?: boolean;
  optional?: boolean;
  /** Several, one a line. */
  many?: boolean;
  number?: boolean;
  choices?: { value: string; label: string }[];
}

export interface Transport {
  name: string;
  about: string;
  options: Option[];
}

const KNOWN: Record<string, Transport> = {
  mail: {
    name: "Mail",
    about: "To mailboxes, by your own mail server",
    options: [
      { key: "recipients", label: "To", where: "One e-mail address a line.", many: true },
      { key: "from", label: "From", where: "The address it comes from, as your mail server lets it." },
      { key: "host", label: "Mail server", where: "Such as smtp.example.com." },
      {
        key: "security",
        label: "Security",
        where: "As your mail server wants it; nothing is sent unsealed.",
        optional: true,
        choices: [
          { value: "starttls", label: "STARTTLS (port 587)" },
          { value: "tls", label: "TLS from the beginning (port 465)" },
        ],
      },
      { key: "port", label: "Port", where: "Only where it is another than usual.", optional: true, number: true },
      { key: "user", label: "User", where: "Where the mail server asks who sends.", optional: true },
      { key: "password", label: "Password", where: "Of that user.", secret: true, optional: true },
    ],
  },
  slack: {
    name: "Slack",
    about: "To a channel",
    options: [
      {
        key: "url",
        label: "Webhook address",
        where: "In Slack: your app, Incoming Webhooks, Add New Webhook; choose the channel, copy the address.",
        secret: true,
      },
    ],
  },
  teams: {
    name: "Teams",
    about: "To a channel",
    options: [
      {
        key: "url",
        label: "Workflow address",
        where: "In Teams: the channel, Workflows, “Post to a channel when a webhook request is received”; copy its address.",
        secret: true,
      },
    ],
  },
  webhook: {
    name: "Webhook",
    about: "To a program of your own, signed (Standard Webhooks)",
    options: [
      { key: "url", label: "Address", where: "Begins with https:// and can be reached from the internet.", secret: true },
      {
        key: "secrets",
        label: "Signing secret",
        where: "The receiver checks by it that a notice is ours. Put it there as well.",
        secret: true,
        many: true,
      },
    ],
  },
  log: { name: "The server's log", about: "A line in what the server writes; nobody is disturbed", options: [] },
};

/** A way to tell people, in words; one that somebody added has its name alone. */
export function transportOf(name: string): Transport {
  return KNOWN[name] ?? { name, about: "A way that was added to this installation", options: [] };
}

export const KINDS = [
  { value: "underperforming", label: "A line brings less than planned" },
  { value: "anomaly", label: "Something is unusual" },
  { value: "pacing", label: "Spend is off the plan" },
  { value: "delivery", label: "A line does not run" },
  { value: "tracking", label: "Conversions are not counted" },
  { value: "pull", label: "An account cannot be fetched" },
  { value: "publish", label: "A plan could not be sent" },
  { value: "client", label: "A client said something of a plan" },
];

export const SEVERITIES = [
  { value: "info", label: "All of it" },
  { value: "warning", label: "Warnings and what is critical" },
  { value: "critical", label: "Only what is critical" },
];

export const STEPS = [
  { value: "new", label: "begins" },
  { value: "worse", label: "grows worse" },
  { value: "resolved", label: "is over" },
];

export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/** What a route tells and when, in a sentence. */
export function wordsOf(route: Notices["routes"][number]): string {
  const what = SEVERITIES.find((one) => one.value === route.from_severity)?.label ?? route.from_severity;
  const kinds = route.kinds.length > 0 ? ` of ${route.kinds.length} ${route.kinds.length === 1 ? "kind" : "kinds"}` : "";
  const steps =
    route.steps.length > 0 && route.steps.length < STEPS.length
      ? `, when it ${route.steps.map((step) => STEPS.find((one) => one.value === step)?.label ?? step).join(" or ")}`
      : "";
  const when = route.digest ? `, gathered: ${route.digest}` : ", at once";
  const quiet = route.quiet ? `; not ${route.quiet}${route.critical_passes ? ", but for what is critical" : ""}` : "";
  return `${what}${kinds}${steps}${when}${quiet}.`;
}

/** An empty route of a transport, as the server takes it. */
export function freshRoute(to: string): Route {
  return {
    to,
    from_severity: "warning",
    kinds: [],
    steps: [],
    time_zone: "",
    quiet: "",
    quiet_days: [],
    digest: "",
    critical_passes: true,
    tries: 8,
    options: {},
  };
}

/** Whether what the server told stands for a secret that it keeps. */
export function isKept(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isKept) : typeof value === "string" && value.startsWith("secret:");
}

/** A signing secret as Standard Webhooks has it. */
export function madeSecret(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`;
}
