"""Queries of the simulated Google Ads account, through the official SDK."""
# ruff: noqa: S608 - queries of a simulated account, not SQL

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.ads.googleads.errors import GoogleAdsException
from google.api_core.exceptions import InternalServerError, ResourceExhausted, ServiceUnavailable
from google_calls import Caller, codes_of, served, told

from marketmover.sandbox import Market

Json = dict[str, Any]
FACTS = "metrics.impressions, metrics.clicks, metrics.cost_micros"


@pytest.fixture(scope="module")
def caller(history: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Caller]:
    with served(history, tmp_path_factory.mktemp("google") / "account", page_rows=50) as found:
        yield found


def days(caller: Caller, first: int, last: int) -> str:
    """A condition on the days so many days ago."""
    ago = [caller.account.today - timedelta(number) for number in (first, last)]
    return f"segments.date BETWEEN '{ago[0]}' AND '{ago[1]}'"


def exported(history: Path, first: str, last: str) -> Counter[tuple[str, str, str]]:
    """Impressions, clicks and micros by ad group and day, as the sandbox's own files have them."""
    found: Counter[tuple[str, str, str]] = Counter()
    for path in (history / "google_ads").glob("daily_*.json"):
        for batch in json.loads(path.read_text(encoding="utf-8")):
            for row in batch["results"]:
                if "adGroup" in row and first <= row["segments"]["date"] <= last:
                    for name in ("impressions", "clicks", "costMicros"):
                        found[row["adGroup"]["id"], row["segments"]["date"], name] += int(row["metrics"].get(name, 0))
    return found


def test_a_pull_by_ad_group_and_day_is_what_the_export_holds(caller: Caller, history: Path) -> None:
    rows = caller.rows(f"SELECT ad_group.id, {FACTS}, segments.date FROM ad_group WHERE {days(caller, 60, 41)}")
    pulled = Counter(
        {
            (row["adGroup"]["id"], row["segments"]["date"], name): int(row["metrics"][name])
            for row in rows
            for name in ("impressions", "clicks", "costMicros")
        }
    )
    today = caller.account.today
    assert len(rows) > 100
    assert pulled == exported(history, str(today - timedelta(60)), str(today - timedelta(41)))


def test_a_row_holds_what_was_selected_and_the_names_of_its_parts(caller: Caller) -> None:
    (row, *_) = caller.rows(
        f"SELECT campaign.id, metrics.clicks, segments.date FROM ad_group WHERE {days(caller, 9, 9)}"
    )
    assert {part: set(fields) for part, fields in row.items()} == {
        "campaign": {"resourceName", "id"},
        "adGroup": {"resourceName"},
        "metrics": {"clicks"},
        "segments": {"date"},
    }


def test_a_campaign_has_what_its_ad_groups_have_together(caller: Caller) -> None:
    span = days(caller, 30, 3)
    whole = caller.rows(f"SELECT campaign.id, {FACTS} FROM campaign WHERE {span}")
    parts = caller.rows(f"SELECT campaign.id, {FACTS}, segments.date FROM ad_group WHERE {span}")
    summed = Counter[str]()
    for row in parts:
        summed[row["campaign"]["id"]] += int(row["metrics"]["costMicros"])
    groups = {row["campaign"]["id"]: int(row["metrics"]["costMicros"]) for row in whole}
    assert summed
    assert {name: groups[name] for name in summed} == dict(summed)


def test_every_campaign_has_a_row_without_segments_and_none_on_a_day_on_which_it_did_not_run(caller: Caller) -> None:
    every = caller.rows("SELECT campaign.id, campaign.status FROM campaign")
    over = days(caller, 1, 1)
    plain = caller.rows(f"SELECT campaign.id, metrics.clicks FROM campaign WHERE {over}")
    daily = caller.rows(f"SELECT campaign.id, metrics.impressions, segments.date FROM campaign WHERE {over}")
    assert len(plain) == len(every)
    assert all(int(row["metrics"]["impressions"]) > 0 for row in daily)
    assert len(daily) <= sum(row["campaign"]["status"] == "ENABLED" for row in every)


def test_rates_follow_from_sums_and_not_from_daily_rates(caller: Caller) -> None:
    (row,) = caller.rows(f"SELECT {FACTS}, metrics.ctr, metrics.average_cpc FROM customer WHERE {days(caller, 28, 1)}")
    shown, clicks, micros = (int(row["metrics"][name]) for name in ("impressions", "clicks", "costMicros"))
    assert row["metrics"]["ctr"] == pytest.approx(clicks / shown)
    assert row["metrics"]["averageCpc"] == pytest.approx(micros / clicks)


def test_months_are_told_by_their_first_day(caller: Caller) -> None:
    rows = caller.rows(f"SELECT segments.month, metrics.clicks FROM customer WHERE {days(caller, 70, 1)}")
    first = (caller.account.today - timedelta(70)).replace(day=1)
    assert rows[0]["segments"]["month"] == str(first)
    assert len({row["segments"]["month"] for row in rows}) == len(rows) >= 2


def test_rows_are_sorted_and_cut_as_asked(caller: Caller) -> None:
    rows = caller.rows(
        f"SELECT campaign.id, metrics.clicks, segments.date FROM campaign WHERE {days(caller, 20, 1)} "
        "ORDER BY metrics.clicks DESC, campaign.id LIMIT 12"
    )
    clicks = [int(row["metrics"]["clicks"]) for row in rows]
    assert len(clicks) == 12
    assert clicks == sorted(clicks, reverse=True)


def test_conversions_by_action_carry_no_money(caller: Caller) -> None:
    rows = caller.rows(
        "SELECT ad_group.id, segments.conversion_action_name, segments.conversion_action_category, "
        f"metrics.conversions, segments.date FROM ad_group WHERE {days(caller, 40, 20)}"
    )
    assert {"Contact form", "Phone call"} <= {row["segments"]["conversionActionName"] for row in rows}
    assert {tuple(row["metrics"]) for row in rows} == {("conversions",)}


@pytest.mark.parametrize(
    ("resource", "field"),
    [
        ("ad_group_ad", "ad_group_ad.ad.responsive_search_ad.headlines"),
        ("ad_group_criterion", "ad_group_criterion.keyword.text"),
        ("campaign_criterion", "campaign_criterion.location.geo_target_constant"),
        ("campaign_budget", "campaign_budget.amount_micros"),
        ("campaign_simulation", "campaign_simulation.budget_point_list.points"),
        ("customer", "customer.currency_code"),
    ],
)
def test_what_stands_in_the_account_is_told(caller: Caller, resource: str, field: str) -> None:
    rows = caller.rows(f"SELECT {field} FROM {resource}")
    leaf = field.split(".")[1]
    assert any(len(part) > 1 for row in rows for part in row.values()), leaf


def test_ads_are_told_with_the_state_of_their_campaign(caller: Caller) -> None:
    rows = caller.rows("SELECT campaign.status, campaign.bidding_strategy_type, ad_group_ad.ad.id FROM ad_group_ad")
    assert {row["campaign"]["status"] for row in rows} <= {"ENABLED", "PAUSED"}
    assert all("biddingStrategyType" in row["campaign"] for row in rows)


def test_conditions_choose_campaigns(caller: Caller, market: Market) -> None:
    name = next(line.campaign_name for line in market.lines if line.platform == "google_ads")
    (found,) = caller.rows(f"SELECT campaign.id FROM campaign WHERE campaign.name = '{name}'")
    number, full = found["campaign"]["id"], found["campaign"]["resourceName"]
    for condition in (
        f"campaign.id = {number}",
        f"campaign.id = '{number}'",
        f"campaign.id IN ({number}, 1)",
        f'campaign.resource_name = "{full}"',
        f"campaign.name LIKE '%{name.upper()[4:]}'",
        f"campaign.name REGEXP_MATCH '.*{name[-3:]}' AND campaign.id = {number}",
        f"campaign.id = {number} AND campaign.status != 'REMOVED' AND campaign.name IS NOT NULL",
    ):
        assert caller.rows(f"SELECT campaign.id FROM campaign WHERE {condition}") == [found]
    for condition in (f"campaign.name = '{name.upper()}'", f"campaign.id = {number} AND campaign.status = 'REMOVED'"):
        assert caller.rows(f"SELECT campaign.id FROM campaign WHERE {condition}") == []


def test_every_page_of_a_search_comes_once(caller: Caller) -> None:
    query = f"SELECT campaign.id, metrics.clicks, segments.date FROM campaign WHERE {days(caller, 60, 1)}"
    pages = caller.ga.search(customer_id=caller.customer, query=query).pages
    paged = [(row.campaign.id, row.segments.date) for page in pages for row in page.results]
    streamed = [(int(row["campaign"]["id"]), row["segments"]["date"]) for row in caller.rows(query)]
    assert len(streamed) > 100  # more than two pages
    assert paged == streamed
    assert len(list(caller.batches(query))) > 2


def test_a_page_token_is_for_its_own_query(caller: Caller) -> None:
    def ask(query: str, token: str) -> Any:
        request = {"customer_id": caller.customer, "query": query, "page_token": token}
        return next(iter(caller.ga.search(request=request).pages))

    span = days(caller, 60, 1)
    first = ask(f"SELECT campaign.id, segments.date FROM campaign WHERE {span}", "")
    for token in (first.next_page_token, "nonsense"):
        with pytest.raises(GoogleAdsException) as refused:
            ask(f"SELECT campaign.name, segments.date FROM campaign WHERE {span}", token)
        assert codes_of(refused.value) == ["INVALID_PAGE_TOKEN"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "EXPECTED_SELECT"),
        ("DELETE campaign", "EXPECTED_SELECT"),
        ("SELECT campaign.id", "UNEXPECTED_END_OF_QUERY"),
        ("SELECT campaign.id FROM campaigns", "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE"),
        ("SELECT asset.id FROM asset", "PROHIBITED_RESOURCE_TYPE_IN_FROM_CLAUSE"),
        ("SELECT campaign.colour FROM campaign", "UNRECOGNIZED_FIELD"),
        ("SELECT campaign.target_cpa FROM campaign", "PROHIBITED_FIELD_IN_SELECT_CLAUSE"),
        ("SELECT ad_group.id FROM campaign", "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE"),
        ("SELECT campaign_budget.amount_micros FROM ad_group", "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE"),
        (
            "SELECT metrics.search_budget_lost_impression_share FROM ad_group",
            "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
        ),
        ("SELECT metrics.video_views FROM campaign", "UNRECOGNIZED_FIELD"),
        ("SELECT segments.hour FROM campaign", "PROHIBITED_SEGMENT_IN_SELECT_OR_WHERE_CLAUSE"),
        (
            "SELECT segments.conversion_action_name, metrics.clicks FROM campaign",
            "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
        ),
        ("SELECT segments.date FROM campaign", "EXPECTED_FILTERS_ON_DATE_RANGE"),
        ("SELECT segments.date FROM campaign WHERE segments.date > '2024-01-01'", "EXPECTED_FILTERS_ON_DATE_RANGE"),
        ("SELECT campaign.id FROM campaign WHERE segments.date = '2024-02-30'", "INVALID_DATE_FORMAT"),
        (
            "SELECT campaign.id FROM campaign WHERE segments.date DURING LAST_CENTURY",
            "INVALID_VALUE_WITH_DURING_OPERATOR",
        ),
        ("SELECT campaign.id FROM campaign WHERE campaign.status = 'ON'", "BAD_ENUM_CONSTANT"),
        ("SELECT campaign.id FROM campaign WHERE campaign.id = 'x'", "BAD_NUMBER"),
        ("SELECT campaign.id FROM campaign WHERE campaign.name = 5", "BAD_VALUE"),
        ("SELECT campaign.id FROM campaign WHERE campaign.name ~ 'x'", "BAD_SYMBOL"),
        ("SELECT campaign.id FROM campaign WHERE campaign.name IN ()", "PROHIBITED_EMPTY_LIST_IN_CONDITION"),
        ("SELECT campaign.id FROM campaign WHERE campaign.name CONTAINS ANY ('x')", "OPERATOR_FIELD_MISMATCH"),
        ("SELECT campaign.id FROM campaign WHERE campaign.name = 'x", "STRING_NOT_TERMINATED"),
        (
            "SELECT metrics.clicks FROM ad_group WHERE segments.device = 'MOBILE'",
            "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE",
        ),
        ("SELECT campaign.id FROM campaign LIMIT 0", "LIMIT_VALUE_TOO_LOW"),
        ("SELECT campaign.id FROM campaign LIMIT many", "BAD_LIMIT_VALUE"),
        ("SELECT campaign.id FROM campaign ORDER campaign.id", "EXPECTED_BY"),
        ("SELECT change_event.change_date_time FROM change_event", "LIMIT_NOT_SPECIFIED"),
        ("SELECT change_event.change_date_time FROM change_event LIMIT 10001", "INVALID_LIMIT_CLAUSE"),
        ("SELECT change_event.change_date_time FROM change_event LIMIT 9", "CHANGE_DATE_RANGE_INFINITE"),
    ],
)
def test_a_query_is_refused_as_google_refuses_it(caller: Caller, query: str, code: str) -> None:
    with pytest.raises(GoogleAdsException) as refused:
        caller.rows(query)
    assert codes_of(refused.value) == [code]
    assert refused.value.error.code() is grpc.StatusCode.INVALID_ARGUMENT
    assert told(refused.value)["requestId"] == refused.value.request_id


def test_the_log_of_changes_goes_back_thirty_days_and_no_further(caller: Caller) -> None:
    def ask(ago: int) -> list[Json]:
        first, last = caller.account.today - timedelta(ago), caller.account.today
        return caller.rows(
            "SELECT change_event.change_date_time FROM change_event WHERE change_event.change_date_time >= "
            f"'{first}' AND change_event.change_date_time <= '{last}' LIMIT 10000"
        )

    assert all(row["changeEvent"]["changeDateTime"] >= str(caller.account.today - timedelta(30)) for row in ask(30))
    with pytest.raises(GoogleAdsException) as refused:
        ask(31)
    assert codes_of(refused.value) == ["START_DATE_TOO_OLD"]


def test_another_version_gets_the_same_rows(caller: Caller) -> None:
    query = f"SELECT campaign.id, metrics.clicks, segments.date FROM campaign WHERE {days(caller, 9, 1)}"
    other = Caller(caller.folder, caller.account, caller.port, version="v26")
    try:
        assert other.rows(query) == caller.rows(query) != []
    finally:
        other.close()


@pytest.mark.parametrize("method", ["v22.services.GoogleAdsService/Search", "v25.services.AssetService/MutateAssets"])
def test_what_is_not_served_is_unimplemented(caller: Caller, method: str) -> None:
    call = caller.channel.unary_unary(f"/google.ads.googleads.{method}")
    with pytest.raises(grpc.RpcError) as refused:
        call(b"", timeout=60)
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"token": "ya29.from-yesterday"}, "OAUTH_TOKEN_EXPIRED"),
        ({"token": "stolen"}, "OAUTH_TOKEN_INVALID"),
        ({"developer_token": "another"}, "DEVELOPER_TOKEN_INVALID"),
        ({"developer_token": ""}, "DEVELOPER_TOKEN_PARAMETER_MISSING"),
        ({"login_customer_id": None}, "USER_PERMISSION_DENIED"),
        ({"login_customer_id": "1234567890"}, "USER_PERMISSION_DENIED"),
    ],
)
def test_a_caller_without_the_right_to_it_is_refused(caller: Caller, sent: Json, code: str) -> None:
    other = Caller(caller.folder, caller.account, caller.port, **sent)
    try:
        with pytest.raises(GoogleAdsException) as refused:
            other.rows("SELECT campaign.id FROM campaign")
        assert codes_of(refused.value) == [code]
    finally:
        other.close()


@pytest.mark.parametrize(("customer", "code"), [("123-456-7890", "INVALID_CUSTOMER_ID"), ("1", "INVALID_CUSTOMER_ID")])
def test_another_account_is_refused(caller: Caller, customer: str, code: str) -> None:
    with pytest.raises(GoogleAdsException) as refused:
        list(caller.ga.search_stream(customer_id=customer, query="SELECT campaign.id FROM campaign"))
    assert codes_of(refused.value) == [code]


def test_a_client_that_does_not_trust_the_certificate_gets_nowhere(caller: Caller, tmp_path: Path) -> None:
    from marketmover.sandbox.serving.certificates import certificates_in

    other = Caller(caller.folder, caller.account, caller.port, ca=certificates_in(tmp_path).ca)
    try:
        with pytest.raises(ServiceUnavailable, match="CERTIFICATE_VERIFY_FAILED"):
            other.rows("SELECT campaign.id FROM campaign")
    finally:
        other.close()


def test_exhausted_quota_says_how_long_to_wait(caller: Caller) -> None:
    caller.account.faults.add({"where": "google", "kind": "throttle", "wait_s": 7})
    with pytest.raises(ResourceExhausted) as refused:
        caller.rows("SELECT campaign.id FROM campaign")
    from google.ads.googleads.v25.errors.types.errors import GoogleAdsFailure

    sent = dict(refused.value.errors[0].trailing_metadata())
    failure = GoogleAdsFailure.deserialize(sent["google.ads.googleads.v25.errors.googleadsfailure-bin"])
    assert failure.errors[0].details.quota_error_details.retry_delay.seconds == 7
    assert caller.rows("SELECT campaign.id FROM campaign")


def test_a_stream_can_break_half_way(caller: Caller) -> None:
    query = f"SELECT campaign.id, metrics.clicks, segments.date FROM campaign WHERE {days(caller, 30, 1)}"
    caller.account.faults.add({"where": "google", "kind": "cut"})
    came: list[Json] = []
    with pytest.raises(ServiceUnavailable):
        came.extend(row for batch in caller.batches(query) for row in batch["results"])
    assert len(came) == 25  # half of the first batch
    assert len(caller.rows(query)) > 50


def test_errors_and_expired_tokens_can_be_had_on_demand(caller: Caller) -> None:
    faults = caller.account.faults
    faults.add({"where": "google", "kind": "server_error"})
    with pytest.raises(InternalServerError):
        caller.rows("SELECT campaign.id FROM campaign")
    faults.add({"where": "google", "kind": "expired_token"})
    with pytest.raises(GoogleAdsException) as refused:
        caller.rows("SELECT campaign.id FROM campaign")
    assert codes_of(refused.value) == ["OAUTH_TOKEN_EXPIRED"]


_PLAIN_CLIENT = """
import os, sys
os.environ["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"] = sys.argv[1]
from google.ads.googleads.client import GoogleAdsClient
from google.oauth2.credentials import Credentials
_, ca, endpoint, token, developer, login, customer = sys.argv
client = GoogleAdsClient(Credentials(token), developer_token=developer, endpoint=endpoint, login_customer_id=login,
                         version="v26", use_proto_plus=True)
print(*client.get_service("CustomerService").list_accessible_customers().resource_names)
ads = client.get_service("GoogleAdsService")
for row in ads.search(customer_id=customer, query="SELECT customer.currency_code FROM customer LIMIT 1"):
    print(row.customer.currency_code)
"""


def test_the_plain_client_of_the_sdk_connects_as_to_google(caller: Caller) -> None:
    account = caller.account
    arguments = [
        str(caller.folder / "ca.pem"), f"localhost:{caller.port}", account.tokens.issue(),
        account.tokens.developer_token, account.login_customer_id, caller.customer,
    ]  # fmt: skip
    environment = {**os.environ, "no_proxy": "localhost,127.0.0.1"}
    done = subprocess.run(
        [sys.executable, "-c", _PLAIN_CLIENT, *arguments], capture_output=True, text=True, check=False, env=environment
    )
    told_ids = f"customers/{account.login_customer_id} customers/{caller.customer}"
    assert done.stdout.split("\n") == [told_ids, account.currency, ""], done.stderr
