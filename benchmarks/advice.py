"""Advice judged by the truth of simulated markets: history written, imported, fitted, split, scored.

`python -m benchmarks.advice [--seeds A-B] [--manager ordinary|good|both] [--family F] [--days N] [--jobs N]
[--cache DIR]`; the markets are simulated. For each seed the split of the status quo's total over the 28 days after the
history is judged by expected truth, beside the status quo, the market's own optimum, and a rule that knows no model.
With `--cache` markets and their imported panels are kept, so that a second run only advises.
"""

import argparse
import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure, print_figures
from marketmover.budget import allocate, compare, expectation, fit_response
from marketmover.history import Panel
from marketmover.sandbox.judge.cache import Cache
from marketmover.sandbox.judge.markets import WINDOW_DAYS, Case, family_of, prepare

Floats = NDArray[np.float64]
_WINDOW = WINDOW_DAYS
_WORTH = 0.02  # markets with less than this to gain are left out of shares of the gain


@dataclass(frozen=True)
class Score:
    """One market: outcomes as multiples of the status quo's, and how honest the ranges were."""

    case: Case
    advice: float
    whole_way: float
    optimum: float
    rule: float
    probability: float
    forecast_error: float
    cover: float
    width: float
    total_covered: float
    seconds: float

    @property
    def share(self) -> float:
        """Share of the optimum's gain, NaN where there is next to none."""
        return self.share_of(self.advice)

    def share_of(self, outcome: float) -> float:
        """The share of the optimum's gain that an outcome gives, NaN where there is next to none."""
        room = self.optimum - 1.0
        return (outcome - 1.0) / room if room >= _WORTH else float("nan")


def run(seeds: range = range(1, 21), managers: tuple[str, ...] = ("ordinary", "good"), days: int = 730) -> list[Figure]:
    """Score advice on each seed under each manager, telling each market as it is done."""
    cases = [Case(seed, manager, family_of(seed), days=days) for manager in managers for seed in seeds]
    return figures_of(cases, Cache(None), jobs=1)


def figures_of(cases: list[Case], cache: Cache, jobs: int) -> list[Figure]:
    """Score each case, telling it as it is done, and sum up by manager."""
    scores = [_told(score) for score in _scores(cases, cache, jobs)]
    managers = dict.fromkeys(case.manager for case in cases)
    return [
        figure
        for manager in managers
        for figure in _figures(manager, [score for score in scores if score.case.manager == manager])
    ]


def _scores(cases: list[Case], cache: Cache, jobs: int) -> Iterator[Score]:
    """The scores in the order of the cases, however many processes work on them."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # for the children: arrays are small, more threads only cost
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(partial(judge, cache=cache), cases)


def judge(case: Case, cache: Cache) -> Score:
    """One market, from exports to the truth."""
    trial = prepare(case, cache)
    market, panel, start, end = trial.market, trial.panel, trial.start, trial.end
    today = market.status_quo()
    daily = sum(today.values())
    total = round(daily * _WINDOW, 2)
    metric = market.main_metric
    current = {line: budget / daily * total for line, budget in today.items()}

    started = time.process_time()
    response = fit_response(panel, start, end, seed=1)
    allocation = allocate(response, total, objective=metric, candidates=list(today), current=current)
    seconds = time.process_time() - started
    whole = allocate(response, total, objective=metric, candidates=list(today))

    advised = allocation.budgets
    ranges = expectation(response, advised, [metric])
    outcome = market.evaluate(_daily(advised), start, end, samples=200, seed=case.seed)
    quo = market.evaluate(today, start, end).total(metric)
    sampled = outcome.sampled[metric]
    bounds = [ranges.lines[line][metric] for line in outcome.line_ids]
    low, mid, high = (np.array([getattr(one, name) for one in bounds]) for name in ("low", "mid", "high"))
    money = np.array([advised[line] for line in outcome.line_ids])
    covered = ((sampled >= low) & (sampled <= high)).mean(axis=0)
    together, sums = ranges.total[metric], sampled.sum(axis=1)
    return Score(
        case=case,
        advice=outcome.total(metric) / quo,
        whole_way=market.evaluate(_daily(whole.budgets), start, end).total(metric) / quo,
        optimum=trial.best.earned[metric] / quo,
        rule=market.evaluate(_by_rule(panel, metric, today), start, end).total(metric) / quo,
        probability=compare(response, advised, current, metric).probability,
        forecast_error=together.mid / outcome.total(metric) - 1.0,
        cover=float(np.average(covered, weights=money)),
        width=_weighted_median((high - low) / np.maximum(mid, 1e-9), money),
        total_covered=float(((sums >= together.low) & (sums <= together.high)).mean()),
        seconds=seconds,
    )


def _daily(budgets: dict[str, float]) -> dict[str, float]:
    return {line: budget / _WINDOW for line, budget in budgets.items()}


def _by_rule(panel: Panel, metric: str, today: dict[str, float]) -> dict[str, float]:
    """The no-model rule: budgets in proportion to `sqrt(spend_90) * (outcome_90 / spend_90) ** 0.7`."""
    rows = [panel.line_ids.index(line) for line in today]
    spend = panel.cost[rows, -90:].sum(axis=1)
    counted: Floats = getattr(panel, metric)[rows, -90:].sum(axis=1)
    weight = np.sqrt(spend) * (counted / np.maximum(spend, 0.01)) ** 0.7
    weight = weight / weight.sum() * sum(today.values())
    return dict(zip(today, (float(value) for value in weight), strict=True))


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    reached = np.cumsum(weights[order]) >= weights.sum() / 2
    return float(values[order][reached.argmax()])


def _told(score: Score) -> Score:
    print(
        f"{score.case.manager} {score.case.seed} {score.case.family}: advice {score.advice - 1:+.1%}, "
        f"optimum {score.optimum - 1:+.1%}, share {score.share:.0%}, whole way {score.share_of(score.whole_way):.0%}, "
        f"rule {score.rule - 1:+.1%}, P {score.probability:.2f}, forecast {score.forecast_error:+.1%}, "
        f"cover {score.cover:.0%}, width {score.width:.0%}, total covered {score.total_covered:.0%}, "
        f"{score.seconds:.1f} s",
        flush=True,
    )
    return score


def _figures(manager: str, scores: list[Score]) -> list[Figure]:
    gains = np.array([score.advice - 1.0 for score in scores])
    shares = np.array([score.share for score in scores])
    beyond = np.array([score.advice - score.rule for score in scores])
    cover = float(np.mean([score.cover for score in scores]))
    wins, due = int((gains > 0).sum()), round(0.85 * len(scores))
    hit = np.array([(score.probability - float(score.advice > 1.0)) ** 2 for score in scores])
    ordinary = manager == "ordinary"
    known = shares[np.isfinite(shares)]
    return [
        Figure(f"{manager}: beats the status quo", f"{wins} of {len(scores)}", f">= {due}" if ordinary else "",
               wins >= due if ordinary else None),
        Figure(f"{manager}: gain, median (worst)", f"{np.median(gains):+.1%} ({gains.min():+.1%})"),
        Figure(f"{manager}: share of the optimum's gain, median", f"{np.median(known):.0%}" if len(known) else "-"),
        Figure(f"{manager}: the same, the whole way to the unconstrained advice", _share_of_whole_way(scores)),
        Figure(f"{manager}: gain above the no-model rule, median", f"{np.median(beyond):+.1%}"),
        Figure(f"{manager}: total forecast error, mean absolute",
               f"{np.mean([abs(score.forecast_error) for score in scores]):.1%}"),
        Figure(f"{manager}: cover of lines' 80% ranges, by money", f"{cover:.0%}", "65 to 95%", 0.65 <= cover <= 0.95),
        Figure(f"{manager}: width over mid, median", f"{np.median([score.width for score in scores]):.0%}"),
        Figure(f"{manager}: cover of the total's 80% range", f"{np.mean([s.total_covered for s in scores]):.0%}"),
        Figure(f"{manager}: Brier score of P(better)", f"{hit.mean():.3f}"),
        Figure(f"{manager}: fit and split (s of CPU, median)", f"{np.median([s.seconds for s in scores]):.1f}"),
    ]  # fmt: skip


def _share_of_whole_way(scores: list[Score]) -> str:
    shares = np.array([score.share_of(score.whole_way) for score in scores])
    known = shares[np.isfinite(shares)]
    return f"{np.median(known):.0%}" if len(known) else "-"


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(description="Advice judged by the truth of simulated markets.")
    parser.add_argument("--seeds", default="1-20", help="A-B, both included")
    parser.add_argument("--manager", default="both", choices=["ordinary", "good", "both"])
    parser.add_argument("--family", default=None, help="response family of every market; by default each in turn")
    parser.add_argument("--days", type=int, default=730, help="length of the histories")
    parser.add_argument("--lines", type=int, default=16, help="budget lines")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--cache", type=Path, default=None, help="folder to keep markets and imported panels in")
    parser.add_argument("--stale", action="store_true", help="take what is cached, though the code has changed since")
    asked = parser.parse_args()
    first, last = (int(part) for part in asked.seeds.split("-"))
    managers = ("ordinary", "good") if asked.manager == "both" else (asked.manager,)
    cases = [
        Case(seed, manager, asked.family or family_of(seed), asked.lines, asked.days)
        for manager in managers
        for seed in range(first, last + 1)
    ]
    print_figures("Advice (simulated markets)", figures_of(cases, Cache(asked.cache, stale=asked.stale), asked.jobs))


if __name__ == "__main__":
    main()
