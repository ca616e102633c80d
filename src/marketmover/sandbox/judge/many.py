"""The product's watcher and tuner on many markets, each by its own command; what was found is kept as it is found."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from marketmover.console import Progress
from marketmover.sandbox.judge.by_command import by_monitor, by_tune
from marketmover.sandbox.judge.cache import Cache
from marketmover.sandbox.judge.cases import Case
from marketmover.sandbox.judge.knowing import with_possible
from marketmover.sandbox.judge.planning import composed_plan
from marketmover.sandbox.judge.running import in_processes
from marketmover.sandbox.judge.tuning import TuneScore, tune_weekly, tuning_cases
from marketmover.sandbox.judge.watching import WatchCase, WatchScore, watch
from marketmover.sandbox.judge.watching_views import alerts_in_words

_WATCHING = ("sandbox", "history", "monitoring", "kit", "plans", "store")
_ADVISING = ("budget", "campaigns", "learning")
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class TunedMarket:
    """What tuning was worth on a market: with a shock in the window, and in a calm one."""

    case: Case
    shocked: TuneScore
    calm: TuneScore


def watch_markets(
    cases: Sequence[Case], *, composed: bool, daily: bool, cache: Cache, jobs: int, report: Progress
) -> list[WatchScore]:
    """Score `marketmover monitor` on each market: its usual troubles, then none.

    Args:
        cases: Which markets.
        composed: Windows run on a plan of the product's own, which `monitor` is handed; else the status quo goes on.
        daily: `monitor` is handed a pull a day; else one of the whole window.
        cache: Keeps each market's scores as soon as they are known, so that a run that was stopped goes on.
        jobs: Processes at once.
        report: Told of each market that is done.

    Raises:
        InputError: A command failed on a market, which is named.
    """
    work = partial(_watched, composed=composed, daily=daily, cache=cache)
    found = _reported(cases, in_processes(work, cases, jobs), report, _watched_in_words)
    return [one for scores in found for one in scores]


def tune_markets(cases: Sequence[Case], *, cache: Cache, jobs: int, report: Progress) -> list[TunedMarket]:
    """Score `marketmover tune`, asked every seven days, on each market's composed plan: with a shock, and calm.

    Arguments and errors are those of `watch_markets`.
    """
    return list(_reported(cases, in_processes(partial(_tuned, cache=cache), cases, jobs), report, _tuned_in_words))


def _watched(case: Case, composed: bool, daily: bool, cache: Cache) -> list[WatchScore]:
    windows = [
        WatchCase(case.seed, benign, case.lines, case.days, manager=case.manager, family=case.family)
        for benign in (False, True)
    ]
    planner, watcher = composed_plan if composed else None, partial(by_monitor, daily=daily)
    ways = ("-composed" if composed else "") + ("-daily" if daily else "")
    sources = (*_WATCHING, *_ADVISING) if composed else _WATCHING
    return cache.kept(
        f"alerts-{case.name}{ways}", sources, lambda: list(watch(windows, watcher, planner=planner, daily=daily))
    )


def _tuned(case: Case, cache: Cache) -> TunedMarket:
    return cache.kept(f"tuning-{case.name}", (*_WATCHING, *_ADVISING), lambda: _tune(case))


def _tune(case: Case) -> TunedMarket:
    from marketmover.sandbox.history import write_history
    from marketmover.sandbox.service import create_market

    market = create_market(case.lines, case.days, case.seed, case.family, case.manager)
    plan = composed_plan(market)
    with tempfile.TemporaryDirectory(prefix="marketmover-tune-") as folder:
        write_history(market, Path(folder), truth=False)
        shocked, calm = (
            with_possible(tune_weekly(begin, by_tune, history=Path(folder), plan=plan), begin)
            for _, begin in tuning_cases(market, case.seed, plan)
        )
    return TunedMarket(case, shocked, calm)


def _reported(
    cases: Sequence[Case], found: Iterator[_Found], report: Progress, words: Callable[[_Found], str]
) -> Iterator[_Found]:
    report(0.0, cases[0].name)
    for done, (case, one) in enumerate(zip(cases, found, strict=True), start=1):
        report(done / len(cases), f"{case.name}: {words(one)}")
        yield one


def _watched_in_words(scores: Sequence[WatchScore]) -> str:
    return " ".join(alerts_in_words(one.score) for one in scores)


def _tuned_in_words(market: TunedMarket) -> str:
    return f"{market.shocked.gain:+.1%} with a shock, {market.calm.gain:+.1%} without"
