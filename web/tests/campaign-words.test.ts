import assert from "node:assert/strict";
import { test } from "node:test";
import type { Period } from "../src/pages/campaigns/period";
import type { Figures } from "../src/pages/campaigns/queries";
import { readerOf } from "./reader";

await readerOf("en-US");
const { changed, inWords, METRICS, metricsOf } = await import("../src/pages/campaigns/words");

const PERIOD: Period = { first: "2026-10-25", last: "2026-11-21", days: 28, compare: "previous" };
const of = (known: Partial<Figures>) =>
  ({ impressions: 0, clicks: 0, cost: 0, conversions: 0, leads: 0, sales: 0, installs: 0, revenue: 0, crm_leads: 0, qualified_leads: 0, won: 0, ...known }) as Figures;
const leads = (cost: number, number: number) => of({ cost, impressions: 10_000, clicks: 500, conversions: number, leads: number });
const said = (now: Figures, before: Figures | null) => inWords(now, before, "USD", PERIOD, false);

test("a rise, fewer leads and what each costs are told with their figures", () => {
  assert.equal(said(leads(4300, 368), leads(3840, 500)), "Spend rose 12% to $4,300 ($3,840 in the 28 days before); leads 26% fewer (368); the cost per lead is up $4.00 to $11.68.");
});

test("few leads are too few to say", () => {
  assert.match(said(leads(100, 4), leads(100, 2)), /4 leads came of it, 2 before: too few to say/);
  assert.match(said(leads(100, 0), leads(100, 3)), /0 leads came of it, 3 before/);
});

test("what counts of this size do by themselves is told as that", () => {
  assert.match(said(leads(1000, 40), leads(1000, 50)), /leads 20% fewer \(40\), which may be chance/);
});

test("nothing is never divided by", () => {
  assert.equal(said(of({}), null), "Nothing ran in these days.");
  assert.match(said(of({}), leads(50, 1)), /Nothing ran in these days; \$50 was spent in the 28 days before/);
  assert.match(said(leads(50, 20), of({})), /You spent \$50 in 28 days, and nothing in the 28 days before/);
  assert.match(said(of({ impressions: 5 }), null), /Nothing was spent in 28 days/);
  for (const now of [of({}), leads(0, 0), leads(0, 30), leads(9, 0)]) for (const before of [null, of({}), leads(0, 30), leads(9, 12)]) assert.doesNotMatch(said(now, before), /NaN|Infinity|undefined/);
});

test("without conversions clicks stand for what came of it", () => {
  assert.match(said(of({ cost: 100, impressions: 9000, clicks: 400 }), of({ cost: 100, impressions: 9000, clicks: 400 })), /clicks about as many as before \(400\).*No conversions are counted/);
});

test("conversions that are gone stay in view", () => {
  const names = metricsOf(leads(100, 0), leads(100, 30)).map((one) => one.name);
  assert.ok(names.includes("conversions"));
  assert.ok(!names.includes("installs"));
});

test("a change of few counts is neither good nor bad", () => {
  const conversions = METRICS.find((one) => one.name === "conversions");
  assert.ok(conversions);
  assert.deepEqual(changed(leads(1, 6), leads(1, 1), conversions), { words: "+500%, may be chance", good: null });
  assert.deepEqual(changed(leads(1, 900), leads(1, 600), conversions), { words: "+50%", good: true });
});
