"""Signs of a candidate from all of the text: how long that is, how often the words come back, what was asked before.

They tell a brief from a mail that asks for nothing, and what a text is about from what it only mentions.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator

from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.trades import singular

_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[a-z]+")
_LONG, _MANY = 11, 7  # powers of two from which on it is the same
_AT_ONCE = 3
_LAST = "\U0010ffff"  # stands behind every letter
_SMALL = frozenset(("the", "of", "for", "and"))


def of_text(document: Document, candidates: int) -> Iterator[str]:
    """How long the text is and how many candidates it holds, both by powers of two."""
    yield f"text length {min((len(document.text) + 1).bit_length() - 1, _LONG)}"
    yield f"text has {min((candidates + 1).bit_length() - 1, _MANY)}"


def asked(unit: Unit, start: int) -> Iterator[str]:
    """The words of the question or heading that a phrase answers."""
    if unit.asked:
        yield "answers a question"
        if start - unit.start < _AT_ONCE:
            yield "opens the answer"
        yield from (f"asked {word}" for word in set(_LETTERS.findall(unit.asked)))


def labelled(document: Document, unit: Unit) -> Iterator[str]:
    """The words of the label that stands before an answer."""
    if unit.field:
        yield from (
            f"label {word}" for word in set(_LETTERS.findall(document.text[unit.start : document.answer(unit)]))
        )


class Repeats:
    """How often words come back in a text, and whether its first line has them."""

    def __init__(self, document: Document) -> None:
        self._text = document.text
        self._words = sorted(singular(word) for word in _WORD.findall(document.text))
        self._first = document.units[0] if document.units else Unit(0, 0, "")
        first = document.text[self._first.start : self._first.end]
        self._in_first = {singular(word) for word in _WORD.findall(first)} - _SMALL

    def signs(self, phrase: str, start: int) -> Iterator[str]:
        """The signs of a phrase that begins at `start`."""
        own = [singular(word) for word in phrase.split()]
        yield f"head said {min(self._beginning_with(own[-1]), 4)}"
        yield f"phrase said {min(self._text.count(phrase), 3)}"
        if start > self._first.end:
            if own[-1] in self._in_first:
                yield "head in first line"
            if self._in_first.intersection(own):
                yield "word in first line"

    def _beginning_with(self, letters: str) -> int:
        return bisect_left(self._words, letters + _LAST) - bisect_left(self._words, letters)
