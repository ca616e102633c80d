import { percent, whole } from "./figures";

/** How likely something is, as a person would say it. A simulation never proves certainty. */
export function likely(probability: number): string {
  if (probability >= 0.99) return "more than 99% likely";
  if (probability <= 0.01) return "less than 1% likely";
  return `${percent(probability)} likely`;
}

/** Whether to go with a plan, given how likely it beats today's split. */
export function verdict(probability: number | null | undefined): { words: string; colour: string } {
  if (probability === null || probability === undefined) return { words: "Nothing to compare it with yet", colour: "gray" };
  if (probability >= 0.9) return { words: "Better than today", colour: "teal" };
  if (probability >= 0.7) return { words: "Probably better than today", colour: "teal" };
  if (probability > 0.3) return { words: "No clear difference from today", colour: "gray" };
  return { words: "Probably worse than today", colour: "orange" };
}

/** A number of things: "1 line", "3 lines". */
export function counted(number: number, word: string, many = `${word}s`): string {
  return `${whole(number)} ${number === 1 ? word : many}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
