"""Genders of the audience, by learnt weights over what the text says of women and men."""

import re
from collections.abc import Iterator
from typing import Literal

from marketmover.campaigns.brief.context import Found, is_denied
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.mention import mention_signs
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.campaigns.brief.weighing import Candidate, weights

_SAID = phrases("people")

Gender = Literal["FEMALE", "MALE"]

_FEMALE = re.compile(rf"(?<![\w-]){_SAID['female']}(?![\w]|'s|s')")
_MALE = re.compile(
    r"(?<![\w-])(?:men|males?|dads?|fathers|gentlemen|guys|lads|grooms|husbands|boys|grandfathers|grandads|blokes"
    r"|businessmen)(?![\w]|'s|s')"
)
_NOT_AUDIENCE = re.compile(_SAID["not the audience"])
_NOT_AUDIENCE_AFTER = re.compile(
    r"^(?:'s|-owned|-led| owned| founded| only team)|^ (?:shoes|clothes|clothing|wear|fashion|apparel|health clinic"
    r"|skincare|handbags|watches)\b|^,? (?:just|quick|can|could|hope|thanks|here|as discussed|we)\b"
)
_BOTH = re.compile(r"\b(?:m ?[/&+] ?f|f ?[/&+] ?m|w ?[/&+] ?m|m ?[/&+] ?w)\b")
_SHORT = re.compile(r"\b(f|w|m)(?= ?\d{2} ?[-+])")
_GENDERS: tuple[Gender, ...] = ("FEMALE", "MALE")


def find_genders(document: Document) -> list[Found[Gender]]:
    """Genders that the text names for the audience, each once."""
    learnt = weights("genders")
    likely = [one for one in gender_candidates(document) if learnt.log_odds(one.signs) > 0]
    return [Found("FEMALE" if one.value == "FEMALE" else "MALE", one.start, one.end) for one in likely]


def gender_candidates(document: Document) -> list[Candidate]:
    """The genders that the text speaks of, each with the signs that it is the audience's, from all mentions."""
    by_rules = {one.value: one for one in _by_rules(document)}
    mentions = {
        "FEMALE": [match.span() for match in _FEMALE.finditer(document.text)],
        "MALE": [match.span() for match in _MALE.finditer(document.text)],
    }
    named = sum(bool(spans) for spans in mentions.values())
    candidates: list[Candidate] = []
    for gender in _GENDERS:
        said = by_rules.get(gender)
        spans = mentions[gender] or ([(said.start, said.end)] if said else [])
        if spans:
            first = (said.start, said.end) if said else spans[0]
            signs = frozenset(_signs(document, gender, spans, named, frozenset(by_rules)))
            candidates.append(Candidate(gender, *first, tuple(sorted(signs))))
    return candidates


def _signs(
    document: Document, gender: Gender, spans: list[tuple[int, int]], named: int, by_rules: frozenset[str]
) -> Iterator[str]:
    verdict = "rules: yes" if gender in by_rules else "rules: no"
    yield verdict
    yield gender
    yield f"{verdict}, {named} named, rules say {len(by_rules)}"
    yield f"{verdict}, said {min(len(spans), 3)} times"
    for start, end in spans:
        yield from mention_signs(document, start, end)
        yield f"word:{document.text[start:end]}"
        yield f"{verdict}, word:{document.text[start:end]}"


def _by_rules(document: Document) -> list[Found[Gender]]:
    found: list[Found[Gender]] = []
    for gender, pattern in zip(_GENDERS, (_FEMALE, _MALE), strict=True):
        first = next((one for one in pattern.finditer(document.text) if _is_audience_gender(document, one)), None)
        if first:
            found.append(Found(gender, *first.span()))
    for unit in document.units:
        if found:
            break
        if both := _BOTH.search(document.text, unit.start, unit.end):
            found = [Found(gender, *both.span()) for gender in _GENDERS]
        elif short := _SHORT.search(document.text, unit.start, unit.end):
            found = [Found("MALE" if short.group() == "m" else "FEMALE", *short.span())]
    return found


def _is_audience_gender(document: Document, match: re.Match[str]) -> bool:
    unit = document.unit_at(match.start())
    if unit.field in ("contact", "past", "product", "industry", "concerns"):
        return False
    before, after = document.before(match.start(), 50), document.after(match.end(), 30)
    if (
        _NOT_AUDIENCE.search(before)
        or _NOT_AUDIENCE_AFTER.match(after)
        or re.search(r"\bnot (?:just|only) (?:for )?$", before)
    ):
        return False
    return not is_denied(document, *match.span())
