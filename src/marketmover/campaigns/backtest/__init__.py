"""Advice tried on the past: given on what was known on a day, judged by the weeks after, against what was really done.

`replay` does it on a lake, `run` on panels alone. The rest writes and shows what came of it.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.backtest.counted import Tally
    from marketmover.campaigns.backtest.known import Known, KnownThen, known_by_cutting, known_by_lake
    from marketmover.campaigns.backtest.page import render_page
    from marketmover.campaigns.backtest.report import Backtest
    from marketmover.campaigns.backtest.service import replay, run
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Backtest": "report",
            "Known": "known",
            "KnownThen": "known",
            "Tally": "counted",
            "known_by_cutting": "known",
            "known_by_lake": "known",
            "render_page": "page",
            "replay": "service",
            "run": "service",
        },
    )

__all__ = [
    "Backtest",
    "Known",
    "KnownThen",
    "Tally",
    "known_by_cutting",
    "known_by_lake",
    "render_page",
    "replay",
    "run",
]
