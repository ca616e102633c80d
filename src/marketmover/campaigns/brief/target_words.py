"""What readings of targets share: the words for leads and sales, for limits and wishes, and how a target is made."""

import re
from typing import Literal

from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.numbers import Number
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


_AT_LEAST = re.compile(rf"\b{_SAID['at least']}")


WISH = re.compile(rf"\b{_SAID['wish']}\b")


def field_of_number(document: Document, number: Number) -> str:
    """The field that the number's entry answers."""
    return document.unit_at(number.start).field


def looks_like_money(document: Document, number: Number) -> bool:
    """Whether a sign, code or name of a currency stands beside the number."""
    return (
        re.search(
            r"(?:[$\u00a3\u20ac\u20b9]|\brs\.?|\b(?:usd|eur|gbp|inr|aud|cad|aed|zar|chf|sgd|nzd)|\br) ?$",
            document.before(number.start, 6),
        )
        is not None
        or re.match(
            (
                r"^ ?(?:[\u20ac\u00a3$]|dollars?|euros?|pounds?|quid|bucks|rupees?|eur\b|usd\b|gbp\b|inr\b|aud\b|cad\b"
                r"|chf\b|aed\b|dirhams?|rand\b|/-)"
            ),
            document.after(number.end, 12),
        )
        is not None
    )


_LIMITS = re.compile(rf"(?:{_SAID['limits']} )?(?:of )?(?:[$\u00a3\u20ac\u20b9]|rs\.? ?|[a-z]{{3}} )?$")


def extent(
    document: Document, number: Number, ahead: re.Match[str] | None, behind: re.Match[str] | None, length: int = 0
) -> tuple[int, int]:
    """The words of a target: from what names the metric before the number to `length` characters after it."""
    unit = document.unit_at(number.start)
    start = number.start
    if ahead is not None:
        start = max(unit.start, number.start - (len(ahead.string) - ahead.start()))
    else:
        words = _LIMITS.search(
            document.before(number.start, 24),
        )
        start -= len(words.group()) if words and not re.match(r"^(?:and|the|for|get|see|of) $", words.group()) else 0
    end = min(unit.end, number.end + max(behind.end() if behind else 0, length))
    return max(start, unit.start), end


def make_target(
    document: Document, metric: str, value: float, number: Number, place: tuple[int, int], *, default: Comparison
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
        and not _AT_LEAST.search(near)
        and metric not in ("roas", "ctr", "leads", "sales", "qualified_leads")
    ):
        comparison = "at_most"
    return Found(
        BriefTarget.model_validate({"metric": metric, "value": round(value, 4), "comparison": comparison}), *place
    )
