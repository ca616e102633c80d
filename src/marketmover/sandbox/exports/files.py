"""Files as each source writes them: batches of a stream, pages of an edge, arrays. Rows come in as JSON text."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from marketmover.kit import stable_hash

_GOOGLE_BATCH = 10_000
_BATCHES_A_FILE = 4
_META_PAGE = 2_000
_CRM_FILE = 50_000


def text(value: Any) -> str:
    """A row as JSON text without spaces, as the services send it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def write_search_stream(folder: Path, stem: str, field_mask: str, rows: Iterable[str]) -> int:
    """Answers of `googleAds:searchStream`: an array of batches of at most 10,000 rows; returns how many rows."""
    return sum(
        _write(folder / f"{stem}-{number:03d}.json", _search_stream(stem, number, field_mask, part), len(part))
        for number, part in enumerate(_parts(rows, _GOOGLE_BATCH * _BATCHES_A_FILE), start=1)
    )


def _search_stream(stem: str, number: int, field_mask: str, rows: list[str]) -> Iterator[str]:
    yield "["
    for start in range(0, len(rows), _GOOGLE_BATCH):
        request = stable_hash(stem, str(number), str(start))[:22]
        yield ("," if start else "") + '{"results":['
        yield ",\n".join(rows[start : start + _GOOGLE_BATCH])
        yield f'],"fieldMask":{text(field_mask)},"requestId":"{request}"}}'
    yield "]\n"


def write_pages(folder: Path, stem: str, edge: str, rows: Iterable[str]) -> int:
    """Answers of a Graph edge, a page of at most 2,000 rows a file; all but the last name the next."""
    pages = list[tuple[int, list[str]]](enumerate(_parts(rows, _META_PAGE), start=1))
    return sum(
        _write(folder / f"{stem}-{number:03d}.json", _page(stem, edge, number, part, number == len(pages)), len(part))
        for number, part in pages
    )


def _page(stem: str, edge: str, number: int, rows: list[str], last: bool) -> Iterator[str]:
    before, after = (stable_hash(stem, str(number), side)[:24] for side in ("before", "after"))
    paging: dict[str, Any] = {"cursors": {"before": before, "after": after}}
    if not last:
        paging["next"] = f"https://graph.facebook.com/{edge}?limit={_META_PAGE}&after={after}"
    yield '{"data":['
    yield ",\n".join(rows)
    yield f'],"paging":{text(paging)}}}\n'


def write_arrays(folder: Path, stem: str, rows: Iterable[str]) -> int:
    """JSON arrays of at most 50,000 rows; returns how many rows."""
    return sum(
        _write(folder / f"{stem}-{number:03d}.json", iter(["[", ",\n".join(part), "]\n"]), len(part))
        for number, part in enumerate(_parts(rows, _CRM_FILE), start=1)
    )


def _parts(rows: Iterable[str], size: int) -> Iterator[list[str]]:
    iterator = iter(rows)
    while part := list(islice(iterator, size)):
        yield part


def _write(path: Path, pieces: Iterator[str], rows: int) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(pieces)
    return rows
