"""Which line of business words belong to, by the lists in `words/*/industries.txt`."""

from dataclasses import dataclass
from functools import lru_cache

from marketmover.campaigns.brief.noun_phrases import Token
from marketmover.campaigns.brief.vocabulary import lists

_LONGEST_ENTRY = 4


@dataclass(frozen=True)
class Trade:
    """A line of business, and the tokens `first` up to `last` (not included) that name it."""

    industry: str
    first: int
    last: int


def singular(word: str) -> str:
    """A noun without its plural ending.

    >>> [singular(word) for word in ("bakeries", "dresses", "sofas", "glass", "gas")]
    ['bakery', 'dress', 'sofa', 'glass', 'gas']
    """
    if word.endswith("'s"):
        return word[:-2]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    plural = word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3
    return word[:-1] if plural else word


@lru_cache(maxsize=1)
def _entries() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Entry -> its lines of business; and the same of entries that stand for any ending, by their first part."""
    whole: dict[str, tuple[str, ...]] = {}
    begun: dict[str, tuple[str, ...]] = {}
    for name, entries in lists("industries").items():
        for entry in entries:
            known, key = (begun, entry[:-1]) if entry.endswith("*") else (whole, entry)
            known[key] = (*known.get(key, ()), name)
    return whole, begun


@lru_cache(maxsize=8192)
def _of(words: str) -> tuple[str, ...]:
    whole, begun = _entries()
    if words in whole:
        return whole[words]
    last = words.rfind(" ") + 1
    return next((begun[words[:end]] for end in range(len(words), max(last, 1), -1) if words[:end] in begun), ())


def trades(line: list[Token], first: int, last: int) -> list[Trade]:
    """Lines of business that tokens `first` up to `last` name, by the longest entries."""
    words = [singular(token.word.replace("-", " ")) for token in line[first:last]]
    found: list[Trade] = []
    at = 0
    while at < len(words):
        length = next((size for size in range(_LONGEST_ENTRY, 0, -1) if _of(" ".join(words[at : at + size]))), 0)
        size = min(length, len(words) - at)
        found.extend(
            Trade(name, first + at, first + at + size) for name in _of(" ".join(words[at : at + size])) if size
        )
        at += max(size, 1)
    return found
