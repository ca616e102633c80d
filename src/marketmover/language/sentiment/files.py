"""Texts from a file, and the answers back beside them: one text a line, CSV, or JSON lines."""

import csv
import io
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marketmover.console import guarded
from marketmover.errors import InputError, NotFoundError, UsageError
from marketmover.kit import did_you_mean
from marketmover.language.encodings import is_binary, text_of
from marketmover.language.sentiment.engine import Sentiment

ADDED = ("sentiment", "sentiment_score", "sentiment_confidence")
"""The columns that an answer adds; in a file that has them already they are replaced."""

_USUAL = ("text", "comment", "review", "message", "reply", "post", "feedback", "body", "content", "tweet", "caption")


@dataclass(frozen=True)
class Texts:
    """Texts as they stood in a file.

    Attributes:
        texts: One for each row, empty where the row holds none.
        rows: Each row's own fields, in order; empty where the file holds nothing but texts.
    """

    texts: list[str]
    rows: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])


def read_texts(name: str, column: str | None = None) -> Texts:
    """The texts of a file, or of standard input for `-`.

    `.csv` and `.tsv` are tables, `.jsonl` and `.ndjson` one object a line, everything else one text a line; with a
    `column`, a file of another name is a table too, or JSON lines if it begins with a brace.

    Raises:
        NotFoundError: There is no such file, or it has no such column.
        InputError: It cannot be read; the message names the line.
    """
    content = _decoded(name)
    suffix = Path(name).suffix.lower()
    begins = content.lstrip()[:1]
    if suffix in (".jsonl", ".ndjson") or (suffix not in (".csv", ".tsv") and begins == "{"):
        return _objects(name, content, column)
    if suffix in (".csv", ".tsv") or column is not None:
        return _table(name, content, column)
    return Texts([line.strip() for line in content.splitlines() if line.strip()])


def write_answers(path: Path, found: Texts, answers: Sequence[Sentiment]) -> None:
    """Write each row with its answer as CSV, or as JSON lines for `.jsonl`; no cell of a CSV becomes a formula.

    Raises:
        UsageError: The file's name ends otherwise.
        InputError: It cannot be written.
    """
    content = _written(path, found, answers)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}.", "Name another file or folder with --out."
        ) from error


def check_out(path: Path | None) -> None:
    """Refuse a name that says no form that can be written, before any work is done.

    Raises:
        UsageError: It ends in neither .csv, .jsonl nor .ndjson.
    """
    if path is not None and path.suffix.lower() not in (".csv", ".jsonl", ".ndjson"):
        raise UsageError(f"--out {path} says no form.", "Let the name end in .csv or .jsonl.")


def _written(path: Path, found: Texts, answers: Sequence[Sentiment]) -> bytes:
    check_out(path)
    rows = found.rows or [{"text": text} for text in found.texts]
    whole = [
        {**row, **dict(zip(ADDED, (one.label, one.score, one.confidence), strict=True))}
        for row, one in zip(rows, answers, strict=True)
    ]
    if path.suffix.lower() != ".csv":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in whole).encode()
    heads = list(dict.fromkeys(key for row in whole for key in row)) or ["text", *ADDED]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([guarded(head) for head in heads])
    for row in whole:
        writer.writerow([_cell(row.get(head), own=head not in ADDED) for head in heads])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Any, *, own: bool) -> Any:
    if value is None or not own or isinstance(value, int | float):
        return "" if value is None else value
    return guarded(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _decoded(name: str) -> str:
    data = sys.stdin.buffer.read() if name == "-" else _bytes(Path(name))
    content = text_of(data)
    if is_binary(data) or "\0" in content:
        raise InputError(f"{_shown(name)} is no text.", "Name a file of texts: one a line, CSV or JSON lines.")
    if not content.strip():
        raise InputError(f"{_shown(name)} is empty.", "Name a file with texts in it.")
    return content


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.", "Name a file, or - for standard input.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Name a file of texts.") from error


def _table(name: str, content: str, column: str | None) -> Texts:
    csv.field_size_limit(sys.maxsize)
    lines = csv.reader(io.StringIO(content, newline=""), delimiter=_delimiter(name, content))
    try:
        heads, *cells = [line for line in lines if line]
    except csv.Error as error:
        raise InputError(f"{_shown(name)}, line {lines.line_num}: {error}.", "Mend that line.") from error
    heads = [head.strip() for head in heads]
    chosen = _chosen(name, heads, column)
    if not cells:
        raise InputError(f"{_shown(name)} holds a header and no rows.", "Name a file with texts in it.")
    rows = [dict(zip(heads, [*line, *[""] * (len(heads) - len(line))], strict=False)) for line in cells]
    return Texts([row[chosen] for row in rows], list[dict[str, Any]](rows))


def _delimiter(name: str, content: str) -> str:
    if name.lower().endswith(".tsv"):
        return "\t"
    head = content.lstrip().partition("\n")[0]
    return max(",;\t", key=head.count)


def _objects(name: str, content: str, column: str | None) -> Texts:
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip():
            rows.append(_object(name, number, line))
    chosen = _chosen(name, list(dict.fromkeys(key for row in rows for key in row)), column)
    return Texts(["" if row.get(chosen) is None else str(row[chosen]) for row in rows], rows)


def _object(name: str, number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(
            f"{_shown(name)}, line {number}: no JSON ({error.msg}, column {error.colno}).", "Write one object a line."
        ) from error
    if not isinstance(found, dict):
        raise InputError(f"{_shown(name)}, line {number}: no JSON object.", "Write one object a line.")
    return found


def _chosen(name: str, heads: list[str], column: str | None) -> str:
    """The column of texts: the one that was named, the only one, or one of a usual name."""
    folded = {head.casefold(): head for head in heads}
    if column is not None:
        if column.casefold() not in folded:
            raise NotFoundError(f"{_shown(name)} has no column {column!r}.", did_you_mean(column, heads))
        return folded[column.casefold()]
    if len(heads) == 1:
        return heads[0]
    usual = [folded[one] for one in _USUAL if one in folded] or _speaking_of_texts(heads)
    if not usual:
        shown = ", ".join(heads[:12])
        raise UsageError(f"{_shown(name)} does not say which column holds the texts.", f"Give --column: {shown}.")
    return usual[0]


def _speaking_of_texts(heads: list[str]) -> list[str]:
    """The one column whose name ends in a usual word (`Review Text`, `reviewBody`); none where several do."""
    last = [re.findall(r"[A-Z]?[a-z]+|[A-Z]+", head)[-1:] for head in heads]
    found = [head for head, words in zip(heads, last, strict=True) if words and words[0].casefold() in _USUAL]
    return found if len(found) == 1 else []


def _shown(name: str) -> str:
    return "standard input" if name == "-" else name
