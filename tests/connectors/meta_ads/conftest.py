"""A simulated Meta account behind its own server on loopback, and the connector's credentials for it."""

import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from marketmover.connectors.meta_ads.publishing import MetaAds
from marketmover.connectors.meta_ads.pulling import MetaExports
from marketmover.connectors.meta_ads.session import MetaSession
from marketmover.sandbox import create_market, write_history
from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.clock import Clock
from marketmover.sandbox.serving.control import ControlServer
from marketmover.sandbox.serving.meta import MetaGraph


@dataclass
class ServedMeta:
    """A served account, how to reach it, and the seconds that were waited for it."""

    account: ServedAccount
    url: str
    waited: list[float] = field(default_factory=list[float])
    sessions: list[MetaSession] = field(default_factory=list[MetaSession])

    @property
    def credentials(self) -> dict[str, str]:
        known = self.account.tokens.connection
        return {
            "url": self.url,
            "account_id": f"act_{self.account.meta_account}",
            "app_id": known.app_id,
            "app_secret": known.app_secret,
            "access_token": known.access_token,
            "clock": f"{self.url}/sandbox/clock",
        }

    def session(self, page: int = 500, **changed: str) -> MetaSession:
        made = MetaSession({**self.credentials, **changed}, pause=self.waited.append, page=page)
        self.sessions.append(made)
        return made

    def exports(self, page: int = 500, **changed: str) -> MetaExports:
        return MetaExports(self.session(page, **changed))

    def platform(self) -> MetaAds:
        return MetaAds(self.session())

    def fault(self, kind: str, **more: Any) -> None:
        self.account.faults.add({"where": "meta", "kind": kind, **more})


@pytest.fixture(scope="session")
def meta_history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "history"
    write_history(create_market(lines=8, days=60, seed=11, sells="leads"), folder)
    return folder


@pytest.fixture(scope="module")
def meta_account(meta_history: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAccount]:
    """One account for all tests of a module: time goes on from test to test."""
    folder = tmp_path_factory.mktemp("account")
    shutil.copytree(meta_history / "truth", folder / "truth")
    shutil.copy(meta_history / "simulated.json", folder)
    account = ServedAccount.open(folder)
    yield account
    account.close()


@contextmanager
def _served(account: ServedAccount, most_rows: int) -> Generator[ServedMeta]:
    known = account.tokens.connection
    names = {"app_id": known.app_id, "app_secret": known.app_secret, "access_token": known.access_token}
    server = ControlServer(0, account, Clock(account, 0.0), MetaGraph(account, **names, most_rows=most_rows))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    served = ServedMeta(account, f"http://127.0.0.1:{server.server_port}")
    try:
        yield served
    finally:
        for session in served.sessions:
            session.close()
        account.faults.clear()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def served(meta_account: ServedAccount) -> Iterator[ServedMeta]:
    with _served(meta_account, 5_000) as running:
        yield running


@pytest.fixture
def served_in_parts(meta_account: ServedAccount) -> Iterator[ServedMeta]:
    """Answers at most 40 rows of insights at once; more must be asked for as a report."""
    with _served(meta_account, 40) as running:
        yield running
