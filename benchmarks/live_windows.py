"""Live windows of the sandbox: how fast they are, what goes wrong in them, and what an all-knowing tuner could gain.

`python -m benchmarks.live_windows [--seeds A-B]`. Each market of 16 lines by 730 days is lived for 28 days: with its
usual troubles and a pull a day, with a shock, and calm. The tuner is told the truth and splits the money left anew
every seven days; what it gains is about what any tuner can hope for, and is held against the +5% that one is asked for.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np

from benchmarks.figures import Figure, print_figures
from marketmover.sandbox import Live, Market, create_market, start_live
from marketmover.sandbox.judge import TuneScore, read_seeds, tuning_cases
from marketmover.sandbox.judge.knowing import best_budgets
from marketmover.sandbox.judge.tuning import tune_knowing
from marketmover.sandbox.live.drawing import LEAST_SIGNAL

_MOST_SECONDS, _ASKED = 5.0, 0.05
_SEEDS = "101-106"


def run(seeds: Sequence[int] | None = None) -> list[Figure]:
    """Measure on each seed's market, under a good and an ordinary manager."""
    seconds: list[float] = []
    troubles: list[float] = []
    signals: list[float] = []
    tuned: dict[str, list[TuneScore]] = {"good": [], "ordinary": []}
    for seed in seeds or read_seeds(_SEEDS):
        for manager, scores in tuned.items():
            market = create_market(seed=seed, manager=manager)
            live, spent = _lived(market, seed)
            seconds.append(spent)
            troubles.append(len(live.troubles) / len(live.line_ids) * 14.0)
            signals += [one.signal for one in live.troubles]
            scores += [tune_knowing(begin, best_budgets) for _, begin in tuning_cases(market, seed)]
    slowest, least = max(seconds), min(signals)
    return [
        Figure("a window of 28 days with 28 pulls, CPU seconds (most)", f"{slowest:.1f}", f"≤ {_MOST_SECONDS:g}",
               slowest <= _MOST_SECONDS),
        Figure("troubles in 28 days for 14 lines (mean)", f"{np.mean(troubles):.1f}", "3 to 5",
               bool(3.0 <= np.mean(troubles) <= 5.0)),
        Figure("how far the faintest trouble stands out, standard deviations", f"{least:.1f}", f"≥ {LEAST_SIGNAL:g}",
               least >= LEAST_SIGNAL),
        *(_gain(manager, scores, shock) for manager, scores in tuned.items() for shock in (True, False)),
    ]  # fmt: skip


def _lived(market: Market, seed: int) -> tuple[Live, float]:
    quo = {line: round(amount, 2) for line, amount in market.status_quo().items()}
    started = time.process_time()
    live = start_live(market, quo, seed=seed)
    with tempfile.TemporaryDirectory() as folder:
        for place in range(live.world.days):
            live.export(live.first_date + timedelta(place), Path(folder) / str(place))
    return live, time.process_time() - started


def _gain(manager: str, scores: Sequence[TuneScore], shock: bool) -> Figure:
    """The mean gain; with a shock it must leave a tuner room for what is asked of one."""
    gain = float(np.mean([one.gain for one in scores if one.shock is shock]))
    name = f"an all-knowing tuner's gain, {manager} manager, {'a shock' if shock else 'calm'} (mean)"
    return Figure(name, f"{gain:+.1%}", f"≥ {_ASKED:+.0%}" if shock else "", gain >= _ASKED if shock else None)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", default=_SEEDS)
    print_figures("Live windows", run(read_seeds(parser.parse_args().seeds)))
