"""Signs that any mention has, wherever it stands: the words around it, its clause, its sentence, what it answers."""

import re
from collections.abc import Iterator

from marketmover.campaigns.brief.context import is_denied, is_past
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.weighing import words_around

_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")


def mention_signs(document: Document, start: int, end: int) -> Iterator[str]:
    """Signs for the learnt weights of the mention `text[start:end]`."""
    unit = document.unit_at(start)
    yield from words_around(document.text, start, end, unit.start, unit.end)
    yield from (f"clause:{word}" for word in words_of(document.text[slice(*document.clause(start, end))]))
    yield from (f"sentence:{word}" for word in words_of(document.text[unit.start : unit.end]))
    yield from (f"asked:{word}" for word in words_of(unit.asked))
    yield f"field:{unit.field}"
    if is_past(document, start, end):
        yield "past"
    if is_denied(document, start, end):
        yield "denied"
    if document.text[unit.start : unit.end].strip(" .!") == document.text[start:end]:
        yield "alone"


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without figures."""
    return _WORD.findall(text)
