"""A served installation of the test's own, with two workspaces, and keys for both."""

from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from marketmover.access.api_keys.service import create_key
from marketmover.access.people.service import add_person, join
from marketmover.access.permissions import Asker
from marketmover.access.sessions.passwords import hashed
from marketmover.access.workspaces.service import create_workspace
from marketmover.app.web.api import make_api
from marketmover.app.web.served import ServedApp
from marketmover.kit import new_id, utc_now
from marketmover.settings import Settings
from marketmover.store import Records
from marketmover.store.database import database_url

OTHER = "other-client"
ANA, BO, EVE = "ana@example.com", "bo@example.com", "eve@example.com"
PASSWORD = "four walls and a red roof"  # noqa: S105 - of nobody
SignedIn = Callable[[str], TestClient]
KeyMaker = Callable[..., dict[str, str]]


@pytest.fixture
def served(tmp_path: Path) -> Generator[ServedApp]:
    records = Records.open(database_url("", tmp_path))
    with records.session() as session:
        create_workspace(session, OTHER, "Another client", who="test", now=utc_now())
    yield ServedApp(Settings(home=tmp_path), records)
    records.close()


@pytest.fixture
def api(served: ServedApp) -> FastAPI:
    return make_api(served)


@pytest.fixture
def client(api: FastAPI) -> TestClient:
    return TestClient(api, raise_server_exceptions=False)


@pytest.fixture
def key(served: ServedApp) -> KeyMaker:
    """Makes a key with scopes in a workspace; gives the header that shows it."""

    def make(*scopes: str, workspace: str = "default") -> dict[str, str]:
        with served.records.session() as session:
            _, text = create_key(session, workspace, f"key {new_id()}", scopes, by=Asker("test"), now=utc_now())
        return {"Authorization": f"Bearer {text}"}

    return make


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr("marketmover.access.sessions.passwords._hasher", lambda: hasher)


@pytest.fixture
def people(served: ServedApp) -> None:
    """Ana owns the default workspace and looks into the other; Bo looks into the default; Eve owns the other."""
    now = utc_now()
    with served.records.session() as session:
        for email, places in {
            ANA: {"default": "owner", OTHER: "viewer"},
            BO: {"default": "viewer"},
            EVE: {OTHER: "owner"},
        }.items():
            person = add_person(session, email, email[:3], now)
            person.password = hashed(PASSWORD)
            for place, role in places.items():
                join(session, place, person, role, who="test", now=now)


@pytest.fixture
def sign_in(served: ServedApp, people: None) -> SignedIn:
    """A browser in which somebody signed in; it sends the CSRF token with each request."""
    del people

    def signed_in(email: str) -> TestClient:
        client = TestClient(make_api(served), raise_server_exceptions=False)
        answer = client.post("/v1/session", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf"]
        return client

    return signed_in
