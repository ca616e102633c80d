"""How people take each ad, by what they write beneath it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from marketmover.history import Reaction
from marketmover.language.sentiment import SentimentEngine

_DAYS = 90  # older comments are of other weeks' ads
_LEAST = 8  # comments below which nothing is said of an ad
_PRIOR = 8.0  # comments that what all ads are answered with counts for
_BAD = 0.4  # share of negative comments from which on an ad puts people off, where all are answered kindly
_WORSE = 1.5  # times what the other ads get
_P10 = 0.1


@dataclass(frozen=True)
class Feeling:
    """What comments say of an ad.

    Attributes:
        count: How many there are.
        negative: Share of negative ones, drawn towards that of all ads.
        low, high: Its 80% range.
        put_off: Probability that it puts people off: 40% of its comments are negative, and half as many again as the
            other ads get.
    """

    count: int
    negative: float
    low: float
    high: float
    put_off: float

    @property
    def speaks(self) -> bool:
        """Whether there are enough comments to say something."""
        return self.count >= _LEAST


def feelings_of(reactions: Sequence[Reaction], engine: SentimentEngine, day: date) -> dict[str, Feeling]:
    """Each ad's feeling by its id, from the comments of the last three months up to a day.

    The share of negative comments is beta-binomial: the prior is what the account's other ads get, worth eight
    comments. A comment beneath a post that several ads share says how each of them is taken, and is no evidence on
    "other" ads for any of them; in what the rest gets it counts once. Comments that the engine misreads blur the share
    towards the middle, for all ads alike.

    Args:
        reactions: What people wrote.
        engine: Says how a text sounds.
        day: The last day that counts.
    """
    from scipy import stats

    recent = [one for one in reactions if day - timedelta(_DAYS) < one.day <= day]
    labels = engine.score_many([one.text for one in recent])
    negative: dict[str, bool] = {}
    of_ads: dict[str, set[str]] = {}
    for place, (one, found) in enumerate(zip(recent, labels, strict=True)):
        comment = f"{one.platform}:{one.id}" if one.id else f"#{place}"
        negative[comment] = found.label == "negative"
        of_ads.setdefault(one.ad_id, set()).add(comment)
    bad, every, told = sum(negative.values()), len(negative), dict[str, Feeling]()
    for ad, own in sorted(of_ads.items()):
        unkind, count = sum(negative[comment] for comment in own), len(own)
        others = (bad - unkind + 1.0) / (every - count + 4.0)  # a quarter where nothing else is known
        shape = others * _PRIOR + unkind, (1.0 - others) * _PRIOR + count - unkind
        law = stats.beta(*shape)
        low, high = (float(law.ppf(share)) for share in (_P10, 1.0 - _P10))
        told[ad] = Feeling(count, shape[0] / sum(shape), low, high, float(law.sf(max(_BAD, min(_WORSE * others, 0.9)))))
    return told


def as_share(values: Sequence[float]) -> str:
    """A range of shares in words."""
    low, high = (float(np.clip(value, 0.0, 1.0)) for value in values)
    return f"{low:.0%} to {high:.0%}"
