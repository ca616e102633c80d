import { useSession } from "../api/session";
import { type Draft, useDraftAt } from "./drafts";

/** What somebody types in a workspace: nobody else who signs in there sees it, and who signs out takes it along. */
export function useDraft<T>(what: string, empty: T): Draft<T> {
  const { data } = useSession();
  return useDraftAt(JSON.stringify([data?.workspace, data?.name, what]), empty);
}
