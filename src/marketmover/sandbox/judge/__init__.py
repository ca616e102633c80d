"""Judge advice by the truth: simulated markets exported, imported, advised on, and scored.

`judge` gives the scores of markets one by one, `figures_of` and `report_on` sum them up.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketmover.sandbox.judge.advisers import Advised, Adviser, Asked, by_compose
    from marketmover.sandbox.judge.cache import Cache
    from marketmover.sandbox.judge.cases import Case, choose_cases, read_seeds
    from marketmover.sandbox.judge.figures import Figure, figures_of
    from marketmover.sandbox.judge.report import Report, report_on
    from marketmover.sandbox.judge.running import judge
    from marketmover.sandbox.judge.scores import Score

__all__ = [
    "Advised",
    "Adviser",
    "Asked",
    "Cache",
    "Case",
    "Figure",
    "Report",
    "Score",
    "by_compose",
    "choose_cases",
    "figures_of",
    "judge",
    "read_seeds",
    "report_on",
]

_HOMES = {
    "Advised": "advisers",
    "Adviser": "advisers",
    "Asked": "advisers",
    "Cache": "cache",
    "Case": "cases",
    "Figure": "figures",
    "Report": "report",
    "Score": "scores",
    "by_compose": "advisers",
    "choose_cases": "cases",
    "figures_of": "figures",
    "judge": "running",
    "read_seeds": "cases",
    "report_on": "report",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that commands start fast."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
