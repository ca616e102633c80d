"""Pruning: files of former pulls go where later ones hold all that they held."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from marketmover.history.pulls import ledger
from marketmover.history.pulls.chunk_files import cut_rows, side_of, sweep
from marketmover.kit import new_id

if TYPE_CHECKING:
    from marketmover.history.records import ExportPull, ExportPullChunk
    from marketmover.store import Stores

_DAY = timedelta(days=1)


def prune_pulls(stores: "Stores", kept_days: int, first: date | None = None) -> int:
    """Thin out the files of former pulls; how many were deleted or shortened.

    Kept are: each pull of the days that are replayed one by one, as they were known then; of the earlier ones what
    makes up the history before: of each kind and day the newest rows, and of what has no days (structure, logs of
    changes that platforms keep for a month) each file that differs from the next; files that still wait to land; and of
    pulls that could not be read the last one, to look into.

    Args:
        stores: Of the home; the lake is left alone.
        kept_days: Days before an account's last pulled one that are replayed one by one.
        first: First day of the oldest plan that is watched; from it on, too, each pull is kept.
    """
    with stores.records.session(read_only=True) as session:
        pulls = ledger.pulls_of(session, stores.workspace)
        chunks = {_name(pull): ledger.chunks_of(session, pull) for pull in pulls}
    thinned = 0
    for account in dict.fromkeys((pull.platform, pull.account_id) for pull in pulls):
        own = [pull for pull in pulls if (pull.platform, pull.account_id) == account]
        before = min(own[-1].last_day - kept_days * _DAY, first or date.max)
        old = [pull for pull in own if pull.last_day < before]
        later = _Later()
        for pull in reversed([pull for pull in old if pull.state == "landed"]):
            thinned += _thin(stores, pull, chunks[_name(pull)], later)
        for pull in old:
            if pull.state == "spoilt" and pull is not own[-1]:
                thinned += _thin(stores, pull, chunks[_name(pull)], None)
    return thinned


@dataclass
class _Later:
    """What later files hold: days by kind, and the digest of the next file of what has none."""

    days: dict[str, set[date]] = field(default_factory=dict[str, set[date]])
    digests: dict[str, str | None] = field(default_factory=dict[str, str | None])

    def wanted_until(self, chunk: "ExportPullChunk") -> date | None:
        """The first day from which on later files hold all days of a chunk; `None` where they hold all of it."""
        first, day = chunk.first_day, chunk.last_day
        if first is None or day is None:
            return None if self.digests.get(chunk.ref) == chunk.digest else date.max
        held = self.days.get(chunk.kind, set())
        while day >= first and day in held:
            day -= _DAY
        return None if day < first else day + _DAY

    def add(self, chunk: "ExportPullChunk") -> None:
        if chunk.first_day is None or chunk.last_day is None:
            self.digests[chunk.ref] = chunk.digest
        else:
            many = (chunk.last_day - chunk.first_day).days + 1
            self.days.setdefault(chunk.kind, set()).update(chunk.first_day + place * _DAY for place in range(many))


def _thin(stores: "Stores", pull: "ExportPull", chunks: "list[ExportPullChunk]", later: _Later | None) -> int:
    """Delete or shorten a pull's files as far as later ones hold them; without `later` all are deleted.

    A row is changed before its old file goes: a file that no row names is deleted the next time.
    """
    there = [chunk for chunk in chunks if chunk.file is not None]
    until = {chunk.ref: later.wanted_until(chunk) if later else None for chunk in there}
    thinned = 0
    for chunk in there:
        cut = until[chunk.ref]
        if later is not None:
            later.add(chunk)
        if cut is None:
            chunk.state, chunk.file = "pruned", None
        elif chunk.last_day is not None and cut <= chunk.last_day:
            _shorten(stores, pull, chunk, cut)
        else:
            continue
        thinned += 1
        with stores.records.session() as session:
            session.merge(chunk)
    if there:
        sweep(stores, pull, {chunk.file for chunk in chunks})
    return thinned


def _shorten(stores: "Stores", pull: "ExportPull", chunk: "ExportPullChunk", cut: date) -> None:
    """Write a chunk's rows before a day to a file of their own, and let it end there."""
    kept = cut_rows(stores.files.read_bytes(chunk.file or ""), cut)
    path = f"{ledger.folder_of(pull)}/{side_of(pull.platform, chunk.kind)}/{chunk.ref}.{new_id()[-8:]}.json.gz"
    chunk.file, chunk.digest, chunk.last_day = path, hashlib.sha256(kept).hexdigest(), cut - _DAY
    stores.files.write_bytes(path, kept)


def _name(pull: "ExportPull") -> tuple[str, str, int]:
    return (pull.platform, pull.account_id, pull.number)
