"""Sentences as candidates for an objective, by their words: what no list of phrases for an objective foresees.

Each of the first sentences is a candidate for each objective; `weights/objective.tsv` says which words and pairs of
words speak for which.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.noun_phrases import lemma, tokens
from marketmover.campaigns.brief.weighing import Candidate
from marketmover.plans import Objective

OBJECTIVES: tuple[Objective, ...] = ("leads", "sales", "traffic", "awareness", "engagement", "app_installs")
_MOST_SENTENCES = 120  # a brief says what it is for within them; what is longer shall not take minutes
_WORD = re.compile(r"[a-z']+")


def sentence_candidates(document: Document, mentions: Sequence[Candidate]) -> Iterator[Candidate]:
    """Each sentence for each objective; `mentions` are the candidates that lists of phrases gave."""
    said = {one.value for one in mentions}
    length = text_length(document)
    in_order = sorted((one.start, one.value) for one in mentions)
    starts = [start for start, _ in in_order]
    for number, unit in enumerate(document.units[:_MOST_SENTENCES]):
        here = {value for _, value in in_order[bisect_left(starts, unit.start) : bisect_left(starts, unit.end)]}
        found = _words(document, unit)
        shared = (
            *(f"sentence: {word}" for word in found),
            f"sentence field {unit.field}",
            f"sentence of {min(len(found) // 6, 5)}",
            f"sentence mentions {bool(here)}",
            f"sentence in text of {length}",
            f"sentence {min(number, 3)}",
        )
        end = unit.start + len(document.text[unit.start : unit.end].rstrip())
        for objective in OBJECTIVES:
            own = (
                *(f"{objective}: {word}" for word in found),
                f"sentence for {objective}",
                f"{objective} in field {unit.field}",
                f"sentence mentions it {objective in here}",
                f"text mentions it {objective in said}, {len(said)}",
            )
            yield Candidate(objective, unit.start, end, (*shared, *own))


def text_length(document: Document) -> int:
    """The length of the text, by powers of two."""
    return (len(document.text) + 1).bit_length() - 1


def clause_signs(document: Document, objective: str, start: int, end: int) -> Iterator[str]:
    """The words of the clause that a mention of `objective` stands in."""
    for word in set(_WORD.findall(document.text[slice(*document.clause(start, end))])):
        yield f"clause: {word}"
        yield f"{objective} clause: {word}"


def _words(document: Document, unit: Unit) -> Collection[str]:
    """The words of a sentence in their base forms, and pairs of neighbours."""
    line = [
        "#" if token.part == "number" else lemma(token.word)
        for token in tokens(document.text, unit.start, unit.end)
        if token.part != "mark" or token.word == "?"
    ]
    return {*line, *(f"{one} {two}" for one, two in pairwise(line))}
