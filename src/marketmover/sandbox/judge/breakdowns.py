"""The same figures by kind of market, how P(better) holds what it says, and the markets worth a look."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

import numpy as np

from marketmover.sandbox.judge.figures import gain_of, share_of
from marketmover.sandbox.judge.scores import Score

_EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
_EACH = 5
_SHARE, _LOSS, _OFF, _COVER = 0.75, 0.001, 0.06, 0.70  # beyond these a market is worth a look
_Z = 1.2816  # of an 80% interval
_SEASONS = ("December to February", "March to May", "June to August", "September to November")


@dataclass(frozen=True)
class Slice:
    """Markets of one kind: how many, and their medians (`None` where nothing counts)."""

    kind: str
    markets: int
    gain: float | None
    share: float | None
    share_qualified: float | None
    above_rule: float | None
    forecast_error: float | None
    cover: float | None
    width: float | None


@dataclass(frozen=True)
class Bin:
    """Markets whose P(better) lies between `low` and `high`: what was said on average, and how often it came true.

    `least` and `most` bound how often it may really come true (Wilson's 80% interval).
    """

    low: float
    high: float
    markets: int
    said: float
    came: float
    least: float
    most: float


@dataclass(frozen=True)
class Cover:
    """Cover of the 80% ranges of all lines of one response family, weighted by money; `money` is its share of all."""

    family: str
    money: float
    cover: float


@dataclass(frozen=True)
class Suspect:
    """A market worth a look: what is wrong, the figure, and the command that judges it again."""

    reason: str
    value: float
    score: Score


def by_manager(scores: Sequence[Score]) -> list[Slice]:
    """Slices by who managed the market."""
    return _slices(scores, lambda one: one.case.manager)


def by_family(scores: Sequence[Score]) -> list[Slice]:
    """Slices by the response family of the market's lines."""
    return _slices(scores, lambda one: one.case.family)


def by_season(scores: Sequence[Score]) -> list[Slice]:
    """Slices by the season in which the plan's days begin."""
    found = _slices(scores, lambda one: _SEASONS[one.start.month % 12 // 3])
    return sorted(found, key=lambda one: _SEASONS.index(one.kind))


def calibration(scores: Sequence[Score]) -> list[Bin]:
    """How often the advice was better, by what was said; bins without a market are left out."""
    known = [(one.told.probability, one.better) for one in scores if one.told and one.told.probability is not None]
    bins: list[Bin] = []
    for low, high in pairwise(_EDGES):
        mine = [(said, came) for said, came in known if low <= said < high or said == high == 1.0]
        if mine:
            said, came = (float(np.mean([pair[place] for pair in mine])) for place in (0, 1))
            bins.append(Bin(low, high, len(mine), said, came, *wilson(came, len(mine))))
    return bins


def wilson(share: float, count: int) -> tuple[float, float]:
    """The 80% score interval of a share out of `count` (Wilson 1927)."""
    scale = 1.0 + _Z**2 / count
    middle = (share + _Z**2 / (2 * count)) / scale
    reach = _Z * sqrt(share * (1.0 - share) / count + _Z**2 / (4 * count**2)) / scale
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def cover_by_family(scores: Sequence[Score]) -> list[Cover]:
    """Cover of ranges by the response family of each line, markets counting alike."""
    told = [one.told for one in scores if one.told]
    names = sorted({family for one in told for family in one.families})
    sums = {name: np.sum([one.families.get(name, (0.0, 0.0)) for one in told], axis=0) for name in names}
    return [
        Cover(name, float(money) / len(told), float(covered) / float(money))
        for name, (money, covered) in sums.items()
        if money > 0
    ]


def suspects(scores: Sequence[Score]) -> list[Suspect]:
    """The markets that did worst, by what was wrong with them; each reason names a few."""
    shares = [(one.share, one) for one in scores if one.share is not None and one.share < _SHARE]
    losses = [(one.gain, one) for one in scores if one.gain < -_LOSS]
    forecasts = [(one.told.forecast, one) for one in scores if one.told and abs(one.told.forecast) > _OFF]
    covers = [(one.told.cover, one) for one in scores if one.told and one.told.cover < _COVER]
    return [
        *_worst("little of the best split's gain", shares),
        *_worst("brings less than today's split", losses),
        *_worst("forecast far off", forecasts, lambda off: -abs(off)),
        *_worst("lines' ranges held too seldom", covers),
    ]


def _worst(reason: str, values: Sequence[tuple[float, Score]], rank: Callable[[float], float] = float) -> list[Suspect]:
    ranked = sorted(values, key=lambda pair: (rank(pair[0]), pair[1].case.seed))
    return [Suspect(reason, value, score) for value, score in ranked[:_EACH]]


def _slices(scores: Sequence[Score], kind: Callable[[Score], str]) -> list[Slice]:
    kinds = sorted({kind(one) for one in scores})
    return [_slice(name, [one for one in scores if kind(one) == name]) for name in kinds]


def _slice(name: str, scores: Sequence[Score]) -> Slice:
    main = [one for one in scores if one.main]
    told = [one.told for one in main if one.told]
    return Slice(
        kind=name,
        markets=len({one.case for one in scores}),
        gain=gain_of(main),
        share=share_of(main),
        share_qualified=share_of(one for one in scores if one.objective == "qualified_leads"),
        above_rule=_median([one.above_rule for one in main]),
        forecast_error=_median([abs(one.forecast) for one in told]),
        cover=_median([one.cover for one in told]),
        width=_median([one.width for one in told]),
    )


def _median(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if values else None
