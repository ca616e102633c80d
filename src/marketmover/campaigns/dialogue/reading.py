"""One answer read: the fields of the brief that its words fill, each with the words as they stand in the answer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marketmover.campaigns.brief import read_brief
from marketmover.campaigns.dialogue.dates import ambiguous_dates, both
from marketmover.campaigns.dialogue.questions import Question
from marketmover.plans import Brief

_LABELS = {
    "budget": "Budget",
    "start_date": "Start date",
    "end_date": "End date",
    "duration_days": "Campaign length",
    "objective": "Goal",
    "outcome": "Goal",
    "audience.countries": "Target location",
    "audience.places": "Target location",
    "platforms.include": "Platforms",
    "platforms.exclude": "Avoid",
    "audience.age_min": "Age range",
    "audience.age_max": "Age range",
    "constraints": "Must haves",
    "tone": "Tone of voice",
}
_TOGETHER = {
    "start_date": ("start_date", "end_date", "duration_days"),
    "end_date": ("start_date", "end_date", "duration_days"),
    "duration_days": ("duration_days", "start_date", "end_date"),
    "objective": ("objective", "outcome"),
    "outcome": ("outcome", "objective"),
    "audience.countries": ("audience.countries", "audience.places"),
    "audience.places": ("audience.places", "audience.countries"),
    "platforms.include": ("platforms.include", "platforms.exclude"),
}
_OUTCOMES = (
    (r"\b(?:qualified|good|real)\b", "qualified_leads"),
    (r"\bprofit|margin\b", "profit"),
    (r"\brevenue|turnover|value\b", "revenue"),
    (r"\borders?|number|purchases?|transactions?|sales\b", "conversions"),
    (r"\b(?:leads?|enquir\w+|inquir\w+)\b", "leads"),
)
_ORDINALS = {"first": 0, "former": 0, "second": 1, "latter": 1, "third": 2, "a": 0, "b": 1, "c": 2}
_YES = re.compile(r"^\W*(?:yes|yep|yeah|correct|right|exactly|ok(?:ay)?|sure|confirmed)\b\W*", re.IGNORECASE)
_BOTH = re.compile(r"^\W*(?:both|all|all of them|either)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[.,;!\n]+|\s[-\u2013\u2014]\s")
_BY_PERIOD = re.compile(
    r"\b(?:total|overall|all in|altogether|whole|entire|day|daily|week|weekly|month|monthly|p\.?m|pcm|p/m)\b|/",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reading:
    """A value for a field of the brief (dotted), and the words that it rests on."""

    field: str
    value: Any
    words: str


def read_answer(question: Question, words: str, brief: Brief) -> list[Reading]:
    """What an answer says: on what was asked first, then on anything else; empty where it cannot be read.

    Args:
        question: What was asked.
        words: The answer as it stands.
        brief: As understood so far; an answer may say one part of a field only (`euros`).
    """
    meant = _chosen(question, words) or words
    found = _of_field(question.field, meant, brief)
    besides = {one.field: one for one in read_free(words, brief)}
    asked = {one.field for one in found}
    further = [
        one for name, one in besides.items() if name not in asked and not (found and name in _near(question.field))
    ]
    readings = found + (further if found or len(words.split()) > 3 else [])
    return [Reading(one.field, one.value, one.words if one.words in words else words) for one in readings]


def read_free(words: str, brief: Brief) -> list[Reading]:
    """What words say that nobody asked for, as `read_brief` reads it.

    What is advertised is free wording, and a reply speaks of much: unasked, it never takes the place of what the
    brief says already.
    """
    stated = [name for name in ("product", "industry") if getattr(brief, name)]
    return [one for one in _fields(read_brief(words)) if one.field not in stated]


def read_unasked(questions: Sequence[Question], words: str, brief: Brief) -> list[Reading]:
    """What a reply says that gives no question its own line; a currency or a period may stand alone in it."""
    found = read_free(words, brief)
    if any(one.field == "budget" for one in found):
        return found
    parts = [one.field for one in questions if one.field in ("budget.currency", "budget.period")]
    alone = [clause.strip() for clause in _CLAUSE.split(words) if not re.search(r"\d", clause)]
    return found + [reading for name in parts for clause in alone for reading in _budget(name, clause, brief)][:1]


def _near(name: str) -> tuple[str, ...]:
    return _TOGETHER.get(name, (name.partition(".")[0],))


def _chosen(question: Question, words: str) -> str:
    """The suggested answer that is meant, in its own words; empty where none or several are."""
    bare = re.sub(r"[^\w ]", " ", words.lower()).strip()
    if _BOTH.match(words) and "Both" in question.choices:
        return "Google and Facebook and Instagram"
    exact = [choice for choice in question.choices if re.sub(r"[^\w ]", " ", choice.lower()).strip() in bare]
    if len(exact) == 1:
        return "" if len(bare.split()) > len(exact[0].split()) + 4 else exact[0]
    if len(question.choices) == 1 and _YES.match(words) and len(words.split()) <= 3:
        return question.choices[0]
    named = re.fullmatch(r"(?:the |option |answer )*(\w+)(?: one| date)?", bare)
    place = _ORDINALS.get(named[1]) if named else None
    if place is not None and place < len(question.choices):
        return question.choices[place]
    shared = [
        choice for choice in question.choices if bare and set(bare.split()) <= set(re.findall(r"\w+", choice.lower()))
    ]
    return shared[0] if len(shared) == 1 else ""


def _of_field(name: str, words: str, brief: Brief) -> list[Reading]:
    if name in ("budget.currency", "budget.period", "budget"):
        return _budget(name, words, brief)
    if name == "start_date" and (settled := _settled(words, brief)):
        return settled
    if name in ("product", "industry"):
        return [Reading(name, " ".join(words.split()).strip(" .!"), words)] if words.strip() else []
    if name == "outcome" and len(words.split()) <= 6:
        named = next((outcome for pattern, outcome in _OUTCOMES if re.search(pattern, words, re.IGNORECASE)), "")
        return [Reading("outcome", named, words)] if named else []
    wanted = _TOGETHER.get(name, (name,))
    label = _LABELS.get(name, name.rpartition(".")[2].replace("_", " ").capitalize())
    readings = [one for one in _fields(read_brief(f"{label}: {words}")) if one.field in wanted]
    return readings or [one for one in _fields(read_brief(words)) if one.field in wanted]


def _budget(name: str, words: str, brief: Brief) -> list[Reading]:
    """A sum, or the part of one that was missing: its currency, its period."""
    old = brief.budget
    stated = read_brief(f"Budget: {words}").budget
    known = f"Budget: {old.amount:g} {old.currency or ''}" if old else ""
    if stated is None or (name != "budget" and not re.search(r"\d", words)):
        if old is None:
            return []
        completed = read_brief(f"{known.strip()} {words}").budget
        if completed is None or completed.amount != old.amount:
            return []
        said_period = bool(_BY_PERIOD.search(words))
        if not said_period and completed.currency in (None, old.currency):
            return []
        value = old.model_copy(
            update={
                "currency": completed.currency or old.currency,
                "period": completed.period if said_period else old.period,
            }
        )
        return [Reading("budget", value.model_dump(), words)]
    if old is not None:
        stated = stated.model_copy(
            update={
                "currency": stated.currency or old.currency,
                "period": stated.period if _BY_PERIOD.search(words) else old.period,
            }
        )
    return [Reading("budget", stated.model_dump(), words)]


def _settled(words: str, brief: Brief) -> list[Reading]:
    """The order of day and month that an answer settles, for all dates of the brief that could be read two ways."""
    meant = read_brief(f"Start date: {words}").start_date
    dates = ambiguous_dates(brief)
    order = next((way.index(meant) for text in dates if (way := both(text)) and meant in way), None)
    if meant is None or order is None:
        return []
    readings = {text: way[order] for text in dates if (way := both(text))}
    ends = [day for text, day in readings.items() if text in brief.evidence.get("end_date", "")]
    starts = [day for text, day in readings.items() if text in brief.evidence.get("start_date", "")] or [
        day for day in readings.values() if day not in ends
    ]
    found = [Reading("start_date", starts[0].isoformat(), words)] if starts else []
    later = ends or [day for day in readings.values() if starts and day > starts[0]]
    return [*found, *([Reading("end_date", later[-1].isoformat(), words)] if later else [])]


def _fields(brief: Brief) -> list[Reading]:
    """What a brief states, a reading a field, in the order of the contract."""
    content = brief.model_dump(mode="json")
    readings: list[Reading] = []
    for name, words in brief.evidence.items():
        value: Any = content
        for part in name.split("."):
            value = value[part]
        readings.append(Reading(name, value, words))
    return readings
