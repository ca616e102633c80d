"""What a home keeps of campaigns: briefs, plans with their folders, proposals of tuning, analyses of the past."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.kept.folders import Shelf, asked_folder, plan_folder, read_plan, told_by_id
    from marketmover.campaigns.kept.places import after_place, place_of
    from marketmover.campaigns.kept.plans import KeptPlan, find_plan, successors
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "KeptPlan": "plans",
            "Shelf": "folders",
            "after_place": "places",
            "asked_folder": "folders",
            "find_plan": "plans",
            "place_of": "places",
            "plan_folder": "folders",
            "read_plan": "folders",
            "successors": "plans",
            "told_by_id": "folders",
        },
    )

__all__ = [
    "KeptPlan",
    "Shelf",
    "after_place",
    "asked_folder",
    "find_plan",
    "place_of",
    "plan_folder",
    "read_plan",
    "successors",
    "told_by_id",
]
