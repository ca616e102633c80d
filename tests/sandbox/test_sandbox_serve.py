"""`marketmover sandbox serve` as a process: both servers, its clock, its faults, and a kill at any moment."""

import http.client
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from marketmover.errors import UsageError
from marketmover.sandbox import create_market, write_history
from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.certificates import certificates_in
from marketmover.sandbox.serving.clock import Clock

pytest.importorskip("grpc")

SCRIPT = "from marketmover.cli.main import main; main()"


class Served:
    """A server process, and calls to it."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-c", SCRIPT, "sandbox", "serve", str(folder), *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.communicate()[1])
        self.told: dict[str, Any] = json.loads(line)
        self.url = str(self.told["meta_ads"])

    def call(self, path: str, body: Any = None, method: str | None = None, form: bool = False) -> tuple[int, Any]:
        data = None if body is None else (urllib.parse.urlencode(body) if form else json.dumps(body)).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)  # noqa: S310 - our own loopback
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                return int(answer.status), json.loads(answer.read())
        except urllib.error.HTTPError as refused:
            with refused:
                text = refused.read()
                return refused.code, json.loads(text) if text.startswith((b"{", b"[")) else text

    def today(self) -> date:
        return date.fromisoformat(self.call("/sandbox/clock")[1]["today"])

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()

    def stop(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serve") / "history"
    write_history(create_market(6, 90, seed=11, end=date(2026, 1, 4), sells="leads", countries=("NL",)), folder)
    return folder


@pytest.fixture
def folder(history: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(history, tmp_path / "served"))


@pytest.fixture
def served(folder: Path) -> Iterator[Served]:
    running = Served(folder, "--port", "0", "--troubles", "none")
    yield running
    running.kill()


def test_it_says_where_it_listens_and_how_one_connects(served: Served, folder: Path) -> None:
    connection = json.loads((folder / "connection.json").read_text(encoding="utf-8"))
    assert served.told["simulated"] is connection["simulated"] is True
    assert "SIMULATED" in served.told["notice"]
    assert stat.S_IMODE((folder / "connection.json").stat().st_mode) == 0o600
    google, meta = connection["google_ads"], connection["meta_ads"]
    assert google["endpoint"] == served.told["google_ads"]
    assert (meta["url"], connection["clock"]) == (served.url, f"{served.url}/sandbox/clock")
    form = {name: google[name] for name in ("client_id", "client_secret", "refresh_token")}
    status, token = served.call("/token", {"grant_type": "refresh_token", **form}, form=True)
    assert (status, token["token_type"]) == (200, "Bearer")
    wrong = {"grant_type": "refresh_token", **form, "refresh_token": "of somebody else"}
    assert served.call("/token", wrong, form=True)[1]["error"] == "invalid_grant"
    status, found = served.call(
        f"/v26.0/{meta['account_id']}/campaigns?fields=id,name&access_token={meta['access_token']}"
    )
    assert status == 200
    assert found["data"]


def test_days_pass_when_they_are_asked_for(served: Served) -> None:
    assert served.today() == date(2026, 1, 5)
    assert served.call("/sandbox/clock", {"days": 3})[1]["today"] == "2026-01-08"
    for wrong in ({"days": 0}, {"days": 1.5}, {"days": 10_000}, {"hours": 1}, {"days": True}, [1]):
        status, told = served.call("/sandbox/clock", wrong)
        assert (status, told["simulated"]) == (400, True)
    assert served.today() == date(2026, 1, 8)
    leads = served.call("/crm/leads?since=2026-01-05&platform=meta_ads")[1]
    assert {lead["platform"] for lead in leads} == {"meta_ads"}
    assert served.call("/crm/leads?since=soon")[0] == 400
    assert served.call("/nothing")[0] == 404


def test_faults_are_shown_as_often_as_they_were_asked_for(served: Served) -> None:
    assert served.call("/sandbox/faults", {"where": "crm", "kind": "throttle", "times": 2, "wait_s": 7})[0] == 200
    assert served.call("/sandbox/faults", {"where": "crm", "kind": "no such"})[0] == 400
    assert [served.call("/crm/leads")[0] for _ in range(3)] == [429, 429, 200]
    served.call("/sandbox/faults", {"where": "token", "kind": "refuse"})
    assert served.call("/token", {"grant_type": "refresh_token"}, form=True)[1]["error"] == "invalid_grant"
    served.call("/sandbox/faults", {"where": "crm", "kind": "server_error", "times": 9})
    assert served.call("/sandbox/faults", method="DELETE")[1]["waiting"] == []
    assert served.call("/crm/leads")[0] == 200


def test_a_slow_answer_waits_until_it_is_released(served: Served) -> None:
    served.call("/sandbox/faults", {"where": "crm", "kind": "slow"})
    answers: list[int] = []
    waiting = threading.Thread(target=lambda: answers.append(served.call("/crm/leads")[0]))
    waiting.start()
    while not served.call("/sandbox/faults", {"release": True})[1]["released"]:
        assert answers == []
    waiting.join()
    assert answers == [200]


def test_a_name_that_only_points_here_is_not_answered(served: Served) -> None:
    request = urllib.request.Request(f"{served.url}/sandbox/clock", headers={"Host": "rebound.example"})  # noqa: S310
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with pytest.raises(urllib.error.HTTPError) as refused:
        opener.open(request, timeout=60)
    refused.value.close()
    assert refused.value.code == 403


def test_it_stops_when_asked_and_goes_on_where_it_was(served: Served, folder: Path) -> None:
    served.call("/sandbox/clock", {"days": 2})
    secrets = json.loads((folder / "connection.json").read_text(encoding="utf-8"))
    status, errors = served.stop()
    assert (status, errors) == (0, "")
    again = Served(folder)
    try:
        assert again.today() == date(2026, 1, 7)
        assert json.loads((folder / "connection.json").read_text(encoding="utf-8")) == secrets, "ports too"
    finally:
        again.kill()


def test_a_second_server_of_a_folder_is_refused(served: Served, folder: Path) -> None:
    assert served.told["simulated"]
    with pytest.raises(AssertionError, match="served already"):
        Served(folder)


def test_no_kill_loses_or_doubles_what_was_answered(folder: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - moments of kills
    options, days, budgets = ("--port", "0", "--troubles", "none"), 0, dict[str, str]()
    for _ in range(4):
        running = Served(folder, *options)
        begun = running.today()
        assert begun - date(2026, 1, 5) in {timedelta(days), timedelta(days + 1)}, "one step was not answered"
        days = (begun - date(2026, 1, 5)).days
        shown = _budgets(running, folder)
        assert {name: shown[name] for name in budgets} == budgets
        bomb = threading.Timer(chance.uniform(0.05, 0.8), os.kill, (running.process.pid, signal.SIGKILL))
        bomb.start()
        pending = ""
        try:
            while True:
                running.call("/sandbox/clock", {"days": 1})
                days += 1
                pending = next(iter(shown))
                _set_budget(running, folder, pending, 3_000 + days)
                budgets[pending], pending = str(3_000 + days), ""
        except (OSError, ValueError, http.client.HTTPException):
            budgets.pop(pending, None)  # the last one may have been done or not
        bomb.join()
        running.kill()
    account = ServedAccount.open(folder)
    entries = (folder / "serving" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    stepped = sum(json.loads(line)["days"] for line in entries if '"advance"' in line)
    assert account.today - date(2026, 1, 5) == timedelta(stepped)
    assert stepped in {days, days + 1}
    account.close()


def _meta(folder: Path) -> dict[str, str]:
    return dict(json.loads((folder / "connection.json").read_text(encoding="utf-8"))["meta_ads"])


def _budgets(served: Served, folder: Path) -> dict[str, str]:
    meta = _meta(folder)
    asked = urllib.parse.urlencode(
        {"fields": "id,daily_budget,status", "limit": 100, "access_token": meta["access_token"]}
    )
    rows = served.call(f"/v26.0/{meta['account_id']}/adsets?{asked}")[1]["data"]
    return {row["id"]: row["daily_budget"] for row in rows if "daily_budget" in row and row["status"] == "ACTIVE"}


def _set_budget(served: Served, folder: Path, name: str, amount: int) -> None:
    body = {"daily_budget": amount, "access_token": _meta(folder)["access_token"]}
    status, told = served.call(f"/v26.0/{name}", body, form=True)
    assert status == 200, told


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    running = Served(
        tmp_path / "new", "--port", "0", "--lines", "3", "--days", "40", "--seed", "4", "--troubles", "none"
    )
    try:
        assert json.loads((tmp_path / "new" / "simulated.json").read_text(encoding="utf-8"))["simulated"] is True
    finally:
        running.kill()
    with pytest.raises(AssertionError, match="--lines and --days are for a new one"):
        Served(tmp_path / "new", "--lines", "5")


def test_a_fast_clock_lives_days_by_itself_to_the_end_of_time(folder: Path) -> None:
    account = ServedAccount.open(folder, troubles=0)
    account.advance((account.last_date - account.today).days)
    clock = Clock(account, 0.0)
    clock.start()
    clock.set(6_000.0)
    lived = threading.Event()
    watcher = threading.Thread(target=lambda: _until(account, lived))
    watcher.start()
    assert lived.wait(60)
    clock.stop()
    watcher.join()
    assert account.today == account.last_date + timedelta(1)
    with pytest.raises(UsageError, match="days a minute"):
        clock.set(-1.0)
    account.close()


def _until(account: ServedAccount, lived: threading.Event) -> None:
    while account.today <= account.last_date:
        lived.wait(0.01)
    lived.set()


def test_certificates_are_kept_and_made_anew_before_they_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = certificates_in(tmp_path)
    assert certificates_in(tmp_path) == made
    assert stat.S_IMODE((tmp_path / "serving" / "server.key").stat().st_mode) == 0o600
    from marketmover.kit import utc_now
    from marketmover.sandbox.serving import certificates

    monkeypatch.setattr(certificates, "utc_now", lambda: utc_now() + timedelta(days=360))
    assert certificates_in(tmp_path).ca != made.ca
