"""Upgrades from every schema that ever landed keep every row, on both databases; so does restoring an old backup."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.engine import URL, make_url

from marketmover.app.opening import App
from marketmover.app.operating.backup import take_backup
from marketmover.app.operating.places import Places
from marketmover.app.operating.restore import restore_backup
from marketmover.app.operating.upgrade import Step, pending, upgrade_home
from marketmover.cli.main import run
from marketmover.errors import NewerSchemaError, NotFoundError
from marketmover.history.tables import FACTS, IMPORTS, append_rows, ensure_tables
from marketmover.settings import Settings
from marketmover.store import Records, database

EMBEDDED = {"lake_url": "", "records_url": "", "tracking_url": "", "files_url": ""}
NEWEST = database.known_revisions()[-1]
OLDER = database.known_revisions()[:-1]


def app_at(home: Path, **urls: str) -> App:
    return App(Settings.model_validate({"home": home, **EMBEDDED, **urls}))


def at_revision(app: App, revision: str) -> dict[str, list[tuple[Any, ...]]]:
    """Records as an installation of that time left them, with a row in every table; gives the rows."""
    app.settings.home.mkdir(exist_ok=True)
    with database.locked(Places.of(app.settings).records) as connection:
        command.upgrade(database.alembic_config(connection), revision)
        there = tables(connection)
        for table in there.sorted_tables:
            values = {column.name: value_of(column) for column in table.columns if not is_counted(table, column)}
            connection.execute(sa.insert(table), [values])
        return {table.name: rows(connection, table) for table in there.sorted_tables}


def tables(connection: sa.Connection) -> sa.MetaData:
    found = sa.MetaData()
    found.reflect(connection)
    found.remove(found.tables["alembic_version"])
    return found


def is_counted(table: sa.Table, column: "sa.Column[Any]") -> bool:
    """Whether the database numbers the rows by this column."""
    return isinstance(column.type, sa.Integer) and [key.name for key in table.primary_key] == [column.name]


def value_of(column: "sa.Column[Any]") -> Any:
    """The same value wherever a kind of column is, so that every row finds the one that it belongs to."""
    values: dict[type[Any], Any] = {
        sa.String: "v",
        sa.Boolean: True,
        sa.Integer: 7,
        sa.Float: 1.5,
        sa.DateTime: datetime(2026, 1, 5, 6, 30, tzinfo=UTC),
        sa.Date: date(2026, 1, 5),
        sa.JSON: {"deep": [1, None, {"Ü": 0.5}]},
        sa.LargeBinary: b"\x00\xff",
    }
    return next(value for kind, value in values.items() if isinstance(column.type, kind))


def rows(connection: sa.Connection, table: sa.Table, columns: list[str] | None = None) -> list[tuple[Any, ...]]:
    """Rows as either database tells them: one knows zones, the other has moments in UTC."""
    chosen = [table.columns[name] for name in columns or table.columns.keys()]
    return [tuple(map(without_zone, row)) for row in connection.execute(sa.select(*chosen))]


def without_zone(value: Any) -> Any:
    zoned = isinstance(value, datetime) and value.tzinfo is not None
    return value.astimezone(UTC).replace(tzinfo=None) if zoned else value


def kept(app: App, before: dict[str, list[tuple[Any, ...]]], columns: dict[str, list[str]]) -> bool:
    """Whether the records hold each former row, column by column."""
    with database.locked(Places.of(app.settings).records) as connection:
        there = tables(connection).tables
        found = {name: rows(connection, there[name], columns[name]) for name in before}
    return all(row in found[name] for name in before for row in before[name])


def columns_at(url: URL) -> dict[str, list[str]]:
    with database.locked(url) as connection:
        return {name: [column.name for column in table.columns] for name, table in tables(connection).tables.items()}


@pytest.mark.parametrize("revision", OLDER)
def test_an_upgrade_keeps_every_row_of_every_table(empty_records_url: str, tmp_path: Path, revision: str) -> None:
    app = app_at(tmp_path / "home", records_url=empty_records_url)
    before = at_revision(app, revision)
    columns = columns_at(Places.of(app.settings).records)
    done = upgrade_home(app)
    assert done.steps == [Step("records", revision, NEWEST)]
    assert done.backup is not None
    assert kept(app, before, columns)
    assert upgrade_home(app).steps == []
    restored = app_at(tmp_path / "restored")  # what was taken before is of the old schema, and comes up on its way
    restore_backup(restored, done.backup)
    assert kept(restored, before, columns)
    Records.open(Places.of(restored.settings).records).close()


def test_a_lake_without_newer_columns_and_tables_gets_them_and_keeps_its_rows(tmp_path: Path) -> None:
    app = app_at(tmp_path / "home")
    with app.home() as stores:
        early = {name: kind for name, kind in FACTS.schema().items() if name != "rank_lost_share"}
        stores.lake.ensure(FACTS.name, early)
        stores.lake.ensure(IMPORTS.name, IMPORTS.schema())
        append_rows(stores.lake, IMPORTS, [{"import_id": 1, "folder": "here"}])
    [step] = pending(Places.of(app.settings), 0)
    assert (step.store, "history_facts.rank_lost_share" in step.before, "history_leads" in step.before) == (
        "lake",
        True,
        True,
    )
    done = upgrade_home(app)
    assert done.backup is not None
    assert pending(Places.of(app.settings), 0) == []
    with app.home() as stores:
        assert stores.lake.table(IMPORTS.name).to_pyarrow()["folder"].to_pylist() == ["here"]


def test_nothing_is_done_and_backed_up_where_nothing_is_behind(tmp_path: Path) -> None:
    app = app_at(tmp_path / "home")
    with app.home() as stores:
        assert stores.records is not None
        ensure_tables(stores.lake)
    assert (upgrade_home(app).steps, upgrade_home(app).backup) == ([], None)
    assert not (tmp_path / "home" / "backups").exists()


def test_records_of_a_newer_marketmover_are_left_alone(tmp_path: Path) -> None:
    app = app_at(tmp_path / "home")
    with app.home() as stores, stores.records.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchemaError, match="9999"):
        upgrade_home(app)


def test_a_home_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="marketmover init"):
        upgrade_home(app_at(tmp_path / "none"))


def test_an_old_backup_of_models_is_brought_up_on_its_way(tmp_path: Path) -> None:
    from marketmover.learning.tracking_tables import newest_revision, tracking_at

    app = app_at(tmp_path / "home")
    app.settings.home.mkdir()
    url = make_url(f"sqlite:///{tmp_path / 'home' / 'mlflow.db'}")
    with database.locked(url) as connection:
        tracking_at(connection, "2b4d017a5e9b")
        connection.exec_driver_sql(
            "INSERT INTO registered_models (name, creation_time, last_updated_time) VALUES ('default.response', 1, 2)"
        )
    [step] = pending(Places.of(app.settings), 0)
    assert (step.store, step.before, step.after) == ("records of models", "2b4d017a5e9b", newest_revision())
    taken = take_backup(app, tmp_path / "old.tar.zst")
    assert taken.manifest.tracking is not None
    assert taken.manifest.tracking.tables["registered_models"] == 1
    upgrade_home(app, backup=False)
    restored = app_at(tmp_path / "restored")
    restore_backup(restored, taken.path)
    for one in (app, restored):
        assert pending(Places.of(one.settings), 0) == []
        with database.locked(Places.of(one.settings).tracking) as connection:
            found = connection.exec_driver_sql("SELECT name, creation_time FROM registered_models").all()
        assert [tuple(row) for row in found] == [("default.response", 1)]


def test_the_command_says_from_what_to_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at_revision(app_at(tmp_path / "home"), "0001")
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path / "home"))
    assert run(["upgrade"]) == 0
    told = capsys.readouterr().out
    assert f"records, from 0001 to {NEWEST}" in told
    assert "before-upgrade-" in told
