"""Watchers judged on many simulated windows, with troubles and without: folders in, alerts out, the truth apart."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from marketmover.plans import Plan
from marketmover.sandbox.judge.alerts import Alert, AlertScore, score_alerts
from marketmover.sandbox.judge.figures import Figure
from marketmover.sandbox.judge.planning import write_plan
from marketmover.sandbox.live.engine import Live
from marketmover.sandbox.live.exporting import write_pull
from marketmover.sandbox.live.record import truth_of
from marketmover.sandbox.live.start import start_live
from marketmover.sandbox.live.troubles import KINDS
from marketmover.sandbox.market import Market


@dataclass(frozen=True)
class Watched:
    """What a watcher is given, and nothing of the truth.

    Attributes:
        history: The history's exports.
        live: The whole window in one pull.
        pulls: A folder for each day (`pulls/2026-04-01`), with what could be pulled at its end, where they are written.
        budgets: Daily budgets by line that were in force on the first day.
        plan: A folder with `plan.json`, where the window runs on a plan.
        last: The window's last day.
    """

    history: Path
    live: Path
    pulls: Path
    budgets: dict[str, float]
    plan: Path | None
    last: date


Watcher = Callable[[Watched], Sequence[Alert]]
"""Watches a window and gives alerts; it may look at the folders alone, and at each day only from the days before it."""


@dataclass(frozen=True)
class WatchCase:
    """Which window: the market's seed, and whether anything goes wrong in it."""

    seed: int
    benign: bool
    lines: int = 16
    days: int = 730
    window_days: int = 28
    manager: str = "ordinary"
    family: str = "mixed"


@dataclass(frozen=True)
class WatchScore:
    """A window's score and which it was."""

    case: WatchCase
    score: AlertScore


def watch_cases(seeds: Sequence[int], *, lines: int = 16, days: int = 730) -> list[WatchCase]:
    """Each seed's market with the usual troubles, and with none."""
    return [WatchCase(seed, benign, lines, days) for seed in seeds for benign in (False, True)]


Planner = Callable[[Market], Plan]
"""Makes the plan that a market's window runs on (`planning.composed_plan`)."""


def watch(
    cases: Sequence[WatchCase], watcher: Watcher, *, planner: Planner | None = None, daily: bool = True
) -> Iterator[WatchScore]:
    """Score a watcher on each case, in their order.

    Markets are made, exported and lived in a folder that is gone afterwards; a market that several cases share is made
    once where they follow each other.

    Args:
        cases: Which windows.
        watcher: Who watches.
        planner: Makes the plans that the windows run on; without one the status quo goes on.
        daily: Write a pull a day beside that of the whole window.
    """
    from marketmover.sandbox.history import write_history
    from marketmover.sandbox.service import create_market

    made: tuple[object, Market, Plan | None] | None = None
    for case in cases:
        key = (case.lines, case.days, case.seed, case.family, case.manager)
        if made is None or made[0] != key:
            market = create_market(*key)
            made = key, market, planner(market) if planner is not None else None
        with tempfile.TemporaryDirectory(prefix="marketmover-watch-") as folder:
            root = Path(folder)
            write_history(made[1], root / "history", truth=False)
            yield WatchScore(case, watched(begin(made[1], case, made[2]), root, watcher, made[2], daily=daily))


def begin(market: Market, case: WatchCase, plan: Plan | None = None) -> Live:
    """The window of a case, on a plan or as the status quo goes on."""
    runs = plan or {line: round(amount, 2) for line, amount in market.status_quo().items()}
    return start_live(market, runs, days=case.window_days, seed=case.seed, troubles=0 if case.benign else None)


def watched(live: Live, root: Path, watcher: Watcher, plan: Plan | None = None, *, daily: bool = True) -> AlertScore:
    """Live a window to its end, write what can be pulled of it beside `root/history`, and score what is told of it."""
    for place in range(live.world.days if daily else 0):
        day = live.first_date + timedelta(place)
        write_pull(live, day, root / "pulls" / day.isoformat())
    write_pull(live, live.last_date, root / "live", whole=True)
    budgets = {line: live.budgets[live.world.line_ids.index(line), 0] for line in live.line_ids}
    given = Watched(
        history=root / "history",
        live=root / "live",
        pulls=root / "pulls",
        budgets={line: float(amount) for line, amount in budgets.items()},
        plan=write_plan(root / "plan", plan) if plan is not None else None,
        last=live.last_date,
    )
    return score_alerts(watcher(given), truth_of(live))


def watch_figures(scores: Sequence[WatchScore]) -> list[Figure]:
    """What watchers are held to, all windows together: precision, recall, delay, and quiet where nothing is wrong."""
    troubled = [one.score for one in scores if not one.case.benign]
    calm = [one.score for one in scores if one.case.benign]
    alerts = [judged for one in troubled for judged in one.judged]
    troubles = [trouble for one in troubled for trouble in one.truth.troubles]
    delays = [delay for one in troubled for delay in one.delays.values()]
    right = sum(one.verdict == "right" for one in alerts)
    months = sum(one.truth.line_months for one in calm)
    quiet = sum(len(one.judged) for one in calm) / months if months else None
    named = sum(one.well_named for one in troubled)
    return [
        _figure("precision", "alerts that are right", right / len(alerts) if alerts else None,
                [one.precision for one in troubled], (0.95, 1.0)),
        _figure("recall", "troubles that were told", len(delays) / len(troubles) if troubles else None,
                [one.recall for one in troubled], (0.90, 1.0)),
        _figure("delay", "days until a trouble was told (median)", float(np.median(delays)) if delays else None,
                [one.median_delay for one in troubled], (0.0, 3.0), highest=True),
        _figure("quiet", "alerts a line and month where nothing is wrong", quiet,
                [one.per_line_month for one in calm], (0.0, 0.2), highest=True),
        _figure("named", "right alerts that call the trouble by its name", named / right if right else None, []),
        *(_by_kind(kind, troubled) for kind in KINDS),
    ]  # fmt: skip


def _by_kind(kind: str, scores: Sequence[AlertScore]) -> Figure:
    told = [trouble.name in one.delays for one in scores for trouble in one.truth.troubles if trouble.kind == kind]
    name = f"told of those of the kind {kind.replace('_', ' ')} ({len(told)})"
    return _figure(f"recall_{kind}", name, float(np.mean(told)) if told else None, [])


def _figure(
    key: str, name: str, measured: float | None, values: Sequence[float | None],
    due: tuple[float, float] | None = None, *, highest: bool = False,
) -> Figure:  # fmt: skip
    """A figure over all windows, with its values window by window beside it."""
    known = tuple(value for value in values if value is not None)
    worst = (max if highest else min)(known, default=None)
    return Figure(key, name, known, measured, worst, due, form="number" if highest else "share")
