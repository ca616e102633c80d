"""`marketmover pull` from both platforms' own APIs, as the sandbox serves them, with the official SDKs."""

import json
from collections.abc import Generator
from datetime import date, timedelta
from pathlib import Path

import pytest

from marketmover.app.opening import App
from marketmover.cli.main import run
from marketmover.history.pulls import lay_out
from marketmover.history.tables import FACTS, LEADS, current_rows
from marketmover.sandbox import create_market, write_history
from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.serving import serving

FIRST = date(2026, 1, 5)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[ServedAccount]:
    """A market, served; both its accounts are connected in a home of the test's own."""
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path / "home"))
    market = create_market(3, 60, 4, end=FIRST - timedelta(days=1), sells="leads", currency="EUR", countries=("NL",))
    write_history(market, tmp_path / "sandbox")
    with serving(tmp_path / "sandbox", port=0, troubles=0) as running:
        for platform in ("google_ads", "meta_ads"):
            assert run(["accounts", "add", platform, "--sandbox", str(tmp_path / "sandbox")]) == 0
        yield running.account


def known() -> dict[tuple[str, str], float]:
    """Meta's impressions by campaign and day, as the lake knows them."""
    found: dict[tuple[str, str], float] = {}
    with App().home() as stores:
        for row in current_rows(stores.lake, FACTS):
            if row["platform"] == "meta_ads" and row["kind"] == "daily":
                key = (row["campaign_id"], row["date"].isoformat())
                found[key] = found.get(key, 0.0) + row["impressions"]
    return found


def meta_says(account: ServedAccount, first: date) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for row in account.meta_rows("insights", first, account.today - timedelta(days=1)):
        key = (row["campaign_id"], row["date_start"])
        found[key] = found.get(key, 0.0) + int(row["impressions"])
    return found


def test_figures_leads_and_late_news_come_through_faults_and_the_home_is_enough_to_watch_them(
    served: ServedAccount, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    since = FIRST - timedelta(days=50)
    for where, kind in (("google", "expired_token"), ("google", "cut"), ("meta", "throttle"), ("crm", "cut")):
        served.faults.add({"where": where, "kind": kind, "wait_s": 0})
    capsys.readouterr()
    assert run(["pull", "--since", since.isoformat(), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {one["first_day"] for one in told["pulls"]} == {since.isoformat()}
    assert known() == meta_says(served, since)

    served.advance(2)
    assert run(["pull"]) == 0
    assert known() == meta_says(served, since)
    with App().home() as stores:
        leads = {row["lead_id"]: row["qualified"] for row in current_rows(stores.lake, LEADS)}
    assert leads == {row["lead_id"]: row["qualified"] for row in served.crm_rows(since)}

    capsys.readouterr()
    assert run(["history", "freshness", "--json"]) == 0
    fresh = json.loads(capsys.readouterr().out)
    assert [(one["last_day"], one["days_behind"]) for one in fresh] == [("2026-01-06", 0)] * 2

    with App().home() as stores:
        laid = lay_out(stores, tmp_path / "laid", start=FIRST)
    assert sorted(folder.name for folder in laid.live.iterdir()) == ["2026-01-06"]
    assert run(["monitor", "--out", str(tmp_path / "alerts.json")]) == 0
    assert json.loads((tmp_path / "alerts.json").read_text(encoding="utf-8"))["as_of"] == "2026-01-06"
