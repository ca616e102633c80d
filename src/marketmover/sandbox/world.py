"""Draws the truth of a market: every line's response and the course of demand, prices and chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from marketmover.sandbox.arrays import Bools, Floats, Ints
from marketmover.sandbox.countries import PRICE_LEVEL
from marketmover.sandbox.lines import PLATFORMS, SimulatedLine
from marketmover.sandbox.models import response
from marketmover.sandbox.models.demand import demand_paths
from marketmover.sandbox.models.overlap import draw_overlap
from marketmover.sandbox.models.parameters import Effects, Meaning, draw_effects, meaning_of, parameters_of
from marketmover.sandbox.models.prices import price_paths
from marketmover.sandbox.models.roles import drawn_within, factor
from marketmover.sandbox.models.shocks import Process, draw_path, expected_after
from marketmover.sandbox.models.spells import paths_of, with_spells
from marketmover.sandbox.streams import stream
from marketmover.sandbox.truth import Truth
from marketmover.sandbox.words import BRAND_KEYWORDS, Trade

FUTURE_DAYS = 400
"""How many days after the history the truth reaches."""

_OWN_SCALE, _USUAL_PEOPLE = 0.5, 0.4  # what a line's audience does to its scale adds to the spread
_CLICK_RATES = {"SEARCH": 0.06, "PERFORMANCE_MAX": 0.02, "DISPLAY": 0.007, "VIDEO": 0.008, "DEMAND_GEN": 0.012}


@dataclass(frozen=True)
class Setting:
    """What a market is drawn for: how its lines sell (`leads`, `ecommerce`, `both`), where, and when."""

    seed: int
    sells: str
    family: str
    country: str
    currency: str
    first_date: date
    days: int


def draw_truth(
    setting: Setting, lines: Sequence[SimulatedLine], trade: Trade
) -> tuple[Truth, Effects, tuple[SimulatedLine, ...]]:
    """The truth of `lines`, the effects of parameters that went into it, the lines with what was changed about them."""
    effects = draw_effects((*trade.interests, *trade.keywords, *BRAND_KEYWORDS), stream(setting.seed, "parameters"))
    platform = platform_index(lines)
    time = _time(setting, platform, len(lines))
    refresh, retargeted = (np.asarray(time[name], np.bool_) for name in ("refresh", "retargeted"))
    lines = with_spells(lines, refresh, retargeted, setting.days, stream(setting.seed, "spells"))
    time["retargeted"] = _changed_days(lines, refresh.shape)
    levels, meanings = _levels(setting, lines, effects)
    arrays: dict[str, Floats | Ints | Bools] = {
        **_curves(setting, len(lines)),
        **levels,
        **_mechanisms(setting, len(lines), platform),
        **_quality(setting, np.array([meaning.quality for meaning in meanings])),
        **time,
    }
    plain, rate = (np.asarray(arrays[name], np.float64) for name in ("plain_yields", "qualification"))
    arrays |= paths_of(lines, effects, plain, rate, refresh.shape[1])._asdict()
    scale = np.asarray(arrays["scale"], np.float64)
    rng, roles = stream(setting.seed, "inventory"), [line.role for line in lines]
    arrays["inventory"] = scale * drawn_within(roles, "inventory", rng)
    shown = 1000.0 * scale / np.asarray(arrays["cpm"], np.float64)
    arrays["audience"] = shown * drawn_within(roles, "people", rng)
    arrays["top_rank"] = drawn_within(roles, "rank", rng)
    return Truth(**arrays), effects, tuple(lines)  # pyright: ignore[reportArgumentType] - the keys are the fields, tests load them


def platform_index(lines: Sequence[SimulatedLine]) -> Ints:
    """Each line's platform as its place in `PLATFORMS`."""
    return np.array([PLATFORMS.index(line.platform) for line in lines], np.int64)


def _changed_days(lines: Sequence[SimulatedLine], shape: tuple[int, ...]) -> Bools:
    """Days on which a line's audience or bidding was changed, shape (lines, all days): delivery learns anew."""
    changed = np.zeros(shape, np.bool_)
    for place, line in enumerate(lines):
        changed[place, [run.first for run in line.runs[1:]]] = True
    return changed


def _curves(setting: Setting, lines: int) -> dict[str, Floats | Ints | Bools]:
    rng = stream(setting.seed, "response")
    names = list(response.FAMILIES)
    drawn = rng.integers(0, len(names), lines)
    place = rng.random(lines)
    family = drawn if setting.family == "mixed" else np.full(lines, names.index(setting.family))
    ranges = np.array([response.SHAPES[name] for name in names])[family]
    curves = response.normalise(family.astype(np.int64), ranges[:, 0] + place * (ranges[:, 1] - ranges[:, 0]))
    return {"family": curves.family, "shape": curves.shape, "unit": curves.unit, "level": curves.level}


def _levels(
    setting: Setting, lines: Sequence[SimulatedLine], effects: Effects
) -> tuple[dict[str, Floats | Ints | Bools], list[Meaning]]:
    """Scale, yield and prices: how much a line takes, what a conversion, a click, a thousand impressions cost."""
    rng, roles = stream(setting.seed, "levels"), [line.role for line in lines]
    money = PRICE_LEVEL[setting.currency]
    market_scale = np.exp(rng.normal(np.log(110.0), 0.5)) * money
    market_price = (
        {"leads": 38.0, "ecommerce": 24.0, "both": 30.0}[setting.sells] * np.exp(rng.normal(0.0, 0.35)) * money
    )
    scale = market_scale * np.exp(rng.normal(0.0, _OWN_SCALE, len(lines))) * factor(roles, "size")
    price = market_price * np.exp(rng.normal(0.0, 0.35, len(lines))) * factor(roles, "price")
    plain = scale / price
    meanings = [meaning_of(parameters_of(line), effects, one) for line, one in zip(lines, plain, strict=True)]
    scale = scale * np.array([meaning.people for meaning in meanings]) / _USUAL_PEOPLE
    price = price * np.exp(-np.array([meaning.log_yield for meaning in meanings]))
    conversion_rate = rng.uniform(0.02, 0.08, len(lines)) * factor(roles, "conversion_rate")
    typical = np.array([_CLICK_RATES.get(line.ad_type, 0.011) for line in lines])
    click_rate = typical * np.exp(rng.normal(0.0, 0.25, len(lines))) * factor(roles, "click_rate")
    levels: dict[str, Floats | Ints | Bools] = {
        "scale": scale,
        "plain_yields": plain,
        "yields": scale / price,
        "click_rate": click_rate,
        "cpm": 1000.0 * price * conversion_rate * click_rate,
        "price_elasticity": rng.uniform(0.03, 0.3, len(lines)),
    }
    return levels, meanings


def _mechanisms(setting: Setting, lines: int, platform: Ints) -> dict[str, Floats | Ints | Bools]:
    """Carry-over, fatigue, learning and overlap: how strong each is differs by market and by line."""
    rng = stream(setting.seed, "mechanisms")
    carried, tired, unsettled = rng.uniform(0.1, 0.7), rng.uniform(0.0, 0.35), rng.uniform(0.05, 0.3)
    return {
        "carried_share": carried * rng.uniform(0.3, 1.0, lines),
        "decay": np.where(platform == 1, rng.uniform(0.4, 0.88, lines), rng.uniform(0.1, 0.7, lines)),
        "delayed": rng.random(lines) < 0.25,
        "fatigue_rate": np.log(2.0) / rng.uniform(25.0, 90.0, lines),
        "fatigue_floor": 1.0 - tired * np.where(platform == 1, 1.0, 0.4) * rng.uniform(0.4, 1.0, lines),
        "learning_loss": unsettled * rng.uniform(0.4, 1.0, lines),
        "learning_days": rng.uniform(2.0, 6.0, lines),
        "overlap": draw_overlap(rng, platform, rng.uniform(0.0, 0.4)),
        "dispersion": np.asarray(rng.uniform(0.01, 0.12)),
        "capacity_growth": np.asarray(rng.uniform(0.2, 0.9)),
    }


def _quality(setting: Setting, effects: Floats) -> dict[str, Floats | Ints | Bools]:
    """Quality of leads and value of orders, drawn apart from price, so that cheap is not good; `effects` on odds."""
    rng, lines = stream(setting.seed, "quality"), len(effects)
    usual, spread = rng.uniform(0.25, 0.5), rng.uniform(0.25, 0.6)
    money = PRICE_LEVEL[setting.currency]
    mixed = rng.uniform(0.35, 0.9, lines)
    lead_share = {"leads": np.ones(lines), "ecommerce": np.zeros(lines), "both": mixed}[setting.sells]
    odds = np.log(usual / (1.0 - usual)) + rng.normal(0.0, 1.6 * spread, lines) + effects
    return {
        "qualification": 1.0 / (1.0 + np.exp(-odds)),
        "quality_drop": rng.uniform(0.0, 0.3) * rng.uniform(0.0, 1.0, lines),
        "win_rate": np.clip(rng.uniform(0.15, 0.4) * np.exp(rng.normal(0.0, 0.25, lines)), 0.03, 0.8),
        "deal_value": money * np.exp(rng.normal(np.log(900.0), 0.5) + rng.normal(0.0, 0.2, lines)),
        "order_value": money * np.exp(rng.normal(np.log(85.0), 0.3) + rng.normal(0.0, 0.2, lines)),
        "lead_share": lead_share,
        "coverage": np.asarray(1.0 if rng.random() < 0.6 else rng.uniform(0.92, 1.0)),
    }


def _time(setting: Setting, platform: Ints, lines: int) -> dict[str, Floats | Ints | Bools]:
    """The course of demand, prices, chance and creatives over the history and `FUTURE_DAYS` more."""
    days = [setting.first_date + timedelta(offset) for offset in range(setting.days + FUTURE_DAYS)]
    rng = stream(setting.seed, "time")
    shared, own, drift = (
        Process(rng.uniform(0.03, 0.1), rng.uniform(0.85, 0.96)),
        Process(rng.uniform(0.03, 0.1), rng.uniform(0.7, 0.9)),
        Process(rng.uniform(0.05, 0.18), 0.993),
    )
    lag_start, lag_days = rng.uniform(0.45, 0.95), rng.uniform(1.0, 5.0)
    lag = 1.0 - (1.0 - lag_start) * np.exp(-np.arange(31) / lag_days)
    lag[-1] = 1.0
    demand_rng = stream(setting.seed, "demand")
    return {
        "demand": demand_paths(days, setting.country, setting.sells, lines, demand_rng),
        "price": price_paths(days, setting.days, platform, stream(setting.seed, "prices")),
        "shock": _shock(setting, (shared, own, drift), platform),
        "refresh": _refreshes(lines, len(days), stream(setting.seed, "creatives")),
        "retargeted": _retargetings(lines, setting.days, stream(setting.seed, "targeting")),
        "platform_shock_sd": np.asarray(shared.sd),
        "platform_shock_memory": np.asarray(shared.memory),
        "line_shock_sd": np.asarray(own.sd),
        "line_shock_memory": np.asarray(own.memory),
        "drift_sd": np.asarray(drift.sd),
        "drift_memory": np.asarray(drift.memory),
        "rival_rate": np.asarray(rng.uniform(1 / 300, 1 / 90)),
        "rival_loss": np.asarray(rng.uniform(0.05, 0.2)),
        "rival_days": np.asarray(rng.uniform(14, 50)),
        "lag": lag,
    }


def _shock(setting: Setting, processes: tuple[Process, Process, Process], platform: Ints) -> Floats:
    """The path of chance in the history, and what is expected after it, shape (lines, all days)."""
    rng = stream(setting.seed, "shocks")
    path = np.ones((len(platform), setting.days + FUTURE_DAYS))
    for place, process in enumerate(processes):
        logs = draw_path(process, len(platform) if place else 2, setting.days, rng)
        after = expected_after(process, logs[:, -1], FUTURE_DAYS)
        whole = np.concatenate([np.exp(logs - 0.5 * process.sd**2), after], axis=1)
        path *= whole if place else whole[platform]
    return path


def _retargetings(lines: int, history_days: int, rng: np.random.Generator) -> Bools:
    """Days on which a line's targeting was changed: about one a year, none after the history."""
    changed = np.zeros((lines, history_days + FUTURE_DAYS), np.bool_)
    changed[:, :history_days] = rng.random((lines, history_days)) < 1.0 / 365.0
    return changed


def _refreshes(lines: int, days: int, rng: np.random.Generator) -> Bools:
    """Days with a new creative: each line every six to seventeen weeks."""
    fresh = np.zeros((lines, days), np.bool_)
    for line in range(lines):
        gaps = rng.integers(40, 120, days // 40 + 2)
        places = int(rng.integers(0, 60)) + np.cumsum(gaps)
        fresh[line, places[places < days]] = True
    return fresh
