"""What another split of a plan's budget would bring: at once, without learning anything anew.

What the forecast rests on is kept beside the plan when it is composed (`response.npz`). The plan's own budgets give the
plan's own figures.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.what_if.basis import BASIS_FILE, Basis, read_basis
    from marketmover.campaigns.what_if.curves import LineCurve, curves_of
    from marketmover.campaigns.what_if.service import WhatIf, what_if
    from marketmover.campaigns.what_if.wishes import Wishes, wished_cents
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "BASIS_FILE": "basis",
            "Basis": "basis",
            "LineCurve": "curves",
            "WhatIf": "service",
            "Wishes": "wishes",
            "curves_of": "curves",
            "read_basis": "basis",
            "what_if": "service",
            "wished_cents": "wishes",
        },
    )

__all__ = ["BASIS_FILE", "Basis", "LineCurve", "WhatIf", "Wishes", "curves_of", "read_basis", "what_if", "wished_cents"]
