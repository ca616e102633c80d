import { percent } from "../../words/figures";
import { counted } from "../../words/sureness";
import type { Calibration, Proof } from "./found";

const STANDINGS: Record<Calibration["standing"], { words: string; colour: string }> = {
  "as stated": { words: "In line with what is stated", colour: "teal" },
  "too narrow": { words: "Ranges too narrow", colour: "orange" },
  "too wide": { words: "Wider than needed", colour: "gray" },
  "too sure": { words: "Too sure of itself", colour: "orange" },
  "too careful": { words: "More careful than needed", colour: "gray" },
  "not enough data": { words: "Not enough data", colour: "gray" },
};

export const standingOf = (calibration: Calibration) => STANDINGS[calibration.standing];

/** Where a proof comes from: own figures and benchmarks must never be taken for each other. */
export function whereOf(proof: Proof): { words: string; colour: string } {
  return proof.where === "here" ? { words: "Measured on your own data", colour: "teal" } : { words: "Benchmark, not your data", colour: "gray" };
}

/** A change between ends: "−1% to +9%", with a decimal where it is small. */
export function changes(range: { low: number; mid: number; high: number }): string {
  return `${signed(range.low)} to ${signed(range.high)}`;
}

export function signed(share: number): string {
  const digits = Math.abs(share) < 0.0995 ? 1 : 0;
  const words = percent(Math.abs(share), digits);
  return Math.abs(share) < 0.0005 ? percent(0) : `${share > 0 ? "+" : "\u2212"}${words}`;
}

/** How long a stretch is. */
export const stretch = (weeks: number) => (weeks === 1 ? "one week" : counted(weeks, "week"));

export const TYPICAL_ERROR =
  "How far forecasts were off: all misses added up, over what was counted. Nothing is perfect: chance alone makes a line with twenty leads miss by some 20%.";
