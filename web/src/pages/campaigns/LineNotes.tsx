import { Alert, Anchor } from "@mantine/core";
import { Link } from "react-router";
import { Icon } from "../../parts/Icon";
import { day, figure, metricName } from "../../words/figures";
import { counted } from "../../words/sureness";
import type { LineDetail } from "./queries";

const MOST = 5;

/** What to know of a budget line before trusting its figures: days that lack, and days far off the others. */
export function LineNotes({ line }: { line: LineDetail }) {
  const { gaps, outliers } = line;
  const newest = [...outliers].sort((one, other) => other.date.localeCompare(one.date));
  return (
    <>
      {gaps.length > 0 && (
        <Alert variant="light" color="yellow" icon={<Icon name="alert" />} title={`${counted(line.missing_days, "day")} without figures, of all that are known`}>
          {listed(gaps.toReversed().map((gap) => (gap.first === gap.last ? day(gap.first) : `${day(gap.first)} to ${day(gap.last)}`)))}. It may have been paused, or an export is missing:{" "}
          <Anchor component={Link} to="/data" size="sm" c="inherit" underline="always">
            see which days are there
          </Anchor>
          .
        </Alert>
      )}
      {newest.length > 0 && (
        <Alert variant="light" color="gray" icon={<Icon name="alert" />} title={`${counted(newest.length, "figure")} far above the days around, of all that are known`}>
          {listed(newest.map((one) => `${day(one.date)}: ${metricName(one.metric)} ${figure(one.value, one.metric, line.currency)}, usually ${figure(one.usual, one.metric, line.currency)}`))}. They are kept as they came.
        </Alert>
      )}
    </>
  );
}

/** The first few of some things, and how many more there are. */
function listed(words: string[]): string {
  const rest = words.length - MOST;
  return `${words.slice(0, MOST).join("; ")}${rest > 0 ? `; and ${rest} more` : ""}`;
}
