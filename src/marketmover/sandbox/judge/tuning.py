"""Tuned plans scored against the same plans left alone, in the same simulated windows."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from marketmover.plans import Plan
from marketmover.sandbox.judge.figures import Figure
from marketmover.sandbox.judge.planning import write_plan
from marketmover.sandbox.live.engine import Live
from marketmover.sandbox.live.exporting import write_pull
from marketmover.sandbox.live.start import start_live
from marketmover.sandbox.live.writing import Planned
from marketmover.sandbox.market import Market

WEEK = 7
_MIDDLING = 0.5  # one per cent more money brings half a per cent more outcome: the elasticity at a line's own scale


@dataclass(frozen=True)
class ToTune:
    """What a tuner is given once a week, and nothing of the truth.

    Attributes:
        history: The history's exports.
        live: What can be pulled on the day, from the window's first day on; `None` where nobody asked for exports.
        budgets: Daily budgets by line as they were planned.
        plan: A folder with `plan.json` and `state.json`, where the window runs on a plan.
        state: What is in force (`state.json`).
        as_of: The last day that is known.
        first, last: The window.
    """

    history: Path | None
    live: Path | None
    budgets: dict[str, float]
    plan: Path | None
    state: Mapping[str, Any]
    as_of: date
    first: date
    last: date


Tuner = Callable[[ToTune], Sequence[Mapping[str, Any]]]
"""Gives the changes to make at the end of a day, in the form of `changes.json`."""

OmniscientTuner = Callable[[Live], Sequence[Mapping[str, Any]]]
"""The same, told the truth: for bounds, not for the product (`knowing`)."""


@dataclass(frozen=True)
class TuneScore:
    """What tuning was worth in one window; all figures are to be expected of what was run.

    Attributes:
        metric: What counts.
        left, tuned: Its total where the plan was left alone, and where it was tuned.
        left_cost, tuned_cost: Money spent.
        planned: Money that the plan had for the window.
        changes: How many changes were made.
        kinds: The kinds of what went wrong in the window; none in a calm one.
        possible: The relative gain of a tuner who knows how lines respond and what has happened, and takes no larger
            steps (`knowing.best_steps`); `None` where nobody has reckoned it.
    """

    metric: str
    left: float
    tuned: float
    left_cost: float
    tuned_cost: float
    planned: float
    changes: int
    kinds: tuple[str, ...]
    possible: float | None = None

    @property
    def shock(self) -> bool:
        """Whether anything went wrong in the window."""
        return bool(self.kinds)

    @property
    def gain(self) -> float:
        """Relative gain in the outcome."""
        return self.tuned / max(self.left, 1e-9) - 1.0

    @property
    def gain_for_the_money(self) -> float:
        """The same, had both spent as much: more money counts by an elasticity of a half."""
        return (1.0 + self.gain) * (self.left_cost / max(self.tuned_cost, 1e-9)) ** _MIDDLING - 1.0

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        derived = {name: getattr(self, name) for name in ("shock", "gain", "gain_for_the_money")}
        return {"simulated": True, **asdict(self), **derived}


def score_changes(begin: Callable[[], Live], changes: Sequence[Planned]) -> TuneScore:
    """Score changes that are made at the end of their days, in a window that `begin` begins anew each time.

    Raises:
        UsageError: A change is wrong, or its day is not in the window.
    """
    tuned = begin()
    before = tuned.first_date - timedelta(1)
    for day, made in sorted(changes, key=lambda pair: pair[0]):
        if day != before:
            tuned.live_until(day)
        tuned.apply(made)
    return _score(begin(), tuned, sum(len(made) for _, made in changes))


def tune_weekly(
    begin: Callable[[], Live], tuner: Tuner, *, history: Path | None = None, plan: Plan | None = None,
    exports: bool = True, every: int = WEEK,
) -> TuneScore:  # fmt: skip
    """Score a tuner that is asked every `every` days of a window, against the same window left alone.

    Args:
        begin: Begins the window, the same each time.
        tuner: Asked for changes; told what can be pulled.
        history: The history's exports, which are handed on.
        plan: The plan that the window runs on, which is handed on.
        exports: Write what can be pulled; without, the tuner is given none.
        every: Days between two times.

    Raises:
        UsageError: A change is wrong.
    """
    with tempfile.TemporaryDirectory(prefix="marketmover-tune-") as folder:

        def ask(live: Live) -> Sequence[Mapping[str, Any]]:
            day = live.first_date + timedelta(live.lived - 1)
            pulled = Path(folder) / day.isoformat() if exports else None
            if pulled is not None:
                write_pull(live, day, pulled, whole=True)
            state = live.state()
            held = write_plan(Path(folder) / "plan", plan, state) if plan is not None else None
            return tuner(
                ToTune(history, pulled, planned_budgets(live), held, state, day, live.first_date, live.last_date)
            )

        return _tuned(begin, ask, every)


def tune_knowing(begin: Callable[[], Live], tuner: OmniscientTuner, *, every: int = WEEK) -> TuneScore:
    """As `tune_weekly`, for a tuner that is told the truth."""
    return _tuned(begin, tuner, every)


def tuning_cases(market: Market, seed: int, plan: Plan | None = None) -> Iterator[tuple[bool, Callable[[], Live]]]:
    """A window with a shock and a calm one, on a plan or on the status quo; neither has planned shifts of money."""
    runs = plan or {line: round(amount, 2) for line, amount in market.status_quo().items()}
    yield True, lambda: start_live(market, runs, seed=seed, shock=True, shifts=False)
    yield False, lambda: start_live(market, runs, seed=seed, troubles=0, shifts=False)


def tune_figures(scores: Sequence[TuneScore]) -> list[Figure]:
    """What tuners are held to: the mean gain where there was a shock, and where there was none."""
    shocked, calm = ([one for one in scores if one.shock is wanted] for wanted in (True, False))
    return [
        _figure("shock", "tuned beside left alone, windows with a shock (mean)", [one.gain for one in shocked], 0.05),
        _figure("calm", "tuned beside left alone, calm windows (mean)", [one.gain for one in calm], 0.0),
        _figure("shock_money", "the same for the same money, shock", [one.gain_for_the_money for one in shocked]),
        _figure("calm_money", "the same for the same money, calm", [one.gain_for_the_money for one in calm]),
        *(
            _figure(f"shock_{kind}", f"tuned beside left alone, a shock of the kind {kind.replace('_', ' ')} (mean)",
                    [one.gain for one in shocked if one.kinds == (kind,)])
            for kind in sorted({one.kinds[0] for one in shocked})
        ),
        *(
            _share(f"{key}_share", f"share of what a tuner gains who knows all but the future, {name}", some)
            for key, name, some in (("shock", "shock", shocked), ("calm", "calm", calm))
            if any(one.possible is not None for one in some)
        ),
        _figure("spent", "money beside the plan's (most)", [one.tuned_cost / one.planned - 1.0 for one in scores],
                of=max),
    ]  # fmt: skip


def _tuned(begin: Callable[[], Live], ask: OmniscientTuner, every: int) -> TuneScore:
    live, count = begin(), 0
    while live.lived < live.world.days:
        live.live_until(live.first_date + timedelta(min(live.lived + every, live.world.days) - 1))
        if live.lived < live.world.days:
            made = list(ask(live))
            live.apply(made)
            count += len(made)
    return _score(begin(), live, count)


def _score(left: Live, tuned: Live, changes: int) -> TuneScore:
    metric = left.market.main_metric
    outcomes = []
    for live in (left, tuned):
        live.live_until(live.last_date)
        outcomes.append(live.outcome())
    alone, changed = outcomes
    planned = left.world.days * sum(planned_budgets(left).values())
    money = alone.total("cost"), changed.total("cost")
    kinds = tuple(sorted({one.kind for one in left.troubles}))
    return TuneScore(metric, alone.total(metric), changed.total(metric), *money, planned, changes, kinds)


def planned_budgets(live: Live) -> dict[str, float]:
    """Daily budgets of the lines that ran on the first day."""
    places = zip(live.line_ids, live.market.enabled, strict=True)
    return {line: float(live.budgets[at, 0]) for line, at in places if not live.paused[at, 0]}


def _share(key: str, name: str, scores: Sequence[TuneScore]) -> Figure:
    """All gains together over all that could have been gained."""
    gains = [(one.gain, one.possible) for one in scores if one.possible is not None]
    whole = sum(possible for _, possible in gains)
    shares = tuple(gain / possible for gain, possible in gains if possible > 0)
    measured = sum(gain for gain, _ in gains) / whole if whole > 0 else None
    return Figure(key, name, shares, measured, min(shares, default=None), None)


def _figure(
    key: str, name: str, values: Sequence[float], least: float | None = None,
    of: Callable[[Sequence[float]], float] = lambda values: float(np.mean(values)),
) -> Figure:  # fmt: skip
    due = None if least is None else (least, float("inf"))
    worst = (max if of is max else min)(values, default=None)
    return Figure(key, name, tuple(values), of(values) if values else None, worst, due, form="change")
