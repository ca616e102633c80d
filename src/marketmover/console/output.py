"""Results on stdout, messages on stderr."""

import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

# What others wrote (names of campaigns, of files) must not command a terminal or turn its text around. No character
# that a language needs is among these.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

# What a spreadsheet may take for a formula when a cell begins with it, in half and full width (OWASP, CSV Injection).
_ACTIVE = re.compile(r"[=+\-@\t\r\n＝＋－＠]")


@dataclass
class Table:
    """A small table of text: a title, column heads, rows. Columns named in `right` are figures, set to the right."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list[Sequence[str]])
    right: frozenset[str] = frozenset()


def is_terminal() -> bool:
    """Whether stdout is read by a person on a terminal, rather than by a program or a file."""
    return sys.stdout.isatty()


def print_json(value: "BaseModel | Any", *, indent: int | None = 2) -> None:
    """Write `value` to stdout as JSON: forms (pydantic models) by their own rules, the rest as `json` does."""
    plain = value.model_dump(mode="json") if hasattr(value, "model_dump") else value
    sys.stdout.write(json.dumps(plain, indent=indent, ensure_ascii=False, default=str) + "\n")


def print_text(text: str = "") -> None:
    """Write a line of a result to stdout."""
    sys.stdout.write(text + "\n")


def print_table(table: Table) -> None:
    """Write a table to stdout: drawn with rules on a terminal, aligned plain columns in a pipe; a row is one line."""
    table = replace(table, rows=[[_tame(re.sub(r"[\t\n]", " ", cell)) for cell in row] for row in table.rows])
    if is_terminal():
        _print_rich(table)
        return
    widths = [max(len(str(cell)) for cell in column) for column in zip(table.columns, *table.rows, strict=True)]
    if table.title:
        print_text(table.title)
    for row in (table.columns, *table.rows):
        cells = [
            cell.rjust(width) if name in table.right else cell.ljust(width)
            for cell, width, name in zip(row, widths, table.columns, strict=True)
        ]
        print_text("  ".join(cells).rstrip())


def print_parts(parts: Iterable[str | Table]) -> None:
    """Write a result to stdout, in order: its lines as they are, a table with an empty line before it."""
    for part in parts:
        if isinstance(part, Table):
            print_text()
            print_table(part)
        else:
            print_text(part)


def noted(title: str, sentences: Sequence[str]) -> list[str]:
    """Sentences as a list below their title, an empty line before it; nothing where there are none."""
    return ["", f"{title}:", *(f"- {sentence}" for sentence in sentences)] if sentences else []


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula: one that begins like a formula gets an apostrophe before it.

    >>> guarded("=1+1"), guarded("Search: shoes")
    ("'=1+1", 'Search: shoes')
    """
    return f"'{text}" if _ACTIVE.match(text.lstrip(" ")) else text


def say(message: str) -> None:
    """Tell a person something on stderr, apart from the result."""
    sys.stderr.write(_tame(message) + "\n")


def warn(message: str) -> None:
    """A warning on stderr."""
    say(f"warning: {message}")


def _tame(text: str) -> str:
    return _UNPRINTABLE.sub("\ufffd", text)


def _print_rich(table: Table) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(title=Text(table.title) if table.title else None, title_justify="left", box=SIMPLE_HEAD)
    for name in table.columns:
        drawn.add_column(Text(name), justify="right" if name in table.right else "left")
    for row in table.rows:
        drawn.add_row(*(Text(cell) for cell in row))  # a name like [US] is text, not markup
    Console().print(drawn)
