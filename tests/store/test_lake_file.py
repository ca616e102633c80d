"""The lake's file: who holds it, what it is, and what is left of it when a writer is killed."""

from pathlib import Path
from threading import Thread

import duckdb
import pytest

from marketmover.errors import NewerSchemaError, StoreError
from marketmover.store import Lake
from programs import line_from, running

_HOLD = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.readline()
connection.close()
"""

_WRITE_FOR_EVER = """
import sys, pathlib, pyarrow as pa
from marketmover.store import Lake
lake = Lake.open(pathlib.Path(sys.argv[1]))
lake.ensure("costs", {"batch": "int64", "cost": "float64"})
lake.ensure("batches", {"batch": "int64"})
batch = 0
while True:
    with lake.transaction():
        lake.append("costs", pa.table({"batch": [batch] * 500, "cost": [1.0] * 500}))
        lake.append("batches", pa.table({"batch": [batch]}))
        lake.append("costs", pa.table({"batch": [batch] * 500, "cost": [1.0] * 500}))
    print(batch, flush=True)
    batch += 1
"""


def test_a_lake_held_by_another_process_says_by_which_and_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "lake.duckdb"
    with running(_HOLD, str(path)) as holder:
        assert line_from(holder) == "held"
        with pytest.raises(StoreError, match=f"another process .{holder.pid}.*MARKETMOVER_HOME"):
            Lake.open(path, wait_s=0)


def test_a_lake_that_is_let_go_in_time_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "lake.duckdb"
    opened: list[Lake] = []
    with running(_HOLD, str(path)) as holder:
        assert line_from(holder) == "held"
        waiting = Thread(target=lambda: opened.append(Lake.open(path, wait_s=60)))
        waiting.start()
        holder.communicate("let go\n")
        waiting.join()
    assert opened[0].tables() == []
    opened[0].close()


def test_a_writer_killed_at_work_leaves_whole_transactions_and_loses_none_it_finished(tmp_path: Path) -> None:
    path = tmp_path / "lake.duckdb"
    with running(_WRITE_FOR_EVER, str(path)) as writer:
        finished = [int(line_from(writer)) for _ in range(7)]
        writer.kill()
    lake = Lake.open(path, wait_s=30)
    batches = [row["batch"] for row in lake.table("batches").to_pyarrow().to_pylist()]
    assert set(finished) <= set(batches)
    assert lake.table("costs").to_pyarrow().num_rows == 1000 * len(batches)
    lake.close()


def test_a_file_that_is_no_lake_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "lake.duckdb"
    path.write_text("day,cost\n")
    with pytest.raises(StoreError, match=r"lake.duckdb is not a DuckDB file.*MARKETMOVER_LAKE_URL"):
        Lake.open(path)
    assert path.read_text() == "day,cost\n"


@pytest.mark.parametrize("where", ["missing/lake.duckdb", ".", "file/lake.duckdb"])
def test_a_place_that_cannot_hold_a_lake_is_named(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"cannot be opened.*folder"):
        Lake.open(tmp_path / where)


def test_a_lake_of_a_newer_marketmover_is_refused_and_let_go(tmp_path: Path) -> None:
    path = tmp_path / "lake.duckdb"
    Lake.open(path).close()
    with duckdb.connect(path) as raw:
        raw.execute("UPDATE lake_meta SET schema_version = 99")
    for _ in range(2):
        with pytest.raises(NewerSchemaError, match=r"schema version 99.*pip install --upgrade"):
            Lake.open(path)


def test_a_lake_of_a_newer_duckdb_is_told_from_a_broken_one(tmp_path: Path) -> None:
    path = tmp_path / "lake.duckdb"
    Lake.open(path).close()
    content = bytearray(path.read_bytes())
    content[12:20] = (1000).to_bytes(8, "little")  # the storage version, within the checked main header
    content[:8] = _checksum(content[8:4096]).to_bytes(8, "little")
    path.write_bytes(content)
    with pytest.raises(NewerSchemaError, match="newer DuckDB"):
        Lake.open(path)
    content[40] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreError, match="Corrupt"):
        Lake.open(path)


def _checksum(block: bytes | bytearray) -> int:
    """DuckDB's checksum of a block."""
    result = 5381
    for start in range(0, len(block), 8):
        result ^= int.from_bytes(block[start : start + 8], "little") * 0xBF58476D1CE4E5B9 & (1 << 64) - 1
    return result
