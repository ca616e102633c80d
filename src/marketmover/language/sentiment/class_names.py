"""What a classifier's own class names mean: 2, 3 or 5 shades of feeling, stars, or numbers around 0."""

import re
from collections.abc import Mapping

from marketmover.errors import InputError

_RANKS = {
    "very negative": -2, "extremely negative": -2, "strongly negative": -2, "highly negative": -2,
    "negative": -1, "neg": -1, "bearish": -1, "slightly negative": -1, "somewhat negative": -1,
    "neutral": 0, "neu": 0, "mixed": 0, "none": 0, "no sentiment": 0,
    "positive": 1, "pos": 1, "bullish": 1, "slightly positive": 1, "somewhat positive": 1,
    "very positive": 2, "extremely positive": 2, "strongly positive": 2, "highly positive": 2,
}  # fmt: skip
_STARS = re.compile(r"(\d{1,2}) ?stars?")
_NUMBER = re.compile(r"[-+]?\d")


def class_values(names: Mapping[int, str]) -> tuple[float, ...]:
    """What each class says of a text, from -1 to 1, in the order of the classes.

    >>> class_values({0: "NEG", 1: "NEU", 2: "POS"})
    (-1.0, 0.0, 1.0)
    >>> class_values({0: "1 star", 1: "2 stars", 2: "3 stars", 3: "4 stars", 4: "5 stars"})
    (-1.0, -0.5, 0.0, 0.5, 1.0)

    Raises:
        InputError: The names leave it unclear; it says which there are.
    """
    ordered = [names[index] for index in sorted(names)]
    plain = [re.sub(r"[\s_-]+", " ", name.strip().lower()).removesuffix(" sentiment").strip() for name in ordered]
    ranks = _starred(plain) or _numbered(ordered) or _named(plain)
    if ranks is None or len(set(ranks)) < 2 or min(ranks) >= 0 or max(ranks) <= 0:
        raise InputError(
            f"The model's classes are {', '.join(map(repr, ordered))}: which of them is positive, which negative?",
            "Write the meaning into id2label of a copy's config.json: negative, neutral, positive, or 1 star to 5.",
        )
    most = max(map(abs, ranks))
    return tuple(rank / most for rank in ranks)


def _starred(names: list[str]) -> list[float] | None:
    found = [_STARS.fullmatch(name) for name in names]
    stars = [int(one[1]) for one in found if one]
    if len(stars) < len(names) or len(set(stars)) < len(stars):
        return None
    middle = (min(stars) + max(stars)) / 2
    return [star - middle for star in stars]


def _numbered(names: list[str]) -> list[float] | None:
    """-1, 0, 1 or -2 to 2: only numbers on both sides of 0 say by themselves what they mean."""
    if not all(_NUMBER.fullmatch(name.strip()) for name in names):
        return None
    values = [float(name) for name in names]
    return values if min(values) == -max(values) and len(set(values)) == len(values) else None


def _named(names: list[str]) -> list[float] | None:
    known = [_RANKS.get(name) for name in names]
    ranks = [float(rank) for rank in known if rank is not None]
    opposed = [rank for rank in ranks if rank]  # two kinds of neutral are one; two of negative are unclear
    return ranks if len(ranks) == len(names) and len(set(opposed)) == len(opposed) else None
