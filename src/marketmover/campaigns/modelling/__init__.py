"""Models that foretell outcomes from campaign parameters, beside the structural model: compared, registered, watched.

`compare` does it on a lake, `run` on a panel; `keep` records and registers; `check` says whether what is registered
still holds. Nothing here plans: what stacking would change in a plan is for `compose` to ask.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.modelling.checking import check, check_panel
    from marketmover.campaigns.modelling.comparing import Design
    from marketmover.campaigns.modelling.report import CheckedModel, Comparison
    from marketmover.campaigns.modelling.service import compare, keep, run
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "CheckedModel": "report",
            "Comparison": "report",
            "Design": "comparing",
            "check": "checking",
            "check_panel": "checking",
            "compare": "service",
            "keep": "service",
            "run": "service",
        },
    )

__all__ = ["CheckedModel", "Comparison", "Design", "check", "check_panel", "compare", "keep", "run"]
