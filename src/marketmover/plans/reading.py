"""What stands beside a plan, read from files: `state.json`, `changes.jsonl`, and the changes that are to be made."""

import json
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from marketmover.errors import InputError
from marketmover.plans.base import Form

STATE_FILE, LOG_FILE = "state.json", "changes.jsonl"
_Form = TypeVar("_Form", bound=Form)
_RESTORE = "Restore it from a backup, or take that line out."


def read_one(form: type[_Form], file: Path, *, what: str, remedy: str) -> _Form | None:
    """The form that a file holds; `None` where there is none.

    Raises:
        InputError: It cannot be read; the message says `what`, names the place in it and gives the remedy.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} {what}: {_fault(error)}.", remedy) from error
    return _parsed(form, text, f"{file} {what}", remedy)


def read_lines(form: type[_Form], file: Path) -> list[_Form]:
    """The forms that a file holds, one a line; a last line that was never finished is none.

    Raises:
        InputError: It cannot be read; the message names the line.
    """
    try:
        text = file.read_bytes().decode()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {_fault(error)}.", "Restore it from a backup.") from error
    lines = text[: text.rfind("\n") + 1].split("\n")[:-1]
    return [_parsed(form, line, f"{file}, line {number}", _RESTORE) for number, line in enumerate(lines, start=1)]


def _parsed(form: type[_Form], text: str, place: str, remedy: str) -> _Form:
    try:
        told: Any = json.loads(text)
        return form.model_validate(told)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: {_fault(error)}.", remedy) from error


def _fault(error: Exception) -> str:
    """What is wrong with a file, in words; of a form the first fault and its place."""
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        if first["type"] == "model_type":
            return "it is not a JSON object"
        return f"{'.'.join(str(part) for part in first['loc']) or 'the whole file'}: {first['msg']}"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"it is not JSON ({error})"
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
