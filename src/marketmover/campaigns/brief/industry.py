"""The client's line of business, where the text says it or the words for what it sells leave no doubt."""

import re
from functools import lru_cache

from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.vocabulary import phrases

_SAID = phrases("industry")

_ORGANISATION = re.compile(rf"(?:{_SAID['before the organisation']}|^)(?:[a-z-]+ ){{1,3}}{_SAID['organisations']}\b")
_GENERIC = ("retail", "ecommerce", "manufacturing")
_ANSWER = re.compile(r"(?:[^\n:=|?]{1,60}[:=|?] *)?(?P<what>[^\n,;.(]+)")
_OTHER_FIELDS = frozenset(
    ("contact", "audience", "interests", "platforms", "budget", "past", "concerns", "avoid", "tone", "targets")
)
_WHO = re.compile(rf"\b{_SAID['who we are']}\b")


def find_industry(document: Document, product: Found[str] | None) -> Found[str] | None:
    """The industry: as a form names it, else by the words for the product, else for the business."""
    if (stated := _stated(document)) is not None:
        return stated
    if product is not None:
        start = max(document.unit_at(product.start).start, product.start - 2)
        if (one := _best(document, start, product.end)) is not None:
            return one
    organisation = _ORGANISATION.search(document.text)
    if organisation and (one := _best(document, *organisation.span())) is not None:
        return one
    return _by_self_description(document) or _only_trade(document)


def _stated(document: Document) -> Found[str] | None:
    for unit in document.units:
        if unit.field == "industry":
            match = _ANSWER.match(document.text, unit.start, unit.end)
            if match and match["what"].strip():
                start, end = match.span("what")
                return Found(document.evidence(start, end).lower(), start, end)
    return None


def _by_self_description(document: Document) -> Found[str] | None:
    for unit in document.units:
        if unit.field in _OTHER_FIELDS:
            continue
        for who in _WHO.finditer(document.text, unit.start, unit.end):
            stop = document.text.find(",", who.end() + 60, unit.end)
            one = _best(document, who.end(), min(unit.end, stop if stop > 0 else who.end() + 70))
            if one is not None:
                return one
    return None


def _only_trade(document: Document) -> Found[str] | None:
    """The one line of business that the text's words name; `None` where they name several."""
    found: dict[str, Found[str]] = {}
    for unit in document.units:
        if unit.field in ("", "objective", "product"):
            one = _best(document, unit.start, unit.end)
            if one is not None:
                found.setdefault(one.value, one)
    return next(iter(found.values())) if len(found) == 1 else None


def trade_of(document: Document, start: int, end: int) -> Found[str] | None:
    """The line of business that the words of a stretch name."""
    return _best(document, start, end)


def _best(document: Document, start: int, end: int) -> Found[str] | None:
    found: list[Found[str]] = []
    for name, pattern in _patterns():
        match = pattern.search(document.text, start, end)
        if match:
            found.append(Found(name, *match.span()))
    if not found:
        return None
    found = [one for one in found if one.value not in _GENERIC] or found
    best = min(found, key=lambda one: (one.start, -one.end))
    while following := [
        one for one in found if best.end < one.end and one.start <= best.end + 1 and one.value not in _GENERIC
    ]:
        best = following[0]  # the last word of a compound says what it is: pet insurance, payroll software
    return best


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    return [(name, re.compile(rf"\b{words}\b")) for name, words in phrases("industries").items()]
