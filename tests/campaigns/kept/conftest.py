"""A served home with a simulated history in it, and a way to have its jobs done."""

import shutil
import threading
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.app.web.conftest import OTHER, KeyMaker, api, client, key, served

from marketmover.app.web.served import ServedApp
from marketmover.history import import_history
from marketmover.jobs import run_tasks
from marketmover.kit import utc_now
from marketmover.sandbox import create_market, write_history
from marketmover.store import Lake

__all__ = ["OTHER", "KeyMaker", "api", "client", "key", "served"]
LAST_DAY = date(2026, 10, 31)
BRIEF = """Hi, we sell crm software. We need leads, EUR 20k in total, from 16 November 2026 for four weeks.
A lead should cost us no more than EUR 60. Last quarter was disappointing."""
Job = dict[str, Any]
Finisher = Callable[[Any], Job]


@pytest.fixture(scope="session")
def lake_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with four months of a simulated market."""
    folder = tmp_path_factory.mktemp("market")
    market = create_market(4, 120, 5, manager="ordinary", end=LAST_DAY, sells="leads", currency="EUR")
    write_history(market, folder / "history")
    lake = Lake.open(folder / "lake.duckdb")
    import_history(lake, folder / "history", now=utc_now(), as_of=None, progress=lambda _share, _step: None)
    lake.close()
    return folder / "lake.duckdb"


@pytest.fixture
def finish(served: ServedApp) -> Finisher:
    """Has the job of a 202 answer done; gives it as it ended."""
    from marketmover.jobs import find_task

    def done(answer: Any) -> Job:
        assert answer.status_code == 202, answer.text
        stop = threading.Event()
        run_tasks(stop, served.records, served.works(), tell=lambda _: stop.set())
        job = answer.json()
        with served.records.session(read_only=True) as session:
            task = find_task(session, "default", job["id"])
        return {**task.shown(), "result": task.result}

    return done


@pytest.fixture
def with_history(served: ServedApp, lake_file: Path) -> ServedApp:
    shutil.copy(lake_file, served.settings.home / "lake.duckdb")
    return served


@pytest.fixture(scope="session")
def composed(lake_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home's plan, composed once for all tests: the folder that holds it."""
    from marketmover.campaigns.brief import read_brief
    from marketmover.campaigns.kept import Shelf
    from marketmover.campaigns.kept.plans import Making, Order, compose_into_home
    from marketmover.kit import new_id
    from marketmover.language.embeddings import default_embedder

    shelf = Shelf(tmp_path_factory.mktemp("home"), "default")
    lake = Lake.open(lake_file)
    order = Order(new_id(), read_brief(BRIEF), "Anne", text=BRIEF)
    found = compose_into_home(shelf, order, Making(lake, LAST_DAY, default_embedder()))
    lake.close()
    return found


@pytest.fixture
def plan_id(served: ServedApp, composed: Path) -> str:
    """A plan in the served home's default workspace."""
    from marketmover.campaigns.kept.plans import Order, note_plan
    from marketmover.campaigns.plan_file import load_plan

    shutil.copytree(composed, served.settings.home / "plans" / "default" / composed.name)
    plan = load_plan(composed)
    with served.records.session() as session:
        note_plan(session, "default", Order(composed.name, plan.brief, "Anne"), plan, utc_now())
    return composed.name


@pytest.fixture
def ask(client: TestClient, key: KeyMaker) -> Callable[..., Any]:
    """Sends a request as an owner (or as whoever `headers` say), and gives the answer."""
    owner = key("owner")

    def send(method: str, path: str, body: Mapping[str, Any] | None = None, **more: Any) -> Any:
        headers = more.pop("headers", owner)
        return client.request(method, f"/v1{path}", json=body, headers=headers, **more)

    return send
