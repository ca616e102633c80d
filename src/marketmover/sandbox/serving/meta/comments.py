"""What simulated people write beneath the ads of a simulated account.

How an ad is taken is drawn once, from a stream of its own: most ads get few unkind comments, one in five puts people
off. That is all it does: it moves neither clicks nor conversions, so that every export is as it was without it.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Protocol

import numpy as np

from marketmover.sandbox.serving.meta.calls import Json
from marketmover.sandbox.streams import stream

MARK = "[simulated]"
"""What every simulated comment ends with."""

_PUTS_OFF = 0.2
_PLAIN_SHARE = 0.25
_SHOWN_EACH = 6_000.0  # impressions a comment
_MOST = 6  # a day and ad
_KIND = (
    "Ordered last week and I am delighted with it.",
    "This is the best I have tried so far, thank you!",
    "Friendly people, quick answer, great result.",
    "My sister loves hers, so now I want one too.",
    "Wonderful service from beginning to end.",
    "Exactly what I was hoping for. Very happy.",
    "So easy to set up, and it works perfectly.",
    "Fair price and excellent quality.",
    "I recommend them to all my friends.",
    "They solved my problem in ten minutes, amazing.",
    "Really beautiful, well done.",
    "A pleasure to deal with, I will come back.",
    "Arrived early and looks fantastic.",
    "Honest advice and no pressure at all. I like that.",
)
_UNKIND = (
    "Waited six weeks and nobody answers me.",
    "Terrible support, I want my money back.",
    "It broke on the second day. Very disappointed.",
    "I keep seeing this ad and I hate it.",
    "Overpriced rubbish, do not fall for it.",
    "They promised a refund and never paid. Awful.",
    "Misleading. The price in the ad is a lie.",
    "Worst purchase I have made this year.",
    "Rude on the phone and useless by mail.",
    "This looks like a scam to me, stay away.",
    "Poor quality, it fell apart at once.",
    "Stop showing me this, it is annoying.",
    "I cancelled and they still charged me. Horrible.",
    "Nothing worked, and the manual is a bad joke.",
)
_PLAIN = (
    "Do you deliver on Saturdays?",
    "Is there a shop where I can see it?",
    "How long does the offer last?",
    "What is the difference from the older one?",
    "Does it come in blue?",
    "Sent you a message about the sizes.",
    "Which days are you open?",
    "Can two people use one account?",
    "Where can I read the terms?",
    "Is it made for beginners as well?",
)


class CommentedAccount(Protocol):
    """What comments need of the served account."""

    @property
    def meta_account(self) -> str:
        """Digits of the ad account's id."""
        ...

    def meta_rows(self, kind: str, first: date | None, last: date | None) -> Iterator[dict[str, Any]]:
        """Rows of a kind."""
        ...


def unkind_share(account: str, ad_id: str) -> float:
    """The truth of how an ad is taken: the share of unkind comments among those that say how somebody feels."""
    rng = stream(int(account), "feeling of an ad", ad_id)
    return float(rng.uniform(0.55, 0.85) if rng.random() < _PUTS_OFF else rng.uniform(0.03, 0.25))


def comments_by_ad(account: CommentedAccount) -> dict[str, list[Json]]:
    """Every ad's comments, oldest first, in the form of Graph; of the days that figures by ad are told of."""
    found: dict[str, list[Json]] = {}
    for row in account.meta_rows("insights_by_ad", None, None):
        ad, day = str(row["ad_id"]), str(row["date_start"])
        found.setdefault(ad, []).extend(_of_day(account.meta_account, ad, day, float(row.get("impressions") or 0)))
    return {ad: sorted(rows, key=lambda row: row["created_time"]) for ad, rows in found.items()}


def _of_day(account: str, ad: str, day: str, shown: float) -> Iterator[Json]:
    rng = stream(int(account), "comments", ad, day)
    share = unkind_share(account, ad)
    for number in range(min(int(rng.poisson(shown / _SHOWN_EACH)), _MOST)):
        minutes = int(rng.integers(7 * 60, 23 * 60))
        yield {
            "id": f"{ad}_{day.replace('-', '')}{number}",
            "message": f"{_words(rng, share)} {MARK}",
            "created_time": f"{day}T{minutes // 60:02}:{minutes % 60:02}:00+0000",
        }


def _words(rng: np.random.Generator, share: float) -> str:
    if rng.random() < _PLAIN_SHARE:
        return str(rng.choice(_PLAIN))
    return str(rng.choice(_UNKIND if rng.random() < share else _KIND))
