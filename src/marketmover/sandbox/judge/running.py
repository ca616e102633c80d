"""Markets judged one after another, or in several processes."""

import os
from collections.abc import Iterator, Sequence
from functools import partial

from marketmover.errors import InputError, MarketmoverError
from marketmover.sandbox.judge.advisers import Adviser, by_compose
from marketmover.sandbox.judge.cache import Cache
from marketmover.sandbox.judge.cases import Case
from marketmover.sandbox.judge.markets import prepare
from marketmover.sandbox.judge.scores import Score, score


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
    if jobs == 0:
        yield from map(work, cases)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for the children: arrays are small, more threads only cost
    pool = ProcessPoolExecutor(min(jobs, len(cases)), mp_context=get_context("spawn"))
    try:
        yield from pool.map(work, cases)
    finally:  # where one fails, those that wait are not begun
        pool.shutdown(cancel_futures=True)


def _judged(case: Case, adviser: Adviser, objectives: Sequence[str], cache: Cache) -> list[Score]:
    try:
        return score(prepare(case, cache, objectives), adviser)
    except MarketmoverError as error:
        raise InputError(f"Market {case.name}: {error.message}", error.remedy) from error
