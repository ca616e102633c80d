"""What ads say: their theme, by words, and which ads say much the same, whatever the language."""

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from marketmover.history import AdText

_THEMES = Path(__file__).parent / "themes"
_ALIKE = 0.5
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=1)
def _known() -> dict[str, re.Pattern[str]]:
    """Theme to the pattern of its words."""
    patterns: dict[str, re.Pattern[str]] = {}
    for path in sorted(_THEMES.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                theme, words = line.split(":", 1)
                parts = [re.escape(word.strip()).replace(r"\*", r"\w*") for word in words.split(",")]
                patterns[theme] = re.compile(r"(?<!\w)(?:" + "|".join(parts) + r")(?!\w)", re.IGNORECASE)
    return patterns


def themes_of(texts: Sequence[str]) -> dict[str, float]:
    """What texts speak of: themes with weights that add up to 1; empty where no known word stands in them.

    Each headline or description has one vote, shared among the themes that it touches.
    """
    votes: dict[str, float] = {}
    for text in texts:
        found = [theme for theme, pattern in _known().items() if pattern.search(text)]
        for theme in found:
            votes[theme] = votes.get(theme, 0.0) + 1.0 / len(found)
    total = sum(votes.values())
    return {theme: vote / total for theme, vote in votes.items()} if total else {}


def texts_of(ad: AdText) -> tuple[str, ...]:
    """All words of an ad, one text each."""
    return (*ad.headlines, *ad.descriptions)


def grouped_texts(ads: Sequence[AdText]) -> dict[str, str]:
    """Ad id to the id of the first ad that says much the same: at least half of all their words are in common.

    Ads without texts are left out. Words of the account's name and product stand in all ads and so part none.
    """
    first: dict[str, frozenset[str]] = {}
    groups: dict[str, str] = {}
    for ad in sorted(ads, key=lambda one: (one.platform, one.id)):
        words = frozenset(_WORD.findall(" ".join(texts_of(ad)).casefold()))
        if words:
            alike = (name for name, known in first.items() if len(words & known) >= _ALIKE * len(words | known))
            groups[ad.id] = next(alike, ad.id)
            first.setdefault(groups[ad.id], words)
    return groups
