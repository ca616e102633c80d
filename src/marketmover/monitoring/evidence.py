"""What an alert rests on: its lines' daily figures, what was due, and where their rows stand in the exports."""

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel

from marketmover.history import Line, Panel
from marketmover.monitoring.lines.figures import Figures
from marketmover.plans import Range

if TYPE_CHECKING:
    from marketmover.monitoring.alerts import Alert

_BEFORE = 28  # days before the trouble
_SCALE = {"cpm": 1000.0}
_PARTS = {
    "cpm": ("cost", "impressions"),
    "ctr": ("clicks", "impressions"),
    "conversion_rate": ("conversions", "clicks"),
    "value": ("revenue", "conversions"),
    "cost_per_lead": ("cost", "leads"),
    "cost_per_conversion": ("cost", "conversions"),
    "cost_per_acquisition": ("cost", "sales"),
    "cost_per_sale": ("cost", "sales"),
    "cost_per_install": ("cost", "installs"),
    "cost_per_click": ("cost", "clicks"),
}
_COUNTS = ("impressions", "clicks", "conversions", "leads", "sales", "installs", "cost")
COLUMNS = ("alert", "kind", "metric", "line_id", "line", "day", "in_trouble", "observed", "expected_low",
           "expected_mid", "expected_high", "cost", "impressions", "clicks", "conversions", "conversions_known",
           "exports", "campaign_id", "ad_group_id")  # fmt: skip
"""Of `daily_csv`."""


class DayFigures(BaseModel):
    """A line on a day, as the last export says it.

    `observed` is the alert's metric, null where there is nothing to divide by; `conversions_known` is the share of the
    day's conversions that had come in by then, as learnt from the history.
    """

    day: str
    in_trouble: bool
    observed: float | None
    cost: float
    impressions: float
    clicks: float
    conversions: float
    conversions_known: float


class Evidence(BaseModel):
    """What an alert says of one of its lines.

    `expected` is the range of the metric that was due on each day of the trouble, null where it is asked of the whole
    plan; `exports` is the folder that holds the rows, which bear `campaign_id` and `ad_group_id`.
    """

    line_id: str
    expected: Range | None
    exports: str
    campaign_id: str
    ad_group_id: str | None
    days: list[DayFigures]


def evidence_of(figures: Figures, row: int, metric: str, expected: Range | None, since: int, until: int) -> Evidence:
    """What is known of a line from four weeks before a trouble to its end.

    Args:
        figures: What is watched.
        row: The line.
        metric: The alert's.
        expected: What was due of it on a day.
        since: Column that the trouble began in.
        until: Column of the last day of the alert.
    """
    line, share = figures.panel.lines[row], figures.share[row]
    days = [
        _day(figures.panel, row, column, metric, in_trouble=column >= since, known=_known(share, figures.days, column))
        for column in range(max(0, since - _BEFORE), until + 1)
    ]
    return Evidence(
        line_id=line.id,
        expected=expected,
        exports=line.platform,
        campaign_id=line.campaign_id,
        ad_group_id=line.group_id,
        days=days,
    )


def daily_csv(alerts: Sequence["Alert"], lines: Sequence[Line]) -> str:
    """The daily figures of all alerts' lines as CSV, alerts in their order from 1 on; columns are `COLUMNS`."""
    names = {line.id: line.name for line in lines}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for number, alert in enumerate(alerts, start=1):
        for one in alert.evidence:
            head = (number, alert.kind, alert.metric, one.line_id, _plain(names[one.line_id]))
            tail = (one.exports, one.campaign_id, one.ad_group_id or "")
            writer.writerows((*head, *_cells(day, one.expected), *tail) for day in one.days)
    return text.getvalue()


def _cells(day: DayFigures, expected: Range | None) -> tuple[object, ...]:
    due = (expected.low, expected.mid, expected.high) if expected and day.in_trouble else ("", "", "")
    seen = "" if day.observed is None else day.observed
    figures = (day.cost, day.impressions, day.clicks, day.conversions, day.conversions_known)
    return (day.day, int(day.in_trouble), seen, *due, *figures)


def _plain(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name[:1] in {"=", "+", "-", "@", "\t", "\r"} else name


def _day(panel: Panel, row: int, column: int, metric: str, *, in_trouble: bool, known: float) -> DayFigures:
    return DayFigures(
        day=str(panel.dates[column]),
        in_trouble=in_trouble,
        observed=metric_on(panel, [row], column, metric),
        cost=round(float(panel.cost[row, column]), 4),
        impressions=float(panel.impressions[row, column]),
        clicks=float(panel.clicks[row, column]),
        conversions=round(float(panel.conversions[row, column]), 4),
        conversions_known=round(known, 4),
    )


def metric_on(panel: Panel, rows: Sequence[int], column: int, metric: str) -> float | None:
    """A metric of some lines together on a day; null where there is nothing to divide by, or it is none of a day's."""
    top, base = _PARTS.get(metric, (metric, ""))
    if top not in _COUNTS and metric not in _PARTS:
        return None
    above = float(getattr(panel, top)[list(rows), column].sum())
    below = float(getattr(panel, base)[list(rows), column].sum()) if base else 1.0
    return round(_SCALE.get(metric, 1.0) * above / below, 6) if below > 0 else None


def _known(share: Sequence[float], days: int, column: int) -> float:
    age = days - 1 - column
    return float(share[age]) if age < len(share) else 1.0
