"""What an A/B test needs and what it showed: sizes, smallest effects, sample ratios, intervals that hold at every look.

`size` and `smallest_effect` design a test from a `Baseline`; `read_results` and `read_experiment` say what came of it.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.experiments.baseline import Baseline
    from marketmover.experiments.decision import Decision, Money
    from marketmover.experiments.design import Design, Rules, days_needed, shares, size, smallest_effect
    from marketmover.experiments.findings import Finding, Terms
    from marketmover.experiments.models.spread import dispersion
    from marketmover.experiments.reading import read_results
    from marketmover.experiments.results import Results
    from marketmover.experiments.service import Report, read_experiment
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Baseline": "baseline",
            "Decision": "decision",
            "Design": "design",
            "Finding": "findings",
            "Money": "decision",
            "Report": "service",
            "Results": "results",
            "Rules": "design",
            "Terms": "findings",
            "days_needed": "design",
            "dispersion": "models.spread",
            "read_experiment": "service",
            "read_results": "reading",
            "shares": "design",
            "size": "design",
            "smallest_effect": "design",
        },
    )

__all__ = [
    "Baseline",
    "Decision",
    "Design",
    "Finding",
    "Money",
    "Report",
    "Results",
    "Rules",
    "Terms",
    "days_needed",
    "dispersion",
    "read_experiment",
    "read_results",
    "shares",
    "size",
    "smallest_effect",
]
