"""Judge advice by the truth: simulated markets exported, imported, advised on, and scored.

`judge` gives the scores of markets one by one, `figures_of` and `report_on` sum them up.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.sandbox.judge.advisers import Advised, Adviser, Asked, by_compose
    from marketmover.sandbox.judge.cache import Cache
    from marketmover.sandbox.judge.cases import Case, choose_cases, read_seeds
    from marketmover.sandbox.judge.figures import Figure, figures_of
    from marketmover.sandbox.judge.report import Report, report_on
    from marketmover.sandbox.judge.running import judge
    from marketmover.sandbox.judge.scores import Score
else:
    __getattr__ = on_demand(
        __name__,
        {
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
        },
    )

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
