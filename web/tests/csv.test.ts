import assert from "node:assert/strict";
import { test } from "node:test";
import { csvOf } from "../src/parts/csv";

test("rows become lines, and what is not known stays empty", () => {
  assert.equal(csvOf(["Day", "Spend"], [["2026-01-12", 12.5], ["2026-01-13", null]]), "Day,Spend\r\n2026-01-12,12.5\r\n2026-01-13,");
});

test("commas, quotes and breaks stay within their cell", () => {
  assert.equal(csvOf(["a,b"], [['said "yes"'], ["two\nlines"]]), '"a,b"\r\n"said ""yes"""\r\n"two\nlines"');
});

test("no text becomes a formula of a sheet, and figures below nothing stay figures", () => {
  const rows = [["=1+1"], ["+1"], ["-1"], ["@cmd"], ["\tx"], [-1]];
  assert.equal(csvOf(["x"], rows), "x\r\n'=1+1\r\n'+1\r\n'-1\r\n'@cmd\r\n'\tx\r\n-1");
});
