"""Answers from a file: JSON by field or by question, or a reply in the client's words."""

import json
from collections.abc import Sequence
from typing import Any, cast

from pydantic import ValidationError

from marketmover.campaigns.dialogue.examples import example_of
from marketmover.campaigns.dialogue.merging import merge
from marketmover.campaigns.dialogue.questions import Question
from marketmover.campaigns.dialogue.reading import Reading, read_answer, read_unasked
from marketmover.campaigns.dialogue.replies import is_no_answer, pieces_of
from marketmover.errors import InputError
from marketmover.kit import did_you_mean
from marketmover.plans import Brief

_FREE = ("product", "industry")
_KNOWN = (
    *(name for name in Brief.model_fields if name not in ("evidence", "warnings", "audience", "platforms")),
    "budget.currency", "budget.period", "platforms.include", "platforms.exclude",
    "audience.countries", "audience.places", "audience.age_min", "audience.age_max", "audience.genders",
    "audience.interests",
)  # fmt: skip
_NAMES = ("id", "field", "question", "number")
_VALUES = ("answer", "value", "text", "words")


def answered(brief: Brief, answers: str, questions: Sequence[Question], source: str = "the answers") -> Brief:
    """The brief with the client's answers in it.

    Args:
        brief: As understood so far.
        answers: JSON (`{"budget": "20k euros", "2": "leads"}`, or a list of `{"field" or "id", "answer"}`), or a
            reply in the client's words that quotes the questions, numbers them, or gives a line to each.
        questions: As `ask` gave them for this brief.
        source: Where the answers came from, for messages.

    Returns:
        The merged brief: evidence of an answered field are the words of the answer; what was not answered stays empty.

    Raises:
        InputError: JSON names no field or question that is known, or a value that cannot be one of its field.
    """
    if answers.lstrip().startswith(("{", "[")):
        return merge(brief, _from_json(brief, answers, questions, source), source)
    return _from_reply(brief, answers, questions, source)


def _from_reply(brief: Brief, reply: str, questions: Sequence[Question], source: str) -> Brief:
    found: list[Reading] = []
    unread: list[str] = []
    for piece in pieces_of(reply, questions):
        if is_no_answer(piece.words):
            continue
        if piece.question is None:
            found += read_unasked(questions, piece.words, brief)
            continue
        readings = read_answer(piece.question, piece.words, brief)
        found += readings
        if not any(one.field.partition(".")[0] == piece.question.field.partition(".")[0] for one in readings) and not (
            readings
        ):
            words = " ".join(piece.words.split())
            unread.append(f"the answer to question {piece.question.id}, \u201c{words:.80}\u201d, was not understood")
    merged = merge(brief, found, source)
    return merged.model_copy(update={"warnings": list(dict.fromkeys([*merged.warnings, *unread]))})


def _from_json(brief: Brief, text: str, questions: Sequence[Question], source: str) -> list[Reading]:
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        place = f" at line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(
            f"{source} is not valid JSON{place}.", "Mend that place, or give the client's reply."
        ) from error
    found: list[Reading] = []
    for name, value in _entries(content, source):
        if value is None or (isinstance(value, str) and is_no_answer(value)):
            continue
        field, question = _asked(name, questions, source)
        found += _value(brief, field, value, question, source)
    return found


def _entries(content: Any, source: str) -> list[tuple[str, Any]]:
    """Names with their answers; objects within `audience` and `platforms` by their dotted names."""
    if isinstance(content, dict):
        one = cast("dict[str, Any]", content)
        if set(one) == {"answers"}:
            return _entries(one["answers"], source)
        nested = {
            name: cast("dict[str, Any]", one[name])
            for name in ("audience", "platforms")
            if isinstance(one.get(name), dict)
        }
        return [(name, value) for name, value in one.items() if name not in nested] + [
            (f"{name}.{part}", value) for name, parts in nested.items() for part, value in parts.items()
        ]
    if isinstance(content, list) and all(isinstance(one, dict) for one in cast("list[Any]", content)):
        return [
            _named(one, number, source) for number, one in enumerate(cast("list[dict[str, Any]]", content), start=1)
        ]
    raise InputError(f"{source} holds no answers.", 'Write {"FIELD": ANSWER, ...}, or a list of {"field", "answer"}.')


def _named(one: dict[str, Any], number: int, source: str) -> tuple[str, Any]:
    name = next((str(one[key]) for key in _NAMES if one.get(key) not in (None, "")), "")
    key = next((key for key in _VALUES if key in one), "")
    if not name or not key:
        raise InputError(
            f"{source}: answer {number} lacks its {'`answer`' if name else '`field`'}.", 'Write {"field", "answer"}.'
        )
    return name, one[key]


def _asked(name: str, questions: Sequence[Question], source: str) -> tuple[str, Question | None]:
    """The field that a name stands for: its own, that of a question's number, or of its words."""
    bare = name.strip()
    number = bare.lower().removeprefix("question").removeprefix("q").strip(" #.:")
    for question in questions:
        if number == str(question.id) or bare == question.question:
            return question.field, question
    if bare in _KNOWN:
        return bare, next((one for one in questions if one.field == bare), None)
    hint = did_you_mean(bare, list(_KNOWN))
    raise InputError(
        f"{source}: there is no field or question `{name}`.", f"{hint} Fields: {', '.join(_KNOWN)}.".strip()
    )


def _value(brief: Brief, field: str, value: Any, question: Question | None, source: str) -> list[Reading]:
    """A value of the field's own form as it is; words as a client writes them are read."""
    words = _leaf(value)
    if isinstance(value, str) and field in _FREE:
        return [Reading(field, value.strip(), words)]
    form = _of_its_form(brief, field, value)
    if form is not None and field == "audience.countries":
        _check_countries(form, source)
    if form is not None:
        return [Reading("budget" if field.startswith("budget") else field, form, words)]
    if isinstance(value, str | int | float):
        asked = question or Question(id=0, field=field, question="", why="", assumed="")
        if readings := [one for one in read_answer(asked, str(value), brief) if one.words]:
            return readings
    raise InputError(
        f"{source}: field `{field}`: {words:.80} cannot be read as one.",
        example_of(field, brief),
    )


def _check_countries(codes: list[str], source: str) -> None:
    from babel import Locale

    unknown = [code for code in codes if len(code) != 2 or code == "ZZ" or code not in Locale("en").territories]
    if unknown:
        raise InputError(
            f"{source}: field `audience.countries`: {unknown[0]} is no country.", "Give ISO codes of two letters."
        )


def _leaf(value: Any) -> str:
    """The first plain value within an answer, as it stands in the file: what its evidence is."""
    while isinstance(value, dict | list) and value:
        value = next(iter(cast("dict[str, Any]", value).values())) if isinstance(value, dict) else value[0]
    return value if isinstance(value, str) else json.dumps(value)


def _of_its_form(brief: Brief, field: str, value: Any) -> Any:
    """The value as the contract has it, where it is so written; else `None`."""
    content = brief.model_dump(mode="json")
    holder, _, last = field.rpartition(".")
    place: dict[str, Any] = (content[holder] or {}) if holder else content
    listed = isinstance(place.get(last), list) and isinstance(value, str)
    if field == "budget" and isinstance(value, int | float) and not isinstance(value, bool):
        value = {**(content["budget"] or {}), "amount": value}
    if holder == "budget" and not content["budget"]:
        return None
    place[last] = [value] if listed else value
    empty = dict.fromkeys(("start_date", "end_date", "duration_days"))
    try:
        checked = Brief.model_validate({**content, **{name: None for name in empty if name != field}})
    except ValidationError:
        return None
    result: Any = checked.model_dump(mode="json")
    for part in ("budget",) if field.startswith("budget") else field.split("."):
        result = result[part]
    free = listed and last in ("places", "interests", "tone", "concerns")
    return None if listed and not free and last not in ("genders", "include", "exclude") else result
