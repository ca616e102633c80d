"""What lists and charts show of the history, kept in records, so that no reader scans the lake.

`refresh` makes it anew where the lake's history changed; it comes after whatever changes that. The other functions
read what is kept: `summary`, `list_members`, `list_days`, `ranked`, `trends`, `calendar`, `entries`.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.history.overview.building import refresh
    from marketmover.history.overview.days import DayFigures, line_days, list_days
    from marketmover.history.overview.reading import Summary, entries, list_members, member, summary
    from marketmover.history.overview.sums import calendar, ranked, trends
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "DayFigures": "days",
            "Summary": "reading",
            "calendar": "sums",
            "entries": "reading",
            "line_days": "days",
            "list_days": "days",
            "list_members": "reading",
            "member": "reading",
            "ranked": "sums",
            "refresh": "building",
            "summary": "reading",
            "trends": "sums",
        },
    )

__all__ = [
    "DayFigures",
    "Summary",
    "calendar",
    "entries",
    "line_days",
    "list_days",
    "list_members",
    "member",
    "ranked",
    "refresh",
    "summary",
    "trends",
]
