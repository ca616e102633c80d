"""The paid loop, whole, with the official SDKs over the sandbox's servers, faults and kills included.

Import, compose, approve, publish, wait for the plan's first day, pull, alert, tune, apply, roll back; more than ten
times a command is killed at a random moment and run again. Nothing is lost and nothing is made twice.
"""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from marketmover.app.opening import App
from marketmover.history.tables import FACTS, LEADS, current_rows
from marketmover.sandbox import ServedAccount, create_market, write_history
from marketmover.sandbox.serving.serving import serving

START = "from marketmover.cli.main import main; main()"
FIRST = date(2026, 1, 5)
PLAN_DAY = date(2026, 1, 12)
BRIEF = """We sell and install solar panels in the Netherlands. From 12 January 2026 to 8 February 2026 we have
9,000 EUR for Google and Meta together. We want as many leads as possible. Friendly tone, please.
"""


class Operator:
    """Somebody who runs commands, some of which die under their hands.

    Attributes:
        kills: How often a command was killed so far.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kills = 0
        self._moments = random.Random(7)  # noqa: S311 - moments to die

    def does(self, *words: str) -> str:
        """Run a command to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", START, *words], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def is_killed(self, *words: str, times: int, within_s: float) -> None:
        """Start a command and kill it at a random moment, some times over; one that was faster is started again."""
        until = self.kills + times
        for _ in range(5 * times):
            if self.kills == until:
                return
            with subprocess.Popen(
                [sys.executable, "-c", START, *words],
                cwd=self.folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ) as process:
                try:
                    process.wait(self._moments.uniform(0.3, within_s))
                except subprocess.TimeoutExpired:
                    process.kill()
                    self.kills += 1


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[ServedAccount]:
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
    market = create_market(3, 120, 11, end=FIRST - timedelta(days=1), sells="leads", currency="EUR", countries=("NL",))
    write_history(market, tmp_path / "market")
    with serving(tmp_path / "market", port=0, troubles=2) as running:
        yield running.account


def known() -> dict[str, float]:
    """Impressions by campaign and day as the lake knows them, of both platforms' daily rows; leads of the CRM."""
    found: Counter[str] = Counter()
    with App().home() as stores:
        rows = [row for row in current_rows(stores.lake, FACTS) if row["kind"] == "daily"]
        groups = {(row["campaign_id"], row["date"]) for row in rows if row["group_id"]}
        for row in rows:
            if row["group_id"] or (row["campaign_id"], row["date"]) not in groups:
                found[f"{row['campaign_id']} {row['date'].isoformat()}"] += row["impressions"]
        found["leads"] = len(current_rows(stores.lake, LEADS))
    return {name: count for name, count in found.items() if count}


def told(account: ServedAccount, since: date) -> dict[str, float]:
    """The same as the platforms tell it."""
    found: Counter[str] = Counter()
    last = account.today - timedelta(days=1)
    for row in account.google_rows("campaigns", since, last):
        found[f"{row['campaign']['id']} {row['segments']['date']}"] += int(row["metrics"].get("impressions", 0))
    for row in account.meta_rows("insights", since, last):
        found[f"{row['campaign_id']} {row['date_start']}"] += int(row["impressions"])
    found["leads"] = sum(1 for _ in account.crm_rows(since))
    return {name: count for name, count in found.items() if count}


def budgets(lines: Iterable[str], names: Mapping[str, str]) -> dict[str, float]:
    """What the platforms have as daily budgets of the plan's lines, asked by the connectors."""
    app, found = App(), dict[str, float]()
    real = {new: platforms for platforms, new in names.items()}
    wanted = [real.get(line, line) for line in lines]
    for account in app.accounts():
        mine = [line for line in wanted if line.startswith(account.platform)]
        for one in app.platform_of(account).read(mine):
            found[names.get(one.line_id, one.line_id)] = one.daily_budget or 0.0
    return found


def running_lines(account: ServedAccount) -> list[str]:
    """All lines of the market, by their ids in exports."""
    return [line.id for line in account.market.lines]


def log(folder: Path) -> list[str]:
    """What the plan's own log tells of, oldest first."""
    lines = (folder / "plan" / "changes.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["kind"] for line in lines if line]


def connect_and_pull(me: Operator, account: ServedAccount, since: date) -> None:
    """Both accounts, with all of Meta's lines paused, so that the plan opens a new one there."""
    for platform in ("google_ads", "meta_ads"):
        me.does("accounts", "add", platform, "--sandbox", "market")
    for line in account.meta_rows("adsets"):
        account.change({"kind": "set_status", "platform": "meta_ads", "group": line["id"], "status": "PAUSED"})
    account.advance(3)
    for where, kind in (("google", "expired_token"), ("google", "cut"), ("meta", "throttle"), ("meta", "server_error")):
        account.faults.add({"where": where, "kind": kind, "wait_s": 0})
    me.is_killed("pull", "--since", since.isoformat(), times=4, within_s=4.0)
    me.does("pull", "--since", since.isoformat())
    assert known() == told(account, since)


def publish(me: Operator, account: ServedAccount) -> tuple[dict[str, float], dict[str, str]]:
    """Compose, approve and publish: daily budgets by line of the plan, and the plan's names of new lines."""
    (me.folder / "brief.txt").write_text(BRIEF, encoding="utf-8")
    yesterday = (account.today - timedelta(days=1)).isoformat()
    me.does("compose", "--brief", "brief.txt", "--out", "plan", "--as-of", yesterday)
    plan = json.loads((me.folder / "plan" / "plan.json").read_text(encoding="utf-8"))
    asked = {line["id"]: line["daily_budget"] for line in plan["lines"]}
    assert [line for line in asked if ":new:" in line] == ["meta_ads:new:1"]
    me.does("plan", "approve", "plan", "--by", "A. Manager", "--start")
    me.does("plan", "publish", "plan", "--dry-run")
    assert account.objects("meta_ads", "campaign") == []
    account.faults.add({"where": "google", "kind": "throttle", "wait_s": 0})
    me.is_killed("plan", "publish", "plan", "--by", "A. Manager", times=4, within_s=5.0)
    me.does("plan", "publish", "plan", "--by", "A. Manager", "--start")
    for what in ("campaign", "adset", "ad"):
        assert len(account.objects("meta_ads", what)) == 1, what
    (made,) = account.objects("meta_ads", "adset")
    return asked, {f"meta_ads:{made['campaign_id']}:{made['id']}": "meta_ads:new:1"}


def test_the_whole_loop_survives_faults_and_ten_kills_and_makes_nothing_twice(
    served: ServedAccount, tmp_path: Path
) -> None:
    me, since = Operator(tmp_path), FIRST - timedelta(days=100)
    connect_and_pull(me, served, since)
    before = budgets(running_lines(served), {})
    asked, names = publish(me, served)
    signed = (tmp_path / "plan" / "plan.json").read_bytes()
    assert served.today < PLAN_DAY
    running = [line for line in asked if ":new:" not in line]
    assert budgets(running, names) == {line: before[line] for line in running}
    served.advance((PLAN_DAY - served.today).days)
    me.is_killed("jobs", "run", "publish", times=2, within_s=3.0)
    me.does("plan", "publish", "plan", "--by", "A. Manager")
    assert "0 waiting" in me.does("jobs", "run", "publish")
    assert budgets(asked, names) == asked

    served.advance(8)
    me.is_killed("pull", times=2, within_s=3.0)
    me.does("pull")
    assert known() == told(served, since)
    me.does("monitor", "--plan", "plan", "--out", "alerts.json")
    me.does("tune", "--plan", "plan", "--out", "changes.json")
    alerts = json.loads((tmp_path / "alerts.json").read_text(encoding="utf-8"))
    assert alerts["as_of"] == (served.today - timedelta(days=1)).isoformat()

    changes = json.loads((tmp_path / "changes.json").read_text(encoding="utf-8"))
    wanted = {one["line_id"]: one["to"] for one in changes["changes"] if one["action"] == "set_daily_budget"}
    apply = ("plan", "apply", "plan", "--changes", "changes.json", "--by", "A. Manager")
    me.does(*apply)
    assert wanted
    assert budgets(wanted, names) == wanted

    back = ("plan", "rollback", "plan", "--to", "plan", "--by", "A. Manager")
    me.does(*back)
    assert budgets(asked, names) == asked
    assert (tmp_path / "plan" / "plan.json").read_bytes() == signed
    assert log(tmp_path)[0] == "approve"
    assert "A. Manager" in me.does("audit", "--json")
    assert me.kills >= 10
