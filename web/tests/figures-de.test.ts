import assert from "node:assert/strict";
import { test } from "node:test";
import { plain, readerOf } from "./reader";

const words = await readerOf("de-DE");

test("a German reader sees German figures", () => {
  assert.equal(plain(words.money(24_000, "EUR")), "24.000 €");
  assert.equal(plain(words.money(31.25, "EUR")), "31,25 €");
  assert.equal(words.count(12_345), "12.345");
  assert.equal(plain(words.percent(0.312, 1)), "31,2 %");
  assert.equal(words.day("2026-01-12", "long"), "12. Januar 2026");
  assert.equal(words.month("2026-01"), "Jan. 2026");
  assert.equal(words.measure(0.854), "0,85");
  assert.equal(words.counted(12_345, "row"), "12.345 rows");
});

test("words that stand between English ones stay English", () => {
  assert.equal(words.ago("2026-03-01T11:15:00Z", Date.parse("2026-03-01T12:00:00Z")), "45 minutes ago");
});
