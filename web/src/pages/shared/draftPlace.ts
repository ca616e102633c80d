import type { Shared } from "./queries";

/** Where what a client types is kept, by the link that they came by; its token is kept nowhere. */
export const draftPlace = (what: string, { memo, name, expires_at }: Shared): string =>
  JSON.stringify([what, memo.fingerprint, name, expires_at]);
