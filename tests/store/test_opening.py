"""Opening the stores of a home, and temporary ones."""

import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import pyarrow as pa
import pytest

from marketmover.errors import MissingExtraError, NewerSchemaError, SettingsError, StoreError
from marketmover.settings import Settings
from marketmover.store import StoreOpener, Stores, urls


def opener(home: Path, **urls: str) -> StoreOpener:
    """An opener for a home; stores that are not named are embedded."""
    embedded = {"lake_url": "", "records_url": "", "stream_url": "", "files_url": ""}
    return StoreOpener(Settings.model_validate({"home": home, **embedded, **urls}))


def test_a_home_is_made_on_first_use_with_what_was_used(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    with opener(home).home() as stores:
        assert list(home.iterdir()) == []
        stores.lake.ensure("costs", {"cost": "float64"})
        assert {entry.name.split(".wal")[0] for entry in home.iterdir()} == {"lake.duckdb"}
        with stores.records.session() as session:
            stores.stream.publish(session, "sales", {})
        stores.files.write_text("a.txt", "a")
    assert {entry.name for entry in home.iterdir()} == {"lake.duckdb", "records.sqlite", "files"}
    assert home.stat().st_mode & 0o077 == 0


def test_what_a_home_holds_is_there_the_next_time(tmp_path: Path) -> None:
    with opener(tmp_path).home() as stores:
        stores.lake.ensure("costs", {"cost": "float64"})
        stores.lake.append("costs", pa.table({"cost": [1.0]}))
        stores.files.write_text("a.txt", "a")
        with stores.records.session() as session:
            stores.stream.publish(session, "sales", {})
    with opener(tmp_path).home() as stores:
        assert stores.lake.table("costs").to_pyarrow().num_rows == 1
        assert stores.files.list() == ["a.txt"]
        assert len(stores.stream.read("sales", "g")) == 1


def test_a_url_chooses_the_backend_and_relative_paths_are_taken_from_the_home(
    tmp_path: Path, postgres_url: str
) -> None:
    chosen = opener(
        tmp_path,
        lake_url="duckdb:///other.duckdb",
        records_url=postgres_url,
        stream_url="records",
        files_url=f"file://{tmp_path}/elsewhere",
    )
    with chosen.home() as stores:
        stores.lake.ensure("costs", {"cost": "float64"})
        stores.files.write_text("a.txt", "a")
        assert stores.records.engine.dialect.name == "postgresql"
        assert stores.stream.read("sales", "g") == []
    assert (tmp_path / "other.duckdb").is_file()
    assert (tmp_path / "elsewhere/default/a.txt").is_file()


def test_an_absolute_path_has_four_slashes(tmp_path: Path) -> None:
    with opener(tmp_path / "home", records_url=f"sqlite:///{tmp_path}/mine.sqlite").home() as stores:
        stores.records.close()
    assert (tmp_path / "mine.sqlite").is_file()


def test_postgres_is_read_as_postgresql(tmp_path: Path, postgres_url: str) -> None:
    with opener(tmp_path, records_url=postgres_url.replace("postgresql:", "postgres:")).home() as stores:
        assert stores.records.engine.dialect.name == "postgresql"


def test_temporary_stores_work_and_leave_nothing_however_they_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    home = tmp_path / "home"

    def use(stores: Stores) -> None:
        stores.lake.ensure("costs", {"cost": "float64"})
        stores.files.write_text("a.txt", "a")
        with stores.records.session() as session:
            stores.stream.publish(session, "sales", {})

    def fail_with(error: type[BaseException]) -> None:
        with opener(home, records_url="postgresql://127.0.0.1:9/nowhere").temporary() as stores:
            use(stores)
            assert list(tmp_path.iterdir()) != []
            raise error

    for error in (ZeroDivisionError, KeyboardInterrupt, SystemExit):
        with pytest.raises(error):
            fail_with(error)
        assert list(tmp_path.iterdir()) == []


def test_several_temporary_stores_are_apart(tmp_path: Path) -> None:
    with opener(tmp_path).temporary() as one, opener(tmp_path).temporary() as two:
        one.lake.ensure("costs", {"cost": "float64"})
        two.lake.ensure("clicks", {"clicks": "int64"})
        assert (one.lake.tables(), two.lake.tables()) == (["costs"], ["clicks"])


def test_a_home_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(SettingsError, match=r"is a file.*MARKETMOVER_HOME"), opener(tmp_path / "home").home():
        pass
    with pytest.raises(SettingsError, match="MARKETMOVER_HOME"), opener(tmp_path / "home" / "below").home():
        pass


@pytest.mark.parametrize(
    ("setting", "url", "supported"),
    [
        ("lake_url", "spark://cluster:7077", "duckdb:///PATH"),
        ("lake_url", "sqlite:///lake.sqlite", "duckdb:///PATH"),
        ("lake_url", "lake.duckdb", "duckdb:///PATH"),
        ("records_url", "mysql://ana:s3cret@db/marketing", "postgresql://"),
        ("records_url", "/var/lib/records.sqlite", "sqlite:///PATH"),
        ("stream_url", "kafka://ana:s3cret@broker:9092", "records"),
        ("files_url", "gs://bucket", "s3://BUCKET"),
        ("files_url", "s3://", "s3://BUCKET"),
    ],
)
def test_a_url_that_no_backend_answers_to_says_what_does(
    tmp_path: Path, setting: str, url: str, supported: str
) -> None:
    with opener(tmp_path, **{setting: url}).home() as stores, pytest.raises(SettingsError) as caught:
        getattr(stores, setting.removesuffix("_url"))
    message = str(caught.value)
    assert setting in message
    assert f"MARKETMOVER_{setting.upper()}" in message
    assert supported in message
    assert "s3cret" not in message
    assert url.split("://", maxsplit=1)[0] in message


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite://host/records.sqlite", "duckdb:lake"])
def test_a_url_that_names_no_file_says_how_to_write_one(tmp_path: Path, url: str) -> None:
    setting = "lake_url" if url.startswith("duckdb") else "records_url"
    with opener(tmp_path, **{setting: url}).home() as stores, pytest.raises(SettingsError, match=r":////PATH"):
        getattr(stores, setting.removesuffix("_url"))


def test_postgresql_without_its_extra_says_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    chosen = opener(tmp_path, records_url="postgresql://ana:s3cret@db/marketing")
    with chosen.home() as stores, pytest.raises(MissingExtraError) as caught:
        _ = stores.records
    assert "pip install 'marketmover[postgres]'" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_s3_without_its_extra_says_the_line_that_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(vars(import_module("fsspec.registry"))["_registry"], "s3", raising=False)  # it may be known
    told = pytest.raises(MissingExtraError, match=r"pip install 'marketmover\[s3\]'")
    with opener(tmp_path, files_url="s3://bucket").home() as stores, told:
        _ = stores.files


def test_a_store_that_fails_to_open_does_not_keep_the_others_open(tmp_path: Path) -> None:
    with opener(tmp_path).home() as stores:
        stores.lake.ensure("costs", {"cost": "float64"})
        records = stores.records
        with records.session() as session:
            session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with opener(tmp_path).home() as stores:
        with pytest.raises(NewerSchemaError):
            _ = stores.records
        assert stores.lake.tables() == ["costs"]


def test_importing_the_store_and_reading_the_lake_bring_in_nothing_that_is_not_needed() -> None:
    program = """
import sys
from marketmover.store import StoreOpener
from marketmover.app import open_app
opener = open_app()
heavy = {"ibis", "duckdb", "pyarrow", "sqlalchemy", "alembic", "fsspec", "pydantic", "pandas"}
assert not heavy & set(sys.modules), heavy & set(sys.modules)
with opener.temporary() as stores:
    stores.lake.ensure("costs", {"cost": "float64"})
assert not {"sqlalchemy", "alembic", "fsspec.implementations.local", "pandas"} & set(sys.modules), sorted(sys.modules)
with opener.temporary() as stores:
    stores.files.write_text("a.txt", "a")
assert "sqlalchemy" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://ana:s3cret@db:5432/marketing", "postgresql://ana:***@db:5432/marketing"),
        ("postgresql://ana:p@ss:w/rd@db/marketing", None),
        ("postgresql://db/marketing?user=ana&password=s3cret", "postgresql://db/marketing?user=ana&password=***"),
        ("s3://bucket/a?secret_key=s3cret&region=eu", "s3://bucket/a?secret_key=***&region=eu"),
        ("kafka://broker?sasl.password=s3cret", "kafka://broker?sasl.password=***"),
        ("sqlite:///records.sqlite", "sqlite:///records.sqlite"),
    ],
)
def test_a_url_is_shown_without_its_secrets(url: str, shown: str | None) -> None:
    assert "s3cret" not in urls.redacted(url)
    assert "ss:w" not in urls.redacted(url)
    assert shown in {None, urls.redacted(url)}


def test_a_password_that_must_be_quoted_in_a_url_is_read(tmp_path: Path, postgres_url: str) -> None:
    quoted = opener(tmp_path, records_url=postgres_url.replace("postgres:@", "postgres:p%40ss%2Fw@"))
    with quoted.home() as stores:
        assert stores.records.engine.url.render_as_string(hide_password=False).count("p%40ss%2Fw") == 1


def test_a_url_that_cannot_be_read_says_how_to_quote_and_keeps_the_secret(tmp_path: Path) -> None:
    url = "postgresql://ana:s3/cret@db:port/marketing"
    with opener(tmp_path, records_url=url).home() as stores, pytest.raises(SettingsError, match="%40") as caught:
        _ = stores.records
    assert "cret" not in str(caught.value)


def test_a_home_with_an_odd_name_works(tmp_path: Path) -> None:
    with opener(tmp_path / "a b#c%41 ü").home() as stores:
        stores.lake.ensure("costs", {"cost": "float64"})
        stores.files.write_text("a.txt", "a")
        assert stores.stream.read("sales", "g") == []
    assert {entry.name for entry in (tmp_path / "a b#c%41 ü").iterdir()} == {"lake.duckdb", "records.sqlite", "files"}


def test_a_lake_path_that_duckdb_would_misread_is_refused(tmp_path: Path) -> None:
    with opener(tmp_path / "what?").home() as stores, pytest.raises(StoreError, match="question mark"):
        _ = stores.lake
