"""Plans tuned once a week beside the same plans left alone, in the same simulated windows.

`python -m benchmarks.tuning [--seeds A-B] [--manager ordinary|good|both]`. Each market's plan is composed from its
exports and runs 28 days: once with a shock, once calm. The tuner is told what could be exported on the day, nothing of
the truth.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, print_figures
from marketmover.campaigns.tuning import InForce, load_known, tune
from marketmover.plans import Changes
from marketmover.sandbox import create_market, write_history
from marketmover.sandbox.judge import (
    Case,
    ToTune,
    TuneScore,
    choose_cases,
    composed_plan,
    read_seeds,
    tune_figures,
    tune_weekly,
    tuning_cases,
)
from marketmover.sandbox.judge.knowing import with_possible
from marketmover.settings import Settings
from marketmover.store import StoreOpener


def run(chosen: Sequence[Case] | None = None) -> list[Figure]:
    """Tune each market's plan, telling each market as it is done."""
    cases = chosen if chosen is not None else choose_cases(range(1, 3))
    gaps: list[float] = []
    seconds: list[float] = []
    scores = [score for case in cases for score in _scores(case, gaps, seconds)]
    held = [
        Figure(
            one.name,
            "-" if one.measured is None else f"{one.measured:+.1%}",
            _due(one.due),
            _kept(one.measured, one.due),
        )
        for one in tune_figures(scores)
    ]
    widest = max(gaps, default=0.0)
    return [
        *held,
        Figure(
            "budgets times days left less what is left, over a cent a line and day (most)",
            f"{widest:.2f}",
            "1",
            widest <= 1,
        ),
        Figure("one run of tune (s of CPU, mean)", f"{sum(seconds) / max(len(seconds), 1):.1f}"),
    ]


def _due(due: tuple[float, float] | None) -> str:
    return "" if due is None else f"{due[0]:+.0%} or more"


def _kept(measured: float | None, due: tuple[float, float] | None) -> bool | None:
    return None if measured is None or due is None else due[0] <= measured <= due[1]


def _scores(case: Case, gaps: list[float], seconds: list[float]) -> list[TuneScore]:
    market = create_market(case.lines, case.days, case.seed, case.family, case.manager)
    plan = composed_plan(market)
    found: list[TuneScore] = []
    with tempfile.TemporaryDirectory(prefix="marketmover-") as folder:
        history = Path(folder) / "history"
        write_history(market, history)
        tuner = _tuner(StoreOpener(Settings(home=Path(folder) / "home")), gaps, seconds)
        for shock, begin in tuning_cases(market, case.seed, plan):
            score = with_possible(tune_weekly(begin, tuner, history=history, plan=plan), begin)
            what = begin().troubles[0].kind if shock else "calm"
            print(
                f"{case.name}, {what}: {score.gain:+.1%} of {score.possible:+.1%}, "
                f"{score.gain_for_the_money:+.1%} for the same money",
                flush=True,
            )
            found.append(score)
    return found


def _tuner(
    opener: StoreOpener, gaps: list[float], seconds: list[float]
) -> Callable[[ToTune], Sequence[Mapping[str, Any]]]:
    def ask(told: ToTune) -> Sequence[Mapping[str, Any]]:
        assert told.plan is not None  # noqa: S101 - windows run on plans here
        assert told.history is not None  # noqa: S101
        assert told.live is not None  # noqa: S101
        began = time.process_time()
        now = InForce.read(told.plan)
        known = load_known(
            opener, now.plan, (told.history, told.live), as_of=told.as_of, progress=lambda _share, _step: None
        )
        changes = tune(now, known, as_of=told.as_of)
        seconds.append(time.process_time() - began)
        gaps.append(_gap(now, changes))
        return [one.model_dump(mode="json", by_alias=True) for one in changes.changes]

    return ask


def _gap(now: InForce, changes: Changes) -> float:
    """How far daily budgets times the days left miss what is left, over what may be missed."""
    money = changes.money
    if money is None or not money.days_left:
        return 0.0
    budgets = dict(now.state.daily_budgets)
    paused = set(now.state.paused)
    for one in changes.changes:
        if one.action == "set_daily_budget":
            budgets[one.line_id] = float(one.to)
        elif one.action in {"pause", "resume"}:
            paused ^= {one.line_id}
    ids = {line.id for line in now.plan.lines}
    total = sum(budget for line, budget in budgets.items() if line in ids and line not in paused)
    return abs(total * money.days_left + money.unplaced - money.left) / (0.01 * money.days_left * len(ids))


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(description="Plans tuned weekly beside plans left alone (simulated markets).")
    parser.add_argument("--seeds", default="1-2", help="A-B, both included")
    parser.add_argument("--manager", default="ordinary", choices=["ordinary", "good", "both"])
    asked = parser.parse_args()
    cases = choose_cases(read_seeds(asked.seeds), asked.manager)
    print_figures("Tuning (simulated markets)", run(cases))


if __name__ == "__main__":
    main()
