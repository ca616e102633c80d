"""Exports pulled from platforms: what is asked for, what came, where it lies.

`pull_exports` fetches an account's exports into the home's files, `land_pulls` reads them into the lake, `freshness`
tells how fresh that is. `asked_exports` gives pulled exports to what reads folders. A connector offers `AdExports`.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.history.pulls.folders import Exports, asked_exports, lay_out
    from marketmover.history.pulls.lag import Freshness, freshness
    from marketmover.history.pulls.landing import Landed, land_pulls
    from marketmover.history.pulls.service import PullReport, pull_exports
    from marketmover.history.pulls.source import AdExports, Document, ExportChunk, SourceAccount
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "AdExports": "source",
            "Document": "source",
            "ExportChunk": "source",
            "Exports": "folders",
            "Freshness": "lag",
            "Landed": "landing",
            "PullReport": "service",
            "SourceAccount": "source",
            "asked_exports": "folders",
            "freshness": "lag",
            "land_pulls": "landing",
            "lay_out": "folders",
            "pull_exports": "service",
        },
    )

__all__ = [
    "AdExports",
    "Document",
    "ExportChunk",
    "Exports",
    "Freshness",
    "Landed",
    "PullReport",
    "SourceAccount",
    "asked_exports",
    "freshness",
    "land_pulls",
    "lay_out",
    "pull_exports",
]
