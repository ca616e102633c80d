import { type RangeOf, between } from "../../words/figures";

const PARTS = /^(cost|cpm|cpc|cpl|revenue|profit|ctr|conversion_rate|roas)/;

/** A range as a client reads it: what is counted is whole from one on. */
export function span(range: RangeOf, metric: string, currency: string): string {
  if (PARTS.test(metric)) return between(range, metric, currency);
  const whole = (value: number) => (value >= 1 ? Math.round(value) : value);
  const rounded = { low: whole(range.low), mid: whole(range.mid), high: whole(range.high) };
  return rounded.low === rounded.high ? `${rounded.mid}` : between(rounded, metric, currency);
}
