import type { Schemas } from "../../api/client";
import { Figure } from "../../parts/Figure";
import { between, day, percent, shortDay } from "../../words/figures";
import { capital } from "../../words/sureness";
import type { AlertDetail } from "./queries";
import { metricOf, seen } from "./words";

const SURE = 0.95;

/** A line's days before and in the trouble: what was seen beside what was due. */
export function DailyFigures({ alert, evidence }: { alert: AlertDetail; evidence: Schemas["Evidence"] }) {
  const { days, expected: due } = evidence;
  const first = days.find((one) => one.in_trouble)?.day;
  const name = alert.line_ids.length > 1 ? `: ${evidence.line_id}` : "";
  const late = days.find((one) => one.conversions_known < SURE);
  const metric = alert.metric === "value" ? "revenue" : alert.metric;
  const within =
    due && first ? `From ${day(first)} on ${between(due, metric, alert.currency)} a day was due; the shaded band shows it. ` : "";
  return (
    <Figure
      title={`${capital(metricOf(alert.metric))}, day by day${name}`}
      words={`${within}${late ? `Results since ${day(late.day)} are not all in yet (${percent(days.at(-1)?.conversions_known ?? 1)} of the last day's).` : ""}`}
      name={`alert-${alert.id}`}
      height={240}
      chart={{
        x: "day",
        xWords: (value) => shortDay(String(value)),
        yWords: (value) => seen(value, alert),
        series: [
          { name: "Seen", points: days.map((one) => [one.day, one.observed]) },
          ...(due
            ? [
                {
                  name: "Due",
                  dashed: true,
                  points: days.map((one): [string, number | null] => [one.day, one.in_trouble ? due.mid : null]),
                  range: days.map((one): [number, number] | null => (one.in_trouble ? [due.low, due.high] : null)),
                },
              ]
            : []),
        ],
        marks: first ? [{ at: first, words: "it began" }] : [],
      }}
      table={{
        columns: [
          "Day",
          "In trouble",
          capital(metricOf(alert.metric)),
          "Due, low",
          "Due, high",
          "Spend",
          "Impressions",
          "Clicks",
          "Conversions",
          "Share of conversions known",
        ],
        rows: days.map((one) => [
          one.day,
          one.in_trouble ? "yes" : "",
          one.observed,
          one.in_trouble && due ? due.low : null,
          one.in_trouble && due ? due.high : null,
          one.cost,
          one.impressions,
          one.clicks,
          one.conversions,
          one.conversions_known,
        ]),
      }}
    />
  );
}
