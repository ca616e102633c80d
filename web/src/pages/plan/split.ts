/** The budgets that a person tries: what they set, and how the rest follows. */
export interface LineMoney {
  id: string;
  budget: number;
}

/** In cents, so that the sum is exact. */
const cents = (amount: number) => Math.round(amount * 100);

/**
 * Each line's budget where some are set and the others share what is left, in proportion to the plan's own split.
 * What whole cents leave over goes to the lines that lost most by rounding, so that the sum is exact and none is below 0.
 */
export function shared(lines: LineMoney[], set: Record<string, number>, total: number): Record<string, number> {
  const free = lines.filter((line) => !(line.id in set));
  const taken = lines.reduce((sum, line) => sum + cents(set[line.id] ?? 0), 0);
  const left = Math.max(0, cents(total) - taken);
  const weight = free.reduce((sum, line) => sum + line.budget, 0);
  const parts = free.map((line) => {
    const exact = left * (weight > 0 ? line.budget / weight : 1 / free.length);
    return { id: line.id, whole: Math.floor(exact), rest: exact - Math.floor(exact) };
  });
  let over = left - parts.reduce((sum, part) => sum + part.whole, 0);
  for (const part of [...parts].sort((one, other) => other.rest - one.rest)) {
    if (over <= 0) break;
    part.whole += 1;
    over -= 1;
  }
  return { ...set, ...Object.fromEntries(parts.map((part) => [part.id, part.whole / 100])) };
}

/** The most that a line can get while the whole stays and what others are set to stays. */
export function roomFor(lines: LineMoney[], set: Record<string, number>, id: string, total: number): number {
  const others = lines.reduce((sum, line) => (line.id === id ? sum : sum + cents(set[line.id] ?? 0)), 0);
  return Math.max(0, cents(total) - others) / 100;
}
