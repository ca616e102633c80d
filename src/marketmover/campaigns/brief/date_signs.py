"""Days that may be the campaign's first or last, and lengths that may be its own, with signs for the learnt weights."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from marketmover.campaigns.brief.context import Found, is_denied, is_past
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.mention import words_of
from marketmover.campaigns.brief.weighing import weights, words_around


@dataclass(frozen=True)
class Days:
    """One day, or a run of days, in the text: what it would be as first and as last day of the campaign."""

    start: int
    end: int
    first: date
    last: date
    is_day: bool
    rules: frozenset[str] = frozenset()
    """What the rules make of it: `start`, `end`, `campaign` (it stands where the campaign's days stand)."""


def chosen_days(document: Document, days: Sequence[Days]) -> tuple[Found[date] | None, Found[date] | None]:
    """The likeliest first and last day by the learnt weights; a last day never comes before the first."""
    first, last = weights("start_date"), weights("end_date")
    starts = [(first.log_odds(day_signs(document, days, at)), one) for at, one in enumerate(days)]
    ends = [(last.log_odds(day_signs(document, days, at)), one) for at, one in enumerate(days)]
    best: tuple[float, Days | None, Days | None] = (0.0, None, None)
    for start_odds, start in [*starts, (0.0, None)]:
        for end_odds, end in [*ends, (0.0, None)]:
            torn = start is not None and end is not None and (end.last < start.first or (start is end and end.is_day))
            if not torn and start_odds + end_odds > best[0]:
                best = start_odds + end_odds, start, end
    _, start, end = best
    return (
        Found(start.first, start.start, start.end) if start else None,
        Found(end.last, end.start, end.end) if end else None,
    )


def day_signs(document: Document, days: Sequence[Days], at: int) -> Iterator[str]:
    """The signs of one day or run of days among all of its text."""
    one = days[at]
    unit = document.unit_at(one.start)
    kind = "day" if one.is_day else "run"
    yield kind
    yield from (f"{kind}, {sign}" for sign in words_around(document.text, one.start, one.end, unit.start, unit.end))
    left, right = document.clause(one.start, one.end)
    yield from (f"clause:{word}" for word in words_of(document.text[left:right]))
    yield from (f"sentence:{word}" for word in words_of(document.text[unit.start : unit.end]))
    yield f"{kind}, field:{unit.field}"
    yield from (f"{kind}, rules say {what}" for what in one.rules)
    others = [other for other in days if other is not one]
    edges = {"start", "end"}
    holds = {
        "only one": not others,
        "first said": at == 0,
        "last said": at == len(days) - 1,
        "earliest": all(one.first <= other.first for other in others),
        "latest": all(one.last >= other.last for other in others),
        "past": is_past(document, one.start, one.end),
        "denied": is_denied(document, one.start, one.end),
        "rules say another": not one.rules & edges and any(other.rules & edges for other in others),
        "a run is there": any(not other.is_day for other in others),
        "length behind": re.search(r"\b(?:days?|weeks?|wks?|months?)\b", document.after(one.end, 30)) is not None,
    }
    yield from (f"{kind}, {sign}" for sign, true in holds.items() if true)


def length_signs(document: Document, start: int, end: int, others: int, *, by_rules: bool) -> Iterator[str]:
    """The signs of a length of time (`six weeks`), which may be that of the campaign."""
    unit = document.unit_at(start)
    yield from words_around(document.text, start, end, unit.start, unit.end)
    yield from (f"clause:{word}" for word in words_of(document.text[slice(*document.clause(start, end))]))
    yield from (f"sentence:{word}" for word in words_of(document.text[unit.start : unit.end]))
    yield f"said as:{re.sub(r'[0-9]+', '#', document.text[start:end])}"
    yield f"field:{unit.field}"
    yield f"of {min(others, 4)}"
    holds = {
        "rules say it": by_rules,
        "past": is_past(document, start, end),
        "denied": is_denied(document, start, end),
        "alone": document.text[unit.start : unit.end].strip(" .") == document.text[start:end],
    }
    yield from (sign for sign, true in holds.items() if true)
