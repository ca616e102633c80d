"""What changed in a running campaign, or in any series, told as soon as it can be known.

`Detector` watches one series row by row, `score_many` many at once; both say the same. `detect_files` scores CSV files.
`watch_exports` replays the live exports of running campaigns day by day and gives alerts with cause and money.
`named_lines` says which lines of the exports the new lines of a plan (`new_lines_of`) have become.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.monitoring.alerts import Alert
    from marketmover.monitoring.lines.coverage import spoken_days
    from marketmover.monitoring.lines.crm_days import leads_until
    from marketmover.monitoring.lines.new_lines import named_lines, new_lines_of
    from marketmover.monitoring.lines.pulls import find_pulls
    from marketmover.monitoring.models.detector import Detector, clock_seconds, score_many
    from marketmover.monitoring.models.state import Score
    from marketmover.monitoring.series import Series, read_series
    from marketmover.monitoring.service import detect_files, score_series
    from marketmover.monitoring.watching import WatchReport, watch_exports
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Alert": "alerts",
            "Detector": "models.detector",
            "Score": "models.state",
            "Series": "series",
            "WatchReport": "watching",
            "clock_seconds": "models.detector",
            "detect_files": "service",
            "find_pulls": "lines.pulls",
            "leads_until": "lines.crm_days",
            "named_lines": "lines.new_lines",
            "new_lines_of": "lines.new_lines",
            "read_series": "series",
            "score_many": "models.detector",
            "score_series": "service",
            "spoken_days": "lines.coverage",
            "watch_exports": "watching",
        },
    )

__all__ = [
    "Alert",
    "Detector",
    "Score",
    "Series",
    "WatchReport",
    "clock_seconds",
    "detect_files",
    "find_pulls",
    "leads_until",
    "named_lines",
    "new_lines_of",
    "read_series",
    "score_many",
    "score_series",
    "spoken_days",
    "watch_exports",
]
