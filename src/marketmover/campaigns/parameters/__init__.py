"""Beyond the split: which audience, bidding, form and message the history speaks for, line by line.

What differs between the parts of a line (ages, genders, ads), between a line before and after a change, and between
lines teaches effects with their uncertainty (`evidence`, `models`). From these come changes that are likely better, and
what is worth trying out. Where the exports cannot support a choice, that is said and nothing is chosen.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.parameters.candidates import Candidate, may_run
    from marketmover.campaigns.parameters.choosing import Weighed
    from marketmover.campaigns.parameters.details import NOTHING_KNOWN, Details
    from marketmover.campaigns.parameters.exploring import OpenTrial
    from marketmover.campaigns.parameters.service import Asked, Lessons, Proposals, learn_parameters, propose
    from marketmover.campaigns.parameters.texts import grouped_texts
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "NOTHING_KNOWN": "details",
            "Asked": "service",
            "Candidate": "candidates",
            "Details": "details",
            "Lessons": "service",
            "OpenTrial": "exploring",
            "Proposals": "service",
            "Weighed": "choosing",
            "grouped_texts": "texts",
            "learn_parameters": "service",
            "may_run": "candidates",
            "propose": "service",
        },
    )

__all__ = [
    "NOTHING_KNOWN",
    "Asked",
    "Candidate",
    "Details",
    "Lessons",
    "OpenTrial",
    "Proposals",
    "Weighed",
    "grouped_texts",
    "learn_parameters",
    "may_run",
    "propose",
]
