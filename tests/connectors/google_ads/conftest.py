"""The sandbox's own servers over a small market."""

import shutil
from collections.abc import Generator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from google_sandbox import Sandbox, credentials_in

from marketmover.sandbox import create_market, write_history
from marketmover.sandbox.serving.serving import Serving, serving


@pytest.fixture(scope="session")
def simulated_history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("google") / "history"
    write_history(create_market(lines=10, days=60, seed=3, sells="both"), folder)
    return folder


@pytest.fixture(scope="session")
def common_servers(simulated_history: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Serving]:
    with _served(simulated_history, tmp_path_factory.mktemp("common")) as servers:
        yield servers


@pytest.fixture
def common(common_servers: Serving) -> Generator[Sandbox]:
    """Servers that tests share which change nothing in the account but its clock."""
    yield Sandbox(common_servers, credentials_in(common_servers.connection))
    common_servers.account.faults.release()
    common_servers.account.faults.clear()


@pytest.fixture(scope="module")
def servers(simulated_history: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Serving]:
    with _served(simulated_history, tmp_path_factory.mktemp("changed")) as servers:
        yield servers


@pytest.fixture
def sandbox(servers: Serving) -> Generator[Sandbox]:
    """Servers of a module's own, since its tests change what is in the account."""
    yield Sandbox(servers, credentials_in(servers.connection))
    servers.account.faults.clear()


def _served(history: Path, folder: Path) -> AbstractContextManager[Serving]:
    shutil.copytree(history, folder / "sandbox")
    return serving(folder / "sandbox", port=0)
