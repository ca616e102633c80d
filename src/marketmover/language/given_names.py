"""People's names that nothing introduces: given names of many countries, told from what is spelt alike.

The names are Faker's, which keeps them by country; those in `also_words.txt` are words, places, months or titles as
well (`Will`, `Austin`, `May`): they count only before a surname that is no English word.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import cast

from marketmover.language.gazetteer import is_city, is_large_city

_FOLDER = Path(__file__).parent
_WORD = r"[^\W\d_a-z][^\W\d_]+(?:[-'\u2019][^\W\d_]+)*"
_LINK = r"(?:(?:van|von|de|del|della|der|den|di|da|dos|la|le|bin|al|el|ter) ){0,2}"
_RUN = re.compile(rf"(?<![\w@./-]){_WORD}(?: {_LINK}{_WORD})*(?![\w@]|\.\w)")
_TOKEN = re.compile(rf"{_LINK}(?P<word>{_WORD})")
_OWNS = re.compile(r"['\u2019]s$")
_BRAND_BEFORE = re.compile(r"(?:& |\b(?:St|Saint|San|Santa|Sao|Mount|Port|Lake)\.? )$")
_BRAND_BEHIND = re.compile(r" (?:& [^\W\d_a-z]|(?:Ltd|Inc|LLC|GmbH|AG|BV|SA|plc|Co)\b)")
_PLACE_BEFORE = re.compile(r"\b(?:in|near|around|across|outside|from|at|of) (?:the )?$", re.IGNORECASE)
_NAME = re.compile(r"[A-Z\u00c0-\u017f][^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_LAST_LATIN = "\u024f"
_SHORTEST = 3
_MOST_SURNAMES = 2


def given_names(text: str) -> Iterator[str]:
    """Names of people in a text, each given name with the surnames behind it.

    >>> list(given_names("Tobias will own this, ask Hope Mbeki; Hope Street and Austin stay."))
    ['Tobias', 'Hope Mbeki']
    """
    for run in _RUN.finditer(text):
        tokens = list(_TOKEN.finditer(run.group()))
        at = 0
        while at < len(tokens):
            surnames = _surnames(tokens[at + 1 :]) if not _OWNS.search(tokens[at]["word"]) else 0
            start, end = run.start() + tokens[at].start("word"), run.start() + tokens[at + surnames].end()
            if _is_person(text, (start, end), [token["word"] for token in tokens[at : at + surnames + 2]], surnames):
                yield _OWNS.sub("", text[start:end])
                at += surnames
            at += 1


def _surnames(tokens: list[re.Match[str]]) -> int:
    """How many of the words behind a given name are surnames: at most two, none that is an English word alone."""
    found = 0
    for token in tokens[:_MOST_SURNAMES]:
        word = _OWNS.sub("", token["word"]).lower()
        if _is_common(word) and word not in _surnames_like_words():
            break
        found += 1
        if _OWNS.search(token["word"]):
            break
    return found


def _is_person(text: str, span: tuple[int, int], words: list[str], surnames: int) -> bool:
    """Whether a given name is a person's here: `words` begins with it, then `surnames` surnames, then what follows."""
    first = _OWNS.sub("", words[0]).lower()
    if first not in _given() or len(first) < _SHORTEST or words[0].isupper():
        return False
    before = text[max(0, span[0] - 12) : span[0]]
    if _BRAND_BEFORE.search(before) or _BRAND_BEHIND.match(text, span[1]):
        return False
    if first in _table("also_words") or is_large_city(first):
        rare = words[1].lower() if surnames else ""
        return bool(rare) and not (_is_common(rare) or rare in _surnames_like_words() or is_city(rare))
    if not surnames and len(words) > 1:  # `Emma Mattress`, `Lola's Cupcakes`
        return False
    return not (is_city(first) and _PLACE_BEFORE.search(before))


def is_also_a_word(word: str) -> bool:
    """Whether a given name in small letters is more often something else: a word, a place, a title."""
    return word in _table("also_words")


def is_plain_word(word: str, *, surely: bool = False) -> bool:
    """Whether a word in small letters is an English one that is nobody's name: `plumbers`, `finance`; not `baker`.

    Args:
        word: The word.
        surely: Ask for its inflections as well: the table of words holds names, too (`vikram`), but none of theirs.
    """
    if word in _surnames_like_words() or not _is_common(word):
        return False
    if not surely:
        return True
    words = _table("embeddings/table/words")
    return any(f"{word}{ending}" in words for ending in _ENDINGS) or any(one in words for one in _without_ending(word))


_ENDINGS = ("s", "es", "d", "ed", "ing", "er", "ly", "al", "ment", "y")


def _is_common(word: str) -> bool:
    if word in _given():
        return False
    return any(form in _table("embeddings/table/words") for form in (word, *_without_ending(word)))


def _without_ending(word: str) -> Iterator[str]:
    for ending, instead in (
        ("s", ""),
        ("es", ""),
        ("ies", "y"),
        ("ers", ""),
        ("ful", ""),
        ("y", ""),
        ("ed", ""),
        ("ing", ""),
    ):
        if word.endswith(ending) and len(word) - len(ending) > _SHORTEST:
            yield word[: len(word) - len(ending)] + instead


@lru_cache(maxsize=2)
def _table(name: str) -> frozenset[str]:
    return frozenset((_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines())


@lru_cache(maxsize=1)
def _given() -> frozenset[str]:
    return _of_all_countries("first_names")


@lru_cache(maxsize=1)
def _surnames_like_words() -> frozenset[str]:
    """Surnames that are English words as well: they tell `Emma Stone` from an `Emma Mattress`."""
    return _of_all_countries("last_names") & _table("embeddings/table/words")


def _of_all_countries(kind: str) -> frozenset[str]:
    """Faker's names of a kind in Latin letters, in small letters; takes a third of a second."""
    person = importlib.import_module("faker.providers.person")
    names: set[str] = set()
    for module in pkgutil.iter_modules(person.__path__):
        provider = importlib.import_module(f"{person.__name__}.{module.name}").Provider
        for attribute in dir(provider):
            listed: object = getattr(provider, attribute) if attribute.startswith(kind) else ()
            if isinstance(listed, Iterable):  # some are properties, of names that others list
                names.update(name for name in cast("Iterable[str]", listed) if _is_latin(name))
    return frozenset(name.lower() for name in names)


def _is_latin(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and max(name) <= _LAST_LATIN
