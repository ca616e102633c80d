"""The simulated account behind the sandbox servers: what it shows, what it takes, and that it forgets nothing."""

import json
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from marketmover.errors import ConflictError, InputError, UsageError
from marketmover.sandbox import create_market, write_history
from marketmover.sandbox.lines import SimulatedLine
from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.refusal import ServingRefusal

GOOGLE: dict[str, Any] = {"platform": "google_ads"}
META: dict[str, Any] = {"platform": "meta_ads"}
Row = dict[str, Any]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "history"
    write_history(create_market(10, 120, seed=11, end=date(2026, 1, 4), sells="leads", countries=("NL",)), folder)
    return folder


@pytest.fixture
def folder(history: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(history, tmp_path / "served"))


@pytest.fixture
def account(folder: Path) -> Iterator[ServedAccount]:
    opened = ServedAccount.open(folder, troubles=0)
    yield opened
    opened.close()


def everything(account: ServedAccount) -> list[str]:
    google = ("daily", "campaigns", "actions", "campaign", "ad_group", "ad_group_ad", "change_event", "ad_performance")
    meta = ("insights", "campaigns", "adsets", "ads", "activities", "insights_by_ad")
    rows = [row for kind in google for row in account.google_rows(kind)]
    rows += [row for kind in meta for row in account.meta_rows(kind)]
    return [json.dumps(row) for row in (*rows, *account.crm_rows())]


def facts(account: ServedAccount, but: str = "") -> dict[tuple[str, str], Row]:
    return {
        (row["adGroup"]["id"], row["segments"]["date"]): row["metrics"]
        for row in account.google_rows("daily")
        if row["campaign"]["id"] != but
    }


def search_campaign(account: ServedAccount, name: str = "New one [google_ads:new:1 2026-01-05]") -> list[Row]:
    root = f"customers/{account.google_customer}"
    ad = {"responsiveSearchAd": {"headlines": [{"text": "Save today"}], "descriptions": [{"text": "Best price."}]}}
    return [
        {"kind": "create", **GOOGLE, "what": "budget", "ref": f"{root}/campaignBudgets/-1",
         "fields": {"name": f"Budget of {name}", "amountMicros": "60000000", "explicitlyShared": False}},
        {"kind": "create", **GOOGLE, "what": "campaign", "ref": f"{root}/campaigns/-2",
         "fields": {"name": name, "status": "PAUSED", "advertisingChannelType": "SEARCH", "maximizeConversions": {},
                    "campaignBudget": f"{root}/campaignBudgets/-1", "endDateTime": "2026-01-20 23:59:59"}},
        {"kind": "create", **GOOGLE, "what": "group", "ref": f"{root}/adGroups/-3",
         "fields": {"name": "Ad group 1", "campaign": f"{root}/campaigns/-2", "status": "ENABLED"}},
        {"kind": "create", **GOOGLE, "what": "ad_group_criterion",
         "fields": {"adGroup": f"{root}/adGroups/-3", "negative": True, "ageRange": {"type": "AGE_RANGE_18_24"}}},
        {"kind": "create", **GOOGLE, "what": "ad", "ref": "ad",
         "fields": {"adGroup": f"{root}/adGroups/-3", "status": "ENABLED", "ad": ad}},
    ]  # fmt: skip


def make_search_campaign(account: ServedAccount) -> tuple[str, str]:
    ids = account.change(*search_campaign(account))
    named = {name.rsplit("/", 2)[-2]: real for name, real in ids.items() if "/" in name}
    return named["campaigns"], named["campaignBudgets"]


def days_of(account: ServedAccount, campaign: str) -> dict[str, Row]:
    rows = [row for row in account.google_rows("campaigns") if row["campaign"]["id"] == campaign]
    return {row["segments"]["date"]: row for row in rows}


def google_line(account: ServedAccount, *, groups: int = 1) -> SimulatedLine:
    """A line with so many ad groups that can be given money; more than one means two or more."""
    return next(
        line
        for line in account.market.lines
        if line.platform == "google_ads"
        and line.id in account.market.line_ids
        and (len(line.group_ids) == 1 if groups == 1 else len(line.group_ids) >= groups)
    )


def meta_line(account: ServedAccount) -> SimulatedLine:
    wanted = account.market.line_ids
    return next(
        line
        for line in account.market.lines
        if line.platform == "meta_ads" and line.id in wanted and line.budget_level == "ad_set"
    )


def test_days_are_there_once_they_were_lived_and_today_is_not(account: ServedAccount) -> None:
    assert account.today == date(2026, 1, 5)
    assert max(day for _, day in facts(account)) == "2026-01-04"
    account.advance(3)
    assert account.today == date(2026, 1, 8)
    assert max(day for _, day in facts(account)) == "2026-01-07"
    only = {row["segments"]["date"] for row in account.google_rows("campaigns", date(2026, 1, 2), date(2026, 1, 6))}
    assert only == {f"2026-01-0{day}" for day in range(2, 7)}


def test_conversions_come_in_late_and_clicks_do_not(account: ServedAccount) -> None:
    account.advance(7)
    week = (date(2026, 1, 5), date(2026, 1, 11))

    def sums(name: str) -> float:
        return sum(float(row["metrics"].get(name, 0)) for row in account.google_rows("campaigns", *week))

    before = {name: sums(name) for name in ("clicks", "costMicros", "conversions")}
    account.advance(14)
    after = {name: sums(name) for name in before}
    assert (after["clicks"], after["costMicros"]) == (before["clicks"], before["costMicros"])
    assert after["conversions"] > 1.02 * before["conversions"]


def test_conversions_can_be_made_to_come_later_on_demand(account: ServedAccount) -> None:
    account.advance(9)

    def counted() -> float:
        return sum(float(row["metrics"].get("conversions", 0)) for row in account.google_rows("daily"))

    usual = counted()
    account.faults.add({"where": "google", "kind": "late_conversions", "days": 6})
    assert account.faults.take("google") is None, "it is no fault of an answer"
    assert counted() < usual
    assert counted() == usual, "it was asked for once"


def test_rows_of_campaigns_are_the_sums_of_their_ad_groups(account: ServedAccount) -> None:
    account.advance(2)
    groups: dict[tuple[str, str], int] = {}
    for row in account.google_rows("daily"):
        key = (row["campaign"]["id"], row["segments"]["date"])
        groups[key] = groups.get(key, 0) + int(row["metrics"].get("clicks", 0))
    whole = {
        (row["campaign"]["id"], row["segments"]["date"]): int(row["metrics"].get("clicks", 0))
        for row in account.google_rows("campaigns")
    }
    assert groups
    assert {key: whole[key] for key in groups} == groups
    assert not any("adGroup" in row for row in account.google_rows("campaigns"))


def test_what_is_set_reads_back_at_once_and_counts_from_today_on(account: ServedAccount) -> None:
    account.advance(2)
    line = google_line(account)
    account.change(
        {"kind": "set_budget", "line": line.id, "amount": 33.0},
        {"kind": "set_status", "line": line.id, "status": "PAUSED"},
    )
    row = next(row for row in account.google_rows("campaign") if row["campaign"]["id"] == line.campaign_id)
    assert (row["campaign"]["status"], row["campaignBudget"]["amountMicros"]) == ("PAUSED", "33000000")
    account.advance(2)
    days = {
        row["segments"]["date"] for row in account.google_rows("campaigns") if row["campaign"]["id"] == line.campaign_id
    }
    assert "2026-01-06" in days
    assert not {"2026-01-07", "2026-01-08"} & days


def test_meta_takes_money_in_minor_units_and_a_targeting_as_a_whole(account: ServedAccount) -> None:
    line = meta_line(account)
    name = line.group_ids[0]
    fields = {"daily_budget": 4321, "targeting": {"age_min": 30, "age_max": 50, "genders": [2]}}
    account.change({"kind": "update", **META, "what": "adset", "id": name, "fields": fields})
    row = next(row for row in account.meta_rows("adsets") if row["id"] == name)
    assert row["daily_budget"] == "4321"
    assert (row["targeting"]["age_min"], row["targeting"]["age_max"], row["targeting"]["genders"]) == (30, 50, [2])


def test_a_refused_change_leaves_all_others_of_its_call_undone(account: ServedAccount, folder: Path) -> None:
    line = google_line(account)
    before, journal = everything(account), (folder / "serving" / "journal.jsonl").read_bytes()
    with pytest.raises(ServingRefusal, match="no campaign '999'") as refused:
        account.change(
            {"kind": "set_budget", "line": line.id, "amount": 500.0},
            *search_campaign(account),
            {"kind": "create", **GOOGLE, "what": "group", "fields": {"name": "x", "campaign": "campaigns/999"}},
        )
    assert (refused.value.place, refused.value.field, refused.value.code) == (6, "campaign", "not_found")
    assert everything(account) == before
    assert (folder / "serving" / "journal.jsonl").read_bytes() == journal


@pytest.mark.parametrize(
    ("what", "fields", "code", "field"),
    [
        ("budget", {"name": "A", "amountMicros": "0"}, "invalid", "amountMicros"),
        ("budget", {"name": "A", "amountMicros": "many"}, "invalid", "amountMicros"),
        ("budget", {"name": "A"}, "required", "amountMicros"),
        ("budget", {"amountMicros": "9000000", "explicitlyShared": True}, "unsupported", "explicitlyShared"),
        ("campaign", {"name": "A", "advertisingChannelType": "SEARCH"}, "required", "campaignBudget"),
        ("group", {"name": "A", "campaign": "customers/1/campaigns/7"}, "not_found", "campaign"),
        ("keyword_plan", {}, "unsupported", "what"),
    ],
)
def test_what_cannot_be_created_is_refused_by_its_field(
    account: ServedAccount, what: str, fields: Row, code: str, field: str
) -> None:
    with pytest.raises(ServingRefusal) as refused:
        account.check({"kind": "create", **GOOGLE, "what": what, "fields": fields})
    assert (refused.value.code, refused.value.field) == (code, field)


def test_names_of_campaigns_are_taken_once(account: ServedAccount) -> None:
    make_search_campaign(account)
    with pytest.raises(ServingRefusal) as refused:
        account.change(*search_campaign(account))
    assert refused.value.code == "duplicate_name"
    taken = google_line(account).campaign_name
    with pytest.raises(ServingRefusal, match="is called"):
        account.check(*search_campaign(account, taken))


def test_checking_does_nothing(account: ServedAccount) -> None:
    before = everything(account)
    account.check(*search_campaign(account))
    assert everything(account) == before
    assert account.objects("google_ads", "campaign") == []


def test_a_created_campaign_stands_there_paused_and_spends_nothing(account: ServedAccount) -> None:
    campaign, _ = make_search_campaign(account)
    account.advance(4)
    row = next(row for row in account.google_rows("campaign") if row["campaign"]["id"] == campaign)
    assert (row["campaign"]["status"], row["campaignBudget"]["amountMicros"]) == ("PAUSED", "60000000")
    assert row["campaign"]["biddingStrategyType"] == "MAXIMIZE_CONVERSIONS"
    assert facts(account) == facts(account, but=campaign)
    made = account.objects("google_ads", "campaign")
    assert [(one["id"], "line_id" in one) for one in made] == [(campaign, False)]


def test_a_campaign_that_is_switched_on_runs_and_the_days_before_stay_as_they_were(account: ServedAccount) -> None:
    campaign, budget = make_search_campaign(account)
    account.advance(5)
    before = facts(account)
    account.change({"kind": "update", **GOOGLE, "what": "campaign", "id": campaign, "fields": {"status": "ENABLED"}})
    account.advance(3)
    after = facts(account)
    fixed = ("clicks", "impressions", "costMicros")
    assert {key: [metrics.get(name) for name in fixed] for key, metrics in before.items()} == {
        key: [after[key].get(name) for name in fixed] for key in before
    }
    ran = {
        row["segments"]["date"]: row for row in account.google_rows("campaigns") if row["campaign"]["id"] == campaign
    }
    assert sorted(ran) == ["2026-01-10", "2026-01-11", "2026-01-12"]
    assert ran["2026-01-12"]["campaign"]["name"] == "New one [google_ads:new:1 2026-01-05]"
    account.change({"kind": "set_budget", **GOOGLE, "budget": budget, "amount": 5.0})
    account.advance(1)
    last = days_of(account, campaign)["2026-01-13"]
    assert int(last["metrics"]["costMicros"]) < 7_000_000 < int(ran["2026-01-12"]["metrics"]["costMicros"])
    account.advance(10)
    assert max(days_of(account, campaign)) == "2026-01-20", "the campaign has an end"


def test_a_campaign_may_begin_on_the_first_day_of_all_with_a_target_and_change_it(account: ServedAccount) -> None:
    campaign, _ = make_search_campaign(account)
    bids: Row = {"status": "ENABLED", "maximizeConversions": {"targetCpaMicros": "90000000"}}
    account.change({"kind": "update", **GOOGLE, "what": "campaign", "id": campaign, "fields": bids})
    cleared: Row = {"maximizeConversions": {"targetCpaMicros": None}}
    account.change({"kind": "update", **GOOGLE, "what": "campaign", "id": campaign, "fields": cleared})
    account.advance(1)
    assert list(days_of(account, campaign)) == ["2026-01-05"]
    row = next(row for row in account.google_rows("campaign") if row["campaign"]["id"] == campaign)
    assert row["campaign"]["maximizeConversions"] == {}


def test_a_meta_ad_set_runs_once_campaign_ad_set_and_ad_are_on(account: ServedAccount) -> None:
    past = next(iter(account.meta_rows("ads")))["creative"]["id"]
    spec = {"name": "New | mark", "objective": "OUTCOME_LEADS", "status": "PAUSED"}
    campaign = account.change({"kind": "create", **META, "what": "campaign", "ref": "c", "fields": spec})["c"]
    parts = {
        "name": "Set",
        "campaign_id": campaign,
        "status": "PAUSED",
        "daily_budget": 5000,
        "targeting": {"age_min": 25},
    }
    adset = account.change({"kind": "create", **META, "what": "adset", "ref": "s", "fields": parts})["s"]
    shown = {"name": "Ad", "adset_id": adset, "creative": {"creative_id": past}, "status": "PAUSED"}
    ad = account.change({"kind": "create", **META, "what": "ad", "ref": "a", "fields": shown})["a"]
    for what, name in (("adset", adset), ("ad", ad)):
        account.change({"kind": "update", **META, "what": what, "id": name, "fields": {"status": "ACTIVE"}})
    account.advance(2)
    assert not [row for row in account.meta_rows("insights") if row["adset_id"] == adset]
    account.change({"kind": "update", **META, "what": "campaign", "id": campaign, "fields": {"status": "ACTIVE"}})
    account.advance(2)
    ran = [row for row in account.meta_rows("insights") if row["adset_id"] == adset]
    assert [row["date_start"] for row in ran] == ["2026-01-07", "2026-01-08"]
    assert {row["campaign_name"] for row in ran} == {"New | mark"}
    by_ad = [row for row in account.meta_rows("insights_by_ad") if row["adset_id"] == adset]
    assert {row["ad_id"] for row in by_ad} == {ad}
    account.change({"kind": "remove", **META, "what": "campaign", "id": campaign})
    account.advance(1)
    assert max(row["date_start"] for row in account.meta_rows("insights") if row["adset_id"] == adset) == "2026-01-08"
    gone = next(row for row in account.meta_rows("campaigns") if row["id"] == campaign)
    assert gone["status"] == "DELETED"
    with pytest.raises(ServingRefusal, match="was removed"):
        account.change({"kind": "update", **META, "what": "campaign", "id": campaign, "fields": {"status": "ACTIVE"}})


def test_an_ad_that_is_switched_on_takes_the_place_of_the_old_ones(account: ServedAccount) -> None:
    line = google_line(account, groups=1)
    owner = f"customers/{account.google_customer}/adGroups/{line.group_ids[0]}"
    texts = {"headlines": [{"text": "Trusted by thousands"}], "descriptions": []}
    fields = {"adGroup": owner, "status": "PAUSED", "ad": {"responsiveSearchAd": texts}}
    account.advance(3)
    new = account.change({"kind": "create", **GOOGLE, "what": "ad", "ref": "ad", "fields": fields})["ad"]

    def ads() -> dict[str, str]:
        mine = [row for row in account.google_rows("ad_group_ad") if row["adGroup"]["id"] == line.group_ids[0]]
        return {row["adGroupAd"]["resourceName"].rsplit("/", 1)[1]: row["adGroupAd"]["status"] for row in mine}

    before = ads()
    assert before[new] == "PAUSED"
    account.change({"kind": "update", **GOOGLE, "what": "ad", "id": new, "fields": {"status": "ENABLED"}})
    account.advance(2)
    assert {name: status for name, status in ads().items() if status == "ENABLED"} == {new: "ENABLED"}
    assert set(ads()) == set(before), "no ad that nobody made"


def test_groups_of_one_line_are_not_stopped_one_by_one(account: ServedAccount) -> None:
    line = google_line(account, groups=2)
    with pytest.raises(ServingRefusal, match="together"):
        account.change({"kind": "set_status", **GOOGLE, "group": line.group_ids[0], "status": "PAUSED"})
    account.change(
        *({"kind": "set_status", **GOOGLE, "ad": _ad_of(account, line), "status": "PAUSED"} for _ in range(1))
    )


def _ad_of(account: ServedAccount, line: Any) -> str:
    row = next(row for row in account.google_rows("ad_group_ad") if row["adGroup"]["id"] == line.group_ids[0])
    return str(row["adGroupAd"]["resourceName"]).rsplit("/", 1)[1]


def test_leads_are_told_as_they_become_known(account: ServedAccount) -> None:
    whole = list(account.crm_rows())
    assert max(row["created_at"] for row in whole) < "2026-01-05"
    account.advance(5)
    fresh = list(account.crm_rows(date(2026, 1, 5)))
    assert any(row["created_at"] >= "2026-01-05" for row in fresh)
    assert any(row["created_at"] < "2026-01-05" for row in fresh), "older ones were decided since"
    assert len({row["lead_id"] for row in account.crm_rows()}) == len(list(account.crm_rows()))
    assert {row["lead_id"] for row in whole} < {row["lead_id"] for row in account.crm_rows()}


def test_a_restart_stands_where_it_stood(account: ServedAccount, folder: Path) -> None:
    campaign, _ = make_search_campaign(account)
    account.advance(3)
    line = meta_line(account)
    account.change({"kind": "update", **GOOGLE, "what": "campaign", "id": campaign, "fields": {"status": "ENABLED"}})
    account.change({"kind": "set_status", "line": line.id, "status": "PAUSED"})
    account.advance(4)
    before, today = everything(account), account.today
    account.close()
    again = ServedAccount.open(folder)
    assert (again.today, everything(again)) == (today, before)
    again.advance(1)
    again.close()


def test_an_entry_that_was_cut_off_was_never_answered_and_is_dropped(account: ServedAccount, folder: Path) -> None:
    account.advance(2)
    account.close()
    path = folder / "serving" / "journal.jsonl"
    with path.open("ab") as file:
        file.write(b'{"kind":"adva')
    again = ServedAccount.open(folder)
    assert again.today == date(2026, 1, 7)
    again.advance(1)
    again.close()
    assert path.read_bytes().count(b"\n") == 3
    path.write_bytes(path.read_bytes().replace(b'{"kind":"advance","days":2}', b'{"kind":"advance","da'))
    with pytest.raises(InputError, match="line 2"):
        ServedAccount.open(folder)


def test_one_process_serves_a_folder(account: ServedAccount, folder: Path) -> None:
    assert account.today == date(2026, 1, 5)
    with pytest.raises(ConflictError, match="served already"):
        ServedAccount.open(folder)


def test_a_journal_is_of_its_own_history_alone(account: ServedAccount, folder: Path, tmp_path: Path) -> None:
    account.close()
    other = tmp_path / "other"
    write_history(create_market(4, 60, seed=5, end=date(2026, 1, 4)), other)
    shutil.copytree(folder / "serving", other / "serving")
    with pytest.raises(InputError, match="does not belong"):
        ServedAccount.open(other)


def test_time_ends_and_says_so(account: ServedAccount) -> None:
    days = (account.last_date - account.today).days + 1
    with pytest.raises(UsageError, match="time ends"):
        account.advance(days + 1)
    account.advance(days)
    assert account.today == account.last_date + timedelta(1)
    with pytest.raises(ServingRefusal, match="ended"):
        account.change({"kind": "set_budget", "line": google_line(account).id, "amount": 9.0})
    assert list(account.google_rows("campaigns", account.last_date, account.last_date))
