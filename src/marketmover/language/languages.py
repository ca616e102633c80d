"""The language of a text, by the small words that only it uses."""

import re
from functools import cache
from importlib import resources

_WORD = re.compile(r"[^\W\d_]+")
_FEWEST = 5


def foreign_language(text: str) -> str:
    """The language (ISO 639-1) that a text is written in where that is plainly not English; else empty.

    German, French, Spanish, Italian, Dutch and Portuguese are told, by their stop words: at least five, and twice as
    many as English ones. Quotes and greetings in another language leave an English text English.
    """
    small = _small_words()
    words = [word.casefold() for word in _WORD.findall(text[:20_000])]
    counts = {code: sum(word in stops for word in words) for code, stops in small.items()}
    english = counts.pop("en")
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= max(_FEWEST, 2 * english) else ""


@cache
def _small_words() -> dict[str, frozenset[str]]:
    """Stop words by language; one that English has as well (`die`, `me`, `on`) counts as English."""
    text = resources.files("marketmover.language").joinpath("stop_words.txt").read_text(encoding="utf-8")
    rows = [line.partition(":") for line in text.splitlines() if not line.startswith("#")]
    words = {code: frozenset(stops.split()) for code, _, stops in rows if stops}
    return {code: stops if code == "en" else stops - words["en"] for code, stops in words.items()}
