"""Which of the account's creatives comes in where ads are tired: what brings results, and what people do not mind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.parameters import grouped_texts, may_run
from marketmover.campaigns.platforms import creative_of
from marketmover.campaigns.tuning.feelings import Feeling
from marketmover.history import AdText, Line
from marketmover.plans import Creative

Floats = NDArray[np.float64]

_PUT_OFF = 0.9
_PRIOR = 20.0  # clicks, and results, that the mean of a line's ads counts for in what is known of one
_AS_GOOD, _SURE = 0.9, 0.7  # of what the line's other ads bring a view; how likely, at least
_CLOSE = 0.7  # probability below which the better of two is not taken to be it
_DRAWS = 2000


@dataclass(frozen=True)
class Rested:
    """A creative of the account that a line does not show now.

    Attributes:
        ad: Its most shown ad.
        brings: Results a view over those of the ads beside it (mean).
        as_good: Probability that it brings nine tenths of them or more.
        feeling: How people took it, where comments say so.
    """

    ad: AdText
    brings: float
    as_good: float
    feeling: Feeling | None

    def creative(self, ad_type: str) -> Creative:
        """It as the creative of a line."""
        found = creative_of(self.ad, ad_type)
        assert found is not None  # noqa: S101 - `may_run` asked
        return found


def put_off(ads: Sequence[AdText], feelings: Mapping[str, Feeling]) -> list[AdText]:
    """Running ads that nine times in ten put people off, the surest first."""
    found = [ad for ad in ads if ad.running and _disliked(feelings.get(ad.id))]
    return sorted(found, key=lambda ad: (-feelings[ad.id].put_off, ad.id))


def next_creative(
    line: Line, ads: Sequence[AdText], feelings: Mapping[str, Feeling], seed: Sequence[int]
) -> Rested | None:
    """The creative that comes in where a line's ads are tired; none where new ones had better be made.

    Of what the account has, what the line does not show now, fills its form, and puts nobody off: the one that brings
    most results a view beside the ads of its own lines. Where two cannot be told apart by that, the one that people
    take better. Clicks a view and results a click are gamma-Poisson, each with the mean of the lines' ads as its prior.

    Args:
        line: The line with tired ads.
        ads: All ads of the account.
        feelings: By ad.
        seed: Fixes the draws.
    """
    groups = grouped_texts(ads)
    shown = {groups[ad.id] for ad in ads if ad.line_id == line.id and ad.running and ad.id in groups}
    known = [
        one
        for one in _rested(line, ads, feelings, groups, seed)
        if groups[one[0].ad.id] not in shown and one[0].as_good >= _SURE and not _disliked(one[0].feeling)
    ]
    if not known:
        return None
    best, most = max(known, key=lambda one: (one[0].brings, one[0].ad.id))
    close = [one for one, draws in known if float((most > draws).mean()) < _CLOSE]
    return min([*close, best], key=lambda one: (_negative(one), -one.brings, one.ad.id))


def _rested(
    line: Line,
    ads: Sequence[AdText],
    feelings: Mapping[str, Feeling],
    groups: Mapping[str, str],
    seed: Sequence[int],
) -> Iterator[tuple[Rested, Floats]]:
    """Each text of the platform that the line could show, with draws of what it brings over what is usual beside it."""
    usual = _usual(ads)
    by_text: dict[str, list[AdText]] = {}
    for ad in ads:
        if ad.platform == line.platform and ad.id in groups and may_run(ad, line):
            by_text.setdefault(groups[ad.id], []).append(ad)
    for text, mine in sorted(by_text.items()):
        lines = [(ad, usual[ad.line_id]) for ad in mine if ad.line_id in usual]
        generator = np.random.default_rng([*seed, *text.encode()])
        clicks = sum(ad.clicks for ad in mine), sum(ad.impressions * clicked for ad, (clicked, _) in lines)
        results = sum(ad.conversions for ad in mine), sum(ad.clicks * converts for ad, (_, converts) in lines)
        draws = _against(*clicks, generator) * _against(*results, generator)
        lead = max(mine, key=lambda ad: (ad.impressions, ad.id))
        felt = max((feelings[ad.id] for ad in mine if ad.id in feelings), key=lambda one: one.count, default=None)
        yield Rested(lead, float(draws.mean()), float((draws >= _AS_GOOD).mean()), felt), draws


def _against(seen: float, due: float, generator: np.random.Generator) -> Floats:
    return generator.gamma(seen + _PRIOR, 1.0 / (due + _PRIOR), _DRAWS)


def _usual(ads: Sequence[AdText]) -> dict[str, tuple[float, float]]:
    """Clicks a view and results a click of each line's ads together."""
    lines: dict[str, list[AdText]] = {}
    for ad in ads:
        if ad.line_id:
            lines.setdefault(ad.line_id, []).append(ad)
    found: dict[str, tuple[float, float]] = {}
    for line, mine in lines.items():
        shown, clicks, results = (
            sum(getattr(ad, name) for ad in mine) for name in ("impressions", "clicks", "conversions")
        )
        found[line] = clicks / max(shown, 1.0), results / max(clicks, 1.0)
    return found


def _disliked(feeling: Feeling | None) -> bool:
    return feeling is not None and feeling.speaks and feeling.put_off >= _PUT_OFF


def _negative(one: Rested) -> float:
    """Share of negative comments; as usual where few speak."""
    return one.feeling.negative if one.feeling is not None and one.feeling.speaks else 0.25
