import assert from "node:assert/strict";
import { test } from "node:test";
import { plain, readerOf } from "./reader";

const words = await readerOf("en-US");

test("money is without cents from a hundred on, and where it is whole", () => {
  assert.equal(words.money(24_000.4, "USD"), "$24,000");
  assert.equal(words.money(99.5, "USD"), "$99.50");
  assert.equal(words.money(99, "USD"), "$99");
  assert.equal(words.money(-3.2, "EUR"), "-€3.20");
  assert.equal(words.money(1200, "JPY"), "¥1,200");
});

test("a currency that no browser knows is said as it is", () => {
  assert.equal(words.money(1234.5, "US dollars"), "1,234.5 US dollars");
});

test("counts are whole from ten on", () => {
  assert.deepEqual([words.count(9.46), words.count(10.4), words.count(12_345), words.count(0)], ["9.5", "10", "12,345", "0"]);
});

test("a figure is said as its metric is measured", () => {
  assert.equal(words.figure(31.25, "cost_per_lead", "EUR"), "€31.25");
  assert.equal(words.figure(0.0312, "ctr", "EUR"), "3.12%");
  assert.equal(words.figure(3.456, "roas", "EUR"), "3.46×");
  assert.equal(words.figure(310.7, "leads", "EUR"), "311");
});

test("a range is said from its low to its high end", () => {
  const range = { low: 240, mid: 300, high: 371 };
  assert.equal(words.between(range, "leads", "EUR"), "240 to 371");
  assert.equal(words.between(range, "revenue", "EUR"), "€240 to €371");
});

test("a change has its sign", () => {
  assert.deepEqual([words.change(0.124), words.change(-0.5), words.change(0)], ["+12%", "-50%", "0%"]);
});

test("a metric without words of its own is still words", () => {
  assert.deepEqual([words.metricName("cost_per_lead"), words.metricName("video_views")], ["cost per lead", "video views"]);
  assert.deepEqual([words.platformName("google_ads"), words.platformName("new_ads")], ["Google Ads", "new_ads"]);
});

test("how long ago is said in the largest unit that fits", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");
  const said = ["2026-03-01T11:59:40Z", "2026-03-01T11:15:00Z", "2026-03-01T09:00:00Z", "2026-02-28T11:00:00Z"].map((one) => words.ago(one, now));
  assert.deepEqual(said, ["just now", "45 minutes ago", "3 hours ago", "yesterday"]);
});

for (const zone of ["Pacific/Honolulu", "UTC", "Europe/Lisbon", "Pacific/Auckland", "Pacific/Kiritimati"]) {
  test(`a day of the calendar is the same day in ${zone}`, () => {
    process.env.TZ = zone;
    assert.equal(words.day("2026-01-12"), "Jan 12, 2026");
    assert.equal(words.day("2026-01-12T23:59:59Z", "long"), "January 12, 2026");
    assert.equal(words.shortDay("2026-12-31"), "Dec 31");
    assert.equal(words.shiftedDay("2026-03-01", -1), "2026-02-28");
    assert.equal(words.shiftedDay("2028-02-28", 1), "2028-02-29");
    assert.equal(words.shiftedDay("2026-03-28", 2), "2026-03-30");
  });
}

test("a moment is told in the reader's own time zone", () => {
  process.env.TZ = "Pacific/Honolulu";
  const now = new Date("2026-06-01T12:00:00Z");
  assert.equal(plain(words.moment("2026-01-12T09:30:00Z", "short", now)), "Jan 11, 11:30 PM");
  process.env.TZ = "Pacific/Auckland";
  assert.equal(plain(words.moment("2026-01-12T09:30:00Z", "short", now)), "Jan 12, 10:30 PM");
});

test("a moment of another year has its year, as a key has that ends next year", () => {
  process.env.TZ = "UTC";
  const now = new Date("2026-06-01T12:00:00Z");
  assert.equal(plain(words.moment("2027-06-01T09:30:00Z", "short", now)), "Jun 1, 2027, 09:30 AM");
  assert.equal(plain(words.moment("2026-05-01T09:30:05Z", "long", now)), "May 1, 2026, 09:30:05 AM");
});
