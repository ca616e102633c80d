"""Small exports as the platforms write them, and ways to write the same rows in every dialect."""

import gzip
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from marketmover.history import ImportReport, import_history
from marketmover.history.tables import QUARANTINE, current_rows
from marketmover.store import Lake

Row = dict[str, Any]
NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


def google_row(day: str, **changes: Any) -> Row:
    """A daily row of one ad group; `metrics`, `segments`, ... given by name are merged in, `None` takes a key out."""
    row: Row = {
        "customer": {"resourceName": "customers/111", "id": "111", "currencyCode": "USD", "timeZone": "Europe/Berlin"},
        "campaign": {
            "resourceName": "customers/111/campaigns/55",
            "id": "55",
            "name": "Search brand",
            "status": "ENABLED",
            "advertisingChannelType": "SEARCH",
            "biddingStrategyType": "TARGET_CPA",
            "targetCpa": {"targetCpaMicros": "38000000"},
        },
        "campaignBudget": {"resourceName": "customers/111/campaignBudgets/9", "amountMicros": "290000000"},
        "adGroup": {"id": "551", "name": "Group", "type": "SEARCH_STANDARD"},
        "metrics": {
            "impressions": "1000",
            "clicks": "50",
            "costMicros": "12340000",
            "conversions": 2.5,
            "conversionsValue": 100.5,
            "searchImpressionShare": 0.5,
        },
        "segments": {"date": day},
    }
    return merged(row, changes)


def meta_row(day: str, **changes: Any) -> Row:
    """A daily row of one ad set."""
    row: Row = {
        "account_id": "444",
        "account_currency": "USD",
        "campaign_id": "77",
        "campaign_name": "Leads",
        "adset_id": "771",
        "adset_name": "Women",
        "objective": "OUTCOME_LEADS",
        "impressions": "2000",
        "inline_link_clicks": "40",
        "clicks": "60",
        "spend": "23.45",
        "reach": "1500",
        "frequency": "1.33",
        "actions": actions(lead=3, **{"onsite_conversion.lead_grouped": 3, "link_click": 40}),
        "date_start": day,
        "date_stop": day,
    }
    return merged(row, changes)


def actions(**counts: float) -> list[Row]:
    """An `actions` list."""
    return [{"action_type": name, "value": str(count)} for name, count in counts.items()]


def merged(row: Mapping[str, Any], changes: Mapping[str, Any]) -> Row:
    """`row` with nested `changes`; `None` takes a key out."""
    result = dict(row)
    for key, value in changes.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = merged(result[key], cast("Row", value))
        else:
            result[key] = value
    return result


def days(count: int, start: str = "2025-12-01") -> list[str]:
    """ISO days in a row."""
    first = date.fromisoformat(start).toordinal()
    return [date.fromordinal(first + offset).isoformat() for offset in range(count)]


def snake(value: Any) -> Any:
    """Keys in snake_case, all the way down."""
    if isinstance(value, dict):
        items = cast("Row", value).items()
        return {re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), key): snake(item) for key, item in items}
    return [snake(item) for item in cast("list[Any]", value)] if isinstance(value, list) else value


def plain_numbers(value: Any) -> Any:
    """Numbers in text as JSON numbers, all the way down."""
    if isinstance(value, dict):
        return {key: plain_numbers(item) for key, item in cast("Row", value).items()}
    if isinstance(value, str) and re.fullmatch(r"\d+", value):
        return int(value)
    return value


def batches(rows: Sequence[Row], size: int = 3) -> list[Row]:
    """Answers of `searchStream`."""
    return [
        {"results": list(rows[at : at + size]), "fieldMask": "campaign.id", "requestId": "r"}
        for at in range(0, len(rows), size)
    ]


def lines(items: Iterable[Any], end: str = "\n") -> str:
    """One JSON value a line."""
    return "".join(json.dumps(item) + end for item in items)


DIALECTS: dict[str, Callable[[Sequence[Row]], bytes]] = {
    "array": lambda rows: json.dumps(rows).encode(),
    "pretty array": lambda rows: json.dumps(rows, indent=2).encode(),
    "batches": lambda rows: json.dumps(batches(rows)).encode(),
    "pretty batches": lambda rows: json.dumps(batches(rows), indent=1).encode(),
    "one answer": lambda rows: json.dumps({"results": rows, "nextPageToken": "abc", "totalResultsCount": "9"}).encode(),
    "answer with rows last": lambda rows: json.dumps({"requestId": "r", "fieldMask": "x", "results": rows}).encode(),
    "data": lambda rows: json.dumps({"data": rows, "paging": {"cursors": {"after": "x"}}}).encode(),
    "pages in an array": lambda rows: json.dumps([{"data": rows[:2]}, {"data": rows[2:], "paging": {}}]).encode(),
    "lines": lambda rows: lines(rows).encode(),
    "lines with CRLF": lambda rows: lines(rows, "\r\n").encode(),
    "lines without a last newline": lambda rows: lines(rows).rstrip().encode(),
    "lines with blank ones": lambda rows: lines(rows, "\n\n").encode(),
    "an answer a line": lambda rows: lines(batches(rows)).encode(),
    "UTF-8 with a mark": lambda rows: b"\xef\xbb\xbf" + json.dumps(rows).encode(),
    "lines with a mark": lambda rows: b"\xef\xbb\xbf" + lines(rows).encode(),
    "UTF-16": lambda rows: json.dumps(rows, ensure_ascii=False).encode("utf-16"),
    "UTF-16 without a mark": lambda rows: json.dumps(rows).encode("utf-16-le"),
    "lines in UTF-16": lambda rows: lines(rows).encode("utf-16"),
    "snake_case": lambda rows: json.dumps(batches(cast("list[Row]", snake(list(rows))))).encode(),
    "both spellings": lambda rows: lines([*rows[:2], *snake(list(rows[2:]))]).encode(),
    "plain numbers": lambda rows: lines([plain_numbers(row) for row in rows]).encode(),
    "space around": lambda rows: b"\n\n  " + json.dumps(rows).encode() + b"  \n",
    "empty answers between": lambda rows: json.dumps(
        [{"requestId": "1"}, {"results": rows}, {"results": [], "fieldMask": "x"}]
    ).encode(),
}


def write(folder: Path, files: Mapping[str, Any]) -> Path:
    """Write files by their paths: bytes and text as they stand, the rest as JSON."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = (
            content
            if isinstance(content, bytes)
            else (content if isinstance(content, str) else json.dumps(content)).encode()
        )
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") and data[:2] != b"\x1f\x8b" else data)
    return folder


def _quiet(_: float, __: str) -> None:
    """Progress that nobody sees."""


def take(lake: Lake, folder: Path, files: Mapping[str, Any], **options: Any) -> ImportReport:
    """Write the files and import the folder."""
    write(folder, files)
    options = {"now": NOW, **options}
    return import_history(lake, folder, progress=_quiet, **options)


def set_aside(lake: Lake) -> list[tuple[str, str, str]]:
    """File, position and reason of what is in quarantine."""
    return [(row["file"], row["position"], row["reason"]) for row in current_rows(lake, QUARANTINE)]
