"""Answers to forms, as programs hand them on, into text: a label and its answer a line."""

import csv
import json
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any, cast

from marketmover.campaigns.brief.labels import field_of
from marketmover.errors import InputError
from marketmover.plans import Brief

_LABELS = ("label", "title", "question", "name", "key", "field_name", "fieldName", "field", "prompt")
_ANSWERS = (
    "value", "answer", "values", "answers", "response", "text", "email", "number", "boolean", "date", "choice",
    "choices", "labels", "phone_number", "url", "content", "userData", "textAnswers",
)  # fmt: skip
_NOISE = re.compile(
    r"(?:^|[_\W])(?:id|ids|uuid|guid|ref|token|hash|type|kind|url|uri|ip|ipaddress|useragent|timestamp|created|updated"
    r"|submitted|landed|version|locale|lang|schema|status|page\w*|utm\w*|gclid|fbclid|portal|hidden)(?:$|[_\W])|(?:Id|At|Url|Uri)$",
)
_WHEN = re.compile(r"\b(?:timestamp|submitted|submission|zeitstempel)\b", re.IGNORECASE)
_FEWEST_WORDS = 8
_MOST_DEPTH = 24
_MOST_PAIRS = 500


def text_of_post(text: str) -> str:
    """The answers of a form that was posted as JSON (Typeform, HubSpot, Jotform, a plain object); empty if it is none.

    A brief in JSON is none: it has the fields of a brief.
    """
    if not text.lstrip().startswith(("{", "[")):
        return ""
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        return ""
    if isinstance(content, dict) and set(cast("dict[str, Any]", content)) <= set(Brief.model_fields):
        return ""
    titles: dict[str, str] = {}
    _collect_titles(content, titles, 0)
    pairs = [pair for pair, _ in zip(_pairs(content, "", titles, 0), range(_MOST_PAIRS), strict=False)]
    known = {field for label, _ in pairs if (field := field_of(label)) not in ("", "contact")}
    # A contact form asks for one thing, the message; nothing of it is a field's own answer.
    told = len(known) > 1 or any(len(answer.split()) >= _FEWEST_WORDS for _, answer in pairs)
    return "".join(f"{label}: {answer}\n" for label, answer in dict.fromkeys(pairs)) if told else ""


def text_of_table(text: str, name: str = "The table") -> str:
    """The answers of a form that was exported as CSV or TSV, of one person; empty if it is no such table.

    Labels stand in the first row with the answers beneath, or in the first column with the answers beside.

    Raises:
        InputError: It holds the answers of several people.
    """
    head = text[:4096]
    sign = max("\t;,", key=head.count)
    try:
        rows = [row for row in csv.reader(StringIO(text), delimiter=sign, strict=True) if any(map(str.strip, row))]
    except csv.Error:
        return ""
    if len(rows) == 2 and len(rows[0]) == len(rows[1]) > 2:
        pairs = list(zip(*rows, strict=True))
    elif len(rows) > 2 and all(len(row) == 2 for row in rows):
        pairs = [(row[0], row[1]) for row in rows]
    elif _is_of_several(rows):
        raise InputError(
            f"{name} holds what {len(rows) - 1} people answered, and a brief is one client's.",
            "Save the header with one answer beneath it as a file of its own.",
        )
    else:
        return ""
    known = {field for label, _ in pairs if (field := field_of(label)) not in ("", "contact")}
    if len(known) < 2 or any(len(label) > 120 for label, _ in pairs):
        return ""
    return "".join(
        f"{_one_line(label).rstrip(':')}: {_one_line(answer)}\n" for label, answer in pairs if answer.strip()
    )


def _is_of_several(rows: list[list[str]]) -> bool:
    """Whether a table is a form's export with a row a person: its header asks who answered, or says when."""
    if len(rows) < 3 or any(len(row) != len(rows[0]) for row in rows):
        return False
    fields = {field_of(label) for label in rows[0]}
    by_whom = "contact" in fields or any(_WHEN.search(label) for label in rows[0])
    return by_whom and len(fields - {"", "contact"}) > 1


def _collect_titles(content: Any, titles: dict[str, str], depth: int) -> None:
    """What each question's id stands for."""
    if depth > _MOST_DEPTH:
        return
    if isinstance(content, dict):
        one = cast("dict[str, Any]", content)
        title = next((one[key] for key in ("title", "label", "question", "text") if isinstance(one.get(key), str)), "")
        for key in ("id", "ref", "qid", "questionId"):
            if title and isinstance(one.get(key), str | int):
                titles.setdefault(str(one[key]), title)
    for inner in _members(content):
        _collect_titles(inner, titles, depth + 1)


def _pairs(content: Any, label: str, titles: dict[str, str], depth: int) -> Iterator[tuple[str, str]]:
    """Labels with their answers, wherever they stand."""
    if depth > _MOST_DEPTH:
        return
    if isinstance(content, dict):
        one = cast("dict[str, Any]", content)
        own = _label(one, titles)
        answer = next((one[key] for key in _ANSWERS if one.get(key) not in (None, "", [], {})), None) if own else None
        if own and answer is not None and (words := _words(answer)):
            yield _humanised(own), words
            return
        asks = own in titles.values() and (one.get("id") or one.get("ref") or one.get("qid") or one.get("questionId"))
        for key, inner in one.items():
            if not _NOISE.search(key) and not (asks and inner == own):
                yield from _pairs(inner, titles.get(key, key), titles, depth + 1)
    elif isinstance(content, list):
        members = cast("list[Any]", content)
        if label and members and all(isinstance(one, str | int | float) for one in members):
            yield _humanised(label), _words(members)
        else:
            for inner in members:
                yield from _pairs(inner, label, titles, depth + 1)
    elif label and (words := _words(content)):
        yield _humanised(label), words


def _label(one: dict[str, Any], titles: dict[str, str]) -> str:
    """The question that an object answers: its own label, or that of the field it refers to."""
    field = one.get("field")
    if isinstance(field, dict):
        referred = cast("dict[str, Any]", field)
        known = (titles.get(str(referred.get(key))) for key in ("id", "ref"))
        return next((title for title in known if title), "") or str(referred.get("title") or referred.get("ref") or "")
    return next((one[key] for key in _LABELS if isinstance(one.get(key), str) and one[key].strip()), "") or titles.get(
        str(one.get("questionId", "")), ""
    )


def _members(content: Any) -> list[Any]:
    if isinstance(content, dict):
        return list(cast("dict[str, Any]", content).values())
    return cast("list[Any]", content) if isinstance(content, list) else []


def _words(answer: Any) -> str:
    """An answer as a person would write it."""
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    if isinstance(answer, str | int | float):
        return _one_line(str(answer))
    if isinstance(answer, dict):
        one = cast("dict[str, Any]", answer)
        inner = next(
            (one[key] for key in ("label", "labels", "value", "text", "answers", "other") if one.get(key)), None
        )
        return _words(inner) if inner is not None else ""
    if isinstance(answer, list):
        return ", ".join(filter(None, map(_words, cast("list[Any]", answer))))
    return ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _humanised(label: str) -> str:
    """`monthlyBudget`, `monthly_budget` and `Monthly budget:` are all `Monthly budget`."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|[_]+|(?<=[a-z])-(?=[a-z])", " ", label) if " " not in label.strip() else label
    words = _one_line(parted).rstrip(":").strip()
    return words[:1].upper() + words[1:]
