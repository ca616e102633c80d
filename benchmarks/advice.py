"""Advice judged by the truth of simulated markets: a thin caller of `marketmover sandbox judge`.

`python -m benchmarks.advice [--seeds A-B] [--manager ordinary|good|both] [--family F] [--objective METRIC] [--days N]
[--lines N] [--jobs N] [--cache DIR]`. Each market is told as it is done. With `--cache` markets and their imported
panels are kept, so that a second run only advises. "Whole way" is the share that the advice would have without holding
back.
"""

import argparse
import time
from pathlib import Path

from benchmarks.figures import Figure, print_figures
from marketmover.sandbox.judge import Cache, Case, Score, choose_cases, figures_of, judge, read_seeds
from marketmover.sandbox.judge.views import bounds, line_of, written


def run(chosen: list[Case] | None = None, objectives: tuple[str, ...] = (), *, cache: Cache | None = None,
        jobs: int = 2) -> list[Figure]:  # fmt: skip
    """Judge on markets of both managers and all families, telling each as it is done."""
    scores: list[Score] = []
    started = time.monotonic()
    for market in judge(chosen or choose_cases(range(1, 31)), objectives=objectives, cache=cache, jobs=jobs):
        scores += market
        print(f"{line_of(market)} ({time.monotonic() - started:.0f} s)", flush=True)
    return [
        Figure(
            f"{figure.name} ({len(figure.values)})",
            written(figure, figure.measured),
            bounds(figure, figure.due),
            None if figure.due is None or figure.measured is None else figure.verdict != "missed",
        )
        for figure in figures_of(scores)
    ]


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(description="Advice judged by the truth of simulated markets.")
    parser.add_argument("--seeds", default="1-30", help="A-B, both included")
    parser.add_argument("--manager", default="both", choices=["ordinary", "good", "both"])
    parser.add_argument("--family", default=None, help="response family of every market; by default each in turn")
    parser.add_argument("--objective", action="append", default=[], help="by default the main one and qualified leads")
    parser.add_argument("--days", type=int, default=730, help="length of the histories")
    parser.add_argument("--lines", type=int, default=16, help="budget lines")
    parser.add_argument("--jobs", type=int, default=2, help="processes at once")
    parser.add_argument("--cache", type=Path, default=None, help="folder to keep markets and imported panels in")
    parser.add_argument("--stale", action="store_true", help="take what is cached, though the code has changed since")
    asked = parser.parse_args()
    chosen = choose_cases(read_seeds(asked.seeds), asked.manager, asked.family, asked.lines, asked.days)
    cache = Cache(asked.cache, stale=asked.stale)
    print_figures("Advice (simulated markets)", run(chosen, tuple(asked.objective), cache=cache, jobs=asked.jobs))


if __name__ == "__main__":
    main()
