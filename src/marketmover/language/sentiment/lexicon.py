"""What words, phrases and emoji say by themselves: VADER's word list, and before it our own lists under `words/`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import product
from pathlib import Path

WORDS = Path(__file__).parent / "words"

_CHOICE = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_PIECE = re.compile(r"\d+/\d+|\w+(?:['-]\w+)*|[^\w\s]")
_PLAIN_WORD = re.compile(r"[a-z]+(?:['-][a-z]+)*")

Phrases = dict[str, list[tuple[tuple[str, ...], float]]]


@dataclass(frozen=True)
class Lexicon:
    """Valences from -4 to 4, and the words that bend them.

    Attributes:
        words: A word's valence.
        phrases: By first word, the rest of each phrase with its valence, the longest first.
        emoji: An emoji's valence.
        emoticons: An emoticon's valence.
        roles: Words by what they do: `negators`, `boosters`, `dampeners`, ...
    """

    words: dict[str, float]
    phrases: Phrases
    emoji: dict[str, float]
    emoticons: dict[str, float]
    roles: dict[str, frozenset[str]]


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lists, read once."""
    words, emoticons = _vader()
    emoji = {one: value for names, value in _valued("emoji.txt") for one in names.split()}
    phrases: Phrases = {}
    for entry, value in _valued("valences.txt"):
        for written in spellings(entry):
            first, *rest = _PIECE.findall(written)
            if rest:
                phrases.setdefault(first, []).append((tuple(rest), value))
            else:
                words[first] = value
    for found in phrases.values():
        found.sort(key=lambda one: -len(one[0]))
    return Lexicon(words, phrases, emoji, emoticons, _roles("modifiers.txt") | _roles("sarcasm.txt"))


def spellings(entry: str) -> Iterator[str]:
    """Every way of writing an entry: `(a|b)` is a or b, `[a]` may be missing.

    >>> list(spellings("not (good|great) [at all]"))
    ['not good at all', 'not good', 'not great at all', 'not great']
    """
    if "(" not in entry and "[" not in entry:
        yield " ".join(entry.split())
        return
    parts: list[Sequence[str]] = []
    at = 0
    for match in _CHOICE.finditer(entry):
        parts += [[entry[at : match.start()]], (match[1] or match[2]).split("|") + ([""] if match[1] is None else [])]
        at = match.end()
    for choice in product(*parts, [entry[at:]]):
        yield " ".join("".join(choice).split())


def _vader() -> tuple[dict[str, float], dict[str, float]]:
    """Hutto and Gilbert (2014): mean valence of some 7,500 words and emoticons, by ten raters each."""
    words: dict[str, float] = {}
    emoticons: dict[str, float] = {}
    text = files("vaderSentiment").joinpath("vader_lexicon.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        entry, value, _ = line.split("\t", 2)
        is_word = (entry.isascii() and entry.isalpha() and entry.islower()) or _PLAIN_WORD.fullmatch(entry)
        (words if is_word else emoticons)[entry] = float(value)
    return words, emoticons


def _valued(name: str) -> Iterator[tuple[str, float]]:
    for line in _lines(name):
        entry, _, value = line.rpartition(" ")
        yield entry, float(value)


def _roles(name: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    role = ""
    for line in _lines(name):
        if line.startswith("== "):
            role = line.strip("= ")
            found[role] = set()
        else:
            found[role].add(line.replace("_", " "))
    return {role: frozenset(words) for role, words in found.items()}


def _lines(name: str) -> list[str]:
    return [line for line in (WORDS / name).read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
