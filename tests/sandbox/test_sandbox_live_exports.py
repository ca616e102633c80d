"""What can be pulled of a live window: the platforms' own files, as known on the day, and nothing of the truth."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from marketmover.history import import_history, load_panel
from marketmover.sandbox import Live, Market, Trouble, create_market, start_live, write_history
from marketmover.store import Lake


def quo(market: Market) -> dict[str, float]:
    return {line: round(amount, 2) for line, amount in market.status_quo().items()}


def begun(market: Market, *troubles: Trouble) -> Live:
    return start_live(market, quo(market), seed=3, troubles=troubles, shifts=False)


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rows_of(folder: Path, stem: str) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob(f"*/{stem}*")):
        whole = json.loads(path.read_text(encoding="utf-8"))
        for answer in whole if isinstance(whole, list) else [whole]:
            yield from answer.get("results") or answer.get("data") or []


def one_of(market: Market, platform: str) -> str:
    budgets = market.status_quo()
    return max((line for line in budgets if line.startswith(platform)), key=lambda line: budgets[line])


def test_a_pull_is_the_same_whenever_it_is_written(shop: Market, tmp_path: Path) -> None:
    stepwise, later = begun(shop), begun(shop)
    for day in range(9):
        stepwise.export(stepwise.first_date + timedelta(day), tmp_path / "one" / str(day))
    later.live_until(later.first_date + timedelta(20))
    later.export(later.first_date + timedelta(8), tmp_path / "two")
    assert files_of(tmp_path / "one" / "8") == files_of(tmp_path / "two")


def test_a_pull_tells_nothing_of_the_days_to_come_and_nothing_of_the_truth(shop: Market, tmp_path: Path) -> None:
    first = begun(shop).first_date
    hidden = Trouble("T1", "price", (one_of(shop, "meta_ads"),), first + timedelta(3), first + timedelta(9), (2.0,))
    begun(shop, hidden).export(first + timedelta(2), tmp_path / "one")
    begun(shop).export(first + timedelta(2), tmp_path / "two")
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    assert json.loads((tmp_path / "one" / "simulated.json").read_text())["simulated"] is True
    days = {row["segments"]["date"] for row in rows_of(tmp_path / "one", "daily_")}
    days |= {row["date_start"] for row in rows_of(tmp_path / "one", "insights_")}
    assert max(days) == (first + timedelta(2)).isoformat()
    assert min(days) < shop.last_date.isoformat()


@pytest.mark.parametrize("seed", [1, 4])  # attributed by data; split by device
def test_import_takes_the_history_and_every_pull_and_counts_what_was_known(seed: int, tmp_path: Path) -> None:
    market = create_market(lines=6, days=90, seed=seed, sells="both", end=date(2026, 3, 1))
    write_history(market, tmp_path / "history")
    live, lake = begun(market), Lake.open(tmp_path / "lake.duckdb")
    try:
        for name, folder, day in pulls(live, tmp_path):
            moment = datetime.combine(day, datetime.min.time(), UTC)
            report = import_history(lake, folder, now=moment, as_of=day, progress=lambda _share, _step: None)
            assert report.quarantine == {}, name
        panel, last = load_panel(lake), live.books.as_of(4)
    finally:
        lake.close()
    window = panel.dates.astype("datetime64[D]") > market.last_date
    assert panel.cost[:, window].sum() == pytest.approx(last.cost_cents.sum() / 100.0)
    assert panel.clicks[:, window].sum() == last.clicks.sum()
    known = last.reported_leads.sum() + last.reported_sales.sum()
    assert panel.conversions[:, window].sum() == pytest.approx(known, abs=0.01 * known + 5.0)
    past = live.late.as_of(4, market.truth.order_value, 1)
    seen = past.reported_leads.sum() + past.reported_sales.sum()
    assert seen > market.ledger.reported_leads.sum() + market.ledger.reported_sales.sum()
    assert panel.conversions[:, ~window].sum() == pytest.approx(seen, abs=0.01 * seen)


def pulls(live: Live, root: Path) -> Iterator[tuple[str, Path, date]]:
    yield "history", root / "history", live.first_date - timedelta(1)
    for place in (1, 4):
        day = live.first_date + timedelta(place)
        live.export(day, root / str(place))
        yield str(place), root / str(place), day


def test_applied_changes_stand_in_the_logs_from_the_day_that_they_count(shop: Market, tmp_path: Path) -> None:
    live = start_live(
        shop, {line: float(round(amount)) + 1.0 for line, amount in quo(shop).items()}, troubles=0, shifts=False
    )
    google, meta = one_of(shop, "google_ads"), one_of(shop, "meta_ads")
    live.live_until(live.first_date + timedelta(3))
    live.export(live.first_date + timedelta(3), tmp_path / "before")
    live.apply(
        [
            {"line_id": google, "action": "set_daily_budget", "to": 77.0},
            {"line_id": google, "action": "set_bidding", "to": {"strategy": bidding_other(live, google)}},
            {"line_id": meta, "action": "pause"},
        ]
    )
    day = live.first_date + timedelta(4)
    live.export(day, tmp_path / "after")
    new = [
        row["changeEvent"]
        for row in rows_of(tmp_path / "after", "change_events")
        if row["changeEvent"]["changeDateTime"].startswith(day.isoformat())
    ]
    assert {one["changeResourceType"] for one in new} == {"CAMPAIGN_BUDGET", "CAMPAIGN"}
    budget = next(one for one in new if one["changeResourceType"] == "CAMPAIGN_BUDGET")
    assert budget["newResource"]["campaignBudget"]["amountMicros"] == "77000000"
    assert not [
        row for row in rows_of(tmp_path / "before", "change_events")
        if row["changeEvent"]["changeDateTime"].startswith(day.isoformat())
    ]  # fmt: skip
    paused = [row for row in rows_of(tmp_path / "after", "activities") if "run_status" in row["event_type"]]
    assert [row["event_time"][:10] for row in paused] == [day.isoformat()]
    assert json.loads(paused[0]["extra_data"]) == {"old_value": "Active", "new_value": "Inactive"}
    spent = {row["campaign"]["id"]: row for row in rows_of(tmp_path / "after", "daily_")}
    assert spent[google.split(":")[1]]["campaignBudget"]["amountMicros"] == "77000000"


def bidding_other(live: Live, line: str) -> str:
    now = live.settings.lines[live.world.line_ids.index(line)].runs[-1].bidding
    return "TARGET_CPA" if now != "TARGET_CPA" else "MAXIMIZE_CONVERSIONS"


def test_a_stopped_line_has_no_rows_and_lines_without_money_stand_paused(shop: Market, tmp_path: Path) -> None:
    budgets = quo(shop)
    stopped, dropped = one_of(shop, "google_ads"), next(line for line in budgets if line != one_of(shop, "google_ads"))
    del budgets[dropped]
    first = shop.last_date + timedelta(1)
    stop = Trouble("T1", "delivery", (stopped,), first + timedelta(1), first + timedelta(2), (0.0,))
    live = start_live(shop, budgets, troubles=[stop], shifts=False)
    live.export(first + timedelta(3), tmp_path)
    days = {
        row["segments"]["date"]
        for row in rows_of(tmp_path, "daily_live")
        if row["campaign"]["id"] == stopped.split(":")[1]
    }
    assert days == {first.isoformat(), (first + timedelta(3)).isoformat()}
    lines = {line.id: line for line in shop.lines}
    if dropped.startswith("google_ads"):
        assert not [
            row for row in rows_of(tmp_path, "daily_live") if row["campaign"]["id"] == lines[dropped].campaign_id
        ]
    else:
        sets = {row["id"]: row["status"] for row in rows_of(tmp_path, "adsets")}
        assert {sets[group] for group in lines[dropped].group_ids} == {"PAUSED"}


def test_leads_keep_their_ids_and_are_decided_as_time_goes_by(shop: Market, tmp_path: Path) -> None:
    live = begun(shop)
    told: list[dict[str, dict[str, Any]]] = []
    for place in (0, 20):
        live.export(live.first_date + timedelta(place), tmp_path / str(place))
        leads = [
            lead for path in sorted((tmp_path / str(place) / "crm").glob("*")) for lead in json.loads(path.read_text())
        ]
        assert len({lead["lead_id"] for lead in leads}) == len(leads)
        told.append({lead["lead_id"]: lead for lead in leads})
    early, late = told
    assert len(late) > len(early) > 0
    same = ("created_at", "platform", "campaign_id", "ad_group_id")
    assert all(late[name][field] == early[name][field] for name in early for field in same)
    assert sum(lead["qualified"] is not None for lead in late.values()) > sum(
        lead["qualified"] is not None for lead in early.values()
    )
    end = (live.first_date + timedelta(21)).isoformat()
    assert all(lead["created_at"] < end and lead.get("qualified_at", "") < end for lead in late.values())
