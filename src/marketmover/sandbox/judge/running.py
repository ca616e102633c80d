"""Markets judged one after another, or in several processes."""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from marketmover.errors import InputError, MarketmoverError
from marketmover.sandbox.judge.advisers import Adviser, by_compose
from marketmover.sandbox.judge.cache import Cache
from marketmover.sandbox.judge.cases import Case
from marketmover.sandbox.judge.markets import prepare
from marketmover.sandbox.judge.scores import Score, score

_Found = TypeVar("_Found")


def judge(
    cases: Sequence[Case],
    *,
    adviser: Adviser = by_compose,
    objectives: Sequence[str] = (),
    cache: Cache | None = None,
    jobs: int = 0,
) -> Iterator[list[Score]]:
    """The scores of each case, in the order of the cases: the same however many processes work on them.

    Args:
        cases: Which markets.
        adviser: Who advises; for several processes a function of a module.
        objectives: What to ask for; by default a market's main metric and, where it has any, qualified leads.
        cache: Where markets are kept between runs.
        jobs: Processes at once; 0 for none but this one.

    Raises:
        InputError: Advice failed on a market, which is named.
    """
    work = partial(_judged, adviser=adviser, objectives=tuple(objectives), cache=cache or Cache(None))
    yield from in_processes(work, cases, jobs)


def in_processes(work: Callable[[Case], _Found], cases: Sequence[Case], jobs: int) -> Iterator[_Found]:
    """What `work` finds of each case, in their order; where one fails, those that wait are not begun.

    Args:
        work: A function of a module, perhaps with arguments of its own (`partial`).
        cases: Which markets.
        jobs: Processes at once; 0 for none but this one.

    Raises:
        InputError: It failed on a market, which is named.
    """
    named = partial(_naming, work=work)
    if jobs == 0:
        yield from map(named, cases)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for the children: arrays are small, more threads only cost
    pool = ProcessPoolExecutor(min(jobs, len(cases)), mp_context=get_context("spawn"))
    try:
        yield from pool.map(named, cases)
    finally:
        pool.shutdown(cancel_futures=True)


def _judged(case: Case, adviser: Adviser, objectives: Sequence[str], cache: Cache) -> list[Score]:
    return score(prepare(case, cache, objectives), adviser)


def _naming(case: Case, work: Callable[[Case], _Found]) -> _Found:
    try:
        return work(case)
    except MarketmoverError as error:
        raise InputError(f"Market {case.name}: {error.message}", error.remedy) from error
