"""The room's verb: replay the past of a history, window by window."""

import dataclasses
from datetime import date

from marketmover.budget import METRICS, range_of
from marketmover.campaigns.backtest.counted import Tally, counted
from marketmover.campaigns.backtest.known import KnownThen, known_by_lake
from marketmover.campaigns.backtest.replaying import Replay, replay_window
from marketmover.campaigns.backtest.report import Backtest
from marketmover.campaigns.backtest.scoring import (
    finding_of,
    forecast_score,
    gain_draws,
    probability_better,
    promised_too_much,
    window_result,
)
from marketmover.campaigns.backtest.windows import least_days, replayable
from marketmover.console import Progress
from marketmover.errors import UsageError
from marketmover.history import Panel, load_panel
from marketmover.store import Lake

WEEKS = 4
MOST_WEEKS = 26
_LEAST_WINDOWS = 2


def replay(
    lake: Lake,
    *,
    weeks: int = WEEKS,
    objective: str | None = None,
    as_of: date | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Backtest:
    """Replay the past of the history in a lake, on what its imports knew at the time.

    Args:
        lake: Holds the history.
        weeks: Length of a window.
        objective: The metric that is maximised and counted; by default leads, else conversions.
        as_of: The last day to see.
        seed: The same seed and history give the same result.
        progress: Told of each window.

    Raises:
        UsageError: The weeks make no window, or the metric is not one.
    """
    panel = load_panel(lake, as_of=as_of)
    known = known_by_lake(lake, panel.currency)
    return run(panel, known, weeks=weeks, objective=objective, seed=seed, progress=progress)


def run(
    panel: Panel,
    known: KnownThen,
    *,
    weeks: int = WEEKS,
    objective: str | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Backtest:
    """Replay the past of a panel; `known` says what was known of it on a day. Otherwise as `replay`."""
    check_weeks(weeks)
    metric = _metric(panel, objective)
    tally = Tally.of(panel, metric)
    spans = replayable(panel, weeks, tally.settling)
    replays: list[Replay] = []
    # From the last to the first: once nothing had been imported by a day, nothing had by the days before it.
    for done, span in enumerate(reversed(spans) if len(spans) >= _LEAST_WINDOWS else ()):
        if progress is not None:
            progress(done / len(spans), f"advising as of {span.origin}")
        found = replay_window(panel, known(span.origin), span, tally, seed)
        if found is not None:
            replays.insert(0, found)
    return _report(panel, metric, weeks, tally.settling, replays)


def check_weeks(weeks: int) -> None:
    """Refuse a length that makes no window.

    Raises:
        UsageError: It is below 1 or above `MOST_WEEKS`.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise UsageError(f"--weeks {weeks} makes no stretch.", f"Choose 1 to {MOST_WEEKS}; {WEEKS} are usual.")


def _report(panel: Panel, metric: str, weeks: int, settling: int, replays: list[Replay]) -> Backtest:
    days = len(panel.dates)
    bare = Backtest(
        metric=metric,
        currency=panel.currency,
        simulated=panel.simulated,
        first_date=panel.dates[0].astype(object) if days else None,
        last_date=panel.dates[-1].astype(object) if days else None,
        weeks=weeks,
        settling_days=settling,
        finding="not enough data",
        notes=_why_not(panel, metric, weeks, settling) if len(replays) < _LEAST_WINDOWS else _notes(replays, settling),
    )
    return bare if len(replays) < _LEAST_WINDOWS else _with_windows(bare, panel, replays)


def _with_windows(bare: Backtest, panel: Panel, replays: list[Replay]) -> Backtest:
    windows = tuple(window_result(panel, one) for one in replays)
    gain, spent = gain_draws(replays), sum(one.spend for one in windows)
    counted_in_all = sum(one.counted for one in windows)
    promised = sum(one.promised.mid * one.counted for one in windows) / counted_in_all
    return dataclasses.replace(
        bare,
        finding=finding_of(gain),
        better=sum(one.probability_better > 0.5 for one in windows),
        gain=range_of(gain),
        extra=range_of(gain * counted_in_all),
        probability_better=probability_better(replays),
        promised=promised,
        promised_too_much=promised_too_much(replays, promised),
        overlap=sum(one.overlap * one.spend for one in windows) / spent,
        forecast=forecast_score(replays),
        windows=windows,
    )


def _metric(panel: Panel, asked: str | None) -> str:
    """The metric to judge by.

    Raises:
        UsageError: It is none, or the history does not count it.
    """
    known = [metric for metric in METRICS if len(panel.dates) and counted(panel, metric).sum() > 0]
    if asked is None:
        return next((metric for metric in ("leads", "conversions", "clicks") if metric in known), "leads")
    # At a fixed total, profit is greatest where revenue is.
    metric = "revenue" if asked == "profit" else asked
    if metric not in METRICS:
        raise UsageError(f"--objective {asked} is not known.", f"Choose one of {', '.join((*METRICS, 'profit'))}.")
    if known and metric not in known:
        raise UsageError(
            f"The history counts no {metric.replace('_', ' ')}, so --objective {asked} cannot be judged.",
            f"It counts {', '.join(known)}.",
        )
    return metric


def _why_not(panel: Panel, metric: str, weeks: int, settling: int) -> tuple[str, ...]:
    """Why the past cannot be replayed, and what would mend it."""
    days, due = len(panel.dates), least_days(weeks, settling)
    if not days:
        remedy = "Read exports with `marketmover import DIR`, or replay them from where they lie with `--history DIR`."
        return (f"The history holds no daily figures. {remedy}",)
    if days < due:
        return (
            f"The history holds {days} days. A replay of {weeks}-week stretches needs at least {due}: three months to "
            f"learn from, two stretches to judge, and {settling} days for late results to come in. "
            "Import older exports" + (", or ask for shorter stretches." if weeks > 1 else "."),
        )
    return (
        (
            f"In too few stretches did two or more lines run before and after the day of the advice and count any "
            f"{metric.replace('_', ' ')}: there was nothing to split or to learn from."
        ),
    )


def _notes(replays: list[Replay], settling: int) -> tuple[str, ...]:
    same_lines = (
        "The money of each stretch is what its lines really spent. It is split anew over the same lines: those that "
        "had run in the four weeks before, and ran on at least half of its days."
    )
    notes = [
        same_lines,
        f"The last {settling} days are not judged, since results of them are still coming in.",
    ]
    if not all(one.as_imported for one in replays):
        notes.append(
            "Days before each advice are seen with their final figures where no import of that time is kept: late "
            "results were in them already, which flatters forecasts a little."
        )
    notes.append(
        "What the advised split would have brought was never seen. It is estimated from what lines did later, when "
        "their spend moved; what the advice was chosen by is not used to judge a line."
    )
    return tuple(notes)
