"""One window of the past: what was known, advised, foretold, made, counted, and what the advice would have earned."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget import Comparison, Response, compare
from marketmover.campaigns.backtest.advising import advise_then
from marketmover.campaigns.backtest.counted import Tally, counted
from marketmover.campaigns.backtest.forecasts import Forecast, by_last_weeks, by_last_year, foretell, place_among
from marketmover.campaigns.backtest.known import Known
from marketmover.campaigns.backtest.models.evidence import evidence
from marketmover.campaigns.backtest.models.off_policy import OffPolicy, Window, off_policy
from marketmover.campaigns.backtest.models.pooled import draw_curves
from marketmover.campaigns.backtest.models.weeks import in_weeks
from marketmover.campaigns.backtest.windows import Span
from marketmover.history import Panel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_QUANTILES = (10, 50, 90)


@dataclass(frozen=True)
class Replay:
    """A window that was replayed; arrays of shape (lines,).

    Attributes:
        span: Its days.
        days_known: Days of history that the advice had.
        as_imported: Whether imports say what was known (see `Known`).
        rows: Rows of the judged lines in the whole history.
        made: What each line spent.
        advised: What it was advised to spend.
        counted: What it counted.
        counted_by_week: What all counted together, shape (weeks,).
        promised: What the advice said it would gain over the split that was made.
        forecast: What was foretold for the split that was made.
        earned: What both splits earned, estimated after the fact, in the metric's own unit.
    """

    span: Span
    days_known: int
    as_imported: bool
    rows: Integers
    made: Floats
    advised: Floats
    counted: Floats
    counted_by_week: Floats
    promised: Comparison
    forecast: Forecast
    earned: OffPolicy


def replay_window(panel: Panel, known: Known, span: Span, tally: Tally, seed: int) -> Replay | None:
    """Replay one window.

    Args:
        panel: The whole history.
        known: What was known on the evening before the window.
        span: The window.
        tally: What the whole history counted of the metric that is maximised.
        seed: Of all that is drawn.

    Returns:
        `None` where fewer than two lines ran on both sides of the day, so that there was nothing to split, or where the
        metric had not been counted by then.
    """
    lines, rows = _running(panel, known.panel, span)
    days, metric = span.columns(panel), tally.metric
    spend, outcome = panel.cost[rows, days], tally.counts[rows, days]
    if len(lines) < 2 or outcome.sum() <= 0 or counted(known.panel, metric).sum() <= 0:
        return None
    made = spend.sum(axis=1)
    advised = advise_then(known.panel, lines, float(made.sum()), span, metric, seed)
    if metric not in advised.response.metrics:
        return None
    split = np.array([advised.split.get(line, 0.0) for line in lines])
    promised = compare(
        advised.response, dict(zip(lines, split, strict=True)), dict(zip(lines, made, strict=True)), metric
    )
    return Replay(
        span=span,
        days_known=len(known.panel.dates),
        as_imported=known.as_imported,
        rows=rows,
        made=made,
        advised=split,
        counted=outcome.sum(axis=1),
        counted_by_week=outcome.sum(axis=0).reshape(-1, 7).sum(axis=1),
        promised=promised,
        forecast=_forecast(advised.response, lines, known.panel, (spend, outcome.sum(axis=1)), metric),
        earned=judge(panel, tally, rows, span, split, seed),
    )


def judge(panel: Panel, tally: Tally, rows: Integers, span: Span, split: Floats, seed: int) -> OffPolicy:
    """What a split of the window's money would have earned, by the weeks after its start.

    Args:
        panel: The whole history.
        tally: What it counted of the metric.
        rows: Rows of the lines that the money is split over.
        span: The window.
        split: Money by line, shape (rows,).
        seed: Of all that is drawn.
    """
    first, length = span.columns(panel).start, len(panel.dates) - tally.settling
    counts = tally.counts[rows] / tally.unit
    platform = np.unique([line.platform for line in panel.lines], return_inverse=True)[1].astype(np.int64)
    weeks = in_weeks(panel.cost[rows, :length], counts[:, :length], platform[rows], first)
    window = slice(first, first + span.days)
    made = panel.cost[rows, window].sum(axis=1)
    told = evidence(weeks, made / (span.days / 7.0))
    curves = draw_curves(told, weeks.own_blocks, _sizes(made, platform[rows]), rows, seed)
    judged = Window(counts[:, window].sum(axis=1), made, split, span.days)
    return off_policy(weeks, told, curves, judged, rows, seed).scaled(tally.unit)


def _sizes(made: Floats, platform: Integers) -> Floats:
    """Log spend of each line over the mean of its platform, shape (lines,)."""
    log_made = np.log(made)
    means = np.array([log_made[platform == one].mean() for one in platform])
    return log_made - means


def _running(panel: Panel, known: Panel, span: Span) -> tuple[list[str], Integers]:
    """Ids (as then known) and rows of the lines that spent in the 28 days before and on half of the window's days."""
    rows = {line.id: row for row, line in enumerate(panel.lines)}
    campaigns = [f"{line.platform}:{line.campaign_id}" for line in panel.lines]
    alone = {name: row for row, name in enumerate(campaigns) if campaigns.count(name) == 1}
    days = span.columns(panel)
    lines: list[str] = []
    chosen: list[int] = []
    for place, line in enumerate(known.lines):
        # A campaign that got a second ad group since then goes by another id now.
        row = rows.get(line.id, alone.get(f"{line.platform}:{line.campaign_id}"))
        ran = known.cost[place, -28:].sum() > 0
        if row is not None and row not in chosen and ran and (panel.cost[row, days] > 0).sum() * 2 >= span.days:
            lines.append(line.id)
            chosen.append(row)
    return lines, np.array(chosen, dtype=np.int64)


def _forecast(
    response: Response, lines: list[str], known: Panel, happened: tuple[Floats, Floats], metric: str
) -> Forecast:
    """What was foretold; `happened` is the spend by line and day, and what each line then counted."""
    spend, came = happened
    drawn, by_week = foretell(response, lines, spend, metric)
    total = drawn.sum(axis=1)
    ranges = np.percentile(drawn, _QUANTILES, axis=0)
    places = [known.line_ids.index(line) for line in lines]
    cost, counts, made = known.cost[places], counted(known, metric)[places], spend.sum(axis=1)
    return Forecast(
        low=ranges[0],
        mid=ranges[1],
        high=ranges[2],
        total=np.percentile(total, _QUANTILES),
        places=place_among(drawn, came),
        total_place=float(place_among(total[:, None], came.sum(keepdims=True))[0]),
        last_weeks=by_last_weeks(cost, counts, made),
        last_year=by_last_year(cost, counts, made, spend.shape[1]),
        by_week=by_week,
    )
