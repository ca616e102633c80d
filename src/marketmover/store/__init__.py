"""The four stores: `lake` (history to scan), `records` (rows that change), `stream` (facts in order), `files`.

A URL chooses the backend of each; no other room knows which one runs. `StoreOpener` is what commands are handed.
"""

from marketmover.store.files import Files
from marketmover.store.lake import Lake
from marketmover.store.opening import StoreOpener, Stores
from marketmover.store.records import Records, RecordsBase
from marketmover.store.stream import Fact, Stream

__all__ = ["Fact", "Files", "Lake", "Records", "RecordsBase", "StoreOpener", "Stores", "Stream"]
