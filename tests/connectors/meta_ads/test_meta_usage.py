"""What the headers of Meta's answers tell of its limits, and what is waited for."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketmover.connectors.meta_ads.usage import Usage, read_usage


def _case(**told: object) -> dict[str, str]:
    return {"X-Business-Use-Case-Usage": json.dumps({"998877": [{"type": "ads_insights", **told}]})}


def test_the_fullest_of_all_limits_counts_wherever_it_stands() -> None:
    headers = {
        **_case(call_count=12, total_cputime=81, total_time=3, estimated_time_to_regain_access=0),
        "X-Ad-Account-Usage": json.dumps({"acc_id_util_pct": 9.67, "reset_time_duration": 100}),
        "X-FB-Ads-Insights-Throttle": json.dumps({"app_id_util_pct": 40.1, "acc_id_util_pct": 10}),
        "Content-Type": "application/json",
    }
    assert read_usage(headers).share == 81.0


def test_minutes_until_access_is_regained_are_waited_for() -> None:
    assert read_usage(_case(call_count=100, estimated_time_to_regain_access=7)).pause_s == 420.0


@pytest.mark.parametrize(("share", "pause"), [(0.0, 0.0), (75.0, 0.0), (85.0, 5.0), (95.0, 60.0), (140.0, 60.0)])
def test_calls_slow_down_from_three_quarters_on_and_stop_near_the_limit(share: float, pause: float) -> None:
    assert Usage(share).pause_s == pytest.approx(pause)


@given(st.dictionaries(st.sampled_from(["x-app-usage", "X-Business-Use-Case-Usage", "x-other"]), st.text()))
def test_headers_that_cannot_be_read_tell_nothing(headers: dict[str, str]) -> None:
    usage = read_usage(headers)
    assert usage.pause_s >= 0.0


@given(st.floats(0.0, 100.0), st.floats(0.0, 100.0))
def test_a_fuller_limit_is_never_waited_for_less(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert Usage(low).pause_s <= Usage(high).pause_s


def test_no_headers_at_all_tell_nothing() -> None:
    assert read_usage(None) == Usage(0.0, 0.0)
