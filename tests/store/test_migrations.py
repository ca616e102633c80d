"""The records' tables and the migrations that make them, on SQLite and on PostgreSQL."""

from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

import marketmover
from marketmover.errors import NewerSchemaError, StoreError
from marketmover.store import Records, RecordsBase, database
from programs import line_from, running

_START = """
import sys
import alembic.command
from sqlalchemy.engine import make_url
from marketmover.store import Records
print("ready", flush=True)
sys.stdin.readline()
Records.open(make_url(sys.argv[1])).close()
print("open", flush=True)
"""


@contextmanager
def raw(url: str) -> Generator[sa.Connection]:
    """A connection past all that records do."""
    engine = database.connect(make_url(url), pooled=False)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def tables(url: str) -> set[str]:
    with raw(url) as connection:
        return set(sa.inspect(connection).get_table_names())


def alembic_to(url: str, revision: str) -> None:
    with database.locked(make_url(url)) as connection:
        config = database.alembic_config(connection)
        (command.downgrade if revision == "base" else command.upgrade)(config, revision)


def test_the_migrations_make_just_the_tables_that_the_models_describe(records: Records) -> None:
    source = Path(marketmover.__path__[0])
    for path in source.rglob("records.py"):
        import_module(".".join(("marketmover", *path.relative_to(source).with_suffix("").parts)))
    import_module("marketmover.store.stream")
    with records.engine.connect() as connection:
        # SQLite reports no identity, though a primary key of whole numbers is one
        options = {"compare_type": True, "compare_server_default": connection.dialect.name != "sqlite"}
        context = MigrationContext.configure(connection, opts=options)
        differences: list[Any] = compare_metadata(context, RecordsBase.metadata)
    assert differences == []


OF_THE_INSTALLATION = {"workspaces", "people", "recovery_codes", "identities", "oidc_sign_ins", "sign_in_failures"}


def test_every_table_is_of_a_workspace_or_of_people_who_may_belong_to_several() -> None:
    for table in RecordsBase.metadata.sorted_tables:
        assert ("workspace_id" in table.columns) != (table.name in OF_THE_INSTALLATION), table.name


def test_revisions_are_known_without_alembic_just_as_alembic_knows_them(empty_records_url: str) -> None:
    with raw(empty_records_url) as connection:
        scripts = ScriptDirectory.from_config(database.alembic_config(connection))
    assert database.known_revisions() == [script.revision for script in reversed(list(scripts.walk_revisions()))]
    assert scripts.get_heads() == [database.known_revisions()[-1]]


def test_down_to_nothing_and_up_again(empty_records_url: str) -> None:
    Records.open(make_url(empty_records_url)).close()
    made = tables(empty_records_url)
    alembic_to(empty_records_url, "base")
    assert tables(empty_records_url) == {"alembic_version"}
    alembic_to(empty_records_url, "head")
    assert tables(empty_records_url) == made
    Records.open(make_url(empty_records_url)).close()


def test_first_starts_at_the_same_moment_all_open_it(empty_records_url: str) -> None:
    with running(_START, empty_records_url) as one, running(_START, empty_records_url) as two:
        assert [line_from(process) for process in (one, two)] == ["ready", "ready"]
        for process in (one, two):
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [line_from(process) for process in (one, two)] == ["open", "open"]


def test_a_workspace_that_another_process_just_made_is_taken(
    empty_records_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Records.open(make_url(empty_records_url)).close()
    monkeypatch.setattr(Session, "get", lambda *_args, **_options: None)  # this process looked a moment too early
    Records.open(make_url(empty_records_url)).close()
    with raw(empty_records_url) as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM workspaces")).scalar() == 1


def test_a_migration_that_fails_leaves_nothing_behind(empty_records_url: str) -> None:
    with raw(empty_records_url) as connection:
        connection.execute(sa.text("CREATE TABLE stream_offsets (mine INTEGER)"))
    with pytest.raises(StoreError, match=r"stream_offsets.*MARKETMOVER_RECORDS_URL"):
        Records.open(make_url(empty_records_url))
    assert tables(empty_records_url) == {"stream_offsets"}


def test_records_of_a_newer_marketmover_are_refused_unchanged(empty_records_url: str) -> None:
    Records.open(make_url(empty_records_url)).close()
    before = tables(empty_records_url)
    with raw(empty_records_url) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchemaError, match=r"revision 9999.*pip install --upgrade"):
        Records.open(make_url(empty_records_url))
    assert tables(empty_records_url) == before


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    path.write_text("day,cost\n" * 1000)
    with pytest.raises(StoreError, match=r"records.sqlite.*not a database"):
        Records.open(make_url(f"sqlite:///{path}"))
    assert path.read_text() == "day,cost\n" * 1000


@pytest.mark.parametrize("where", ["missing/records.sqlite", ".", "file/records.sqlite"])
def test_a_place_that_cannot_hold_records_is_named(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be opened"):
        Records.open(make_url(f"sqlite:///{tmp_path / where}"))


def test_a_server_that_cannot_be_reached_is_named_without_its_password() -> None:
    with pytest.raises(StoreError, match=r"postgresql.*cannot be opened.*server runs") as caught:
        Records.open(make_url("postgresql+psycopg://ana:s3cret@127.0.0.1:9/marketing"))
    assert "s3cret" not in str(caught.value)


def test_a_database_that_is_not_there_is_named(postgres_url: str) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        Records.open(make_url(postgres_url.replace("/test_", "/nowhere_")))
