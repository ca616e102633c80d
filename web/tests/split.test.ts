import assert from "node:assert/strict";
import { test } from "node:test";
import { roomFor, shared } from "../src/pages/plan/split";

const lines = [
  { id: "search", budget: 500 },
  { id: "video", budget: 300 },
  { id: "social", budget: 200 },
];
const sum = (split: Record<string, number>) => Object.values(split).reduce((all, one) => all + Math.round(one * 100), 0) / 100;

test("what nobody set is shared as the plan shares it", () => {
  assert.deepEqual(shared(lines, { search: 600 }, 1000), { search: 600, video: 240, social: 160 });
});

test("the sum is exact to the cent, whatever is set", () => {
  for (let total = 0; total < 40; total += 0.01) {
    const exact = Math.round(total * 100) / 100;
    const split = shared(lines, {}, exact);
    assert.equal(sum(split), exact);
    assert.ok(Object.values(split).every((one) => one >= 0));
  }
});

test("where more is set than there is, the others get nothing and none is below nothing", () => {
  assert.deepEqual(shared(lines, { search: 900, video: 300 }, 1000), { search: 900, video: 300, social: 0 });
});

test("lines without money in the plan share evenly", () => {
  const none = [
    { id: "a", budget: 0 },
    { id: "b", budget: 0 },
    { id: "c", budget: 0 },
  ];
  const split = shared(none, {}, 100);
  assert.deepEqual(Object.values(split).sort(), [33.33, 33.33, 33.34]);
});

test("where all is set, it stays as it was set", () => {
  const set = { search: 1, video: 2, social: 3 };
  assert.deepEqual(shared(lines, set, 1000), set);
  assert.deepEqual(shared([], {}, 100), {});
});

test("a line may take what others were not set to", () => {
  assert.equal(roomFor(lines, { video: 300.1 }, "search", 1000), 699.9);
  assert.equal(roomFor(lines, { search: 800, video: 300 }, "search", 1000), 700);
  assert.equal(roomFor(lines, { video: 700, social: 400 }, "search", 1000), 0);
});
