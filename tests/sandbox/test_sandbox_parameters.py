"""What parameters do in the truth, that exports show it, and what other parameters would earn."""

import json
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from marketmover.errors import UsageError
from marketmover.history import Panel, import_history, load_panel
from marketmover.sandbox import Market, create_market, single_changes, with_changes, write_history
from marketmover.sandbox.exports.creatives import ads_of
from marketmover.sandbox.exports.google import Counts
from marketmover.sandbox.exports.google_structure import broken_down
from marketmover.sandbox.exports.people import ads_of_days, cells_of
from marketmover.sandbox.lines import Run
from marketmover.sandbox.messages import message_of
from marketmover.sandbox.models.parameters import (
    AGES,
    CELLS,
    STRATEGIES,
    Parameters,
    meaning_of,
    message_yields,
    parameters_of,
)
from marketmover.sandbox.models.portfolio import draw_lines
from marketmover.sandbox.models.spells import parameters_on
from marketmover.sandbox.words import BODIES, HEADLINES, MESSAGES, TRADES
from marketmover.store import Lake


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Market, Path, Panel]:
    market = create_market(lines=10, days=300, seed=7, sells="leads", end=date(2026, 3, 31))
    folder = tmp_path_factory.mktemp("parameters")
    write_history(market, folder / "h")
    lake = Lake.open(folder / "lake.duckdb")
    try:
        import_history(lake, folder / "h", now=datetime(2026, 4, 1, tzinfo=UTC), progress=lambda _share, _step: None)
        return market, folder / "h", load_panel(lake)
    finally:
        lake.close()


def rows_of(folder: Path, stem: str) -> list[dict[str, Any]]:
    found = list[dict[str, Any]]()
    for path in sorted(folder.glob(f"{stem}*")):
        whole = json.loads(path.read_text(encoding="utf-8"))
        for answer in whole if isinstance(whole, list) else [whole]:
            found += answer.get("results") or answer.get("data") or []
    return found


def after(market: Market) -> tuple[date, date]:
    return market.last_date + timedelta(1), market.last_date + timedelta(28)


def now_of(market: Market, line_id: str) -> Parameters:
    line = next(line for line in market.lines if line.id == line_id)
    return parameters_on(line, market.setting.days - 1)


def saying(message: str) -> dict[str, str]:
    return {"headline": HEADLINES[message][0], "body": BODIES[message][1]}


def test_a_narrower_audience_reaches_fewer_people(made: tuple[Market, Path, Panel]) -> None:
    market = made[0]
    wide = parameters_of(market.lines[0])._replace(age_min=18, age_max=65, genders=("FEMALE", "MALE"))
    narrow, women = wide._replace(age_min=25, age_max=44), wide._replace(genders=("FEMALE",))
    people = [meaning_of(asked, market.effects, 5.0).people for asked in (wide, narrow, women)]
    assert people[1] < 0.6 * people[0]
    assert 0.3 * people[0] < people[2] < 0.7 * people[0]
    assert meaning_of(narrow, market.effects, 5.0).shown.sum() == pytest.approx(1.0)


def test_a_capped_strategy_suffers_where_there_is_little_to_learn_from(made: tuple[Market, Path, Panel]) -> None:
    market = made[0]
    capped = parameters_of(market.lines[0])._replace(bidding="TARGET_CPA")
    few, many = (meaning_of(capped, market.effects, one).log_yield for one in (0.5, 5.0))
    assert few == pytest.approx(many + market.effects["bidding, few conversions"]["google_ads:TARGET_CPA"])


def test_breakdowns_convert_as_the_truth_says(made: tuple[Market, Path, Panel]) -> None:
    market, folder, _ = made
    last = market.setting.days - 1
    place = next(place for place, line in enumerate(market.lines) if line.platform == "meta_ads")
    asked = parameters_on(market.lines[place], last)
    meant = meaning_of(asked, market.effects, float(market.truth.plain_yields[place]))
    many = Counts(*(np.full(1, size) for size in (50_000_000, 1_000_000, 500_000, 200_000)))
    parts = broken_down(many, cells_of(market, place, range(last, last + 1)), np.random.default_rng(0), 1)
    rates = {cell: metrics["conversions"] / int(metrics["clicks"]) for _, cell, metrics in parts}
    assert set(rates) == set(np.flatnonzero(meant.shown))
    due = [meant.converting[cell] for cell in rates]
    assert np.array([*rates.values()]) / np.mean([*rates.values()]) == pytest.approx(
        np.array(due) / np.mean(due), rel=0.02
    )
    shown = {(row["age"], row["gender"].upper()) for row in rows_of(folder / "meta_ads", "insights_by_age_gender")
             if row["adset_id"] in market.lines[place].group_ids}  # fmt: skip
    assert shown <= {CELLS[cell] for run in market.lines[place].runs for cell in _asked(run)}


def _asked(run: Run) -> list[int]:
    return [at for at, (age, gender) in enumerate(CELLS)
            if gender in run.genders and AGES[age][1] >= run.age_min and AGES[age][0] <= run.age_max]  # fmt: skip


def test_facts_by_ad_tell_messages_apart(made: tuple[Market, Path, Panel]) -> None:
    market, folder, _ = made
    texts = [row["adGroupAd"]["ad"].get("responsiveSearchAd") for row in rows_of(folder / "google_ads", "ads-")]
    said = {message_of(one["text"] for one in found["descriptions"]) for found in texts if found}
    assert said == set(MESSAGES)
    place = next(place for place, line in enumerate(market.lines) if len(line.messages) == 2 and line.group_ids)
    days, ads = range(market.setting.days - 5, market.setting.days), ads_of(market, place, 0)
    many = Counts(*(np.full(5, size) for size in (10_000_000, 100_000, 500_000, 20_000)))
    parts = broken_down(many, ads_of_days(market, place, ads, days), np.random.default_rng(0), 1)
    rates = defaultdict[str, list[float]](list)
    for _, ad, metrics in parts:
        rates[ads[ad].message].append(metrics["conversions"] / int(metrics["clicks"]))
    first, second = market.lines[place].messages
    due = message_yields(parameters_on(market.lines[place], market.setting.days - 1), market.effects)
    assert np.mean(rates[first]) / np.mean(rates[second]) == pytest.approx(due[0] / due[1], rel=0.01)


def test_what_was_changed_stands_in_the_change_logs(made: tuple[Market, Path, Panel]) -> None:
    market, folder, _ = made
    google = [row["changeEvent"] for row in rows_of(folder / "google_ads", "change_events")]
    meta = rows_of(folder / "meta_ads", "activities")
    due = {(line.platform, run.first) for line in market.lines for run in line.runs[1:]}
    first = market.setting.first_date
    logged = {
        *(("google_ads", _day(event["changeDateTime"], first)) for event in google
          if event["changedFields"] in {"negative", "biddingStrategyType"}),
        *(("meta_ads", _day(row["event_time"], first)) for row in meta
          if row["event_type"].endswith(("target_spec", "bid_strategy"))),
    }  # fmt: skip
    assert logged
    assert logged <= due


def _day(moment: str, first: date) -> int:
    return (date.fromisoformat(moment[:10]) - first).days


def test_lines_as_imported_ask_for_nothing_new(made: tuple[Market, Path, Panel]) -> None:
    market, _, panel = made
    lines = [
        {
            "id": line.id,
            "ad_type": line.ad_type,
            "bidding": {"strategy": line.bidding_strategy, "target": None},
            "audience": {"countries": line.countries, "age_min": line.age_min, "age_max": line.age_max,
                         "genders": list(line.genders), "interests": list(line.interests),
                         "keywords": list(line.keywords)},
            "creative": {**saying(now_of(market, line.id).messages[0]), "format": "TEXT"},
            "schedule": None,
        }
        for line in panel.lines
        if line.id in market.line_ids
    ]  # fmt: skip
    assert len(lines) == len(market.line_ids)
    assert single_changes(market, lines) == []
    same, other = (one.evaluate(market.status_quo(), *after(market)) for one in (market, with_changes(market, lines)))
    assert np.array_equal(same.expected["leads"], other.expected["leads"])


def test_another_message_moves_its_line_as_the_truth_says_and_no_other(made: tuple[Market, Path, Panel]) -> None:
    market = made[0]
    alone = {message: meaning_of(now_of(market, market.line_ids[0])._replace(messages=(message,)), market.effects, 5.0)
             for message in MESSAGES}  # fmt: skip
    budgets, found = market.status_quo(), {}
    for message in MESSAGES:
        changed = with_changes(market, [{"id": market.line_ids[0], "creative": saying(message)}])
        outcome = changed.evaluate(budgets, *after(market))
        found[message] = outcome.line(market.line_ids[0], "leads")
        assert outcome.line(market.line_ids[1], "leads") == pytest.approx(
            market.evaluate(budgets, *after(market)).line(market.line_ids[1], "leads"), rel=0.02)  # fmt: skip
    fresh = [message for message in MESSAGES if message not in now_of(market, market.line_ids[0]).messages]
    best, worst = (max(fresh, key=found.__getitem__), min(fresh, key=found.__getitem__))
    due = np.exp(alone[best].log_yield - alone[worst].log_yield)
    assert found[best] / found[worst] == pytest.approx(due, rel=0.05)


def test_other_people_start_a_learning_phase(made: tuple[Market, Path, Panel]) -> None:
    market = made[0]
    line = market.line_ids[0]
    wide = {"id": line, "audience": {"age_min": 18, "age_max": 65, "genders": ["FEMALE", "MALE"]}}
    narrow = {"id": line, "audience": {"age_min": 35, "age_max": 44}}
    asked = narrow if now_of(market, line).age_max - now_of(market, line).age_min > 40 else wide
    changed = with_changes(market, [asked])
    assert single_changes(market, [asked]) == [asked]
    place, day = int(market.enabled[0]), market.setting.days
    assert changed.truth.retargeted[place, day]
    assert not market.truth.retargeted[place, day]
    assert (changed.truth.room[place, day] > 1.0) == (asked is wide)


def test_what_a_plan_changes_is_told_one_by_one(made: tuple[Market, Path, Panel]) -> None:
    market = made[0]
    now = now_of(market, market.line_ids[0])
    message = next(message for message in MESSAGES if message not in now.messages)
    same = {"id": market.line_ids[1], "bidding": {"strategy": now_of(market, market.line_ids[1]).bidding}}
    new = {"id": "meta_ads:new:1", "is_new": True, "ad_type": "IMAGE"}
    other = next(way for way in STRATEGIES[now.platform] if way != now.bidding)
    asked = {"id": market.line_ids[0], "bidding": {"strategy": other}, "creative": saying(message), "schedule": {}}
    assert single_changes(market, [asked, same, new]) == [
        {"id": market.line_ids[0], "bidding": {"strategy": other}},
        {"id": market.line_ids[0], "creative": saying(message)},
    ]


def test_a_new_line_can_be_given_money_and_earns(made: tuple[Market, Path, Panel]) -> None:
    market = made[0]
    new = {"id": "meta_ads:new:1", "platform": "meta_ads", "is_new": True, "ad_type": "VIDEO",
           "bidding": {"strategy": "LOWEST_COST_WITHOUT_CAP"}, "creative": saying("trust"),
           "audience": {"age_min": 25, "age_max": 54, "genders": ["FEMALE", "MALE"], "interests": []}}  # fmt: skip
    name = "meta_ads:new:1"
    first, again = (with_changes(market, [new]) for _ in range(2))
    assert first.line_ids == [*market.line_ids, name]
    budgets = {**market.status_quo(), name: 100.0}
    outcome = first.evaluate(budgets, *after(market), samples=5)
    assert outcome.line(name, "leads") > 0.0
    assert outcome.line(name, "leads") == again.evaluate(budgets, *after(market)).line(name, "leads")
    without = first.evaluate(market.status_quo(), *after(market))
    assert without.total("leads") == pytest.approx(market.evaluate(market.status_quo(), *after(market)).total("leads"))
    total = sum(market.status_quo().values())
    assert sum(first.optimum(total, *after(market), effort=10)[0].values()) == pytest.approx(total)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ad_type": "VIDEO"}, "Ask for a new line"),
        ({"bidding": {"strategy": "BEST"}}, "Choose one of"),
        ({"id": "google_ads:1:2"}, "no running line"),
        ({"audience": {"age_min": 60, "age_max": 30}}, "reaches nobody"),
        ({"id": "tiktok:new:1"}, "no line on 'tiktok'"),
    ],
)
def test_what_cannot_be_is_told(made: tuple[Market, Path, Panel], wrong: dict[str, Any], told: str) -> None:
    market = made[0]
    search = next(line.id for line in market.lines if line.ad_type == "SEARCH" and line.id in market.line_ids)
    with pytest.raises(UsageError, match=told):
        with_changes(market, [{"id": search, **wrong}])
    with pytest.raises(UsageError, match="named twice"):
        with_changes(market, [{"id": search}, {"id": search}])


def test_some_ad_sets_of_a_campaign_differ_in_one_thing_alone() -> None:
    trade = TRADES["leads"][0]
    apart = set[int]()
    for seed in range(12):
        lines = draw_lines(16, 400, trade, "leads", ("US",), np.random.default_rng(seed))
        sets = [line for line in lines if line.platform == "meta_ads"]
        for one, other in pairwise(sets):
            if one.campaign_id == other.campaign_id:
                now, then = (parameters_of(line) for line in (one, other))
                ages = (now.age_min, now.age_max) != (then.age_min, then.age_max)
                rest = [a != b for a, b in zip(now[:4] + now[6:], then[:4] + then[6:], strict=True)]
                apart.add(int(ages) + sum(rest))
    assert {1, 3} <= apart


def test_messages_are_read_from_texts() -> None:
    for message in MESSAGES:
        for text in (*HEADLINES[message], *BODIES[message]):
            assert message_of([text.format(product="Solar Panels")]) == message
    assert message_of(["Save 20% on every order", "Prices you can compare"]) == "price"
    assert message_of(["See How It Works", None, " "]) is None
