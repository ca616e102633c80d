"""What a line's parameters do: whom it reaches, how well it converts them, how good the leads are; and interactions.

A line reaches cells, an age and a gender each. Its yield is the mean over the cells that it targets, weighted by how
the platform delivers; a narrower audience reaches fewer people and has less room. Effects are on the log of the yield.
"""

from collections.abc import Iterable, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from marketmover.sandbox.arrays import Floats
from marketmover.sandbox.lines import SimulatedLine
from marketmover.sandbox.words import MESSAGES

Effects = dict[str, dict[str, float]]
"""For each parameter (`message`, `message x age` ...) and each value that it can take, its effect."""

AGES: dict[str, tuple[int, int]] = {
    "18-24": (18, 24), "25-34": (25, 34), "35-44": (35, 44), "45-54": (45, 54), "55-64": (55, 64), "65+": (65, 74),
}  # fmt: skip
"""The ages that platforms break down by; 65 as the oldest age asked for means all above it too."""

GENDERS = ("FEMALE", "MALE")
CELLS = tuple(product(AGES, GENDERS))
"""Age and gender of each cell, in the order of arrays of shape (cells,)."""

TYPES = {
    "google_ads": ("SEARCH", "PERFORMANCE_MAX", "DISPLAY", "DEMAND_GEN", "VIDEO"),
    "meta_ads": ("IMAGE", "VIDEO", "CAROUSEL", "LEAD_FORM", "STORIES", "REELS"),
}
STRATEGIES = {
    "google_ads": ("TARGET_CPA", "MAXIMIZE_CONVERSIONS", "TARGET_ROAS", "MAXIMIZE_CONVERSION_VALUE"),
    "meta_ads": ("LOWEST_COST_WITHOUT_CAP", "COST_CAP"),
}
CAPPED = ("TARGET_CPA", "TARGET_ROAS", "COST_CAP")
"""Strategies that learn badly where there is little to learn from."""

FEW_CONVERSIONS = 1.0
"""Conversions a day below which a line has little to learn from: about thirty a month."""

_STRENGTH = {"ad_type": 0.15, "message": 0.12, "bidding": 0.06, "age": 0.1, "gender": 0.05, "topic": 0.1,
             "message x age": 0.1, "ad_type x age": 0.08, "quality: message": 0.2, "quality: ad_type": 0.25,
             "quality: age": 0.15}  # fmt: skip
_YOUNG = {"STORIES": 0.5, "REELS": 0.7, "VIDEO": 0.2}
_TOWARDS_YIELD = 0.3


class Parameters(NamedTuple):
    """What can be chosen for a line; `messages` are those of the ads that run, shown equally."""

    platform: str
    ad_type: str
    bidding: str
    messages: tuple[str, ...]
    age_min: int
    age_max: int
    genders: tuple[str, ...]
    topics: tuple[str, ...]


class Meaning(NamedTuple):
    """What parameters come to.

    Attributes:
        log_yield: Effect on the log of conversions per unit of spend, at equal pressure.
        people: Share of all people that the line courts: what its room is in proportion to.
        quality: Effect on the log odds that a lead qualifies.
        shown: Share of impressions by cell, shape (cells,).
        converting: Conversions per impression by cell, over their mean, shape (cells,).
    """

    log_yield: float
    people: float
    quality: float
    shown: Floats
    converting: Floats


def parameters_of(line: SimulatedLine) -> Parameters:
    """A line's parameters as they are at the end of the history."""
    topics = tuple(sorted(line.keywords or line.interests))
    return Parameters(line.platform, line.ad_type, line.bidding, line.messages, line.age_min, line.age_max,
                      line.genders, topics)  # fmt: skip


def draw_effects(topics: Sequence[str], rng: np.random.Generator) -> Effects:
    """The effects of every value that parameters can take; `topics` are the trade's interests and keywords."""
    types = [f"{platform}:{kind}" for platform, kinds in TYPES.items() for kind in kinds]
    ways = [f"{platform}:{way}" for platform, kinds in STRATEGIES.items() for way in kinds]
    bands = ("young", "middle", "old")
    values: dict[str, Iterable[str]] = {
        "ad_type": types, "message": MESSAGES, "bidding": ways, "age": AGES, "gender": GENDERS, "topic": topics,
        "message x age": [f"{message} x {band}" for message, band in product(MESSAGES, bands)],
        "ad_type x age": [f"{kind} x {band}" for kind, band in product(types, bands)],
        "quality: message": MESSAGES, "quality: ad_type": types, "quality: age": AGES,
    }  # fmt: skip
    found = {name: _drawn(values[name], 0.0, strength, rng) for name, strength in _STRENGTH.items()}
    found["bidding, few conversions"] = _drawn((way for way in ways if way.endswith(CAPPED)), -0.12, 0.05, rng)
    found["people"] = {_named(*cell): float(size) for cell, size in zip(CELLS, _population(rng), strict=True)}
    found["topic reach"] = {topic: float(rng.uniform(0.3, 0.6)) for topic in topics}
    return found


def _drawn(values: Iterable[str], mean: float, strength: float, rng: np.random.Generator) -> dict[str, float]:
    return {value: float(rng.normal(mean, strength)) for value in values}


def _population(rng: np.random.Generator) -> Floats:
    """Share of people by cell: ages by how many years they span, give or take."""
    weights = np.array([AGES[age][1] - AGES[age][0] + 1 for age, _ in CELLS], np.float64)
    weights *= np.exp(rng.normal(0.0, 0.15, len(CELLS)))
    return weights / weights.sum()


def _named(*parts: str) -> str:
    return " x ".join(parts)


def band_of(age: str) -> str:
    """Young below 35, old from 55 on, else middle."""
    oldest = AGES[age][1]
    return "young" if oldest < 35 else ("middle" if oldest < 55 else "old")


def meaning_of(asked: Parameters, effects: Effects, conversions: float) -> Meaning:
    """What parameters come to in a market with these effects.

    Args:
        asked: The parameters.
        effects: The market's.
        conversions: The line's conversions a day at effort 1, apart from parameters: few teach a capped strategy
            little.
    """
    kind = f"{asked.platform}:{asked.ad_type}"
    tastes = np.stack([_by_cell(message, kind, effects) for message in asked.messages])
    courted = _courted(asked, kind, effects) * np.exp(_TOWARDS_YIELD * tastes.mean(axis=0))
    shown = courted / max(float(courted.sum()), 1e-12)
    converting = np.exp(tastes).mean(axis=0)
    mean = max(float(shown @ converting), 1e-12)
    ages = np.array([effects["quality: age"][age] for age, _ in CELLS])
    quality = float(np.mean([effects["quality: message"][message] for message in asked.messages]))
    return Meaning(
        np.log(mean) + effects["ad_type"][kind] + _bidding(asked, effects, conversions) + _topics(asked, effects),
        float(_courted(asked, kind, effects).sum()) * _topic_reach(asked, effects),
        quality + effects["quality: ad_type"][kind] + float((shown * converting / mean) @ ages),
        shown,
        converting / mean,
    )


def message_yields(asked: Parameters, effects: Effects) -> Floats:
    """How well each message of a line converts among the people it reaches, over their mean, shape (messages,)."""
    kind = f"{asked.platform}:{asked.ad_type}"
    courted = _courted(asked, kind, effects)
    found = np.array([float(courted @ np.exp(_by_cell(message, kind, effects))) for message in asked.messages])
    return found / found.mean()


def _by_cell(message: str, kind: str, effects: Effects) -> Floats:
    """The effects that differ by age and gender, the message's own among them, shape (cells,)."""
    return np.array(
        [
            effects["message"][message]
            + effects["age"][age]
            + effects["gender"][gender]
            + effects["message x age"][_named(message, band_of(age))]
            + effects["ad_type x age"][_named(kind, band_of(age))]
            for age, gender in CELLS
        ]
    )


def _courted(asked: Parameters, kind: str, effects: Effects) -> Floats:
    """People by cell whom a line of this form is shown to, as shares of all, shape (cells,)."""
    lean = _YOUNG.get(kind.partition(":")[2], 0.0)
    tilt = {"young": np.exp(lean), "middle": 1.0, "old": np.exp(-lean)}
    return np.array(
        [
            effects["people"][_named(age, gender)]
            * _covered(asked, age)
            * (gender in asked.genders)
            * tilt[band_of(age)]
            for age, gender in CELLS
        ]
    )


def _covered(asked: Parameters, age: str) -> float:
    """The share of an age that is asked for."""
    youngest, oldest = AGES[age]
    last = 99 if asked.age_max >= 65 else asked.age_max
    years = min(oldest, last) - max(youngest, asked.age_min) + 1
    return max(years, 0) / (oldest - youngest + 1)


def _bidding(asked: Parameters, effects: Effects, conversions: float) -> float:
    way = f"{asked.platform}:{asked.bidding}"
    scarce = effects["bidding, few conversions"].get(way, 0.0) if conversions < FEW_CONVERSIONS else 0.0
    return effects["bidding"][way] + scarce


def _topics(asked: Parameters, effects: Effects) -> float:
    """Interests and keywords that the market knows, on average; others, or none, do nothing."""
    known = [effects["topic"][topic] for topic in asked.topics if topic in effects["topic"]]
    return float(np.mean(known)) if known else 0.0


def _topic_reach(asked: Parameters, effects: Effects) -> float:
    """The share of people whom any of the interests or keywords finds; all where none is asked for."""
    known = [effects["topic reach"][topic] for topic in asked.topics if topic in effects["topic reach"]]
    return 1.0 - float(np.prod([1.0 - share for share in known])) if known else 1.0
