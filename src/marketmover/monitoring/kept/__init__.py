"""Alerts as rows: found by watching, acknowledged or put off by people, with all that happened to each.

`keep_alerts` brings in what a watch found; `list_alerts` and `find_alert` read; `acknowledge`, `snooze` and `reopen`
are what people do. `goals_of` and `set_goals` keep what a plan is to reach, `actual` holds it against what came.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.monitoring.kept.against_plan import PlanActual, actual
    from marketmover.monitoring.kept.feed import alert_changes_after, changes_of
    from marketmover.monitoring.kept.goals import goals_of, set_goals
    from marketmover.monitoring.kept.keeping import KeptCount, keep_alerts
    from marketmover.monitoring.kept.people import acknowledge, forget_alerts, reopen, snooze
    from marketmover.monitoring.kept.reading import AlertFilter, count_alerts, find_alert, list_alerts
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "AlertFilter": "reading",
            "KeptCount": "keeping",
            "PlanActual": "against_plan",
            "acknowledge": "people",
            "actual": "against_plan",
            "alert_changes_after": "feed",
            "changes_of": "feed",
            "count_alerts": "reading",
            "find_alert": "reading",
            "forget_alerts": "people",
            "goals_of": "goals",
            "keep_alerts": "keeping",
            "list_alerts": "reading",
            "reopen": "people",
            "set_goals": "goals",
            "snooze": "people",
        },
    )

__all__ = [
    "AlertFilter",
    "KeptCount",
    "PlanActual",
    "acknowledge",
    "actual",
    "alert_changes_after",
    "changes_of",
    "count_alerts",
    "find_alert",
    "forget_alerts",
    "goals_of",
    "keep_alerts",
    "list_alerts",
    "reopen",
    "set_goals",
    "snooze",
]
