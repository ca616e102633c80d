"""What speaks for a sum of money being the budget: signs for the learnt weights."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
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


def with_signs(
    document: Document, candidates: list[Candidate], by_rules: Candidate | None, taken: list[tuple[int, int]]
) -> list[Candidate]:
    """All candidates of a text in their order, each with its signs.

    `by_rules` is the one that the rules choose, `taken` are the places that were read as targets or ages.
    """
    if not candidates:
        return []
    among = _Among.of(candidates)
    found: list[Candidate] = []
    for at, one in enumerate(candidates):
        company = (*among.signs(at, one), *_beside(document, candidates, at))
        found.append(
            replace(
                one, signs=frozenset((*_signs(document, one, by_rules, is_taken=overlaps(one.money, taken)), *company))
            )
        )
    return found


def overlaps(money: Sum, taken: list[tuple[int, int]]) -> bool:
    """Whether a sum stands at one of the places."""
    return any(start < money.end and money.start < end for start, end in taken)


def _signs(document: Document, one: Candidate, by_rules: Candidate | None, *, is_taken: bool) -> Iterator[str]:
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


@dataclass(frozen=True)
class _Among:
    """What the candidates of a text are to each other, found once for all of them."""

    size: int
    highest_score: float
    largest: float
    smallest: float
    times: Counter[float]
    with_period: frozenset[float]
    last_likely: int
    last_correction: int

    @classmethod
    def of(cls, candidates: list[Candidate]) -> "_Among":
        """Candidates of one text, at least one, in their order."""
        amounts = [one.money.amount for one in candidates]
        return cls(
            len(candidates),
            max(one.score for one in candidates),
            max(amounts),
            min(amounts),
            Counter(amounts),
            frozenset(one.money.amount for one in candidates if one.period != "total"),
            max((at for at, one in enumerate(candidates) if one.score >= _LIKELY), default=-1),
            max((at for at, one in enumerate(candidates) if one.corrects), default=-1),
        )

    def signs(self, at: int, one: Candidate) -> Iterator[str]:
        """The signs of the candidate at a place."""
        amount = one.money.amount
        yield f"of {min(self.size, 5)}"
        holds = {
            "last": at == self.size - 1,
            "first": at == 0,
            "last likely": at == self.last_likely,
            "a later one corrects": self.last_correction > at,
            "likeliest by rules": one.score >= self.highest_score,
            "largest": amount == self.largest,
            "smallest": amount == self.smallest,
            "said again": self.times[amount] > 1,
            "said again with a period": one.period == "total" and amount in self.with_period,
        }
        yield from (sign for sign, true in holds.items() if true)


def _beside(document: Document, candidates: list[Candidate], at: int) -> Iterator[str]:
    """The words between a candidate and its neighbours."""
    one = candidates[at]
    if at + 1 < len(candidates):
        between = document.text[one.money.end : candidates[at + 1].money.start][-60:]
        yield from (f"before the next:{word}" for word in words_of(between)[-3:])
    if at:
        between = document.text[candidates[at - 1].money.end : one.money.start][:60]
        yield from (f"behind the one before:{word}" for word in words_of(between)[:3])
