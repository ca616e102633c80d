"""What a text is about, in its own words: the phrases that tell most, best first.

Candidates are runs of words between stop words and punctuation (Rose et al. 2010, "Automatic keyword extraction from
individual documents", RAKE). They are scored by how often and how early they stand, and by how rarely their words are
used elsewhere (after Campos et al. 2020, "YAKE!", with a table of word frequencies in place of the text's own
statistics, since a brief or an ad is too short to have any).
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib import resources

from marketmover.language.embeddings import rarity

_TOKEN = re.compile(r"[^\W_]+(?:[-'’.&][^\W_]+)*|[^\w\s]|\n")
_WORD = re.compile(r"^[^\W_]")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
_LONGEST = 4
_LATE = 0.5  # how much less the last phrase counts than the first
_FURTHER_WORD = 0.6  # what each further word adds, beside the first one's 1
_COMMON = 0.62  # rarity below which a word says too little to stand alone


@dataclass(frozen=True)
class Keyword:
    """A phrase as the text first writes it, its score (higher tells more; 1 for the best) and how often it stands."""

    words: str
    score: float
    count: int


@dataclass
class _Candidate:
    words: str
    tokens: tuple[str, ...]
    first: int
    count: int = 0


def keywords(text: str, most: int = 10, *, language: str = "en", stop_words: Collection[str] = ()) -> list[Keyword]:
    """The phrases that tell most of a text, the best first.

    Args:
        text: Plain text.
        most: How many at most.
        language: ISO 639-1; its stop words end a phrase (English, German, French, Spanish, Italian, Dutch,
            Portuguese; others by `stop_words` alone). How rarely words are used is known for English.
        stop_words: Further words that end a phrase.
    """
    code = language.lower().replace("_", "-").split("-")[0]
    stops = _stop_words(code) | {word.casefold() for word in stop_words}
    found = _candidates(_ADDRESS.sub(" , ", text), stops)
    many = sum(one.count for one in found.values())
    scores = {tokens: _score(one, found, many, english=code == "en") for tokens, one in found.items()}
    ranked = sorted(found.values(), key=lambda one: (-scores[one.tokens], one.first))
    kept = _apart([one for one in ranked if scores[one.tokens] > 0], most)
    best = scores[kept[0].tokens] if kept else 1.0
    return [Keyword(one.words, round(scores[one.tokens] / best, 4), one.count) for one in kept]


def _candidates(text: str, stops: Collection[str]) -> dict[tuple[str, ...], _Candidate]:
    """Runs of words, and in runs that are too long their parts, by their words in small letters."""
    found: dict[tuple[str, ...], _Candidate] = {}
    for place, run in enumerate(_runs(text, stops)):
        pieces = [run] if len(run) <= _LONGEST else [run[at : at + 2] for at in range(len(run) - 1)]
        for piece in pieces:
            key = tuple(_folded(word) for word in piece)
            one = found.setdefault(key, _Candidate(" ".join(piece), key, place))
            one.count += 1
    return found


def _runs(text: str, stops: Collection[str]) -> list[list[str]]:
    runs: list[list[str]] = [[]]
    for token in _TOKEN.findall(unicodedata.normalize("NFC", text)):
        if _WORD.match(token) and token.casefold().replace("’", "'") not in stops and not token[0].isdigit():
            runs[-1].append(token)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _folded(word: str) -> str:
    """A word without its plural, so that `clinic` and `clinics` are one."""
    plain = word.casefold().replace("’", "'").removesuffix("'s")
    return plain[:-1] if plain.endswith("s") and len(plain) > 4 and plain[-2] not in "sui" else plain


def _score(one: _Candidate, found: dict[tuple[str, ...], _Candidate], many: int, *, english: bool) -> float:
    rare = [rarity(word) if english else min(len(word) / 8, 1.0) for word in one.tokens]
    if max(rare) < _COMMON or all(len(word) < 2 for word in one.tokens):
        return 0.0
    longer = [other for key, other in found.items() if key != one.tokens and _holds(key, one.tokens)]
    often = (one.count + 0.5 * sum(other.count for other in longer)) ** 0.5
    early = 1.0 - _LATE * min([one.first, *(other.first for other in longer)]) / max(many, 1)
    weight = max(rare) + _FURTHER_WORD * (sum(rare) - max(rare)) / max(len(rare) - 1, 1) * (len(rare) > 1)
    return weight * often * early


def _holds(longer: tuple[str, ...], shorter: tuple[str, ...]) -> bool:
    size = len(shorter)
    return any(longer[at : at + size] == shorter for at in range(len(longer) - size + 1))


def _apart(ranked: list[_Candidate], most: int) -> list[_Candidate]:
    """The best, without those that say again what a better one says already."""
    kept: list[_Candidate] = []
    for one in ranked:
        if len(kept) == most:
            break
        if not any(_holds(other.tokens, one.tokens) or _holds(one.tokens, other.tokens) for other in kept):
            kept.append(one)
    return kept


@cache
def _stop_words(language: str) -> frozenset[str]:
    text = resources.files("marketmover.language").joinpath("stop_words.txt").read_text(encoding="utf-8")
    rows = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return frozenset(rows.get(language, "").split())
