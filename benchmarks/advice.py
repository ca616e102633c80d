"""Advice judged by the truth of simulated markets: history written, imported, fitted, split, scored.

`python -m benchmarks.advice [--seeds A-B] [--manager ordinary|good|both] [--days N]`; the markets are simulated. For
each seed the split of the status quo's total over the 28 days after the history is judged by expected truth, beside the
status quo, the market's own optimum, and a rule that knows no model.
"""

import argparse
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure, print_figures
from marketmover.budget import allocate, compare, expectation, fit_response
from marketmover.history import Panel, import_history, load_panel
from marketmover.sandbox import Market, create_market, write_history
from marketmover.settings import Settings
from marketmover.store import StoreOpener

Floats = NDArray[np.float64]
_WINDOW = 28
_WORTH = 0.02  # markets with less than this to gain are left out of shares of the gain


@dataclass(frozen=True)
class Score:
    """One market: outcomes as multiples of the status quo's, and how honest the ranges were."""

    seed: int
    manager: str
    advice: float
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
        room = self.optimum - 1.0
        return (self.advice - 1.0) / room if room >= _WORTH else float("nan")


def run(seeds: range = range(1, 21), managers: tuple[str, ...] = ("ordinary", "good"), days: int = 730) -> list[Figure]:
    """Score advice on each seed under each manager, telling each market as it is done."""
    figures: list[Figure] = []
    for manager in managers:
        scores = [_told(judge(seed, manager, days)) for seed in seeds]
        figures += _figures(manager, scores)
    return figures


def judge(seed: int, manager: str, days: int) -> Score:
    """One market, from exports to the truth."""
    market = create_market(days=days, seed=seed, manager=manager)
    panel = _imported(market)
    today = market.status_quo()
    daily = sum(today.values())
    total = round(daily * _WINDOW, 2)
    start, end = market.last_date + timedelta(1), market.last_date + timedelta(_WINDOW)
    metric = market.main_metric
    current = {line: budget / daily * total for line, budget in today.items()}

    started = time.process_time()
    response = fit_response(panel, start, end, seed=1)
    allocation = allocate(response, total, objective=metric, candidates=list(today), current=current)
    seconds = time.process_time() - started

    advised = allocation.budgets
    ranges = expectation(response, advised, [metric])
    outcome = market.evaluate(_daily(advised), start, end, samples=200, seed=seed)
    quo = market.evaluate(today, start, end).total(metric)
    sampled = outcome.sampled[metric]
    bounds = [ranges.lines[line][metric] for line in outcome.line_ids]
    low, mid, high = (np.array([getattr(one, name) for one in bounds]) for name in ("low", "mid", "high"))
    money = np.array([advised[line] for line in outcome.line_ids])
    covered = ((sampled >= low) & (sampled <= high)).mean(axis=0)
    together, sums = ranges.total[metric], sampled.sum(axis=1)
    return Score(
        seed=seed,
        manager=manager,
        advice=outcome.total(metric) / quo,
        optimum=market.optimum(daily, start, end, metric)[1].total(metric) / quo,
        rule=market.evaluate(_by_rule(panel, metric, today), start, end).total(metric) / quo,
        probability=compare(response, advised, current, metric).probability,
        forecast_error=together.mid / outcome.total(metric) - 1.0,
        cover=float(np.average(covered, weights=money)),
        width=_weighted_median((high - low) / np.maximum(mid, 1e-9), money),
        total_covered=float(((sums >= together.low) & (sums <= together.high)).mean()),
        seconds=seconds,
    )


def _imported(market: Market) -> Panel:
    """What the product knows of a market: its exports, imported."""
    with tempfile.TemporaryDirectory() as folder, StoreOpener(Settings()).temporary() as stores:
        history = Path(folder) / "history"
        write_history(market, history)
        now = datetime.combine(market.last_date, datetime.min.time(), UTC)
        import_history(stores.lake, history, now=now, as_of=market.last_date, progress=_quiet)
        return load_panel(stores.lake, as_of=market.last_date)


def _quiet(_share: float, _step: str) -> None:
    """Nobody watches the import here."""


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
        f"{score.manager} {score.seed}: advice {score.advice - 1:+.1%}, optimum {score.optimum - 1:+.1%}, "
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
        Figure(f"{manager}: gain above the no-model rule, median", f"{np.median(beyond):+.1%}"),
        Figure(f"{manager}: total forecast error, mean absolute",
               f"{np.mean([abs(score.forecast_error) for score in scores]):.1%}"),
        Figure(f"{manager}: cover of lines' 80% ranges, by money", f"{cover:.0%}", "65 to 95%", 0.65 <= cover <= 0.95),
        Figure(f"{manager}: width over mid, median", f"{np.median([score.width for score in scores]):.0%}"),
        Figure(f"{manager}: cover of the total's 80% range", f"{np.mean([s.total_covered for s in scores]):.0%}"),
        Figure(f"{manager}: Brier score of P(better)", f"{hit.mean():.3f}"),
        Figure(f"{manager}: fit and split (s of CPU, median)", f"{np.median([s.seconds for s in scores]):.1f}"),
    ]  # fmt: skip


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(description="Advice judged by the truth of simulated markets.")
    parser.add_argument("--seeds", default="1-20", help="A-B, both included")
    parser.add_argument("--manager", default="both", choices=["ordinary", "good", "both"])
    parser.add_argument("--days", type=int, default=730, help="length of the histories")
    asked = parser.parse_args()
    first, last = (int(part) for part in asked.seeds.split("-"))
    managers = ("ordinary", "good") if asked.manager == "both" else (asked.manager,)
    print_figures("Advice (simulated markets)", run(range(first, last + 1), managers, asked.days))


if __name__ == "__main__":
    main()
