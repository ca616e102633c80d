"""Importing again and again: nothing twice, the latest wins, and what was known on a day can be seen again."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from history_exports import NOW, days, google_row, lines, meta_row, snake, take

from marketmover.errors import InputError
from marketmover.history import day_named_today, describe_history, history_note, load_panel, load_resources, map_action
from marketmover.history.tables import FACTS, IMPORTS, QUARANTINE, count_rows
from marketmover.store import Lake

LATER = datetime(2026, 1, 20, 12, tzinfo=UTC)


def test_importing_the_same_files_again_adds_nothing(lake: Lake, folder: Path) -> None:
    files = {
        "google_ads/x.json": [google_row(day) for day in days(3)],
        "meta_ads/x.json": {"data": [meta_row(day) for day in days(3)]},
        "crm/x.json": [{"lead_id": "L1", "created_at": "2025-12-02", "platform": "google_ads", "campaign_id": "55"}],
    }
    first = take(lake, folder, files)
    again = take(lake, folder, {"google_ads/x.json": lines(snake(files["google_ads/x.json"]))}, now=LATER)
    assert first.known == 0
    assert (again.added, again.known) == (0, first.added)
    assert load_panel(lake).cost.sum() == pytest.approx(3 * 12.34 + 3 * 23.45)
    assert load_panel(lake).crm_leads.sum() == 1


def test_a_later_import_wins_and_what_was_known_before_can_be_seen_again(lake: Lake, folder: Path) -> None:
    rows = [google_row(day) for day in days(3)]
    take(lake, folder, {"google_ads/x.json": rows})
    rows[2] = google_row(days(3)[2], metrics={"conversions": 9.0}, campaign={"name": "Renamed"})
    again = take(lake, folder, {"google_ads/x.json": rows}, now=LATER)
    assert again.quarantine == {}
    assert again.added == 2
    assert load_panel(lake).conversions[0].tolist() == [2.5, 2.5, 9.0]
    assert load_panel(lake).lines[0].name == "Renamed"
    before = load_panel(lake, known_at=NOW)
    assert before.conversions[0].tolist() == [2.5, 2.5, 2.5]
    assert before.lines[0].name == "Search brand"


def test_the_day_that_the_last_import_was_told_to_take_for_today_is_known(lake: Lake, folder: Path) -> None:
    rows = {"google_ads/x.json": [google_row(day) for day in days(3)]}
    assert day_named_today(lake) is None
    take(lake, folder, rows)
    assert day_named_today(lake) is None
    take(lake, folder, rows, now=LATER, as_of=date(2026, 1, 10))
    assert day_named_today(lake) == date(2026, 1, 10)


def test_a_correction_taken_back_is_a_new_version(lake: Lake, folder: Path) -> None:
    for clicks in ("50", "51", "50"):
        take(lake, folder, {"google_ads/x.json": [google_row("2025-12-01", metrics={"clicks": clicks})]})
    assert load_panel(lake).clicks.tolist() == [[50.0]]
    assert count_rows(lake.table(FACTS.name)) == 3


def test_a_lead_decided_later_is_an_update_of_the_same_lead(lake: Lake, folder: Path) -> None:
    lead: dict[str, Any] = {
        "lead_id": "L1",
        "created_at": "2025-12-02T23:30:00-05:00",
        "platform": "google_ads",
        "campaign_id": "55",
        "qualified": None,
    }
    files = {"google_ads/x.json": [google_row(day) for day in days(3)], "crm/a.json": [lead]}
    take(lake, folder, files)
    assert load_panel(lake).crm_decided.sum() == 0
    won = {
        **lead,
        "qualified": True,
        "qualified_at": "2025-12-10",
        "won": True,
        "won_at": "2026-01-05",
        "revenue": 70.0,
    }
    take(lake, folder, {"crm/a.json": lines([won])}, now=LATER)
    panel = load_panel(lake)
    assert panel.crm_leads.tolist() == [[0, 1, 0]]
    assert [panel.crm_decided.sum(), panel.crm_qualified.sum(), panel.crm_won.sum()] == [1, 1, 1]
    then = load_panel(lake, as_of=date(2025, 12, 20))
    assert [then.crm_decided.sum(), then.crm_qualified.sum(), then.crm_won.sum()] == [1, 1, 0]
    assert load_panel(lake, known_at=NOW).crm_decided.sum() == 0


def test_nothing_after_today_is_used(lake: Lake, folder: Path) -> None:
    rows = [google_row(day) for day in days(5)]
    report = take(lake, folder, {"google_ads/x.json": rows}, as_of=date(2025, 12, 3))
    assert report.quarantine == {"future": 2}
    assert load_panel(lake).dates[-1] == load_panel(lake, as_of=date(2025, 12, 3)).dates[-1]
    assert load_panel(lake, as_of=date(2025, 12, 2)).cost.shape == (1, 2)


def test_an_import_that_fails_half_way_leaves_nothing(
    lake: Lake, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marketmover.history import importing

    def fail(*_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(importing, "append_details", fail)
        with pytest.raises(OSError, match="disk"):
            take(lake, folder, {"google_ads/x.json": [google_row("2025-12-01")]})
    assert [count_rows(lake.table(form.name)) for form in (FACTS, IMPORTS, QUARANTINE)] == [0, 0, 0]
    assert take(lake, folder, {}).added > 0


def test_an_account_keeps_its_currency_over_imports(lake: Lake, folder: Path) -> None:
    take(lake, folder, {"google_ads/x.json": [google_row("2025-12-01")]})
    euros = [google_row(day, customer={"currencyCode": "EUR"}) for day in days(2, "2025-12-05")]
    report = take(lake, folder, {"google_ads/x.json": [google_row("2025-12-02"), *euros]}, now=LATER)
    assert report.quarantine == {"other_currency": 2}


def test_accounts_in_two_currencies_are_never_added_up(lake: Lake, folder: Path) -> None:
    files = {
        "google_ads/x.json": [google_row(day) for day in days(3)],
        "meta_ads/x.json": [meta_row(day, account_currency="EUR") for day in days(3)],
    }
    take(lake, folder, files)
    assert load_panel(lake).currency == "EUR"
    dollars = load_panel(lake, currency="USD")
    assert (dollars.currency, [line.platform for line in dollars.lines]) == ("USD", ["google_ads"])
    with pytest.raises(InputError, match="No account of the history is in GBP; it has EUR, USD"):
        load_panel(lake, currency="GBP")
    report = describe_history(lake)
    assert report.spend_by_currency == {"EUR": pytest.approx(70.35), "USD": pytest.approx(37.02)}
    assert any("other currencies" in note for note in report.notes)


def test_an_empty_lake_gives_an_empty_panel_and_note(lake: Lake) -> None:
    panel = load_panel(lake)
    assert (panel.cost.shape, panel.lines) == ((0, 0), ())
    assert history_note(lake).model_dump() == {
        "first_date": None,
        "last_date": None,
        "rows": 0,
        "lines": 0,
        "quarantined": 0,
        "quarantine_reasons": {},
        "flagged": 0,
    }
    assert describe_history(lake).lines == []


def test_a_simulated_history_says_so(lake: Lake, folder: Path) -> None:
    files = {"google_ads/x.json": [google_row("2025-12-01")], "simulated.json": {"simulated": True}}
    assert take(lake, folder, files).simulated
    assert load_panel(lake).simulated
    assert describe_history(lake).simulated


def test_the_note_counts_what_a_plan_rests_on(lake: Lake, folder: Path) -> None:
    rows = [google_row(day, campaign={"status": "SLEEPING"}) for day in days(40, "2025-11-01")]
    rows[20] = google_row(days(40, "2025-11-01")[20], metrics={"costMicros": "999000000"})
    take(lake, folder, {"google_ads/x.json": [*rows, google_row("2025-12-30", metrics={"clicks": -1})]})
    note = history_note(lake)
    assert (note.first_date, note.last_date) == (date(2025, 11, 1), date(2025, 12, 10))
    assert (note.rows, note.lines, note.quarantine_reasons) == (40, 1, {"negative_count": 1})
    assert note.flagged == 2


def test_mapping_an_action_changes_the_panel_from_then_on(lake: Lake, folder: Path) -> None:
    take(lake, folder, {"google_ads/x.json": [google_row("2025-12-01")]})
    map_action(lake, "google_ads", "*", "leads")
    assert load_panel(lake).leads.sum() == 2.5
    map_action(lake, "google_ads", "*", "sales")
    panel = load_panel(lake)
    assert (panel.leads.sum(), panel.sales.sum()) == (0.0, 2.5)
    with pytest.raises(InputError.__mro__[1], match="not one of"):
        map_action(lake, "google_ads", "*", "clients")


def test_an_import_counts_lines_as_the_plan_does(lake: Lake, folder: Path) -> None:
    campaigns = [
        {"id": "77", "name": "Budget on the campaign", "objective": "OUTCOME_LEADS", "daily_budget": "5000"},
        {"id": "78", "name": "Budgets on the ad sets", "objective": "OUTCOME_LEADS"},
    ]
    sets = [
        {"id": group, "campaign_id": group[:2], "targeting": {}, "daily_budget": "0" if group < "78" else "900"}
        for group in ("771", "772", "781", "782")
    ]
    files = {
        "google_ads/x.json": [google_row(day, adGroup={"id": group}) for day in days(2) for group in ("551", "552")],
        "meta_ads/facts.json": [
            *(meta_row(day, campaign_id=row["campaign_id"], adset_id=row["id"]) for day in days(2) for row in sets),
            meta_row("2025-12-01", campaign_id="78", adset_id=None, adset_name=None),
        ],
        "meta_ads/objects.json": [*campaigns, *sets],
    }
    report = take(lake, folder, files)
    assert report.lines == history_note(lake).lines == len(load_panel(lake).lines) == 4
    again = take(lake, folder, {"meta_ads/objects.json": b"[]"}, now=LATER)
    assert again.lines == 4  # budgets that an earlier import told of are known


def test_metas_account_says_its_time_zone_and_a_later_import_without_it_keeps_it(lake: Lake, folder: Path) -> None:
    facts = {"meta_ads/x.json": {"data": [meta_row(day) for day in days(3)]}}
    account = {"id": f"act_{meta_row(days(1)[0])['account_id']}", "currency": "EUR", "timezone_name": "Europe/Lisbon"}
    take(lake, folder, {**facts, "meta_ads/account.json": {"data": [account]}})
    assert [getattr(one, "time_zone", None) for one in load_resources(lake).values()] == ["Europe/Lisbon"]
    (folder / "meta_ads" / "account.json").unlink()
    take(lake, folder, facts, now=LATER)
    assert [getattr(one, "time_zone", None) for one in load_resources(lake).values()] == ["Europe/Lisbon"]
