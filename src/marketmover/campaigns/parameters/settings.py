"""What a line has of each parameter, as weights of values: the common tongue of evidence, candidates and reasons."""

from collections.abc import Mapping, Sequence
from itertools import product

from marketmover.campaigns.parameters.texts import texts_of, themes_of
from marketmover.history import AdText, Line

Values = Mapping[str, Mapping[str, float]]
"""Factor (`age`, `theme`, ...) to value to weight; the weights of one factor add up to 1 where anything is known."""

AGES = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
GENDERS = ("FEMALE", "MALE")
TOGETHER = (("theme", "age"), ("ad_type", "age"))
"""Factors that may act together."""

_OPEN = 200


def ages_between(youngest: int | None, oldest: int | None) -> tuple[str, ...]:
    """The age groups of which at least half lie between two ages (both included); all where neither is known."""
    low, high = youngest or 0, oldest if oldest is not None and oldest < 65 else _OPEN  # platforms end at "65 and over"
    return tuple(name for name in AGES if low <= _middle(name) <= high)


def _middle(name: str) -> float:
    first, last = bounds_of(name)
    return (first + (last or 74)) / 2.0


def bounds_of(name: str) -> tuple[int, int | None]:
    """Youngest and oldest age of a group; the last is open."""
    if name.endswith("+"):
        return int(name[:-1]), None
    first, last = name.split("-")
    return int(first), int(last)


def even(names: Sequence[str]) -> dict[str, float]:
    """Equal weights."""
    return {name: 1.0 / len(names) for name in names}


def values_of(line: Line, ads: Sequence[AdText], groups: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """What a line has as it is set now, its running ads weighted by how often they were shown.

    Args:
        line: The line.
        ads: Its own ads.
        groups: Ad id to what it says (`grouped_texts`).
    """
    values = {
        "ad_type": {f"{line.platform} {line.ad_type}": 1.0},
        "age": even(ages_between(line.age_min, line.age_max)),
        "gender": even([name for name in GENDERS if name in line.genders] or GENDERS),
        **message_of([ad for ad in ads if ad.running] or ads, groups),
    }
    if line.bidding_strategy != "UNKNOWN":
        values["bidding"] = {f"{line.platform} {line.bidding_strategy}": 1.0}
    return with_interactions(values)


def message_of(ads: Sequence[AdText], groups: Mapping[str, str]) -> dict[str, dict[str, float]]:
    """What some ads say together: `theme` and `text` with weights; without what is not known."""
    shown = [(ad, ad.impressions or 1.0) for ad in ads if ad.id in groups]
    total = sum(weight for _, weight in shown)
    themes: dict[str, float] = {}
    texts: dict[str, float] = {}
    for ad, weight in shown:
        texts[groups[ad.id]] = texts.get(groups[ad.id], 0.0) + weight / total
        for theme, share in themes_of(texts_of(ad)).items():
            themes[theme] = themes.get(theme, 0.0) + share * weight / total
    return {name: found for name, found in (("theme", themes), ("text", texts)) if found}


def with_interactions(values: Values) -> dict[str, dict[str, float]]:
    """The values with those of factors that act together: the products of their weights."""
    whole = {name: dict(found) for name, found in values.items() if "x" not in name.split()}
    for first, second in TOGETHER:
        if first in whole and second in whole:
            pairs = product(whole[first].items(), whole[second].items())
            whole[f"{first} x {second}"] = {f"{one}, {other}": a * b for (one, a), (other, b) in pairs}
    return whole
