"""Rows that could not be used, with their file, place, reason and text as it stood there."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from marketmover.history.tables import QUARANTINE, append_rows, current_rows
from marketmover.kit import stable_hash

if TYPE_CHECKING:
    from marketmover.history.reading.staging import Staging
    from marketmover.store import Lake

Row = dict[str, Any]
_RAW = 4000
_STRETCH = 20_000


def append_quarantine(
    staging: "Staging", lake: "Lake", unusable: list[tuple[int, str, str]], import_id: int
) -> Counter[str]:
    """Append rows that are not in quarantine yet, a stretch at a time; all that were set aside, by reason."""
    known: set[str] = set() if import_id == 1 else {_identity(row) for row in current_rows(lake, QUARANTINE)}
    reasons: Counter[str] = Counter()
    for rows in _stretches(staging, unusable):
        reasons.update(row["reason"] for row in rows)
        append_rows(lake, QUARANTINE, [{"import_id": import_id, **row} for row in rows if _identity(row) not in known])
    return reasons


def _identity(row: Row) -> str:
    return stable_hash(*(str(row[name]) for name in QUARANTINE.key))


def _stretches(staging: "Staging", unusable: list[tuple[int, str, str]]) -> Iterator[list[Row]]:
    """Rows for `history_quarantine` in the order of files and rows, so many at a time as memory may hold."""
    found = [row for source in staging.sources for row in _faulty(staging, source)]
    if unusable:
        reasons = {seq: (reason, detail) for seq, reason, detail in unusable}
        for source in staging.sources:
            rows = staging.db.execute(
                f"SELECT seq, file FROM {source}_rows WHERE seq IN (SELECT unnest(?::BIGINT[]))",  # noqa: S608 - our own names
                [list(reasons)],
            ).fetchall()
            found += [(seq, key, *reasons[seq]) for seq, key in rows]
    by_file: dict[int, list[tuple[int, str, str]]] = {}
    firsts = {key: staging.first_seq(key) for key in {key for _, key, _, _ in found}}
    for seq, key, reason, detail in sorted(found):
        by_file.setdefault(key, []).append((seq - firsts[key], reason, detail))
    for key, faults in by_file.items():
        for at in range(0, len(faults), _STRETCH):
            yield list(_located(staging, key, faults[at : at + _STRETCH]))
    yield list(_set_aside(staging))


def _faulty(staging: "Staging", source: str) -> list[tuple[int, int, str, str]]:
    return staging.db.execute(f"""
        SELECT seq, file, reason, detail FROM {source}_rows WHERE reason IS NOT NULL
        UNION ALL SELECT f.seq, r.file, f.reason, f.detail
        FROM {source}_faults f JOIN {source}_rows r ON r.seq = f.seq""").fetchall()  # noqa: S608 - our own names


def _located(staging: "Staging", key: int, faults: list[tuple[int, str, str]]) -> Iterator[Row]:
    file = staging.files[key]
    wanted = {row for row, _, _ in faults}
    texts = staging.raw_rows(key, wanted)
    for staged, reason, detail in faults:
        row, position, raw = texts[staged]
        yield {
            "file": file.name,
            "position": position,
            "row": row,
            "reason": reason,
            "detail": detail,
            "raw": raw[:_RAW],
        }


def _set_aside(staging: "Staging") -> Iterator[Row]:
    for key, reading in staging.careful.items():
        for defect in reading.defects:
            yield {
                "file": staging.files[key].name,
                "position": defect.place,
                "row": defect.row,
                "reason": defect.reason,
                "detail": defect.detail,
                "raw": defect.raw,
            }
