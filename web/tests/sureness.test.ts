import assert from "node:assert/strict";
import { test } from "node:test";
import { readerOf } from "./reader";

const words = await readerOf("en-GB");

test("a simulation never proves certainty", () => {
  assert.deepEqual([1, 0.999, 0.987].map(words.likely), ["more than 99% likely", "more than 99% likely", "99% likely"]);
  assert.deepEqual([0, 0.01, 0.034].map(words.likely), ["less than 1% likely", "less than 1% likely", "3% likely"]);
});

test("the verdict turns where it is said to", () => {
  const said = [0.9, 0.89, 0.7, 0.69, 0.31, 0.3].map((one) => words.verdict(one).words);
  assert.deepEqual(said, [
    "Better than today",
    "Probably better than today",
    "Probably better than today",
    "No clear difference from today",
    "No clear difference from today",
    "Probably worse than today",
  ]);
});

test("where nothing is known, nothing is claimed", () => {
  assert.equal(words.verdict(null).words, "Nothing to compare it with yet");
  assert.equal(words.verdict(undefined).words, "Nothing to compare it with yet");
});

test("numbers of things", () => {
  assert.deepEqual([words.counted(1, "line"), words.counted(0, "line"), words.counted(2, "entry", "entries")], ["1 line", "0 lines", "2 entries"]);
  assert.deepEqual([words.capital("as planned"), words.capital("")], ["As planned", ""]);
});
