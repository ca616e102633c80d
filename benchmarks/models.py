"""Models beside the structural one on simulated markets: what each adds, market by market and over all of them.

`python -m benchmarks.models [--seeds A-B] [--manager ordinary|good] [--trials N]`; the same seeds give the same table.
One market's stretches hardly tell two models apart; over markets the difference and its interval show.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.figures import Figure, print_figures
from marketmover.campaigns.modelling import Comparison, compare
from marketmover.campaigns.modelling.report import ModelRow, OutcomeTable
from marketmover.campaigns.modelling.show import show
from marketmover.history import import_history
from marketmover.sandbox import create_market, write_history
from marketmover.sandbox.judge import Case, choose_cases, read_seeds
from marketmover.store import Stores

_MOST_SECONDS = 120.0


@dataclass(frozen=True)
class Compared:
    """One market's comparison and what it cost in seconds of CPU, import apart."""

    case: Case
    found: Comparison
    seconds: float


def run(cases: Sequence[Case] | None = None, trials: int = 4, *, tell: bool = False) -> list[Figure]:
    """Compare models on each market; `tell` prints each market's own table."""
    done = [_compared(case, trials, tell) for case in cases or choose_cases(range(301, 303), "ordinary", lines=20)]
    outcomes = sorted({table.outcome for one in done for table in one.found.outcomes})
    figures = [figure for outcome in outcomes for figure in _figures(outcome, done)]
    slowest = max(one.seconds for one in done)
    limit = f"{_MOST_SECONDS:.0f}"
    return [*figures, Figure("CPU seconds, slowest market", f"{slowest:.0f}", limit, slowest <= _MOST_SECONDS)]


def _compared(case: Case, trials: int, tell: bool) -> Compared:
    market = create_market(case.lines, case.days, case.seed, case.family, case.manager)
    with tempfile.TemporaryDirectory(prefix="marketmover-models-") as folder:
        write_history(market, Path(folder) / "history")
        stores = Stores(Path(folder), {})
        now = datetime.combine(market.last_date, datetime.min.time(), UTC)
        import_history(stores.lake, Path(folder) / "history", now=now, as_of=market.last_date, progress=_quiet)
        started = time.process_time()
        found, _ = compare(stores.lake, trials=trials)
        seconds = time.process_time() - started
        stores.close()
    if tell:
        print(f"\n{case.name} ({seconds:.0f} s of CPU)", flush=True)
        show(found)
    return Compared(case, found, seconds)


def _quiet(_share: float, _step: str) -> None:
    """Nobody watches the import here."""


def _figures(outcome: str, done: Sequence[Compared]) -> list[Figure]:
    """Each model's own error, and what it saves of the structural one's and adds: mean and 95% over markets."""
    tables = [table for one in done for table in one.found.outcomes if table.outcome == outcome]
    named = outcome.replace("_", " ")
    own = np.mean([table.structural.error or np.nan for table in tables])
    figures = [Figure(f"{named}: structural model, error, mean of {len(tables)} markets", f"{own:.1%}")]
    for place, row in enumerate((*tables[0].models[1:], tables[0].together), start=1):
        rows = [_row(table, place) for table in tables]
        errors = [one.error for one in rows if one.error is not None]
        alone = f"{np.mean(errors):.1%}; " if errors else ""
        saves = _around([one.saves.mid for one in rows if one.saves])
        adds = _around([one.adds.mid for one in rows if one.adds], "{:+.3f}")
        figures.append(Figure(f"{named}: {row.label}: error; saves; adds", f"{alone}{saves}; {adds}"))
    earned = sum(table.verdict == "earns its place" for table in tables)
    return [*figures, Figure(f"{named}: markets where the stack earns its place", f"{earned} of {len(tables)}")]


def _row(table: OutcomeTable, place: int) -> ModelRow:
    return (*table.models, table.together)[place]


def _around(values: Sequence[float], form: str = "{:+.1%}") -> str:
    from scipy.stats import t

    mid = form.format(np.mean(values))
    if len(values) < 2:
        return mid
    reach = t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / len(values) ** 0.5
    return f"{mid} ({form.format(np.mean(values) - reach)} to {form.format(np.mean(values) + reach)})"


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description="Models beside the structural one, on simulated markets.")
    parser.add_argument("--seeds", default="301-303", help="A-B, both included")
    parser.add_argument("--manager", default="ordinary", choices=["ordinary", "good", "both"])
    parser.add_argument("--trials", default=4, type=int, help="settings tried each time a model is tuned")
    asked = parser.parse_args()
    cases = choose_cases(read_seeds(asked.seeds), asked.manager, lines=20)
    print_figures("Models (simulated markets)", run(cases, asked.trials, tell=True))


if __name__ == "__main__":
    main()
