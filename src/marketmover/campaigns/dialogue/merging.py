"""Answers merged into a brief: they win over the text, and where they contradict it a warning says so."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from marketmover.campaigns.brief import readings as readings_of
from marketmover.campaigns.dialogue.reading import Reading
from marketmover.errors import InputError
from marketmover.plans import Brief

_ADDED_TO = frozenset(("constraints", "concerns", "tone", "audience.interests"))
_SETTLED = (
    ("start_date", r"can be read two ways|names no year|lies before the start|the dates span"),
    ("end_date", r"can be read two ways|lies before the start|the dates span"),
    ("duration_days", r"the dates span|without dates were read"),
    ("budget", r"currency is not said"),
)
_LENGTH = re.compile(r"\b(?:days?|weeks?|months?|fortnights?|quarters?|year)\b", re.IGNORECASE)


def merge(brief: Brief, answers: Iterable[Reading], source: str) -> Brief:
    """The brief with the answers in it; each answer's words become the evidence of its field.

    Args:
        brief: As understood so far.
        answers: Later ones win over earlier ones.
        source: Where the answers came from, for messages.

    Raises:
        InputError: The answers make no brief (an end before its start); the message names the field.
    """
    content = brief.model_dump(mode="json")
    evidence: dict[str, str] = content["evidence"]
    warnings: list[str] = content["warnings"]
    given = list(answers)
    before = {field: value for field, value, _ in readings_of(brief)}
    for one in given:
        _put(content, one)
        evidence[one.field] = one.words
        settled = next((pattern for name, pattern in _SETTLED if name == one.field), None)
        warnings[:] = [text for text in warnings if not settled or not re.search(settled, text)]
    if content["budget"] and content["budget"]["currency"]:
        warnings[:] = [text for text in warnings if "currency is not said" not in text]
    _fit_dates(content, brief, {one.field: one.words for one in given})
    merged = _checked(content, source)
    after = {field: value for field, value, _ in readings_of(merged)}
    for one in given:
        name = one.field.replace("_", " ").replace(".", ": ")
        old, new = before.get(name), after.get(name)
        if old and new and old != new and one.field not in _ADDED_TO and not _only_fills(one, brief):
            said = f"{name}: the answer says {new}, the text said {old}; the answer counts"
            merged.warnings[:] = [*(text for text in merged.warnings if text != said), said]
    return merged


def _put(content: dict[str, Any], one: Reading) -> None:
    holder, _, last = one.field.rpartition(".")
    place: dict[str, Any] = content[holder] if holder else content
    if one.field in _ADDED_TO and isinstance(place[last], list):
        place[last] = [*place[last], *(item for item in one.value if item not in place[last])]
    else:
        place[last] = one.value
    if holder == "platforms":
        other = "exclude" if last == "include" else "include"
        place[other] = [name for name in place[other] if name not in place[last]]
        if not place[other]:
            content["evidence"].pop(f"platforms.{other}", None)


def _fit_dates(content: dict[str, Any], brief: Brief, answered: dict[str, str]) -> None:
    """Let what follows from the other two follow anew: of start, end and length, the one that nobody stated."""
    if not answered.keys() & {"start_date", "end_date", "duration_days"}:
        return
    start, end, days = (content[name] for name in ("start_date", "end_date", "duration_days"))
    by_length = "duration_days" in answered or (
        "end_date" not in answered and bool(_LENGTH.search(brief.evidence.get("duration_days", "")))
    )
    if start and days and (by_length or not end) and not ("end_date" in answered and "duration_days" not in answered):
        content["end_date"] = (date.fromisoformat(start) + timedelta(days=days - 1)).isoformat()
        _rest_on(content, "end_date", answered, "duration_days")
    elif start and end:
        content["duration_days"] = max((date.fromisoformat(end) - date.fromisoformat(start)).days + 1, 1)
        _rest_on(content, "duration_days", answered, "end_date")


def _rest_on(content: dict[str, Any], name: str, answered: dict[str, str], other: str) -> None:
    """A date that follows rests on the words of what it follows from."""
    if name not in answered:
        words = answered.get(other) or answered.get("start_date") or content["evidence"].get(other, "")
        content["evidence"][name] = words


def _only_fills(one: Reading, brief: Brief) -> bool:
    """Whether an answer only adds what was missing: the currency or the period of the same sum."""
    if one.field == "duration_days":
        return brief.duration_days is None
    old = brief.budget
    return (
        one.field == "budget"
        and old is not None
        and one.value["amount"] == old.amount
        and (old.currency in (None, one.value["currency"]))
    )


def _checked(content: dict[str, Any], source: str) -> Brief:
    try:
        return Brief.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "start_date"
        raise InputError(
            f"{source}: field `{place}`: {first['msg'].removeprefix('Value error, ')}.", "Correct that answer."
        ) from error
