"""The four stores: `lake` (history to scan), `records` (rows that change), `stream` (facts in order), `files`.

A URL chooses the backend of each; no other room knows which one runs. `StoreOpener` is what commands are handed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marketmover.store.files import Files
    from marketmover.store.inspection import Finding, inspect_stores
    from marketmover.store.lake import Lake
    from marketmover.store.opening import StoreOpener, Stores
    from marketmover.store.records import InWorkspace, Records, RecordsBase, UtcDateTime
    from marketmover.store.scratch import Scratch
    from marketmover.store.stream import Fact, Stream

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
    "inspect_stores",
]

_MODULES = {
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
    "inspect_stores": "inspection",
}


def __getattr__(name: str) -> Any:
    """Import a store's module when it is first asked for: ibis and SQLAlchemy take most of a second each."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
