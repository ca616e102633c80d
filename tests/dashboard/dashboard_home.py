"""An installation as somebody would serve it: two years' figures, a plan, people, and simulated platforms behind it."""

import fcntl
import shutil
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from tests.app.web.test_alerts_api import alert

from marketmover.access.people.service import add_person, join
from marketmover.access.sessions.passwords import hashed
from marketmover.access.workspaces.service import create_workspace
from marketmover.app.observe.metrics import Metrics
from marketmover.app.observe.standing import Standing
from marketmover.app.serving.listening import listening
from marketmover.app.serving.working import work_until
from marketmover.app.web.api import make_api
from marketmover.app.web.served import ServedApp
from marketmover.campaigns.kept.plans import Order, note_plan
from marketmover.campaigns.kept.records import PlanRow
from marketmover.campaigns.plan_file import load_plan
from marketmover.cli.main import run
from marketmover.kit import new_id, utc_now
from marketmover.monitoring.kept import keep_alerts
from marketmover.sandbox import ServedAccount, create_market, write_history
from marketmover.sandbox.serving.serving import serving
from marketmover.settings import Settings
from marketmover.store import Records
from marketmover.store.database import database_url

_OF_ITS_LIFE = {"changes.jsonl", "state.json", ".changes.lock"}
_WAIT, _LENGTH = timedelta(days=7), timedelta(days=27)
_BRIEF = """We sell and install solar panels in the Netherlands. From {first} to {last} we have
9,000 EUR for Google and Meta together. We want as many leads as possible. Friendly tone, please.
"""
PASSWORD = "four walls and a red roof"  # noqa: S105 - of nobody
OWNER, VIEWER, CAREFUL = "ana@example.com", "bo@example.com", "kim@example.com"
NEWCOMER, BUSY = "noa@example.com", "sam@example.com"
EMPTY = "new-client"
_ROLES = {
    OWNER: {"default": "owner"},
    VIEWER: {"default": "viewer"},
    CAREFUL: {"default": "manager"},
    NEWCOMER: {EMPTY: "owner"},
    BUSY: {"default": "manager", EMPTY: "viewer"},
}
"""Ana owns the workspace with a history, and Noa the one without; Sam works in both."""


@dataclass(frozen=True)
class Installation:
    """What is served, and where.

    Attributes:
        address: Where the dashboard is.
        served: What stands behind it.
        platforms: The simulated accounts.
        today: The first day that has no figures yet.
    """

    address: str
    served: ServedApp
    platforms: ServedAccount
    today: date

    @property
    def first(self) -> date:
        """The first day of the plan that the brief asks for."""
        return self.today + _WAIT

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first + _LENGTH

    @property
    def brief(self) -> str:
        """A client's words."""
        return brief_of(self.today)

    def draft(self) -> str:
        """A plan of a test's own, which nobody approved: the first that was composed, once more; its id."""
        place, name = self.served.settings.home / "plans" / "default", new_id()
        with self.served.records.session() as session:
            first = session.scalars(select(PlanRow).order_by(PlanRow.created_at).limit(1)).one()
            (place / name).mkdir()
            for file in (place / first.id).iterdir():
                if file.name not in _OF_ITS_LIFE:
                    shutil.copy(file, place / name)
            plan = load_plan(place / name)
            note_plan(session, "default", Order(name, plan.brief, OWNER), plan, utc_now())
        return name

    def alert(self, plan_id: str) -> tuple[str, str]:
        """An alert of a plan, which calls for a pause of one of its lines; its id, and the line's."""
        plan = load_plan(self.served.settings.home / "plans" / "default" / plan_id)
        [line, *_] = [one.id for one in plan.lines if not one.is_new and one.id.count(":") == 2]
        known = str(self.today - timedelta(days=1))
        days = {"detected_on": known, "since": known, "updated_on": known}
        told = alert(line, words="Women: a lead costs twice what it should.", **days)
        report = {"first": known, "as_of": known, "currency": "EUR", "lines": 1, "simulated": True, "alerts": [told]}
        with self.served.records.session() as session:
            keep_alerts(session, "default", report, source="watch", plan_id=plan_id, now=utc_now())
        [found] = self.asks(f"/alerts?plan_id={plan_id}")["items"]
        return found["id"], line

    @contextmanager
    def person(self, email: str, code: str = "") -> Generator[httpx.Client]:
        """Somebody who signed in, beside any browser."""
        with httpx.Client(base_url=self.address, headers={"Origin": self.address}, timeout=60) as client:
            answer = client.post("/v1/session", json={"email": email, "password": PASSWORD, "code": code})
            answer.raise_for_status()
            client.headers["X-CSRF-Token"] = answer.json()["csrf"]
            yield client

    def asks(self, path: str, body: Any = None, email: str = OWNER) -> Any:
        """What the API answers to somebody: with a body it is asked to do something."""
        with self.person(email) as client:
            answer = client.get(f"/v1{path}") if body is None else client.post(f"/v1{path}", json=body)
            answer.raise_for_status()
            return answer.json()


def made_once(folder: Path) -> Path:
    """The home and the market that all test processes copy: whichever comes first makes them."""
    made = folder / "dashboard"
    with (folder / "dashboard.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            unfinished = folder / "dashboard.unfinished"
            shutil.rmtree(unfinished, ignore_errors=True)
            _make(unfinished)
            unfinished.rename(made)
    return made


def brief_of(today: date) -> str:
    """What a client writes on a day, a week before the campaign."""
    first = today + _WAIT
    return _BRIEF.format(first=said(first), last=said(first + _LENGTH))


def said(day: date) -> str:
    """A day as people write it."""
    return f"{day.day} {day:%B} {day.year}"


def shown(day: date) -> str:
    """A day as the dashboard shows it to Americans."""
    return f"{day:%b} {day.day}, {day.year}"


def _make(folder: Path) -> None:
    today = utc_now().date()
    last = today - timedelta(days=1)
    market = create_market(3, 60, 11, end=last, sells="leads", currency="EUR", countries=("NL",))
    write_history(market, folder / "market")
    (folder / "today").write_text(today.isoformat(), encoding="utf-8")
    (folder / "brief.txt").write_text(brief_of(today), encoding="utf-8")
    with _home(folder / "home"):
        _do("init")
        _do("import", str(folder / "market"), "--as-of", str(last))
        _do("compose", "--brief", str(folder / "brief.txt"), "--seed", "7")
    records = Records.open(database_url("", folder / "home"))
    _add_people(records)
    records.close()


def _add_people(records: Records) -> None:
    now, secret = utc_now(), hashed(PASSWORD)
    with records.session() as session:
        create_workspace(session, EMPTY, "A new client", who="test", now=now)
        for email, places in _ROLES.items():
            person = add_person(session, email, email.partition("@")[0].title(), now)
            person.password = secret
            for place, role in places.items():
                join(session, place, person, role, who="test", now=now)


@contextmanager
def copied(made: Path, folder: Path) -> Generator[Installation]:
    """An installation of one's own, with its platforms and its workers, served for the length of the block."""
    shutil.copytree(made, folder, dirs_exist_ok=True)
    today = date.fromisoformat((folder / "today").read_text(encoding="utf-8"))
    with serving(folder / "market", port=0, troubles=0) as platforms:
        with _home(folder / "home"):
            for platform in ("google_ads", "meta_ads"):
                _do("accounts", "add", platform, "--sandbox", str(folder / "market"))
        with working(folder / "home") as served, at_work(served) as address:
            yield Installation(address, served, platforms.account, today)


@contextmanager
def working(home: Path) -> Generator[ServedApp]:
    """What a process serves of a home, in which no job runs by itself."""
    records = Records.open(database_url("", home))
    jobs = ServedApp(Settings(home=home), records).jobs()
    off = "; ".join(f"{job.name}: off" for job in jobs)
    try:
        yield ServedApp(Settings(home=home, schedules=off, rate_limit=1_000_000), records)
    finally:
        records.close()


@contextmanager
def at_work(served: ServedApp, port: int = 0) -> Generator[str]:
    """It answers, and does what it is asked for, until the block ends; gives the address."""
    stop = threading.Event()
    worker = threading.Thread(
        target=work_until, args=(stop, served), kwargs={"tell": print, "grace_s": 5.0, "look_s": 5.0}, daemon=True
    )
    metrics = Metrics(Standing(served.settings, served.records))
    with listening(make_api(served, metrics=metrics), "127.0.0.1", port, grace_s=1) as address:
        worker.start()
        try:
            yield address
        finally:
            stop.set()
            worker.join()


@contextmanager
def _home(home: Path) -> Generator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MARKETMOVER_HOME", str(home))
        yield


def _do(*words: str) -> None:
    assert run(list(words)) == 0, words
