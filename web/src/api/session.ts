import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { forgetDrafts } from "../parts/drafts";
import { type Schemas, api, showCsrf, taken } from "./client";

export type Session = Schemas["SessionAnswer"];

/** How somebody came to the sign-in page: where they were, and as whom where their session ended there. */
export interface Arrival {
  from: string;
  ended: string | null;
}

const past = { name: "", left: false };

async function readSession(): Promise<Session> {
  const session = await taken(api.GET("/v1/session"));
  showCsrf(session.csrf);
  if (session.signed_in) {
    past.name = session.name ?? "";
    past.left = false;
  }
  return session;
}

/** Whether somebody signed out here, rather than being signed out. */
export const leftOnPurpose = () => past.left;

/** Whose session ended while they worked here; nobody's, where they signed out or never came. */
export const endedSession = () => (past.name && !past.left ? past.name : null);

const leave = () => {
  past.left = true;
};

/** What somebody typed here is nobody's any more once they left. */
function useLeft() {
  const renewed = useRenewed();
  return () => {
    forgetDrafts();
    return renewed();
  };
}

/** Who is signed in; the first thing asked for. */
export function useSession() {
  return useQuery({ queryKey: ["session"], queryFn: readSession, staleTime: 60_000, retry: 1 });
}

/** Whether whoever is signed in may do something. */
export function useMay(permission: string): boolean {
  const { data } = useSession();
  return data?.permissions?.includes(permission) ?? false;
}

/** What does not belong to whoever asked before: who asks, and the one-time link that is being used. */
const KEPT = new Set<unknown>(["session", "link"]);

/** Changes who asks or where: everything known belongs to the former, and is forgotten. */
function useRenewed() {
  const client = useQueryClient();
  return async () => {
    client.removeQueries({ predicate: (query) => !KEPT.has(query.queryKey[0]) });
    await client.fetchQuery({ queryKey: ["session"], queryFn: readSession, staleTime: 0 });
  };
}

export function useSignIn() {
  const renewed = useRenewed();
  return useMutation({
    mutationFn: (asked: Schemas["SignIn"]) => taken(api.POST("/v1/session", { body: asked })),
    onSuccess: renewed,
  });
}

export function useSignOut() {
  const left = useLeft();
  return useMutation({
    mutationFn: () => taken(api.DELETE("/v1/session")),
    onMutate: leave,
    onSettled: left,
  });
}

/** Ends all of one's sessions, this one too. */
export function useSignOutEverywhere() {
  const left = useLeft();
  return useMutation({
    mutationFn: () => taken(api.DELETE("/v1/session", { params: { query: { everywhere: true } } })),
    onMutate: leave,
    onSuccess: left,
  });
}

export function useChooseWorkspace() {
  const renewed = useRenewed();
  return useMutation({
    mutationFn: (workspace: string) => taken(api.PATCH("/v1/session", { body: { workspace } })),
    onSuccess: renewed,
  });
}

export function useRedeem() {
  const renewed = useRenewed();
  return useMutation({
    mutationFn: (asked: Schemas["Redeem"]) => taken(api.POST("/v1/links/redeem", { body: asked })),
    onSuccess: renewed,
  });
}
