"""Plans published to a served Meta account by the official SDK: once, paused, read back, taken back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from tests.campaigns.platforms.payload_plans import line, plan
from tests.connectors.meta_ads.conftest import ServedMeta

from marketmover.campaigns.platforms import MetaAccount, meta_operations
from marketmover.campaigns.publishing.platform import LiveLine, Step
from marketmover.connectors.meta_ads.publishing import MetaAds
from marketmover.errors import InputError, PlatformError
from marketmover.history import MetaResource
from marketmover.plans import Bidding, Creative, LineAudience

PAGE = "100200300400500"


def _request(served: ServedMeta, number: int, daily: float = 60.0, days: int = 28, **given: Any) -> dict[str, Any]:
    """`meta_ads.json` for one new line that begins today."""
    audience = LineAudience(countries=["US"], age_min=25, age_max=54, genders=["FEMALE"])
    creative = Creative(headline="Run further", body="Light shoes.", final_url="https://www.example.com/shoes")
    bidding = Bidding(strategy="COST_CAP", target=21.5)
    new = line(f"meta_ads:new:{number}", daily, audience=audience, creative=creative, bidding=bidding, days=days)
    today = served.account.today
    dates = {"start_date": today, "end_date": today + timedelta(days - 1)}
    asked = plan([new], currency=served.account.currency, days=days).model_copy(update=dates)
    known: dict[str, Any] = {"account_id": served.account.meta_account, "time_zone": served.account.time_zone}
    promoted = {"page_id": PAGE, "pixel_id": PAGE}
    fields: dict[str, Any] = {**known, "promoted_object": promoted, **given}
    account = MetaAccount(**fields)
    return meta_operations(asked, {}, account=account).body


def _publish(ads: MetaAds, steps: Sequence[Step]) -> dict[str, str]:
    made: dict[str, str] = {}
    for step in steps:
        assert ads.find(step, made) is None
        made |= ads.send(step, made)
    return made


def _own_line(served: ServedMeta) -> str:
    """A line of the market whose budget stands on its one ad set, and that runs."""
    known = {row["id"] for row in served.account.meta_rows("adsets") if row["status"] == "ACTIVE"}
    return next(
        one.id
        for one in served.account.market.lines
        if one.platform == "meta_ads" and one.budget_level == "ad_set" and set(one.group_ids) & known
    )


def _change(ads: MetaAds, line_id: str, action: str, to: Any = None) -> Sequence[Step]:
    return ads.steps({"changes": [{"line_id": line_id, "action": action, "to": to}]})


def _done(ads: MetaAds, steps: Sequence[Step]) -> None:
    for step in steps:
        assert not ads.check(step)
        ads.send(step, {})
        assert ads.find(step, {}) is not None


def _one(ads: MetaAds, line_id: str) -> LiveLine:
    return ads.read([line_id])[0]


def test_a_new_line_is_made_paused_step_by_step_and_reads_back_as_the_plan_has_it(served: ServedMeta) -> None:
    ads = served.platform()
    steps = ads.steps(_request(served, 1))
    assert [step.body["edge"].rpartition("/")[2] for step in steps] == ["campaigns", "adsets", "adcreatives", "ads"]
    assert all(step.creates and step.line_ids == ("meta_ads:new:1",) for step in steps)
    made = _publish(ads, steps)
    live = _one(ads, made["meta_ads:new:1"])
    assert (live.status, live.daily_budget, live.bidding) == ("PAUSED", 60.0, {"strategy": "COST_CAP", "target": 21.5})
    assert (live.start, live.end) == (served.account.today, served.account.today + timedelta(27))
    assert "[meta_ads:new:1 " in live.name
    assert len({*made.values()}) == 5  # four objects and the line


def test_what_was_sent_is_found_again_by_its_name_and_mark(served: ServedMeta) -> None:
    ads = served.platform()
    steps = ads.steps(_request(served, 2))
    made = _publish(ads, steps)
    known: dict[str, str] = {}
    for step in steps:
        found = served.platform().find(step, known)
        assert found is not None
        known |= found
    assert known == made


def test_looks_for_many_lost_creatives_list_the_accounts_once(served: ServedMeta) -> None:
    session, listed = served.session(), list[str]()
    read = session.rows

    def rows(path: Sequence[str], params: Mapping[str, Any], what: str) -> list[dict[str, Any]]:
        listed.append(path[-1])
        return read(path, params, what)

    session.rows = rows
    ads = MetaAds(session)
    lost = [
        step
        for number in (41, 42, 43)
        for step in ads.steps(_request(served, number))
        if str(step.body["edge"]).endswith("adcreatives")
    ]
    assert [ads.find(step, {}) for step in lost] == [None] * 3
    assert listed.count("adcreatives") == 1
    late = served.platform().send(lost[0], {})
    assert ads.find(lost[0], {}) == late  # asked for again, it is read anew
    made = ads.send(lost[1], {})
    assert ads.find(lost[1], {}) == made
    assert listed.count("adcreatives") == 3


def test_of_another_plans_line_nothing_is_found(served: ServedMeta) -> None:
    ads = served.platform()
    _publish(ads, ads.steps(_request(served, 3)))
    served.account.advance(1)
    assert all(ads.find(step, {}) is None for step in ads.steps(_request(served, 3)))


@pytest.mark.parametrize("kind", ["cut", "short_body"])
def test_a_lost_answer_is_unknown_and_what_was_made_is_found(served: ServedMeta, kind: str) -> None:
    ads = served.platform()
    step = ads.steps(_request(served, 4 if kind == "cut" else 5))[0]
    served.fault(kind, call="POST")
    with pytest.raises(PlatformError, match="look it up") as caught:
        ads.send(step, {})
    assert caught.value.kind == "unknown"
    found = ads.find(step, {})
    assert found is not None
    rows = served.account.meta_rows("campaigns")
    assert sum(row["id"] == found[step.ref] for row in rows) == 1


@pytest.mark.parametrize("kind", ["server_error", "bad_gateway"])
def test_a_write_that_fails_is_never_tried_again_by_itself(served: ServedMeta, kind: str) -> None:
    ads = served.platform()
    step = ads.steps(_request(served, 6))[0]
    served.fault(kind, call="POST")
    with pytest.raises(PlatformError) as caught:
        ads.send(step, {})
    assert (caught.value.kind, served.waited) == ("unknown", [])
    assert ads.find(step, {}) is None


def test_a_throttled_write_says_that_nothing_was_done(served: ServedMeta) -> None:
    ads = served.platform()
    step = ads.steps(_request(served, 7))[0]
    served.fault("throttle", wait_s=120, call="POST")
    with pytest.raises(PlatformError, match="Nothing was done") as caught:
        ads.send(step, {})
    assert (caught.value.kind, caught.value.wait_s, ads.find(step, {})) == ("throttled", 120.0, None)


def test_a_check_makes_nothing_and_says_in_plain_words_what_is_wrong(served: ServedMeta) -> None:
    ads = served.platform()
    before = [row["id"] for row in served.account.meta_rows("campaigns")]
    steps = list(ads.steps(_request(served, 8)))
    campaign = steps[0]
    params = {name: value for name, value in campaign.body["params"].items() if name != "special_ad_categories"}
    wrong = {**campaign.body, "params": params}
    refusals = ads.check(Step(campaign.ref, campaign.line_ids, campaign.what, wrong, creates=True))
    assert [(one.code, one.line_ids) for one in refusals] == [("100/1815857", ("meta_ads:new:8",))]
    assert "refused (special ad categories)" in refusals[0].words
    assert "meta_ads.json" in refusals[0].remedy
    assert all(not ads.check(step) for step in steps)
    assert [row["id"] for row in served.account.meta_rows("campaigns")] == before


def test_a_budget_that_is_too_small_is_refused_with_what_to_do(served: ServedMeta) -> None:
    ads = served.platform()
    steps = ads.steps(_request(served, 9, daily=0.4))
    made = ads.send(steps[0], {})
    with pytest.raises(PlatformError, match=r"refused \(daily budget\).*Give the line more") as caught:
        ads.send(steps[1], made)
    assert (caught.value.kind, caught.value.codes) == ("refused", ("100/1885272",))


def test_a_plan_whose_dates_are_over_is_refused(served: ServedMeta) -> None:
    ads = served.platform()
    steps = ads.steps(_request(served, 10, days=2))
    made = ads.send(steps[0], {})
    served.account.advance(3)
    with pytest.raises(PlatformError, match=r"refused \(end\).*later dates"):
        ads.send(steps[1], made)


def test_what_bears_the_plans_mark_already_is_named_and_not_made_again(served: ServedMeta) -> None:
    ads = served.platform()
    steps = ads.steps(_request(served, 12))
    made = _publish(ads, steps)
    other = served.platform()  # another home, whose ledger knows nothing of it
    served.session().write((made[steps[0].ref],), {"name": f"Renamed {_mark(steps[0])}"}, "renaming it")
    refusals = [one for step in other.steps(_request(served, 12)) for one in other.check(step)]
    assert [(one.ref, one.code) for one in refusals] == [(steps[0].ref, "already_there")]
    assert f"campaign “Renamed {_mark(steps[0])}” ({made[steps[0].ref]}) is there already" in refusals[0].words
    before = len(list(served.account.meta_rows("campaigns")))
    for step in (steps[0], steps[1], steps[3]):
        with pytest.raises(PlatformError, match="is there already") as caught:
            other.send(step, made)
        assert caught.value.kind == "refused"
    assert len(list(served.account.meta_rows("campaigns"))) == before
    for step in reversed(steps):
        ads.take_back(step, made)
    assert not other.check(steps[0])


def test_what_was_archived_or_deleted_is_neither_found_nor_in_the_way(served: ServedMeta) -> None:
    session, asked = served.session(), list[Any]()
    read = session.rows

    def rows(path: Sequence[str], params: Mapping[str, Any], what: str) -> list[dict[str, Any]]:
        asked.extend(params.get("effective_status", ()))
        return read(path, params, what)

    session.rows = rows
    ads = MetaAds(session)
    steps = ads.steps(_request(served, 13))
    made = _publish(ads, steps)
    for step in reversed(steps):
        ads.take_back(step, made)
    assert [ads.find(step, made) for step in steps] == [None] * 4
    assert "ARCHIVED" not in asked
    assert "PENDING_BILLING_INFO" in asked


def _mark(step: Step) -> str:
    return str(step.body["params"]["name"]).partition("[")[2].join(("[", ""))


def test_what_was_made_is_taken_back_and_a_second_time_does_no_harm(served: ServedMeta) -> None:
    ads = served.platform()
    steps = ads.steps(_request(served, 11))
    made = _publish(ads, steps)
    for step in [*reversed(steps), *reversed(steps)]:
        ads.take_back(step, made)
    assert not ads.read([made["meta_ads:new:11"]])
    assert ads.find(steps[0], {}) is None


def test_a_line_that_is_switched_on_spends_from_the_next_day_on(served: ServedMeta) -> None:
    ads = served.platform()
    served.account.advance(1)
    made = _publish(ads, ads.steps(_request(served, 12)))
    name = made["meta_ads:new:12"]
    _done(ads, _change(ads, name, "switch_on"))
    assert _one(ads, name).status == "ACTIVE"
    day = served.account.today
    served.account.advance(2)
    ad_set = name.rpartition(":")[2]
    rows = [row for row in served.account.meta_rows("insights", day, None) if row["adset_id"] == ad_set]
    assert len(rows) == 2
    assert all(0.0 < float(row["spend"]) <= 1.25 * 60.0 for row in rows)


def test_changes_of_running_lines_are_set_and_read_back(served: ServedMeta) -> None:
    ads = served.platform()
    name = _own_line(served)
    budget = _one(ads, name).daily_budget
    assert budget is not None
    _done(ads, _change(ads, name, "set_daily_budget", budget + 10.5))
    assert _one(ads, name).daily_budget == pytest.approx(budget + 10.5)
    _done(ads, _change(ads, name, "pause"))
    assert _one(ads, name).status == "PAUSED"
    _done(ads, _change(ads, name, "resume"))
    _done(ads, _change(ads, name, "set_bidding", {"strategy": "COST_CAP", "target": 31.0}))
    live = _one(ads, name)
    assert (live.status, live.bidding) == ("ACTIVE", {"strategy": "COST_CAP", "target": 31.0})


def test_a_line_that_gets_nothing_is_paused_and_keeps_its_budget(served: ServedMeta) -> None:
    ads = served.platform()
    name = _own_line(served)
    before = _one(ads, name)
    _done(ads, _change(ads, name, "set_daily_budget", 0.0))
    assert (_one(ads, name).status, _one(ads, name).daily_budget) == ("PAUSED", before.daily_budget)
    _done(ads, _change(ads, name, "resume"))


def test_what_a_plan_asks_of_running_lines_is_set_and_known_to_be_so(served: ServedMeta) -> None:
    name = _own_line(served)
    _, campaign, ad_set = name.split(":")
    asked = plan([line(name, 77.0)], currency=served.account.currency)
    known = MetaResource(served.account.meta_account, campaign, ad_set, budget_level="ad_set")
    ads = served.platform()
    steps = ads.steps(meta_operations(asked, {name: known}).body)
    assert [(step.creates, step.line_ids) for step in steps] == [(False, (name,))]
    assert "the ad set “" in steps[0].what
    assert "77.00 a day" in steps[0].what
    _done(ads, steps)
    assert _one(ads, name).daily_budget == 77.0
    ads.take_back(steps[0], {steps[0].ref: ad_set})  # what it changed stays: it is put back by a change
    assert _one(ads, name).daily_budget == 77.0


def test_an_audience_is_sent_whole_with_new_ages_and_genders(served: ServedMeta) -> None:
    ads = served.platform()
    name = _own_line(served)
    ad_set = name.rpartition(":")[2]
    before = _targeting(served, ad_set)
    _done(ads, _change(ads, name, "set_audience", {"age_min": 30, "age_max": 44, "genders": ["FEMALE"]}))
    after = _targeting(served, ad_set)
    assert (after["age_min"], after["age_max"], after["genders"]) == (30, 44, [2])
    assert after["geo_locations"] == before["geo_locations"]


def test_an_audience_is_put_back_whole_as_it_was_read(served: ServedMeta) -> None:
    ads, name = served.platform(), _own_line(served)
    ad_set = name.rpartition(":")[2]
    before, was = _targeting(served, ad_set), _one(ads, name).audience
    assert was == {ad_set: before}
    _done(ads, _change(ads, name, "set_audience", {"age_min": 31, "age_max": 40, "genders": ["MALE"]}))
    assert _targeting(served, ad_set) != before
    _done(ads, _change(ads, name, "restore_audience", was))
    after = dict(_targeting(served, ad_set))
    assert after.pop("targeting_automation", {"advantage_audience": 0}) == {"advantage_audience": 0}
    assert after == {key: value for key, value in before.items() if key != "targeting_automation"}


def test_of_a_campaign_with_several_ad_sets_each_audience_is_known(served: ServedMeta) -> None:
    rows = list(served.account.meta_rows("adsets"))
    campaign = rows[0]["campaign_id"]
    own = {row["id"]: row["targeting"] for row in rows if row["campaign_id"] == campaign}
    assert _one(served.platform(), f"meta_ads:{campaign}:-").audience == own


def test_the_day_is_that_of_the_account(served: ServedMeta) -> None:
    assert served.platform().today() == served.account.today


def _targeting(served: ServedMeta, ad_set: str) -> Mapping[str, Any]:
    return next(row["targeting"] for row in served.account.meta_rows("adsets") if row["id"] == ad_set)


def test_what_the_api_cannot_do_is_a_step_that_says_so(served: ServedMeta) -> None:
    ads = served.platform()
    (step,) = _change(ads, _own_line(served), "rotate_creative")
    assert "needs a new ad" in ads.check(step)[0].words
    with pytest.raises(PlatformError, match="needs a new ad") as caught:
        ads.send(step, {})
    assert (caught.value.kind, ads.find(step, {})) == ("refused", None)
    (gone,) = _change(ads, "meta_ads:1:2", "pause")
    assert "not there any more" in ads.check(gone)[0].words


def test_a_past_ad_of_another_ad_set_is_made_anew_paused(served: ServedMeta) -> None:
    ads = served.platform()
    name = _own_line(served)
    own = name.rpartition(":")[2]
    past = next(row for row in served.account.meta_rows("ads") if row["adset_id"] != own)
    (step,) = _change(ads, name, "rotate_creative", {"headline": "Fresh", "source_ad_id": past["id"]})
    made = ads.send(step, {})
    row = next(one for one in served.account.meta_rows("ads") if one["id"] == made[step.ref])
    assert (row["status"], row["adset_id"]) == ("PAUSED", own)
    assert ads.find(step, {}) == made  # sent again, it would be known


@pytest.mark.parametrize("line_id", ["google_ads:1:2", "meta_ads:new:1", "77"])
def test_a_line_that_is_not_metas_is_refused(served: ServedMeta, line_id: str) -> None:
    with pytest.raises(InputError):
        _change(served.platform(), line_id, "pause")


def test_a_request_for_another_account_or_with_placeholders_or_switched_on_is_refused_before_any_call(
    served: ServedMeta,
) -> None:
    ads = served.platform()
    with pytest.raises(InputError, match="is for the ad account 999"):
        ads.steps(_request(served, 20, account_id="999"))
    with pytest.raises(InputError, match="INSERT_PIXEL_ID"):
        ads.steps(_request(served, 20, promoted_object={"page_id": PAGE}))
    request = _request(served, 20)
    request["operations"][0]["params"]["status"] = "ACTIVE"
    with pytest.raises(InputError, match="would run at once"):
        ads.steps(request)


def test_the_body_of_the_connected_account_is_chosen_among_several(served: ServedMeta) -> None:
    other = {"account_id": "999", "operations": [], "more_accounts": [_request(served, 21)]}
    assert len(served.platform().steps(other)) == 4


def test_a_step_cannot_be_sent_before_what_it_hangs_on(served: ServedMeta) -> None:
    ads = served.platform()
    ad_set = ads.steps(_request(served, 22))[1]
    assert not ads.check(ad_set)  # it cannot be checked yet either
    assert ads.find(ad_set, {}) is None
    with pytest.raises(InputError, match="before campaign-meta_ads-new-22 is made"):
        ads.send(ad_set, {})
