import type * as Figures from "../src/words/figures";
import type * as Sureness from "../src/words/sureness";

/** The words as a reader of some language sees them; asked for once in a file, since pages ask the browser once. */
export async function readerOf(language: string): Promise<typeof Figures & typeof Sureness> {
  Object.defineProperty(globalThis, "navigator", { value: { language }, configurable: true });
  return { ...(await import("../src/words/figures")), ...(await import("../src/words/sureness")) };
}

/** Spaces that only look like spaces, made plain. */
export const plain = (text: string) => text.replace(/[\u00a0\u202f\u2009]/g, " ");
