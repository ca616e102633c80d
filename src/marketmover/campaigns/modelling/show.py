"""A comparison on a terminal or in a plain pipe: the answer first, then a table for each outcome."""

from collections.abc import Callable

from marketmover.campaigns.modelling.report import Comparison, ModelRow, OutcomeTable
from marketmover.campaigns.modelling.words import answer, outcome
from marketmover.charts import clean, or_dash
from marketmover.console import Table, print_table, print_text
from marketmover.learning import Added

_SIMULATED = "SIMULATED DATA: these campaigns, accounts and results are not real."
HEADS = ("Model", "Error", "Log score", "Deviance", "80% range", "Stacked: error", "Adds", "Saves", "Weight", "CPU s")


def show(found: Comparison) -> None:
    """Print a comparison."""
    if found.simulated:
        print_text(_SIMULATED)
    for text in answer(found):
        print_text(clean(text))
    for table in found.outcomes:
        print_text()
        print_table(_table(table))
    if found.outcomes:
        print_text()
    for note in found.notes if found.outcomes else ():
        print_text(f"- {clean(note)}")


def _table(table: OutcomeTable) -> Table:
    title = f"{outcome(table.outcome).capitalize()}: {table.folds} stretches, {table.forecasts} forecasts"
    return Table(title, HEADS, [cells(row) for row in (*table.models, table.together)], frozenset(HEADS[1:]))


def cells(row: ModelRow) -> list[str]:
    """A model's row as text, in the order of `HEADS`."""
    return [
        row.label,
        or_dash(row.error, _share),
        or_dash(row.log_score, "{:.3f}".format),
        or_dash(row.deviance, "{:.2f}".format),
        or_dash(row.cover, "{:.0%}".format),
        or_dash(row.stacked_error, _share),
        _added(row.adds, "{:+.3f}".format),
        _added(row.saves, "{:+.1%}".format),
        or_dash(row.weight, "{:.0%}".format),
        f"{row.seconds:.1f}",
    ]


def _share(value: float) -> str:
    return f"{value:.1%}"


def _added(value: Added | None, write: Callable[[float], str]) -> str:
    if value is None:
        return or_dash(None, str)
    return f"{write(value.mid)} ({write(value.low)} to {write(value.high)})"
