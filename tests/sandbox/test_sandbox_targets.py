"""Bidding targets that are set in a live window: delivery follows them, and exports and their log tell of them."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from marketmover.sandbox import Live, Market, start_live
from marketmover.sandbox.exports.bidding import shown_target
from marketmover.sandbox.live.plans import InForce

_SET = 7


def bidding(market: Market, strategy: str) -> str:
    """The largest line with a budget of its own that bids in one way."""
    fit = [market.lines[at] for at in market.enabled if market.lines[at].bidding == strategy]
    fit = [line for line in fit if line.platform == "google_ads" or line.budget_level == "ad_set"]
    return max((line.id for line in fit), key=lambda one: market.status_quo()[one])


def shown(market: Market, line: str) -> float:
    at = next(at for at, one in enumerate(market.lines) if one.id == line)
    target = shown_target(market, at, market.lines[at].runs[-1])
    assert target is not None
    return target


def begun(market: Market) -> Live:
    return start_live(market, market.status_quo(), troubles=0, shifts=False, seed=3)


def changed(market: Market, line: str, strategy: str, target: float | None) -> Live:
    """A window in which a line bids towards a target from the second week on."""
    live = begun(market)
    live.live_until(live.first_date + timedelta(_SET - 1))
    to = {"strategy": strategy, "target": target}
    live.apply([{"line_id": line, "action": "set_bidding", "to": to}])
    live.live_until(live.last_date)
    return live


def daily(live: Live, line: str, name: str) -> np.ndarray:
    place = live.world.line_ids.index(line)
    return np.array([getattr(flow, name)[place] for flow in live.flows])


def test_a_lower_target_spends_less_and_results_cost_less(market: Market) -> None:
    line = bidding(market, "TARGET_CPA")
    plain, live = begun(market), changed(market, line, "TARGET_CPA", 0.8 * shown(market, line))
    plain.live_until(plain.last_date)
    before, after = (daily(one, line, "spend") for one in (plain, live))
    assert (after[:_SET] == before[:_SET]).all()
    assert after[_SET:].sum() < 0.95 * before[_SET:].sum()
    costs = [daily(one, line, "spend")[_SET:].sum() / daily(one, line, "conversions")[_SET:].sum()
             for one in (plain, live)]  # fmt: skip
    assert costs[1] < costs[0]
    others = [one for one in market.line_ids if one != line]
    assert all((daily(live, one, "spend") == daily(plain, one, "spend")).all() for one in others)


@pytest.mark.parametrize("times", [1.0, 1.3])
def test_a_target_that_is_not_in_the_way_changes_nothing(market: Market, times: float) -> None:
    line = bidding(market, "TARGET_CPA")
    plain, live = begun(market), changed(market, line, "TARGET_CPA", times * shown(market, line))
    plain.live_until(plain.last_date)
    spent = [daily(one, line, "spend").sum() for one in (plain, live)]
    assert spent[1] == pytest.approx(spent[0], rel=0.02)


def test_letting_a_target_out_brings_spend_back(market: Market) -> None:
    line = bidding(market, "TARGET_CPA")
    tight = 0.7 * shown(market, line)
    spent: list[float] = []
    for then in (tight, 1.15 * tight, None):
        live = begun(market)
        for target, until in ((tight, 0), (then, 9)):
            live.live_until(live.first_date + timedelta(until))
            to = {"strategy": "TARGET_CPA", "target": target}
            live.apply([{"line_id": line, "action": "set_bidding", "to": to}])
        live.live_until(live.last_date)
        spent.append(float(daily(live, line, "spend")[10:].sum()))
    assert spent[0] < spent[1] < spent[2]


def test_a_return_asked_for_holds_a_line_that_counts_values(shop: Market) -> None:
    selling = [int(at) for at in shop.enabled if shop.lines[at].platform == "google_ads"]
    line = shop.lines[next(at for at in selling if shop.truth.lead_share[at] < 1.0)].id
    held, free = (changed(shop, line, "TARGET_ROAS", least) for least in (1e6, 1e-6))
    before, low, high = daily(free, line, "spend")[:_SET], *(daily(one, line, "spend")[_SET:] for one in (held, free))
    assert low.max() < 0.2 * before.min()
    assert high.min() > 0.5 * before.min()


def test_the_target_of_a_plan_holds_from_the_first_day_on(market: Market) -> None:
    line = bidding(market, "TARGET_CPA")
    spent: list[float] = []
    for times in (1.0, 0.7):
        wanted = {"id": line, "bidding": {"strategy": "TARGET_CPA", "target": times * shown(market, line)}}
        live = start_live(market, InForce(dict(market.status_quo()), lines=(wanted,)), troubles=0, shifts=False)
        live.live_until(live.last_date)
        spent.append(float(daily(live, line, "spend").sum()))
    assert np.isfinite(live.world.most).any()
    assert spent[1] < 0.9 * spent[0]


def test_exports_and_their_log_tell_of_the_target(market: Market, tmp_path: Path) -> None:
    line = bidding(market, "TARGET_CPA")
    target = round(0.8 * shown(market, line), 2)
    live = changed(market, line, "TARGET_CPA", target)
    live.export(live.last_date, tmp_path, whole=True)
    campaign = line.split(":")[1]
    micros = str(round(target * 100) * 10_000)
    rows = [row for row in _rows(tmp_path / "google_ads") if row.get("campaign", {}).get("id") == campaign]
    assert {row["campaign"]["targetCpa"]["targetCpaMicros"] for row in rows if "metrics" in row} == {micros}
    logged = [row["changeEvent"] for row in _rows(tmp_path / "google_ads") if "changeEvent" in row]
    (told,) = [one for one in logged if one["changedFields"] == "targetCpa.targetCpaMicros"]
    assert told["newResource"]["campaign"]["targetCpa"]["targetCpaMicros"] == micros
    assert told["changeDateTime"][:10] == (live.first_date + timedelta(_SET)).isoformat()


def _rows(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for file in sorted(folder.rglob("*.json")):
        told = json.loads(file.read_text(encoding="utf-8"))
        found += [row for batch in told for row in batch.get("results", ())] if isinstance(told, list) else []
    return found
