"""`marketmover monitor` from the command line: what it writes, what it tells people, what it refuses."""

import csv
import json
from pathlib import Path

import pytest
from running_lines import HISTORY, LIVE, panel_of, planted, write_exports
from typer.testing import CliRunner, Result

from marketmover.cli.commands import build
from marketmover.errors import InputError, MarketmoverError, NotFoundError, UsageError
from marketmover.store import StoreOpener


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history and live exports with a click rate that falls on one line and a platform that stops showing."""
    folder = tmp_path_factory.mktemp("exports")
    factors = planted("ctr", [1], 6, LIVE, 0.4, lines=4) | planted("cost", [2, 3], 12, 14, 0.0, lines=4)
    panel = panel_of(lines=4, factors=factors)
    write_exports(panel, folder / "history", HISTORY - 120, HISTORY)
    write_exports(panel, folder / "live", HISTORY, HISTORY + LIVE)
    return folder


def run(opener: StoreOpener, *arguments: str | Path) -> Result:
    return CliRunner().invoke(build({"monitor"}), ["monitor", *map(str, arguments)], obj=opener)


def refusal(opener: StoreOpener, *arguments: str | Path) -> MarketmoverError:
    done = run(opener, *arguments)
    assert isinstance(done.exception, MarketmoverError), done.output
    return done.exception


def test_alerts_are_written_told_and_drawn(opener: StoreOpener, exports: Path, tmp_path: Path) -> None:
    goals = tmp_path / "goals.json"
    goals.write_text('{"leads": {"at_least": 100000}}')
    out, page = tmp_path / "alerts.json", tmp_path / "alerts.html"
    done = run(opener, "--history", exports / "history", "--live", exports / "live", "--out", out, "--html", page,
               "--goals", goals)  # fmt: skip
    assert done.exit_code == 0, done.output
    alerts = json.loads(out.read_text())["alerts"]
    kinds = {alert["kind"] for alert in alerts}
    assert kinds >= {"anomaly", "delivery", "underperforming"}
    wanted = {"detected_on", "platform", "campaign_id", "ad_group_id", "kind", "metric", "observed", "expected",
              "severity", "probability", "money_at_risk", "cause", "recommendations", "resolved_on"}  # fmt: skip
    assert all(wanted <= alert.keys() and sum(alert["cause"]["share"].values()) == pytest.approx(1) for alert in alerts)
    (click_rate,) = (alert for alert in alerts if alert["metric"] == "ctr")
    assert (click_rate["campaign_id"], click_rate["cause"]["factor"], click_rate["direction"]) == ("1", "ctr", "down")
    assert click_rate["cause"]["share"]["ctr"] > 0.5
    assert "the share of impressions that people click on is" in done.output
    assert "<svg" in page.read_text()


def test_days_that_no_export_covers_are_no_stopped_delivery(opener: StoreOpener, tmp_path: Path) -> None:
    panel = panel_of(lines=3)
    write_exports(panel, tmp_path / "history", HISTORY - 120, HISTORY - 2)
    write_exports(panel, tmp_path / "live", HISTORY, HISTORY + 7)
    out = tmp_path / "alerts.json"
    done = run(opener, "--history", tmp_path / "history", "--live", tmp_path / "live", "--out", out)
    assert done.exit_code == 0, done.output
    assert json.loads(out.read_text())["alerts"] == []


def test_live_exports_without_a_day_after_the_history_are_refused(
    opener: StoreOpener, exports: Path, tmp_path: Path
) -> None:
    told = refusal(
        opener, "--history", exports / "history", "--live", exports / "history", "--out", tmp_path / "a.json"
    )
    assert isinstance(told, InputError)
    assert "no day after the history" in str(told)


@pytest.mark.parametrize(
    "content",
    [
        '{"happiness": {"at_least": 3}}',
        '{"leads": {"at_most": 3}}',
        '{"leads": {}}',
        '{"leads": {"at_least": NaN}}',
        '{"cost_per_lead": {"at_most": 40, "at_least": 3}}',
        '{"cost_per_lead": {"at_most": 0}}',
    ],
)
def test_a_goal_that_cannot_be_watched_is_refused_before_anything_is_read(
    opener: StoreOpener, tmp_path: Path, content: str
) -> None:
    goals = tmp_path / "goals.json"
    goals.write_text(content)
    unread = tmp_path / "unread"
    told = refusal(opener, "--history", unread, "--live", unread, "--out", tmp_path / "a.json", "--goals", goals)
    assert isinstance(told, UsageError)
    assert not (tmp_path / "a.json").exists()


@pytest.mark.parametrize("content", ["[]", "{", '{"leads": 3}', '{"leads": {"least": 3}}'])
def test_a_file_that_holds_no_goals_is_refused(
    opener: StoreOpener, exports: Path, tmp_path: Path, content: str
) -> None:
    goals = tmp_path / "goals.json"
    goals.write_text(content)
    told = refusal(opener, "--history", exports / "history", "--live", exports / "live", "--out", tmp_path / "a.json",
                   "--goals", goals)  # fmt: skip
    assert isinstance(told, InputError)


def test_folders_that_are_not_there_are_named(opener: StoreOpener, exports: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.json"
    missing = tmp_path / "nowhere"
    for arguments in (
        ("--history", missing, "--live", exports / "live"),
        ("--history", exports / "history", "--live", missing),
        ("--history", exports / "history", "--live", exports / "live", "--plan", missing),
    ):
        told = refusal(opener, *arguments, "--out", out)
        assert isinstance(told, NotFoundError)
        assert "nowhere" in str(told)


def test_an_analyst_can_walk_from_an_alert_to_the_rows_that_it_rests_on(
    opener: StoreOpener, exports: Path, tmp_path: Path
) -> None:
    out, table, page = tmp_path / "alerts.json", tmp_path / "days.csv", tmp_path / "alerts.html"
    done = run(opener, "--history", exports / "history", "--live", exports / "live", "--out", out, "--csv", table,
               "--html", page)  # fmt: skip
    assert done.exit_code == 0, done.output
    alerts = json.loads(out.read_text())["alerts"]
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    (place,) = (number for number, alert in enumerate(alerts, start=1) if alert["metric"] == "ctr")
    alert = alerts[place - 1]
    mine = [row for row in rows if row["alert"] == str(place)]
    assert [row["day"] for row in mine] == [day["day"] for day in alert["evidence"][0]["days"]]
    during = [row for row in mine if row["in_trouble"] == "1"]
    assert (during[0]["day"], during[-1]["day"]) == (alert["since"], alert["updated_on"])
    exported = {
        row["segments"]["date"]: row["metrics"]
        for row in json.loads((exports / "live" / "google_ads" / "daily.json").read_text())[0]["results"]
        if row["campaign"]["id"] == during[0]["campaign_id"] and row["adGroup"]["id"] == during[0]["ad_group_id"]
    }
    for row in during:
        clicks, shown = (int(exported[row["day"]][name]) for name in ("clicks", "impressions"))
        assert (float(row["clicks"]), float(row["impressions"])) == (clicks, shown)
        assert float(row["observed"]) == pytest.approx(clicks / shown, rel=1e-3)
    assert float(during[0]["expected_low"]) == alert["expected"]["low"] > float(during[-1]["observed"])
    assert all(not row["expected_low"] for row in mine if row["in_trouble"] == "0")
    assert {row["line_id"] for row in rows} == {line for alert in alerts for line in alert["line_ids"]}
    assert "Where the rows stand" in page.read_text()
