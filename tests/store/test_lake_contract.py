"""What every lake does, whichever backend runs it."""

from collections.abc import Generator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from ibis import _

from marketmover.errors import StoreError
from marketmover.store import Lake

SCHEMA = {"day": "date", "line": "string", "cost": "float64"}


@pytest.fixture
def lake(tmp_path: Path) -> Generator[Lake]:
    opened = Lake.open(tmp_path / "lake.duckdb")
    opened.ensure("costs", SCHEMA)
    yield opened
    opened.close()


def costs(*amounts: float, line: str = "a") -> Any:
    return pa.table({"cost": list(amounts), "line": [line] * len(amounts), "day": [date(2026, 1, 5)] * len(amounts)})


def total(lake: Lake) -> float:
    return sum(row["cost"] or 0 for row in lake.table("costs").to_pyarrow().to_pylist())


def count(lake: Lake) -> int:
    return lake.table("costs").to_pyarrow().num_rows


def test_appended_rows_come_back_with_their_workspace(lake: Lake) -> None:
    assert lake.append("costs", costs(1.5, 2.5)) == 2
    rows = lake.table("costs").order_by("cost").to_pyarrow().to_pylist()
    assert rows[0] == {"workspace_id": "default", "day": date(2026, 1, 5), "line": "a", "cost": 1.5}


def test_columns_are_matched_by_name_and_missing_ones_are_null(lake: Lake) -> None:
    lake.append("costs", pa.table({"line": ["only a line"]}))
    [row] = lake.table("costs").to_pyarrow().to_pylist()
    assert (row["line"], row["cost"], row["day"]) == ("only a line", None, None)


def test_a_stream_of_batches_is_appended_whole(lake: Lake) -> None:
    batches = costs(*range(10)).to_batches(max_chunksize=3)
    assert lake.append("costs", pa.RecordBatchReader.from_batches(batches[0].schema, batches)) == 10
    assert total(lake) == 45


def test_no_rows_are_appended_as_none(lake: Lake) -> None:
    assert lake.append("costs", costs()) == 0
    assert count(lake) == 0


def test_an_unknown_column_is_refused_and_nothing_is_added(lake: Lake) -> None:
    with pytest.raises(StoreError, match="clicks"):
        lake.append("costs", pa.table({"cost": [1.0], "clicks": [3]}))
    assert total(lake) == 0


def test_rows_cannot_choose_their_workspace(lake: Lake) -> None:
    with pytest.raises(StoreError, match="workspace_id"):
        lake.append("costs", pa.table({"cost": [1.0], "workspace_id": ["another"]}))


def test_a_value_that_does_not_fit_its_column_is_told_with_the_table(lake: Lake) -> None:
    with pytest.raises(StoreError, match="costs"):
        lake.append("costs", pa.table({"cost": ["dear"]}))


def test_workspaces_do_not_see_or_delete_each_others_rows(lake: Lake) -> None:
    other = lake.for_workspace("other")
    lake.append("costs", costs(1))
    other.append("costs", costs(10))
    assert (total(lake), total(other)) == (1, 10)
    assert other.delete("costs", _.cost > 0) == 1
    assert (total(lake), total(other)) == (1, 0)


def test_a_table_that_was_never_ensured_is_named_with_those_there_are(lake: Lake) -> None:
    with pytest.raises(StoreError, match=r"'clicks'.*costs"):
        lake.table("clicks")
    for use in (lambda: lake.append("clicks", costs(1)), lambda: lake.delete("clicks", _.cost > 0)):
        with pytest.raises(StoreError, match="clicks"):
            use()
    assert not lake.has("clicks")


def test_ensuring_twice_keeps_the_rows(lake: Lake) -> None:
    lake.append("costs", costs(1))
    lake.ensure("costs", SCHEMA)
    lake.ensure("costs", ibis.schema(SCHEMA))
    assert total(lake) == 1


def test_a_new_column_is_null_in_the_old_rows(lake: Lake) -> None:
    lake.append("costs", costs(1))
    lake.ensure("costs", {**SCHEMA, "seen_at": "timestamp('UTC')", "tags": "array<string>", "share": "!float64"})
    lake.append("costs", pa.table({"seen_at": [datetime(2026, 1, 1, tzinfo=UTC)], "tags": [["x", "y"]]}))
    old, new = lake.table("costs").order_by(ibis.asc("cost", nulls_first=False)).to_pyarrow().to_pylist()
    assert (old["seen_at"], old["tags"]) == (None, None)
    assert (new["seen_at"], new["tags"]) == (datetime(2026, 1, 1, tzinfo=UTC), ["x", "y"])


KINDS = """timestamp; timestamp('UTC'); timestamp(3); date; time; decimal(18, 4); boolean; int8; uint64; float32;
binary; json; uuid; array<string>; struct<a: int64, b: string>; map<string, float64>; !string"""


@pytest.mark.parametrize("kind", [kind.strip() for kind in KINDS.split(";")])
def test_every_type_may_be_ensured_again(lake: Lake, kind: str) -> None:
    for _time in range(2):
        lake.ensure("kinds", {"value": kind})
        lake.ensure("costs", {"value": kind})


def test_a_column_keeps_its_type(lake: Lake) -> None:
    with pytest.raises(StoreError, match=r"'cost'.*float64.*string"):
        lake.ensure("costs", {"cost": "string"})


def test_an_ensured_column_may_be_missing_from_a_later_schema(lake: Lake) -> None:
    lake.ensure("costs", {"line": "string"})
    assert "cost" in lake.table("costs").columns


@pytest.mark.parametrize("name", ["", "Costs", "costs; drop table costs", 'co"sts', "1st", "ünder", "a b"])
def test_a_name_that_sql_would_stumble_over_is_refused(lake: Lake, name: str) -> None:
    with pytest.raises(StoreError, match="cannot name"):
        lake.ensure(name, SCHEMA)
    with pytest.raises(StoreError, match="cannot name"):
        lake.ensure("fine", {name: "int64"})


def test_only_rows_that_are_meant_are_deleted_and_null_is_not_meant(lake: Lake) -> None:
    lake.append("costs", costs(1, 2, 3))
    lake.append("costs", pa.table({"line": ["no cost"]}))
    assert lake.delete("costs", _.cost >= 2) == 2
    assert count(lake) == 2


def test_rows_are_deleted_by_keys_held_in_memory(lake: Lake) -> None:
    lake.append("costs", costs(1, line="a"))
    lake.append("costs", costs(2, line="b"))
    keys = ibis.memtable(pa.table({"line": ["b", "c"]}))
    assert lake.delete("costs", _.line.isin(keys.line)) == 1
    assert total(lake) == 1
    assert lake.tables() == ["costs"]


def test_a_transaction_that_raises_leaves_nothing(lake: Lake) -> None:
    lake.append("costs", costs(1))

    def change_and_fail() -> None:
        with lake.transaction():
            lake.append("costs", costs(10))
            lake.delete("costs", _.cost == 1)
            lake.ensure("clicks", {"clicks": "int64"})
            lake.ensure("costs", {"note": "string"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert total(lake) == 1
    assert lake.tables() == ["costs"]
    assert "note" not in lake.table("costs").columns


def test_a_transaction_sees_its_own_changes_and_keeps_them(lake: Lake) -> None:
    with lake.transaction():
        lake.append("costs", costs(1, 2))
        assert total(lake) == 3
        lake.delete("costs", _.cost == 1)
        with lake.transaction():
            lake.append("costs", costs(4))
    assert total(lake) == 6


def test_an_inner_transaction_that_raises_undoes_the_outer_one(lake: Lake) -> None:
    def fail_within() -> None:
        with lake.transaction():
            lake.append("costs", costs(1))
            with lake.transaction():
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_within()
    assert total(lake) == 0


def test_one_transaction_may_span_workspaces(lake: Lake) -> None:
    other = lake.for_workspace("other")
    with lake.transaction(), other.transaction():
        lake.append("costs", costs(1))
        other.append("costs", costs(2))
    assert (total(lake), total(other)) == (1, 2)


def test_a_row_replaced_in_one_transaction_is_there_once(lake: Lake) -> None:
    for amount in (1.0, 2.0, 3.0):
        with lake.transaction():
            lake.delete("costs", _.line == "a")
            lake.append("costs", costs(amount))
    assert total(lake) == 3


def test_expressions_run_in_the_lake(lake: Lake) -> None:
    lake.append("costs", costs(1, 2, line="a"))
    lake.append("costs", costs(3, line="b"))
    by_line = lake.table("costs").group_by("line").agg(cost=_.cost.sum()).order_by("line")
    assert lake.connection.to_pyarrow(by_line).to_pylist() == [{"line": "a", "cost": 3.0}, {"line": "b", "cost": 3.0}]


def test_what_was_appended_is_there_when_opened_again(tmp_path: Path, lake: Lake) -> None:
    lake.append("costs", costs(5))
    lake.close()
    again = Lake.open(tmp_path / "lake.duckdb")
    assert total(again) == 5
    again.close()


def test_rows_made_ready_beside_the_lake_are_appended_within_it(lake: Lake) -> None:
    with lake.scratch(memory_mib=200) as scratch:
        scratch.db.execute("CREATE TABLE made AS SELECT i::DOUBLE AS cost, 'a' AS line FROM range(5) numbers(i)")
        scratch.db.execute("CREATE VIEW large AS SELECT * FROM made WHERE cost > 2")
        with lake.transaction():
            assert lake.append("costs", scratch.table("large")) == 2
    assert total(lake) == 7


def test_rows_made_ready_beside_the_lake_cannot_choose_their_workspace(lake: Lake) -> None:
    with lake.scratch(memory_mib=200) as scratch:
        scratch.db.execute("CREATE TABLE made AS SELECT 'theirs' AS workspace_id")
        with pytest.raises(StoreError, match="workspace_id"):
            lake.append("costs", scratch.table("made"))


def test_work_that_neither_memory_nor_disk_can_hold_is_an_error_with_a_remedy(lake: Lake) -> None:
    lake.connection.con.execute("SET max_temp_directory_size = '1MiB'")
    numbers = "CREATE TABLE made AS SELECT hash(i) AS one, hash(i + 1) AS other FROM range(20000000) numbers(i)"
    with pytest.raises(StoreError, match=r"(?s)More than 30 MiB.*Free space"), lake.scratch(memory_mib=30) as scratch:
        scratch.db.execute(numbers)


def test_nothing_of_a_scratch_database_is_left(lake: Lake) -> None:
    limits = "SELECT current_setting('memory_limit'), current_setting('threads')"
    before = lake.connection.con.execute(limits).fetchone()
    with lake.scratch(memory_mib=200, threads=1) as scratch:
        scratch.db.execute("CREATE TABLE made (cost DOUBLE)")
        assert lake.tables() == ["costs"]
        assert lake.connection.con.execute(limits).fetchone() == ("200.0 MiB", 1)
    assert lake.connection.con.execute(limits).fetchone() == before
    attached = lake.connection.con.execute("SELECT database_name FROM duckdb_databases() WHERE NOT internal").fetchall()
    assert attached == [("lake",)]
