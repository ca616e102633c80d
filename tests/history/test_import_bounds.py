"""What import holds in memory: a bound that the size of a document does not move."""

import gzip
import json
from pathlib import Path

import pytest
from history_exports import days, google_row, take

from marketmover.history.reading import unknown
from marketmover.history.reading.sources import find_sources
from marketmover.history.reading.staging import bounds_of
from marketmover.store import Lake

LARGE = 100 << 20


def sparse(path: Path, start: bytes, size: int) -> None:
    """A file that begins with `start` and takes no disk for the rest."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(start)
        file.truncate(size)


@pytest.mark.parametrize(
    "start", [b'{"results": [{"customer": 1}', b'[{"results": [{"customer": 1}', b'[{"customer": 1}']
)
def test_a_document_of_any_size_is_held_to_the_same_memory(folder: Path, start: bytes) -> None:
    bounds: list[int] = []
    for size in (LARGE, 20 * LARGE):
        sparse(folder / "google_ads" / "all.json", start, size)
        bounds.append(bounds_of(find_sources(folder)).memory_mib)
    assert bounds == [256, 256]


def test_small_files_may_use_more_memory_than_one_large_document(folder: Path) -> None:
    sparse(folder / "google_ads" / "page.json", b'{"results": [{"customer": 1}', 1 << 20)
    assert bounds_of(find_sources(folder)).memory_mib > 256


def test_a_document_that_a_gzip_hides_is_measured_by_its_text(folder: Path) -> None:
    packed = gzip.compress(b'{"results": [{"customer": {"id": "1"}}' + b" " * LARGE + b"]}", compresslevel=1)
    assert len(packed) < 1 << 20
    (folder / "google_ads").mkdir()
    (folder / "google_ads" / "all.json.gz").write_bytes(packed)
    [file] = find_sources(folder)
    assert file.text_size > LARGE
    assert bounds_of([file]).memory_mib == 256


def test_a_gzip_of_several_members_is_measured_by_all_of_them(folder: Path) -> None:
    members = [b'{"results": [{"customer": {"id": "1"}}' + b" " * LARGE, b"]}"]
    (folder / "google_ads").mkdir()
    (folder / "google_ads" / "all.json.gz").write_bytes(b"".join(gzip.compress(part, 1) for part in members))
    [file] = find_sources(folder)
    assert file.text_size > 0.9 * LARGE
    assert bounds_of([file]).memory_mib == 256


def test_unknown_rows_are_told_a_stretch_at_a_time(lake: Lake, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown, "_STRETCH", 2)
    strange = [{"surprise": 1}, {"oddity": 2}, {"surprise": 3}, {"surprise": 4}, {"oddity": 5}]
    report = take(lake, folder, {"google_ads/x.json": [*strange, *(google_row(day) for day in days(2))]})
    assert report.unknown == {"google: oddity": 2, "google: surprise": 3}


def test_import_gives_the_lake_its_memory_back(lake: Lake, folder: Path) -> None:
    names = ("memory_limit", "threads", "disabled_compression_methods")
    limits = "SELECT " + ", ".join(f"current_setting('{name}')" for name in names)
    before = lake.connection.con.execute(limits).fetchone()
    take(lake, folder, {"google_ads/x.json": [google_row(day) for day in days(2)]})
    assert lake.connection.con.execute(limits).fetchone() == before


def test_an_answer_too_long_for_small_buffers_is_read_whole(lake: Lake, folder: Path) -> None:
    rows = [google_row(day, campaign={"name": "x" * (1 << 20)}) for day in days(20)]
    report = take(lake, folder, {"google_ads/x.json": [{"results": rows[:18]}, {"results": rows[18:]}]})
    assert len(json.dumps(rows[:18])) > 16 << 20
    assert report.rows == {"daily": 20}
    assert report.quarantine == {}
