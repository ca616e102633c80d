"""Import: its speed beside DuckDB's bare `read_json` of the same files, and its memory on a document larger than that.

`python -m benchmarks.import_speed [--rows N] [--megabytes N]`; the files are made up for the measurement alone.
"""

import argparse
import gzip
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, print_figures

_ROWS = 400_000
_BATCH = 10_000
_MEGABYTES = 2_000
_LEAST_RATIO = 0.4
_MEMORY_MIB = 600
_LINES = 4_000

Row = dict[str, Any]


def run(rows: int = _ROWS, megabytes: int = _MEGABYTES) -> list[Figure]:
    """Ratios for each form of file, and the memory that one large document takes."""
    figures: list[Figure] = []
    forms: list[tuple[str, str, Callable[[int], Row], Callable[[Path, Iterator[Row]], None]]] = [
        ("Google, JSONL", "google_ads", google_row, write_lines),
        ("Google, JSONL, gzip", "google_ads", google_row, write_zipped_lines),
        ("Google, searchStream batches of 10,000", "google_ads", google_row, write_batches),
        ("Meta, JSONL", "meta_ads", meta_row, write_lines),
        ("Meta, pages of 10,000", "meta_ads", meta_row, write_pages),
    ]
    for name, folder, row, write in forms:
        with tempfile.TemporaryDirectory() as scratch:
            place = Path(scratch) / "history" / folder
            place.mkdir(parents=True)
            write(place, (row(index) for index in range(rows)))
            figures.append(_ratio(name, place.parent, rows))
    return [*figures, _memory(megabytes)]


def google_row(index: int) -> Row:
    """A daily row of Google's, as `searchStream` answers it."""
    chance, line, day = random.Random(index), index % _LINES, _day(index)  # noqa: S311 - made-up figures
    impressions = chance.randint(1_000, 9_000)
    return {
        "customer": {"resourceName": "customers/1234567890", "id": "1234567890", "currencyCode": "USD"},
        "campaign": {
            "resourceName": f"customers/1234567890/campaigns/{10_000 + line}",
            "id": str(10_000 + line),
            "name": f"Search | running shoes | {line}",
            "status": "ENABLED",
            "advertisingChannelType": "SEARCH",
            "biddingStrategyType": "TARGET_CPA",
            "targetCpa": {"targetCpaMicros": "38000000"},
        },
        "campaignBudget": {"resourceName": f"customers/1234567890/campaignBudgets/{line}", "amountMicros": "290000000"},
        "adGroup": {"id": str(50_000 + line), "name": f"Group {line}", "type": "SEARCH_STANDARD"},
        "metrics": {
            "impressions": str(impressions),
            "clicks": str(chance.randint(10, 900)),
            "costMicros": str(chance.randint(10**6, 10**9)),
            "conversions": round(chance.random() * 20, 2),
            "conversionsValue": round(chance.random() * 2_000, 2),
            "searchImpressionShare": chance.random(),
            "searchBudgetLostImpressionShare": 0.2,
        },
        "segments": {"date": day},
    }


def meta_row(index: int) -> Row:
    """A daily row of Meta's insights."""
    chance, line, day = random.Random(index), index % _LINES, _day(index)  # noqa: S311 - made-up figures
    leads = str(chance.randint(0, 20))
    types = ("link_click", "post_engagement", "page_engagement", "landing_page_view")
    outcomes = ("lead", "onsite_conversion.lead_grouped", "offsite_conversion.fb_pixel_lead")
    return {
        "account_id": "999",
        "account_currency": "USD",
        "campaign_id": str(700 + line),
        "campaign_name": f"Leads {line}",
        "adset_id": str(7_700 + line),
        "adset_name": "Women 25-54",
        "objective": "OUTCOME_LEADS",
        "impressions": str(chance.randint(1_000, 9_000)),
        "clicks": str(chance.randint(10, 900)),
        "inline_link_clicks": str(chance.randint(10, 900)),
        "spend": f"{chance.random() * 500:.2f}",
        "reach": "500",
        "frequency": "1.2",
        "actions": [{"action_type": name, "value": leads} for name in (*types, *outcomes)],
        "action_values": [{"action_type": "purchase", "value": "12.50"}],
        "date_start": day,
        "date_stop": day,
    }


def _day(index: int) -> str:
    return (date(2023, 1, 1) + timedelta(days=index // _LINES)).isoformat()


def write_lines(folder: Path, rows: Iterator[Row]) -> None:
    """One row a line."""
    with (folder / "facts.json").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def write_zipped_lines(folder: Path, rows: Iterator[Row]) -> None:
    """One row a line, gzipped."""
    with gzip.open(folder / "facts.json.gz", "wt", 6, encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def write_batches(folder: Path, rows: Iterator[Row]) -> None:
    """An array of answers of 10,000 rows, one file for every twelve."""
    for number, batches in enumerate(_grouped(_grouped(rows, _BATCH), 12)):
        answers = [{"results": batch, "fieldMask": "campaign.id,metrics.clicks", "requestId": "r"} for batch in batches]
        (folder / f"facts-{number:03}.json").write_text(json.dumps(answers), encoding="utf-8")


def write_pages(folder: Path, rows: Iterator[Row]) -> None:
    """A page of 10,000 rows a file."""
    for number, page in enumerate(_grouped(rows, _BATCH)):
        text = json.dumps({"data": page, "paging": {"cursors": {"after": "x"}}})
        (folder / f"page-{number:03}.json").write_text(text, encoding="utf-8")


def _grouped(items: Iterator[Any], size: int) -> Iterator[list[Any]]:
    group: list[Any] = []
    for item in items:
        group.append(item)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group


def _ratio(name: str, history: Path, rows: int) -> Figure:
    """Bare reading and import of the same files, in turn, the better of two each."""
    bare = min(_timed_child("bare", history)[0] for _ in range(2))
    ours = min(_timed_child("import", history)[0] for _ in range(2))
    ratio = bare / ours
    measured = f"{ratio:.2f} ({rows / ours / 1_000:,.0f} thousand rows a second)"
    return Figure(f"{name}: share of bare read_json's speed", measured, f">= {_LEAST_RATIO}", ratio >= _LEAST_RATIO)


def _memory(megabytes: int) -> Figure:
    """Peak memory of importing one JSON document of so many megabytes: a single array in a single answer."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch) / "history" / "google_ads"
        place.mkdir(parents=True)
        rows = write_one_document(place / "all.json", megabytes << 20)
        seconds, mebibytes = _timed_child("import", place.parent)
    name = f"peak memory on one document of {megabytes} MB, {rows:,} rows, {seconds:.0f} s (MiB)"
    return Figure(name, f"{mebibytes:.0f}", f"< {_MEMORY_MIB}", mebibytes < _MEMORY_MIB)


def write_one_document(path: Path, size: int) -> int:
    """One answer with all its rows in one array, of about `size` bytes; how many rows."""
    written, index = 0, 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"fieldMask": "campaign.id", "results": [')
        while written < size:
            text = ("," if index else "") + json.dumps(google_row(index))
            file.write(text)
            written += len(text)
            index += 1
        file.write("]}")
    return index


def _timed_child(what: str, history: Path) -> tuple[float, float]:
    """Seconds and peak MiB of `what` in a process of its own, imports of libraries apart."""
    command = [sys.executable, "-m", "benchmarks.import_speed", "--child", what, "--history", str(history)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, memory = done.stdout.split()[-2:]
    return float(seconds), float(memory)


def _child(what: str, history: Path) -> None:
    import duckdb
    import ibis
    import pandas as pd

    del ibis, pd  # imported here so that their start is not measured
    from marketmover.history.importing import import_history
    from marketmover.store import Lake

    with tempfile.TemporaryDirectory() as scratch:
        lake = Lake.open(Path(scratch) / "lake.duckdb")
        started = time.monotonic()
        if what == "bare":
            files = sorted(map(str, history.rglob("*.json*")))
            duckdb.connect().execute("CREATE TABLE facts AS SELECT * FROM read_json(?)", [files])
        else:
            import_history(lake, history, now=datetime(2026, 6, 1, tzinfo=UTC), progress=_quiet)
        print(time.monotonic() - started, _peak_mib())
        lake.close()


def _peak_mib() -> float:
    """Peak memory of this process; `ru_maxrss` would count the parent's peak too, which a child inherits (Linux)."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text(encoding="utf-8").split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _quiet(_: float, __: str) -> None:
    """Progress that nobody sees."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=_ROWS)
    parser.add_argument("--megabytes", type=int, default=_MEGABYTES)
    parser.add_argument("--child", default="")
    parser.add_argument("--history", type=Path, default=Path())
    asked = parser.parse_args()
    if asked.child:
        _child(asked.child, asked.history)
        return
    print_figures("Import", run(asked.rows, asked.megabytes))


if __name__ == "__main__":
    main()
