"""The client's own text with what was understood marked, and a view of the brief for people."""

import re
from collections.abc import Mapping

from marketmover.plans import Brief

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def marked_text(text: str, brief: Brief, *, colour: bool) -> str:
    """The text with each reading's words marked and named: in colour for a terminal, in brackets elsewhere.

    >>> marked_text("Budget 5k USD.", Brief(evidence={"budget": "5k USD"}), colour=False)
    'Budget [budget: 5k USD].'
    """
    # What a client wrote must not command a terminal; each such sign stands for one, so that every place stays.
    text = _UNPRINTABLE.sub("\ufffd", text) if colour else text
    shown: list[str] = []
    at = 0
    for start, end, names in marks(text, brief.evidence):
        words = text[start:end]
        label = ", ".join(names)
        shown.append(text[at:start])
        shown.append(f"\033[1;7m{words}\033[0m\033[2m \u2039{label}\u203a\033[0m" if colour else f"[{label}: {words}]")
        at = end
    return "".join([*shown, text[at:]])


def marks(text: str, evidence: Mapping[str, str]) -> list[tuple[int, int, list[str]]]:
    """Stretches of the text (start, end) with the fields that rest on them; overlapping ones are joined."""
    places = sorted(
        (start, start + len(words), name)
        for name, words in evidence.items()
        if words and (start := _place(text, words)) >= 0
    )
    joined: list[tuple[int, int, list[str]]] = []
    for start, end, name in places:
        if joined and start < joined[-1][1]:
            first, last, names = joined[-1]
            joined[-1] = (first, max(last, end), [*names, name])
        else:
            joined.append((start, end, [name]))
    return joined


def _place(text: str, words: str) -> int:
    """Where words stand in the text, as whole words where they do (`UK`, not the beginning of `UKRAINE`)."""
    first = at = text.find(words)
    while at >= 0:
        end = at + len(words)
        cut_before = at > 0 and text[at - 1].isalnum() and words[0].isalnum()
        cut_behind = end < len(text) and text[end].isalnum() and words[-1].isalnum()
        if not cut_before and not cut_behind:
            return at
        at = text.find(words, at + 1)
    return first


def readings(brief: Brief) -> list[tuple[str, str, str]]:
    """What was understood, a row a field: (field, reading, the words it rests on)."""
    rows: list[tuple[str, str, str]] = []
    for field, value in _values(brief).items():
        if value:
            rows.append(
                (field.replace("_", " ").replace(".", ": "), value, " ".join(brief.evidence.get(field, "").split()))
            )
    return rows


def unsaid(brief: Brief) -> list[str]:
    """The fields that the text says nothing about."""
    return [field.replace("_", " ").replace(".", ": ") for field, value in _values(brief).items() if not value]


def _outcome(brief: Brief) -> str:
    if isinstance(brief.outcome, dict):
        return ", ".join(f"{name.replace('_', ' ')} x {weight:g}" for name, weight in brief.outcome.items())
    return (brief.outcome or "").replace("_", " ")


def _sum(amount: float) -> str:
    return f"{amount:,.2f}".removesuffix(".00")


def _values(brief: Brief) -> dict[str, str]:
    audience, budget = brief.audience, brief.budget
    period = {"total": "in total", "day": "a day", "week": "a week", "month": "a month"}
    return {
        "objective": (brief.objective or "").replace("_", " "),
        "outcome": _outcome(brief),
        "budget": f"{_sum(budget.amount)} {budget.currency or '(currency not said)'} {period[budget.period]}"
        if budget
        else "",
        "start_date": str(brief.start_date or ""),
        "end_date": str(brief.end_date or ""),
        "duration_days": str(brief.duration_days or ""),
        "platforms.include": ", ".join(brief.platforms.include),
        "platforms.exclude": ", ".join(brief.platforms.exclude),
        "audience.countries": ", ".join(audience.countries),
        "audience.places": ", ".join(audience.places),
        "audience.age_min": str(audience.age_min or ""),
        "audience.age_max": str(audience.age_max or ""),
        "audience.genders": ", ".join(audience.genders).lower(),
        "audience.interests": ", ".join(audience.interests),
        "targets": "; ".join(
            f"{one.metric.replace('_', ' ')} {one.comparison.replace('_', ' ')} {one.value:g}" for one in brief.targets
        ),
        "product": brief.product or "",
        "industry": brief.industry or "",
        "tone": ", ".join(brief.tone),
        "constraints": "; ".join(f"{one.kind}: {one.what}" for one in brief.constraints),
        "sentiment": f"{brief.sentiment.label} ({brief.sentiment.score:+.2f})" if brief.sentiment else "",
        "concerns": "; ".join(brief.concerns),
    }
