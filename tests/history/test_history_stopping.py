"""Ctrl-C and `kill` while exports are being read: it ends in words, and the home is as it was before."""

import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from history_exports import Row, days, google_row, lines, take, write

from marketmover.history.tables import FACTS, IMPORTS, QUARANTINE, count_rows
from marketmover.store import Lake

PROGRAM = """
import os, sys
from marketmover.cli.main import main
from marketmover.store import Lake

moment, number = sys.argv.pop(1), int(sys.argv.pop(1))
append = Lake.append

def stop():
    os.kill(os.getpid(), number)

def after_the_facts(lake, name, rows):
    done = append(lake, name, rows)
    if name == "history_facts":
        stop()
    return done

def within_a_query(lake, name, rows):
    return append(lake, name, endless(rows) if name == "history_facts" else rows)

def endless(rows):
    import pyarrow as pa

    table = pa.table(rows)

    def batches():
        yield table.to_batches()[0]
        stop()
        while True:
            yield table.to_batches()[0]

    return pa.RecordBatchReader.from_batches(table.schema, batches())

Lake.append = {"after the facts": after_the_facts, "within a query": within_a_query}[moment]
main()
"""


def import_(folder: Path, tmp_path: Path, moment: str, number: int) -> subprocess.CompletedProcess[str]:
    """`marketmover import`, which sends itself a signal at that moment of writing."""
    temporary = tmp_path / "temporary"
    temporary.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, moment, str(number), "import", str(folder)],
        capture_output=True,
        text=True,
        env={**os.environ, "MARKETMOVER_HOME": str(tmp_path / "home"), "TMPDIR": str(temporary)},
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


def home_lake(tmp_path: Path) -> Lake:
    (tmp_path / "home").mkdir(exist_ok=True)
    return Lake.open(tmp_path / "home" / "lake.duckdb")


def counts(lake: Lake) -> list[int]:
    return [count_rows(lake.table(form.name)) for form in (FACTS, IMPORTS, QUARANTINE)]


@pytest.fixture
def rows() -> list[Row]:
    return [google_row(day) for day in [*days(5), *days(1)]]  # the last is a duplicate, so one is quarantined


@pytest.mark.parametrize(("moment", "number"), [("after the facts", signal.SIGTERM), ("within a query", signal.SIGINT)])
def test_a_stopped_import_says_so_and_leaves_nothing_half_written(
    moment: str, number: int, rows: list[Row], tmp_path: Path
) -> None:
    folder = write(tmp_path / "history", {"google_ads/x.json": lines(rows)})
    stopped = import_(folder, tmp_path, moment, number)
    assert (stopped.returncode, stopped.stdout) == (130, "")
    *progress, told = stopped.stderr.splitlines()
    assert told == "stopped; nothing half-done was kept"
    assert all(line.startswith("Importing: ") for line in progress)
    assert list((tmp_path / "temporary").iterdir()) == []
    with closing(home_lake(tmp_path)) as lake:
        assert counts(lake) == [0, 0, 0]


def test_a_stopped_import_spoils_neither_the_one_before_nor_the_one_after(rows: list[Row], tmp_path: Path) -> None:
    folder = tmp_path / "history"
    with closing(home_lake(tmp_path)) as lake:
        take(lake, folder, {"google_ads/x.json": lines(rows[:3])})
    write(folder, {"google_ads/x.json": lines(rows)})
    assert import_(folder, tmp_path, "within a query", signal.SIGINT).returncode == 130
    with closing(home_lake(tmp_path)) as lake:
        assert counts(lake) == [3, 1, 0]
        take(lake, folder, {})
        assert counts(lake) == [5, 2, 1]
