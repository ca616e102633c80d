"""What the campaign is for, also where it is said indirectly (`fill the diary`, `get our name out`).

Every phrase of `words/*/objective.txt` that names an objective or stands for one is a candidate, and so is each
sentence for each objective (`objective_sentences.py`). What the rules make of a mention (`objective_rules.py`), its
kind and the words around it are weighed by `weights/objective.tsv`. Of fresh held-out briefs the rules alone read 80%
right, the mentions weighed 86%, mentions and sentences together 88%.
"""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from marketmover.campaigns.brief.context import PAST, Found, is_denied
from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.feeling_signs import WORRY
from marketmover.campaigns.brief.noun_phrases import Token, lemma, tokens
from marketmover.campaigns.brief.objective_rules import (
    BY_TARGET,
    FIRST,
    SECOND,
    WISH,
    describes_firm,
    find_by_rules,
    wished,
    with_wish,
)
from marketmover.campaigns.brief.objective_sentences import clause_signs, sentence_candidates, text_length
from marketmover.campaigns.brief.phrase_signs import line_sign
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.campaigns.brief.weighing import Candidate, Weights, weights
from marketmover.plans import BriefTarget, Objective

_FAMILIES: tuple[tuple[Objective, tuple[str, ...]], ...] = (
    ("leads", ("leads", "leads, said indirectly", "people get in touch", "people sign up", "a first meeting")),
    ("sales", ("sales", "bookings", "stock and seats")),
    ("traffic", ("traffic", "come and see")),
    ("awareness", ("awareness", "get known")),
    ("engagement", ("engagement", "take part")),
    ("app_installs", ("app installs", "have the app")),
)
_SURE_ENOUGH = 1.25  # as likely as this times that none is said
_MOST_MENTIONS = 300  # a brief says what it is for within them; what is longer shall not take minutes
_DEGREES = ((0.0, "no"), (0.6, "little"), (0.99, "some"), (1.5, "plainly"))


def find_objective(
    document: Document, targets: list[Found[BriefTarget]], by: Weights | None = None
) -> Found[Objective] | None:
    """The objective that is likeliest meant; `None` where it is likelier that none is said.

    A target (`cost per lead under 40`) names it where nothing else does.
    """
    candidates = objective_candidates(document, targets)
    shares = (by or weights("objective")).shares([one.signs for one in candidates])
    totals: dict[str, float] = {}
    for one, share in zip(candidates, shares, strict=True):
        totals[one.value] = totals.get(one.value, 0.0) + share
    if totals and max(totals.values()) >= _SURE_ENOUGH * (1.0 - sum(shares)):
        chosen = max(totals, key=lambda name: totals[name])
        best, _ = max(
            (pair for pair in zip(candidates, shares, strict=True) if pair[0].value == chosen), key=lambda pair: pair[1]
        )
        return Found(cast("Objective", chosen), *with_wish(document, best.start, best.end))
    for target in targets:
        if objective := BY_TARGET.get(target.value.metric):
            return Found(objective, target.start, target.end)
    return None


def objective_candidates(document: Document, targets: list[Found[BriefTarget]]) -> list[Candidate]:
    """Every mention of an objective, then every sentence for each, with their signs."""
    mentions = _mention_candidates(document, targets)
    return [*mentions, *sentence_candidates(document, mentions)]


def _mention_candidates(document: Document, targets: list[Found[BriefTarget]]) -> list[Candidate]:
    mentions = _mentions(document)
    times = Counter(objective for objective, _, _ in mentions)
    by_rules = find_by_rules(document, targets)
    backed = {BY_TARGET.get(one.value.metric) for one in targets}
    lines = {unit.start: tokens(document.text, unit.start, unit.end) for unit in document.units}
    numbers = {unit.start: number for number, unit in enumerate(document.units)}
    of_text = (
        f"length {_length(document.text)}",
        f"mentions {min(len(mentions), 5)}",
        f"objectives {len(times)}",
        f"text of {text_length(document)}",
    )
    found: list[Candidate] = []
    for (objective, start, end), families in sorted(mentions.items(), key=lambda one: one[0][1])[:_MOST_MENTIONS]:
        unit = document.unit_at(start)
        signs = [
            *(f"kind {family}" for family in families),
            f"is {objective}",
            f"{objective} field {unit.field}",
            f"word {objective} {document.text[start:end]}",
            f"said {min(times[objective], 3)} times",
            f"share {4 * times[objective] // len(mentions)}",
            *(f"{objective} beside {other}" for other in times),
            *clause_signs(document, objective, start, end),
            line_sign(numbers[unit.start]),
            *of_text,
            *_around(document, unit, start, end),
            *_words(lines[unit.start], start, end),
        ]
        if objective in backed:
            signs.append("backed by a target")
        signs.append(f"rules choose {'none' if not by_rules else 'it' if by_rules.value == objective else 'another'}")
        found.append(Candidate(objective, start, end, tuple(signs)))
    return found


def _length(text: str) -> str:
    return next((f"below {most}" for most in (80, 160, 320) if len(text) < most), "more")


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[Objective, str, re.Pattern[str]]]:
    said = phrases("objective")
    return [(objective, name, re.compile(rf"(?<!\w){said[name]}")) for objective, names in _FAMILIES for name in names]


def _mentions(document: Document) -> dict[tuple[Objective, int, int], list[str]]:
    """Each mention with the lists that it stands in; where several begin at one place, the first list's end counts."""
    found: dict[tuple[Objective, int, int], list[str]] = {}
    ends: dict[tuple[Objective, int], int] = {}
    for objective, name, pattern in _patterns():
        for match in pattern.finditer(document.text):
            if match.group():
                end = ends.setdefault((objective, match.start()), match.end())
                found.setdefault((objective, match.start(), end), []).append(name)
    return found


def _around(document: Document, unit: Unit, start: int, end: int) -> Iterator[str]:
    """What the sentence makes of the mention."""
    yield f"field {unit.field}"
    degree = wished(document, start, end)
    yield f"wished {next((name for most, name in _DEGREES if degree <= most), 'most')}"
    if describes_firm(document, start, end):
        yield "describes the firm"
    if is_denied(document, start, end):
        yield "denied"
    if PAST.search(document.text, unit.start, unit.end):
        yield "past"
    if WORRY.search(document.text, unit.start, unit.end):
        yield "worry"
    if document.text[unit.start : unit.end].rstrip().endswith("?"):
        yield "question"
    if WISH.search(document.text, max(unit.start, start - 90), start):
        yield "wish before"
    if FIRST.search(document.text, max(unit.start, start - 70), min(end + 30, unit.end)):
        yield "first"
    if SECOND.search(document.text, max(unit.start, start - 40), min(end + 30, unit.end)):
        yield "second"


def _words(line: list[Token], start: int, end: int) -> Iterator[str]:
    """The words near the mention, and the verbs and pronouns of its sentence."""
    before = [token for token in line if token.end <= start]
    after = [token for token in line if token.start >= end]
    verb = next((token for token in reversed(before[-6:]) if token.part == "verb"), None)
    yield f"verb {lemma(verb.word)}" if verb else "no verb"
    yield f"behind {_word(before[-1]) if before else 'start'}"
    yield f"before {_word(after[0]) if after else 'end'}"
    yield from (f"near before {_word(token)}" for token in before[-3:])
    yield from (f"near after {_word(token)}" for token in after[:2])
    if not before:
        yield "opens line"
    if all(token.part == "mark" for token in after):
        yield "ends line"
    if len(line) < 5:
        yield "short line"
    yield from (f"line has {lemma(token.word)}" for token in line if token.part in ("verb", "pronoun", "auxiliary"))


def _word(token: Token) -> str:
    return "#" if token.part == "number" else lemma(token.word)
