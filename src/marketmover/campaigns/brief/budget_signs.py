"""What speaks for a sum of money being the budget: signs for the learnt weights."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from marketmover.campaigns.brief.context import SECOND_THOUGHT, is_denied, is_past
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.mention import words_of
from marketmover.campaigns.brief.money import Sum
from marketmover.campaigns.brief.weighing import words_around

Period = Literal["total", "day", "week", "month"]


@dataclass(frozen=True)
class Candidate:
    """A sum that may be the budget; `score` is what the rules make of it, `signs` what the learnt weights go by."""

    money: Sum
    score: float
    period: Period
    start: int
    end: int
    adds: bool = False
    corrects: bool = False
    platform: str = ""
    signs: frozenset[str] = frozenset()


_SCALED = re.compile(r"\bk\b|\d ?k\b|thousand|grand|lakh|crore|million|mio|tys")
_LIKELY = 3.0


def budget_signs(
    document: Document, candidates: list[Candidate], at: int, by_rules: Candidate | None, *, is_taken: bool
) -> Iterator[str]:
    """The signs of one candidate among all of its text."""
    one = candidates[at]
    money, unit = one.money, document.unit_at(one.money.start)
    yield from words_around(document.text, money.start, money.end, unit.start, unit.end)
    yield from (f"clause:{word}" for word in words_of(document.text[slice(*document.clause(money.start, money.end))]))
    yield from (f"sentence begins:{word}" for word in words_of(document.text[unit.start : money.start])[:2])
    yield from (f"sentence:{word}" for word in words_of(document.text[unit.start : unit.end]))
    yield f"field:{unit.field}"
    yield from (f"asked:{word}" for word in words_of(unit.asked))
    yield f"period:{one.period}"
    yield f"size:{int(math.log10(max(money.amount, 1.0)))}"
    yield from (f"rules score {least} or more" for least in range(-3, 8) if one.score >= least)
    holds = {
        "rules choose it": by_rules is one,
        "rules choose another": by_rules is not None and by_rules is not one,
        "read as a target": is_taken,
        "currency": money.currency is not None,
        "money": money.sure,
        "scaled": _SCALED.search(document.text, money.start, money.end) is not None,
        "range": money.low is not None,
        "past": is_past(document, money.start, money.end),
        "denied": is_denied(document, money.start, money.end),
        "corrects": one.corrects,
        "adds": one.adds,
        "for a platform": bool(one.platform),
        "second thought before": SECOND_THOUGHT.search(document.text, unit.start, money.start) is not None,
        "second thought after": SECOND_THOUGHT.search(document.text, money.end, unit.end) is not None,
        "alone in its sentence": len(words_of(document.text[unit.start : unit.end])) <= 3,
    }
    yield from (sign for sign, true in holds.items() if true)
    yield from _among_others(document, candidates, at)


def _among_others(document: Document, candidates: list[Candidate], at: int) -> Iterator[str]:
    one = candidates[at]
    yield f"of {min(len(candidates), 5)}"
    later = candidates[at + 1 :]
    amounts = [other.money.amount for other in candidates]
    holds = {
        "last": not later,
        "first": at == 0,
        "last likely": one.score >= _LIKELY and all(other.score < _LIKELY for other in later),
        "a later one corrects": any(other.corrects for other in later),
        "likeliest by rules": one.score >= max(other.score for other in candidates),
        "largest": one.money.amount == max(amounts),
        "smallest": one.money.amount == min(amounts),
        "said again": amounts.count(one.money.amount) > 1,
        "said again with a period": one.period == "total"
        and any(other.money.amount == one.money.amount and other.period != "total" for other in candidates),
    }
    yield from (sign for sign, true in holds.items() if true)
    if later:
        between = document.text[one.money.end : later[0].money.start][-60:]
        yield from (f"before the next:{word}" for word in words_of(between)[-3:])
    if at:
        between = document.text[candidates[at - 1].money.end : one.money.start][:60]
        yield from (f"behind the one before:{word}" for word in words_of(between)[:3])
