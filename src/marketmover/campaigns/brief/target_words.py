"""What readings of targets share: the words for leads and sales, for limits and wishes, and how a target is made."""

import re
from dataclasses import dataclass
from typing import Literal

from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.numbers import Number, numbers
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.plans import BriefTarget

_SAID = phrases("target_words")

Comparison = Literal["at_most", "at_least"]


QUALIFIED = r"(?:(?:sales[- ])?qualified|sql|mql|good|quality|sales[- ]ready|decent|solid|genuine|serious)"


LEAD = _SAID["lead"]


SALE = _SAID["sale"]


AT_MOST = re.compile(
    rf"(?:\bnot|n't|never)(?: \w+){{0,2}} (?:more than|over|above|exceed|cross)\b"
    rf"|\b{_SAID['at most']}"
)


AT_LEAST = re.compile(rf"\b{_SAID['at least']}")


WISH = re.compile(rf"\b{_SAID['wish']}\b")


@dataclass(frozen=True)
class Figure:
    """A number with its value, its place, and the words on either side of it within its sentence.

    Of a range (`40-50`) it is the upper bound, of a change (`from 90 to 60`) what it is to become (`changed`); `start`
    is where the first of the two begins, and `before` ends there.
    """

    start: int
    end: int
    value: float
    scaled: bool
    before: str
    after: str
    changed: bool = False


_SIGN = r"(?:[$\u00a3\u20ac\u20b9]|rs\.? ?|[a-z]{3} )?"
_NAME = r"(?: ?(?:[$\u00a3\u20ac\u20b9%x]|dollars?|euros?|pounds?|eur|usd|gbp|inr))?"
_RANGE = re.compile(rf"{_NAME} ?(?:-|to|bis|or|/) ?{_SIGN}")
_BETWEEN = re.compile(rf"{_NAME} and {_SIGN}")
_BETWEEN_BEFORE = re.compile(rf"\bbetween (?:about |around )?{_SIGN}$")
_EVERY = r"(?: (?:a|per) (?:day|week|month))?"
_CHANGE_BEFORE = re.compile(rf"(?:\b(?:down|up) )?\bfrom (?:about |around )?{_SIGN}$")


def figures(document: Document) -> list[Figure]:
    """Every number of the text, in order; ranges and changes joined into one."""
    joined: list[Figure] = []
    for number in numbers(document.text):
        last = joined[-1] if joined else None
        if last is not None and _belong_together(document, last, number):
            start, before = last.start, _CHANGE_BEFORE.sub("", last.before)
            changed = before != last.before
            joined.pop()
        else:
            start, before, changed = number.start, document.before(number.start, 90), False
        after = document.after(number.end, 90)
        joined.append(Figure(start, number.end, number.value, number.scaled, before, after, changed))
    return joined


def _belong_together(document: Document, first: Figure, second: Number) -> bool:
    between = document.text[first.end : second.start]
    if len(between) > 24 or document.unit_at(first.start) != document.unit_at(second.start):
        return False
    if _CHANGE_BEFORE.search(first.before):
        return re.fullmatch(rf"{_NAME}{_EVERY} (?:down |up )?to {_SIGN}", between) is not None
    if first.value >= second.value or second.value > 20 * first.value:
        return False
    if _BETWEEN.fullmatch(between):
        return _BETWEEN_BEFORE.search(first.before) is not None
    return _RANGE.fullmatch(between) is not None


def field_of_number(document: Document, number: Figure) -> str:
    """The field that the number's entry answers."""
    return document.unit_at(number.start).field


def looks_like_money(number: Figure) -> bool:
    """Whether a sign, code or name of a currency stands beside the number."""
    return (
        re.search(
            r"(?:[$\u00a3\u20ac\u20b9\u00a5]|\brs\.?|\b(?:usd|eur|gbp|inr|aud|cad|aed|zar|chf|sgd|nzd|sek|nok|dkk|pln|czk"
            r"|huf|ron|brl|mxn|jpy|hkd|sar|kr)|\br) ?$",
            number.before[-6:],
        )
        is not None
        or re.match(
            (
                r"^ ?(?:[\u20ac\u00a3$]|dollars?|euros?|pounds?|quid|bucks|rupees?|eur\b|usd\b|gbp\b|inr\b|aud\b|cad\b"
                r"|chf\b|aed\b|sek\b|nok\b|dkk\b|pln\b|czk\b|huf\b|ron\b|brl\b|mxn\b|jpy\b|hkd\b|sar\b|kr\b|z\u0142|k\u010d"
                r"|kron(?:or|er|a)\b|reais\b|pesos?\b|yen\b|zlot|riyals?\b|francs?\b|dirhams?|rand\b|/-)"
            ),
            number.after[:12],
        )
        is not None
    )


_LIMITS = re.compile(rf"(?:{_SAID['limits']} )?(?:of )?(?:[$\u00a3\u20ac\u20b9]|rs\.? ?|[a-z]{{3}} )?$")


def extent(
    document: Document, number: Figure, ahead: re.Match[str] | None, behind: re.Match[str] | None, length: int = 0
) -> tuple[int, int]:
    """The words of a target: from what names the metric before the number to `length` characters after it."""
    unit = document.unit_at(number.start)
    start = number.start
    if ahead is not None:
        start = max(unit.start, number.start - (len(ahead.string) - ahead.start()))
    else:
        words = _LIMITS.search(
            number.before[-24:],
        )
        start -= len(words.group()) if words and not re.match(r"^(?:and|the|for|get|see|of) $", words.group()) else 0
    end = min(unit.end, number.end + max(behind.end() if behind else 0, length))
    return max(start, unit.start), end


def make_target(
    document: Document, metric: str, value: float, number: Figure, place: tuple[int, int], *, default: Comparison
) -> Found[BriefTarget]:
    """A target on `metric`, with the comparison that the words around the number ask for, else `default`."""
    left, right = document.clause(number.start, number.end)
    near = (
        document.text[max(left, number.start - 40) : number.start]
        + " | "
        + document.text[number.end : min(right, number.end + 20)]
    )
    comparison: Comparison = default
    if (
        default == "at_least"
        and AT_MOST.search(document.text[max(left, number.start - 24) : number.start])
        and not AT_LEAST.search(near)
        and metric not in ("roas", "ctr", "leads", "sales", "qualified_leads")
    ):
        comparison = "at_most"
    return Found(
        BriefTarget.model_validate({"metric": metric, "value": round(value, 4), "comparison": comparison}), *place
    )
