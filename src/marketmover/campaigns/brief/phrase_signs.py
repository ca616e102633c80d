"""The noun phrases of a brief, and what the words around each say of it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from marketmover.campaigns.brief.context import PAST
from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.noun_phrases import NounPhrase, Token, lemma, noun_phrases, tokens
from marketmover.campaigns.brief.vocabulary import phrases

_PROMOTES = re.compile(rf"\b{phrases('product')['promotes']} $")
_ARTICLES = frozenset(("the", "a", "an", "our", "my", "your", "this", ""))
_MARKS = {
    ".": "stop", "!": "stop", "?": "asked", ",": "comma", ";": "comma", ":": "colon", "=": "colon", "|": "colon",
    "(": "open", ")": "close", '"': "quote", "-": "dash", "/": "slash",
}  # fmt: skip


@dataclass(frozen=True)
class Phrase:
    """A noun phrase in its sentence, with the signs that the words around it give."""

    unit: Unit
    line: list[Token]
    at: NounPhrase
    signs: tuple[str, ...]


@lru_cache(maxsize=1)
def said_phrases(document: Document) -> tuple[Phrase, ...]:
    """Every noun phrase of the text, in order; several fields are looked for among them."""
    lines = [_line(document, unit) for unit in document.units]
    found = [list(noun_phrases(line)) for line in lines]
    heads = Counter(line[one.last - 1].word for line, ones in zip(lines, found, strict=True) for one in ones)
    return tuple(
        Phrase(unit, line, one, (*_around(document, unit, line, one), *_place(line, one, number, heads)))
        for number, (unit, line, ones) in enumerate(zip(document.units, lines, found, strict=True))
        for one in ones
    )


def line_sign(number: int) -> str:
    """Whether a sentence is the first, the second, one of the next three, or a later one."""
    return f"line {number if number < 2 else '2-4' if number < 5 else 'later'}"


def named(token: Token) -> str:
    """A word as signs name it: verbs in their base form, marks by kind, numbers and nouns by what they are."""
    if token.part == "mark":
        return _MARKS.get(token.word, "mark")
    if token.part == "verb":
        return lemma(token.word)
    return token.part if token.part in ("number", "name", "time") else token.word


def _line(document: Document, unit: Unit) -> list[Token]:
    """The tokens of a sentence; of a form's entry, those of the answer."""
    start = document.answer(unit) if unit.field else unit.start
    return tokens(document.text, start if start < unit.end else unit.start, unit.end)


def _place(line: list[Token], one: NounPhrase, number: int, heads: Counter[str]) -> Iterator[str]:
    yield line_sign(number)
    yield f"said {min(heads[line[one.last - 1].word], 3)} times"


def _around(document: Document, unit: Unit, line: list[Token], one: NounPhrase) -> Iterator[str]:
    before, article = _lead(line, one.first)
    after = line[one.last] if one.last < len(line) else None
    yield f"field {unit.field}"
    if unit.field and one.first == 0:
        yield f"answers {unit.field}"
    yield f"article {article}" if article in _ARTICLES else "article other"
    yield f"behind {named(line[before]) if before >= 0 else 'start'}"
    if before >= 1:
        yield f"behind two {named(line[before - 1])} {named(line[before])}"
    verb = next((token for token in reversed(line[max(0, before - 4) : before + 1]) if token.part == "verb"), None)
    yield f"verb {lemma(verb.word)}" if verb else "no verb"
    lead = line[before].end + 1 if before >= 0 else unit.start
    if _PROMOTES.search(document.text, max(unit.start, lead - 40), lead):
        yield "promoted"
    yield f"before {named(after) if after else 'end'}"
    if article in ("our", "my"):
        yield f"ours before {after.part if after else 'end'}"
    if (before < 0 or line[before].part == "mark") and (after is None or after.part == "mark"):
        yield "alone in its line" if before < 0 and after is None else "alone in its clause"
    if PAST.search(document.text, unit.start, line[one.last - 1].end):
        yield "past"


def _lead(line: list[Token], first: int) -> tuple[int, str]:
    """The token before the phrase and its articles, adjectives and numbers; and the first of the articles."""
    before, article = first - 1, ""
    while before >= 0 and line[before].part in ("determiner", "light", "number"):
        article = line[before].word if line[before].part == "determiner" else article
        before -= 1
    return before, article
