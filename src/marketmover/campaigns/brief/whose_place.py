"""Whose place or country a text speaks of: the audience's, or the sender's, the product's, a rival's, the past's."""

import re

from marketmover.campaigns.brief import world
from marketmover.campaigns.brief.context import is_past
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.vocabulary import phrases

_SAID = phrases("places")

# Ways in which a text says where the sender is, each up to the place itself.
_SENDER_WAYS = (
    rf"\b{_SAID['where the sender is']}\b[^\n,;]{{0,40}}$",  # based in, founded in, brewed in
    rf"\b(?:i|we) {_SAID['has a place']}\b[^\n,;]{{0,60}}\b(?:in|near|from|outside) (?:\w+ )?$",
    rf"\b{_SAID['greets']} from (?:\w+ )?$",
    rf"\b(?:our|my) (?:\w+ ){{0,2}}{_SAID['firm of the sender']}\b[^\n,;]{{0,50}}\b(?:in|from|near) (?:\w+ )?$",
    rf"\b(?:our|my) (?:\w+ ){{0,3}}{_SAID['premises of the sender']} (?:is |are )?(?:in|near|outside) (?:\w+ )?$",
    (
        rf"\b{_SAID['we are']}\b(?! {_SAID['aims all the same']}\b)"
        r"[^\n,;]{0,60}\b(?:in|from|of|near|outside|at) (?:\w+ )?$"
    ),
)
_SENDER = re.compile("|".join(_SENDER_WAYS))
_SENDER_AFTER = re.compile(
    rf"^[- ]based\b(?! {_SAID['people after based']})"
    rf"|^ {_SAID['firms after a place']}\b"
)
AIM = re.compile(rf"\b{_SAID['aims at people']}\b")
_ELSEWHERE = re.compile(
    rf"\b{_SAID['somewhere else']}\b[^\n,;]{{0,30}}$"
    rf"|\b(?:conference|trade fair|exhibition|festival|event)\b[^\n,;]{{0,48}}$"
)


def for_audience(document: Document, start: int, end: int) -> bool:
    """Whether a place is said of the audience; by default it is, unless it is the sender's, the product's or past."""
    unit = document.unit_at(start)
    if unit.field in ("location", "audience"):
        return True
    if unit.field in ("contact", "past", "product", "industry", "concerns") or is_past(document, start, end):
        return False
    left, _ = document.clause(start, end)
    before, after = document.text[max(left, start - 90) : start], document.after(end, 50)
    if _SENDER_AFTER.match(after[:30]) or _is_elsewhere(before) or _is_senders(before):
        return False
    if _PRODUCTS_PLACE.match(after):
        return False
    if AIM.search(before) or AIM.search(after[:40]) or is_fragment(document, start, end):
        return True
    return _SENDER.search(document.before(start, 200)) is None


def _is_elsewhere(before: str) -> bool:
    """Whether the place belongs to something else than the audience: a rival, a fair, a journey."""
    other = _ELSEWHERE.search(before)
    return other is not None and not re.search(
        r"\b(?:public|people|residents|locals) (?:of|in) ", before[other.start() :]
    )


def _is_senders(before: str) -> bool:
    sender = _SENDER.search(before)
    if not sender or _WISH.search(before, sender.start()):
        return False
    aims = [match.start() for match in AIM.finditer(before)]
    return not aims or aims[-1] < sender.start() or _SENDER_OWN.search(before) is not None


_WISH = re.compile(
    r"\b(?:want|need|target\w*|reach|looking (?:for|to)|aim|hope|customers|sell to|enquiries from|leads from"
    r"|would like|put (?:us|our|\w+) on)\b"
)
_PRODUCTS_PLACE = re.compile(r" (?:to|for) (?:\w+ ){0,3}(?:from|in|based in|living in)\b")
_SENDER_OWN = re.compile(
    rf"\b{_SAID['we are or run']}\b(?! {_SAID['wishes to']})[^\n]{{0,60}}$"
    rf"|\b(?:our|my) (?:\w+ )?{_SAID['our own premises']}s? (?:is |are )?in (?:the )?$"
)
_CONJUNCT = re.compile(r"(?<![\w-])(?P<name>[A-Z\u00c0-\u00de][\w'-]+(?: [A-Z][\w'-]+)?)")


def is_fragment(document: Document, start: int, end: int) -> bool:
    """Whether the clause is the place alone, as in `ROAS 4 min, Germany + Austria`."""
    left, right = document.clause(start, end)
    rest = document.cased[left:start] + document.cased[end:right]
    rest = _CONJUNCT.sub(lambda one: " " if world.is_place(one["name"]) else one.group(), rest).lower()
    return (
        re.fullmatch(
            r"(?:\W|\b(?:only|and|in|the|just|all|us|uk|or|part|area|\d+|miles|km|around|mainly|also|both)\b|"
            + world.country_pattern().pattern
            + ")*",
            rest,
        )
        is not None
    )
