"""What the words around a mention make of it: denied, past, somebody else's, put in place of something said before."""

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.vocabulary import phrases

_SAID = phrases("context")

T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    """A value with the place in `Document.text` that it was read from."""

    value: T
    start: int
    end: int

    def evidence(self, document: Document) -> str:
        """The raw words it rests on."""
        return document.evidence(*document.whole_words(self.start, self.end))


_DENIED_BEFORE = re.compile(
    rf"{_SAID['denies what follows']}(?: (?!but\b|just\b|only\b)[\w'&/]+){{0,5}}[ /]*"
    rf"(?:\(\w+ ?)?$"
)
_DENIED_AFTER = re.compile(rf"^(?: (?:ads?|campaigns?|advertising|please))* ?{_SAID['denies what stands before']}")
PAST = re.compile(rf"\b(?:{_SAID['past']}|\d{{4}}'s)\b")
_NEW_START = re.compile(rf"\b{_SAID['begins a new wish']}\b")
SECOND_THOUGHT = re.compile(rf"\b{_SAID['second thoughts']}\b")


def is_denied(document: Document, start: int, end: int) -> bool:
    """Whether the words around a mention say that it is not wanted (`no Facebook`, `Facebook is out`)."""
    left, _ = _denial_scope(document, start, end)
    before = document.text[max(left, start - 70) : start]
    if re.search(
        (
            r"\bnot (?:only|just|sure|bad|yet)\b[^\n]*$|\bno (?:problem|idea|doubt|issue|preference|objection|matter"
            r"|more than|less than|later than)\b[^\n]*$|\bwhy not\b[^\n]*$|\bnothing but\b[^\n]*$|\bdon't (?:mind"
            r"|forget|worry)\b[^\n]*$|\bcan't wait\b[^\n]*$"
        ),
        before,
    ):
        return False
    if re.search(
        (
            r"(?<!anything )(?<!everything )(?<!all )\b(?:but|just|only|instead|so|rather|want|do|use|prefer"
            r"|focus|stick|keep|please)\b(?!.*\b(?:no|not|nothing|n't"
            r"|avoid|without|never|skip|out)\b)(?: [\w']+){0,3} ?$"
        ),
        before,
    ) and not re.search(
        (
            r"(?:don't|do not|dont|not|never|n't)(?: \w+){0,2} (?:want|do|use|prefer|focus|keep"
            r"|just)(?: [\w']+){0,3} ?$"
        ),
        before,
    ):
        return False
    return _DENIED_BEFORE.search(before) is not None or _DENIED_AFTER.match(document.after(end, 50)) is not None


def _denial_scope(document: Document, start: int, end: int) -> tuple[int, int]:
    """A denial reaches over a list: `no Facebook, Instagram or display`."""
    left, right = document.clause(start, end)
    unit = document.unit_at(start)
    while (
        left > unit.start
        and start - left < 25
        and document.text[max(unit.start, left - 2) : left] == ", "
        and re.match(r"(?:or |nor |and )?[\w' ]{0,24}$", document.text[left:start])
    ):
        if re.match(
            r"(?:and )?(?:just|only|but|we|i|please|use|focus|stick|instead)\b", document.text[left : left + 16]
        ):
            break
        left = max(document.clause(left - 2, left - 2)[0], unit.start)
        if left == document.clause(left, left)[0] and start - left > 60:
            break
    return left, right


def is_past(document: Document, start: int, end: int) -> bool:
    """Whether a mention belongs to what was done before rather than to what is asked for."""
    unit = document.unit_at(start)
    if unit.field == "past":
        return True
    left, right = _sentence_part(document, start, end)
    return PAST.search(document.text, left, right) is not None


def _sentence_part(document: Document, start: int, end: int) -> tuple[int, int]:
    """The part of the sentence with one tense: cut at `, but`, semicolons and at words that start a new wish."""
    unit = document.unit_at(start)
    left, right = unit.start, unit.end
    for match in re.finditer(
        r";| but | so |, (?:it )?was (?=\W?\d)|,? (?:and )?(?:this time|now|going forward|for this (?:one"
        r"|campaign)|this year)\b|\. ",
        document.text[unit.start : unit.end],
    ):
        at = unit.start + match.start()
        if at < start:
            left = at
        elif at >= end:
            right = min(right, at)
            break
    wish = None
    for match in _NEW_START.finditer(document.text, left, start):
        wish = match
    if wish is not None and PAST.search(document.text, left, wish.start()):
        left = wish.start()
    later = _NEW_START.search(document.text, end, right)
    if later is not None and not PAST.search(document.text, left, later.start()):
        right = later.start()
    return left, right
