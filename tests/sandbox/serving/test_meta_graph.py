"""The Graph API over a simulated account, asked directly: figures that add up, pages, refusals, errors as Meta's."""

import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from marketmover.sandbox import create_market, write_history
from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.meta import MetaGraph
from marketmover.sandbox.serving.meta.calls import Call

TOKEN = "token"  # noqa: S105 - of a simulated account


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedAccount]:
    folder = tmp_path_factory.mktemp("graph") / "history"
    write_history(create_market(lines=8, days=40, seed=23, sells="both"), folder)
    shutil.rmtree(folder / "google_ads")
    served = ServedAccount.open(folder)
    served.advance(4)
    yield served
    served.close()


@pytest.fixture
def graph(account: ServedAccount) -> MetaGraph:
    return MetaGraph(account, app_id="1", app_secret="secret", access_token=TOKEN)  # noqa: S106 - simulated


def ask(graph: MetaGraph, path: str, method: str = "GET", /, **given: Any) -> tuple[int, Any]:
    version = str(given.pop("version", "v26.0"))
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in given.items()}
    answer = graph.answer(Call(method, version, tuple(path.split("/")), {"access_token": TOKEN, **texts}))
    return answer.status, json.loads(answer.text)


def rows(graph: MetaGraph, path: str, **given: Any) -> list[dict[str, Any]]:
    status, body = ask(graph, path, limit="5000", **given)
    assert status == 200, body
    return body["data"]


def error(answer: tuple[int, Any]) -> dict[str, Any]:
    assert answer[0] >= 400
    return answer[1]["error"]


def _act(account: ServedAccount) -> str:
    return f"act_{account.meta_account}"


def _last(account: ServedAccount, days: int) -> dict[str, str]:
    until = account.today - timedelta(1)
    return {"since": (until - timedelta(days - 1)).isoformat(), "until": until.isoformat()}


def _sum(found: list[dict[str, Any]]) -> tuple[int, Decimal]:
    return sum(int(row["impressions"]) for row in found), sum((Decimal(row["spend"]) for row in found), Decimal(0))


@pytest.mark.parametrize("level", ["account", "campaign", "adset"])
@pytest.mark.parametrize("increment", ["1", "7", "monthly", "all_days"])
def test_every_level_and_period_adds_up_to_the_same(
    graph: MetaGraph, account: ServedAccount, level: str, increment: str
) -> None:
    asked: dict[str, Any] = {"time_range": _last(account, 20), "fields": "impressions,spend,actions"}
    whole = rows(graph, f"{_act(account)}/insights", level="adset", time_increment="1", **asked)
    found = rows(graph, f"{_act(account)}/insights", level=level, time_increment=increment, **asked)
    assert _sum(found) == _sum(whole)
    assert all(asked["time_range"]["since"] <= row["date_start"] <= row["date_stop"] for row in found)
    assert len({(row["date_start"], *_ids(row)) for row in found}) <= len(found)


def _ids(row: dict[str, Any]) -> list[str]:
    return [row[name] for name in sorted(row) if name.endswith("_id")]


@pytest.mark.parametrize("breakdowns", ["age,gender", "age", "publisher_platform"])
def test_breakdowns_add_up_to_the_ad_sets(graph: MetaGraph, account: ServedAccount, breakdowns: str) -> None:
    asked: dict[str, Any] = {
        "time_range": _last(account, 6),
        "level": "adset",
        "time_increment": "1",
        "fields": "impressions,spend",
    }
    whole = rows(graph, f"{_act(account)}/insights", **asked)
    found = rows(graph, f"{_act(account)}/insights", breakdowns=breakdowns, **asked)
    assert _sum(found) == _sum(whole)
    assert all(name in row for row in found for name in breakdowns.split(","))


def test_ads_add_up_to_their_ad_set_by_its_own_edge(graph: MetaGraph, account: ServedAccount) -> None:
    ad_set = rows(graph, f"{_act(account)}/adsets", fields="id")[0]["id"]
    asked: dict[str, Any] = {"time_range": _last(account, 6), "fields": "impressions,spend,adset_id"}
    own = rows(graph, f"{ad_set}/insights", **asked)
    by_ad = rows(graph, f"{ad_set}/insights", level="ad", **asked)
    assert {row["adset_id"] for row in own + by_ad} == {ad_set}
    assert _sum(by_ad) == _sum(own)


def test_nothing_is_told_of_today_or_later(graph: MetaGraph, account: ServedAccount) -> None:
    today = account.today.isoformat()
    ahead = {"since": today, "until": (account.today + timedelta(5)).isoformat()}
    assert not rows(graph, f"{_act(account)}/insights", time_range=ahead, time_increment="1")


def test_pages_lead_on_to_all_rows_and_back(graph: MetaGraph, account: ServedAccount) -> None:
    path, asked = f"{_act(account)}/ads", {"fields": "id", "limit": "3"}
    found, after = list[str](), ""
    while True:
        _, page = ask(graph, path, **asked, **({"after": after} if after else {}))
        found += [row["id"] for row in page["data"]]
        assert TOKEN in page["paging"].get("next", TOKEN)  # Meta's own address holds the token as well
        if "next" not in page["paging"]:
            break
        after = page["paging"]["cursors"]["after"]
    assert found == [row["id"] for row in rows(graph, path, fields="id")]
    _, back = ask(graph, path, **asked, before=page["paging"]["cursors"]["before"])
    assert [row["id"] for row in back["data"]] == found[: len(found) - len(page["data"])][-3:]


def test_a_page_holds_what_is_asked_for_and_no_more(graph: MetaGraph, account: ServedAccount) -> None:
    found = rows(graph, f"{_act(account)}/ads", fields="name,creative{title,object_type}")
    assert {frozenset(row) for row in found} == {frozenset({"id", "name", "creative"})}
    assert {frozenset(row["creative"]) for row in found} == {frozenset({"id", "title", "object_type"})}


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ({"fields": "impressions,nonsense"}, 100, "nonsense"),
        ({"level": "galaxy"}, 100, "level must be one of"),
        ({"time_increment": "0"}, 100, "time_increment"),
        ({"time_range": {"since": "2026-02-30", "until": "2026-03-01"}}, 100, "time_range"),
        ({"time_range": {"since": "1999-01-01", "until": "2026-03-01"}}, 3018, "37 months"),
        ({"time_range": "yesterday"}, 100, "valid JSON"),
        ({"breakdowns": "age,publisher_platform"}, 100, "breakdown columns is invalid"),
        ({"breakdowns": ["hourly_stats"]}, 100, "breakdown columns is invalid"),
        ({"limit": "many"}, 100, "limit must be an integer"),
        ({"after": "%%%"}, 100, "cursors"),
        ({"filtering": [{"field": "spend", "operator": "LIKE", "value": 1}]}, 100, "operator"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(
    graph: MetaGraph, account: ServedAccount, given: dict[str, Any], code: int, words: str
) -> None:
    told = error(ask(graph, f"{_act(account)}/insights", **given))
    assert told["code"] == code
    assert words in told["message"]


def test_who_asks_is_checked(graph: MetaGraph, account: ServedAccount) -> None:
    path = _act(account)
    assert error(ask(graph, path, access_token=f"{TOKEN}2"))["code"] == 190
    assert error(ask(graph, path, appsecret_proof="0" * 64))["message"].startswith("Invalid appsecret_proof")
    assert error(ask(graph, path, version="v9.0"))["code"] == 2635
    assert error(ask(graph, "act_1"))["error_subcode"] == 33


def test_a_report_is_done_only_when_it_says_so_or_on_the_next_day(graph: MetaGraph, account: ServedAccount) -> None:
    asked: dict[str, Any] = {"time_range": _last(account, 3), "level": "adset", "time_increment": "1"}
    run = ask(graph, f"{_act(account)}/insights", "POST", **asked)[1]["report_run_id"]
    early = error(ask(graph, f"{run}/insights"))
    assert (early["code"], early["error_subcode"], early["is_transient"]) == (2601, 1815107, True)
    states = [ask(graph, run)[1] for _ in range(5)]
    assert [(one["async_status"], one["async_percent_completion"]) for one in states[-2:]] == [
        ("Job Running", 100), ("Job Completed", 100),
    ]  # fmt: skip
    second = ask(graph, f"{_act(account)}/insights", "POST", **asked)[1]["report_run_id"]
    account.advance(1)
    assert ask(graph, second)[1]["async_status"] == "Job Completed"
    assert rows(graph, f"{second}/insights") == rows(graph, f"{run}/insights")


def test_filtering_finds_by_name_and_by_what_stands_above(graph: MetaGraph, account: ServedAccount) -> None:
    one = rows(graph, f"{_act(account)}/adsets", fields="name,campaign_id")[0]
    by_name = [{"field": "name", "operator": "CONTAIN", "value": one["name"]}]
    assert one["id"] in {row["id"] for row in rows(graph, f"{_act(account)}/adsets", fields="id", filtering=by_name)}
    above = [{"field": "campaign.id", "operator": "IN", "value": [one["campaign_id"]]}]
    found = rows(graph, f"{_act(account)}/adsets", fields="campaign_id", filtering=above)
    assert {row["campaign_id"] for row in found} == {one["campaign_id"]}


_CAMPAIGN: dict[str, Any] = {
    "name": "c", "objective": "OUTCOME_LEADS", "special_ad_categories": ["NONE"],
    "is_adset_budget_sharing_enabled": False, "status": "PAUSED",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"objective": "LEAD_GENERATION"}, "objective"),
        ({"special_ad_categories": "NONE"}, "special_ad_categories"),
        ({"is_adset_budget_sharing_enabled": "maybe"}, "is_adset_budget_sharing_enabled"),
        ({"daily_budget": "12.5"}, "daily_budget"),
        ({"status": "ON"}, "status"),
        ({"bid_strategy": "CHEAP"}, "bid_strategy"),
    ],
)
def test_a_campaign_that_meta_would_not_take_is_refused_and_the_field_is_blamed(
    graph: MetaGraph, account: ServedAccount, change: dict[str, Any], field: str
) -> None:
    told = error(ask(graph, f"{_act(account)}/campaigns", "POST", **{**_CAMPAIGN, **change}))
    assert told["code"] == 100
    assert json.loads(told["error_data"])["blame_field_specs"] == [[field]]
    assert told["error_user_msg"]
    assert not [row for row in rows(graph, f"{_act(account)}/campaigns", fields="name") if row["name"] == "c"]


def test_an_ad_set_needs_a_place_a_budget_and_a_pixel(graph: MetaGraph, account: ServedAccount) -> None:
    campaign = ask(graph, f"{_act(account)}/campaigns", "POST", **{**_CAMPAIGN, "name": "above"})[1]["id"]
    good: dict[str, Any] = {
        "name": "s", "status": "PAUSED", "campaign_id": campaign, "daily_budget": "5000",
        "billing_event": "IMPRESSIONS", "optimization_goal": "OFFSITE_CONVERSIONS",
        "promoted_object": {"pixel_id": "7"},
        "targeting": {"geo_locations": {"countries": ["US"]}, "targeting_automation": {"advantage_audience": 0}},
    }  # fmt: skip
    blamed = {
        "campaign_id": {"campaign_id": "1"},
        "daily_budget": {"daily_budget": "99"},
        "promoted_object": {"promoted_object": {}},
        "targeting": {"targeting": {"geo_locations": {"countries": ["US"]}}},
        "bid_amount": {"bid_strategy": "COST_CAP"},
        "end_time": {"end_time": "2001-01-01T00:00:00+0000"},
    }
    for field, change in blamed.items():
        told = error(ask(graph, f"{_act(account)}/adsets", "POST", **{**good, **change}))
        assert json.loads(told["error_data"])["blame_field_specs"] == [[field]]
    only_checked = ask(graph, f"{_act(account)}/adsets", "POST", execution_options=["validate_only"], **good)
    assert only_checked == (200, {"success": True})
    status, made = ask(graph, f"{_act(account)}/adsets", "POST", **good)
    assert status == 200
    assert ask(graph, made["id"], fields="daily_budget,status")[1] == {
        "daily_budget": "5000", "status": "PAUSED", "id": made["id"]
    }  # fmt: skip


def test_a_campaign_is_removed_with_all_below_it(graph: MetaGraph, account: ServedAccount) -> None:
    made = ask(graph, f"{_act(account)}/campaigns", "POST", **{**_CAMPAIGN, "name": "gone"})[1]["id"]
    assert ask(graph, made, "DELETE") == (200, {"success": True})
    assert made not in {row["id"] for row in rows(graph, f"{_act(account)}/campaigns", fields="id")}
    assert error(ask(graph, made, "DELETE"))["error_subcode"] == 33


def test_a_copied_ad_shows_the_same_creative_under_the_name_that_is_asked_for(
    graph: MetaGraph, account: ServedAccount
) -> None:
    source = rows(graph, f"{_act(account)}/ads", fields="name,adset_id,creative")[0]
    renaming = {"rename_strategy": "ONLY_TOP_LEVEL_RENAME", "rename_suffix": " [mark]"}
    _, made = ask(graph, f"{source['id']}/copies", "POST", adset_id=source["adset_id"], rename_options=renaming)
    _, copied = ask(graph, made["copied_ad_id"], fields="name,status,creative")
    assert (copied["name"], copied["status"]) == (f"{source['name']} [mark]", "PAUSED")
    assert copied["creative"]["id"] == source["creative"]["id"]


def test_a_planted_refusal_is_said_on_the_next_write_alone(graph: MetaGraph, account: ServedAccount) -> None:
    account.faults.add({"where": "meta", "kind": "refuse", "words": "Not this week."})
    assert ask(graph, _act(account))[0] == 200
    told = error(ask(graph, f"{_act(account)}/campaigns", "POST", **_CAMPAIGN))
    assert told["error_user_msg"] == "Not this week."


def test_what_is_not_imitated_says_so(graph: MetaGraph, account: ServedAccount) -> None:
    batch = graph.answer(Call("POST", "v26.0", (), {"access_token": TOKEN, "batch": "[]"}))
    assert "does not offer" in json.loads(batch.text)["error"]["message"]
    campaign = rows(graph, f"{_act(account)}/campaigns", fields="id")[0]["id"]
    assert "does not offer" in error(ask(graph, campaign, "POST", status="ARCHIVED"))["message"]
