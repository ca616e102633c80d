import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

/** What went wrong, as the server tells it (RFC 9457), or as the browser knows it. */
export class ProblemError extends Error {
  readonly status: number;
  readonly type: string;
  readonly remedy: string;
  readonly faults: { place: string; detail: string }[];
  readonly instance: string;

  constructor(told: Partial<Schemas["Problem"]>, status: number) {
    super(told.detail || told.title || "Something went wrong.");
    this.name = "ProblemError";
    this.status = status;
    this.type = told.type ?? "";
    this.remedy = told.remedy ?? "";
    this.faults = told.faults ?? [];
    this.instance = told.instance ?? "";
  }
}

/** Whether the server no longer knows who asks, or what changes anything no longer shows it. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ProblemError && (error.status === 401 || (error.status === 403 && error.message.includes("CSRF")));
}

let csrf = "";

/** Keeps the token that every change must show. */
export function showCsrf(token: string | null | undefined): void {
  csrf = token ?? "";
}

const guard: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET" && csrf) request.headers.set("X-CSRF-Token", csrf);
    return request;
  },
};

export const api = createClient<paths>({ baseUrl: "", credentials: "same-origin" });
api.use(guard);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an answer. Throws a `ProblemError` for anything else. */
export async function taken<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    const remedy = "See that marketmover serve is running and that this computer is online; then try again.";
    throw new ProblemError({ detail: "The server cannot be reached.", remedy }, 0);
  }
  if (answer.response.ok) return answer.data as T;
  const told = typeof answer.error === "object" && answer.error !== null ? answer.error : {};
  throw new ProblemError(told as Partial<Schemas["Problem"]>, answer.response.status);
}
