"""The four stores: `lake` (history to scan), `records` (rows that change), `stream` (facts in order), `files`.

A URL chooses the backend of each; no other room knows which one runs. `StoreOpener` is what commands are handed.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.store.files import Files
    from marketmover.store.folders import check_folder, write_together
    from marketmover.store.inspection import Finding, inspect_stores
    from marketmover.store.lake import Lake
    from marketmover.store.opening import StoreOpener, Stores
    from marketmover.store.records import InWorkspace, Records, RecordsBase, UtcDateTime
    from marketmover.store.scratch import Scratch
    from marketmover.store.stream import Fact, Stream
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Fact": "stream",
            "Files": "files",
            "Finding": "inspection",
            "InWorkspace": "records",
            "Lake": "lake",
            "Records": "records",
            "RecordsBase": "records",
            "Scratch": "scratch",
            "StoreOpener": "opening",
            "Stores": "opening",
            "Stream": "stream",
            "UtcDateTime": "records",
            "check_folder": "folders",
            "inspect_stores": "inspection",
            "write_together": "folders",
        },
    )

__all__ = [
    "Fact",
    "Files",
    "Finding",
    "InWorkspace",
    "Lake",
    "Records",
    "RecordsBase",
    "Scratch",
    "StoreOpener",
    "Stores",
    "Stream",
    "UtcDateTime",
    "check_folder",
    "inspect_stores",
    "write_together",
]
