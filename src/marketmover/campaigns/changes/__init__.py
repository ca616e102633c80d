"""Plan on plan: what changed between two plans and why, in words and figures."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.changes.page import render_page
    from marketmover.campaigns.changes.report import PlanDiff
    from marketmover.campaigns.changes.service import compare_plans
else:
    __getattr__, __dir__ = on_demand(
        __name__, {"PlanDiff": "report", "compare_plans": "service", "render_page": "page"}
    )

__all__ = ["PlanDiff", "compare_plans", "render_page"]
