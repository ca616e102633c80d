"""Lines that a plan adds: like the market's lines of their kind, with a luck of their own."""

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np

from marketmover.errors import UsageError
from marketmover.sandbox.asked import PlanLine, asked_of_new
from marketmover.sandbox.ledger import Ledger
from marketmover.sandbox.lines import Ad, Run
from marketmover.sandbox.market import Market
from marketmover.sandbox.models.carry_over import Adstock
from marketmover.sandbox.models.learning_phase import Learning
from marketmover.sandbox.models.market_day import State
from marketmover.sandbox.models.parameters import Meaning, Parameters, meaning_of, parameters_of
from marketmover.sandbox.streams import stream
from marketmover.sandbox.truth import Truth

_OWN_SIZE, _OWN_PRICE, _OWN_ODDS = 0.5, 0.35, 0.4
_SHARED = {"lag", "overlap"}
_OVERLAP = 0.2


def with_new_lines(market: Market, asked: Sequence[PlanLine]) -> Market:
    """The market with lines added that have never run; the same line asked for always has the same luck.

    A new line is as large and as dear as the lines of its platform and kind are on average, but for what its parameters
    do and its luck; it courts the same people as its kin, and starts with a learning phase and nothing carried over.

    Raises:
        UsageError: The market has no line on the platform, or knows no such form or strategy.
    """
    for line in asked:
        market = _with_one(market, line)
    return market


def _with_one(market: Market, line: PlanLine) -> Market:
    name = str(line.get("id"))
    platform = str(line.get("platform") or name.partition(":")[0])
    kin = _kin(market, platform, line.get("ad_type"))
    if not kin:
        raise UsageError(f"{name}: the market has no line on '{platform}' to tell what a new one would do.")
    like = market.lines[kin[0]]
    wanted = asked_of_new(market, line, parameters_of(like))
    truth = _grown(market, kin, wanted)
    days = market.setting.days
    new = replace(
        like, id=name, campaign_id="new", campaign_name=name, group_ids=(name,), group_names=(name,),
        group_shares=(1.0,),
        ad_type=wanted.ad_type, bidding=wanted.bidding, messages=wanted.messages, age_min=wanted.age_min,
        age_max=wanted.age_max, genders=wanted.genders, first_day=days, last_day=days, pauses=(), has_curve=False,
        interests=() if wanted.ad_type == "SEARCH" else wanted.topics,
        keywords=wanted.topics if wanted.ad_type == "SEARCH" else (),
        ads=tuple(Ad(days, days, message) for message in wanted.messages),
        runs=(Run(days, wanted.age_min, wanted.age_max, wanted.genders, wanted.bidding),),
    )  # fmt: skip
    return replace(
        market,
        lines=(*market.lines, new),
        truth=truth,
        daily_budgets=_row_added(market.daily_budgets),
        spendable=_row_added(market.spendable),
        states=_unborn(market.states),
        ledger=Ledger(**{field.name: _row_added(getattr(market.ledger, field.name)) for field in fields(Ledger)}),
    )


def _kin(market: Market, platform: str, kind: object) -> list[int]:
    """Places of the lines that a new one is like: of its form where there are any, else of its platform.

    Lines for people who know the advertiser are nobody's kin: a second one finds nobody new.
    """
    mine = [int(place) for place in market.enabled if market.lines[place].platform == platform]
    open_ones = [place for place in mine if market.lines[place].role in {"core", "prospecting"}] or mine
    return [place for place in open_ones if market.lines[place].ad_type == kind] or open_ones


def _grown(market: Market, kin: list[int], wanted: Parameters) -> Truth:
    """The truth with one line more, at the end of every array."""
    truth, rng = market.truth, stream(market.setting.seed, "new line", repr(wanted))
    size, price, odds = rng.normal(0.0, 1.0, 3) * (_OWN_SIZE, _OWN_PRICE, _OWN_ODDS)
    plain = float(np.exp(np.log(truth.plain_yields[kin]).mean() + size - price))
    meant = meaning_of(wanted, market.effects, plain)
    theirs = [meaning_of(parameters_of(market.lines[place]), market.effects, plain) for place in kin]
    people = np.array([one.people for one in theirs])
    per_person = float(np.exp((np.log(truth.scale[kin] / people)).mean() + size))
    scale = per_person * meant.people
    ratio = scale / float(truth.scale[kin[0]])
    values: dict[str, float] = {
        "scale": scale,
        "inventory": float(truth.inventory[kin[0]]) * ratio,
        "audience": float(truth.audience[kin[0]]) * ratio,
        "plain_yields": plain,
        "yields": _yields(truth, kin, theirs, scale, meant.log_yield - price),
        "qualification": _rate(truth, kin, theirs, meant.quality + odds),
    }
    return _appended(truth, kin, values, market.setting.days)


def _yields(truth: Truth, kin: list[int], theirs: list[Meaning], scale: float, log_yield: float) -> float:
    """Conversions at `scale`, at the price of the kin apart from what their own parameters do to it."""
    own = np.array([one.log_yield for one in theirs])
    return scale * float(np.exp((np.log(truth.yields[kin] / truth.scale[kin]) - own).mean() + log_yield))


def _rate(truth: Truth, kin: list[int], theirs: list[Meaning], quality: float) -> float:
    """The rate of qualification of the kin, apart from what their own parameters do to it, and with `quality`."""
    own, rate = np.array([one.quality for one in theirs]), truth.qualification[kin]
    odds = float(np.exp((np.log(rate / (1.0 - rate)) - own).mean() + quality))
    return odds / (1.0 + odds)


def _appended(truth: Truth, kin: list[int], values: dict[str, float], days: int) -> Truth:
    """Every array with a row for the new line: the nearest kin's, but for `values`, paths of its own, and overlap."""
    grown: dict[str, np.ndarray] = {}
    for field in fields(Truth):
        array = getattr(truth, field.name)
        if array.ndim and field.name not in _SHARED:
            row = array[kin[0]] if field.name not in values else values[field.name]
            grown[field.name] = np.concatenate([array, np.asarray(row, array.dtype)[None]])
    for name in ("shock", "appeal", "room", "merit"):
        grown[name][-1] = 1.0
    for name in ("refresh", "retargeted"):
        grown[name][-1] = False
        grown[name][-1, days] = True
    overlap = np.pad(truth.overlap, (0, 1))
    overlap[-1, kin] = overlap[kin, -1] = _OVERLAP
    return replace(truth, **grown, overlap=overlap)


def _row_added(array: np.ndarray) -> np.ndarray:
    return np.concatenate([array, np.zeros_like(array[:1])])


def _unborn(states: State) -> State:
    """States with a line more that never ran."""

    def more(array: np.ndarray) -> np.ndarray:
        return np.pad(array, ((0, 0), (0, 1)))

    stock, learning = states.stock, states.learning
    return State(
        Adstock(more(stock.first), more(stock.second)),
        more(states.exposure),
        Learning(more(learning.unsettled), more(learning.usual_budget)),
    )
