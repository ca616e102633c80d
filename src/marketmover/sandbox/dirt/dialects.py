"""The other ways in which the same rows are written: snake_case, JSONL, gzip, bare arrays, pages of `search`."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

_HUMP = re.compile(r"(?<!^)(?=[A-Z])")


def rows_of(path: Path) -> list[Any]:
    """All rows of a file that the sandbox wrote: batches, a page, or an array."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    if isinstance(whole, dict):
        return whole["data"]
    if whole and isinstance(whole[0], dict) and "results" in whole[0]:
        return [row for batch in whole for row in batch["results"]]
    return whole


def snake_case(value: Any) -> Any:
    """The same value with keys as protobuf names them."""
    if isinstance(value, dict):
        return {_HUMP.sub("_", key).lower(): snake_case(part) for key, part in value.items()}
    if isinstance(value, list):
        return [snake_case(part) for part in value]
    return value


def write_batches(path: Path, rows: list[Any], field_mask: str) -> None:
    """One stream of batches."""
    batches = [
        {"results": rows[start : start + 10_000], "fieldMask": field_mask} for start in range(0, len(rows), 10_000)
    ]
    path.write_text(_lines(batches), encoding="utf-8")


def write_page(path: Path, rows: list[Any], paging: dict[str, Any]) -> None:
    """One page of a Graph edge."""
    path.write_text(json.dumps({"data": rows, "paging": paging}, ensure_ascii=False) + "\n", encoding="utf-8")


def write_array(path: Path, rows: list[Any]) -> None:
    """A bare array."""
    path.write_text(_lines(rows), encoding="utf-8")


def write_json_lines(path: Path, rows: list[Any]) -> None:
    """One object a line."""
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")


def write_search_pages(path: Path, rows: list[Any], field_mask: str) -> list[Path]:
    """Two answers of `googleAds:search`, the first of which names the next page; they replace `path`."""
    half = len(rows) // 2
    first, second = path.with_name("search_" + path.name), path.with_name("search_next_" + path.name)
    answer = {"results": rows[:half], "nextPageToken": "CgJnbw", "totalResultsCount": str(len(rows))}
    first.write_text(json.dumps({**answer, "fieldMask": field_mask}) + "\n", encoding="utf-8")
    second.write_text(json.dumps({"results": rows[half:], "fieldMask": field_mask}) + "\n", encoding="utf-8")
    path.unlink()
    return [first, second]


def compress(path: Path) -> Path:
    """The same file as `.json.gz`, without a time in its header."""
    packed = path.with_name(path.name + ".gz")
    packed.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    path.unlink()
    return packed


def _lines(rows: list[Any]) -> str:
    return "[" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "]\n"
