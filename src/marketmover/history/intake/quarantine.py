"""Rows that could not be used, with their file, place, reason and text as it stood there."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marketmover.history.reading.staging import Staging

Row = dict[str, Any]
_RAW = 4000


def quarantined(staging: "Staging", unusable: list[tuple[int, str, str]]) -> list[Row]:
    """Rows for `history_quarantine`, in the order of files and rows."""
    found = [row for source in ("google", "meta", "crm") for row in _faulty(staging, source)]
    if unusable:
        reasons = {seq: (reason, detail) for seq, reason, detail in unusable}
        for source in ("google", "meta"):
            rows = staging.db.execute(
                f"SELECT seq, filename FROM {source}_rows WHERE seq IN (SELECT unnest(?::BIGINT[]))",  # noqa: S608 - our own names
                [list(reasons)],
            ).fetchall()
            found += [(seq, filename, *reasons[seq]) for seq, filename in rows]
    by_file: dict[str, list[tuple[int, str, str]]] = {}
    for seq, filename, reason, detail in sorted(found):
        by_file.setdefault(filename, []).append((seq - staging.first_seq(filename), reason, detail))
    rows = [row for filename, faults in by_file.items() for row in _located(staging, filename, faults)]
    return [*rows, *_set_aside(staging)]


def _faulty(staging: "Staging", source: str) -> list[tuple[int, str, str, str]]:
    return staging.db.execute(f"""
        SELECT seq, filename, reason, detail FROM {source}_rows WHERE reason IS NOT NULL
        UNION ALL SELECT f.seq, r.filename, f.reason, f.detail
        FROM {source}_faults f JOIN {source}_rows r ON r.seq = f.seq""").fetchall()  # noqa: S608 - our own names


def _located(staging: "Staging", filename: str, faults: list[tuple[int, str, str]]) -> Iterator[Row]:
    file = staging.files[filename]
    wanted = {row for row, _, _ in faults}
    texts = staging.raw_rows(filename, wanted)
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
    for filename, reading in staging.careful.items():
        for defect in reading.defects:
            yield {
                "file": staging.files[filename].name,
                "position": defect.place,
                "row": defect.row,
                "reason": defect.reason,
                "detail": defect.detail,
                "raw": defect.raw,
            }
