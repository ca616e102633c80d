"""What a home keeps of campaigns: briefs, plans with their folders, proposals of tuning, analyses of the past."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.kept.feed import HomeApp, note_change, plan_changes_after
    from marketmover.campaigns.kept.folders import Shelf, asked_folder, plan_folder, read_plan, told_by_id
    from marketmover.campaigns.kept.places import after_place, place_of
    from marketmover.campaigns.kept.plans import KeptPlan, find_plan, successors
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "HomeApp": "feed",
            "KeptPlan": "plans",
            "Shelf": "folders",
            "after_place": "places",
            "asked_folder": "folders",
            "find_plan": "plans",
            "note_change": "feed",
            "place_of": "places",
            "plan_changes_after": "feed",
            "plan_folder": "folders",
            "read_plan": "folders",
            "successors": "plans",
            "told_by_id": "folders",
        },
    )

__all__ = [
    "HomeApp",
    "KeptPlan",
    "Shelf",
    "after_place",
    "asked_folder",
    "find_plan",
    "note_change",
    "place_of",
    "plan_changes_after",
    "plan_folder",
    "read_plan",
    "successors",
    "told_by_id",
]
