"""A plan read back from where `compose` wrote it."""

import json
from pathlib import Path

from pydantic import ValidationError

from marketmover.errors import InputError, NotFoundError
from marketmover.plans import Plan

_NAME = "plan.json"


def load_plan(path: Path) -> Plan:
    """The plan of a folder that `compose` wrote, or of its plan.json itself.

    Raises:
        NotFoundError: There is no plan; the message names the place.
        InputError: What is there cannot be read as a plan; the message names the place in it.
    """
    file = path / _NAME if path.is_dir() else path
    try:
        return parse_plan(file.read_bytes(), file)
    except FileNotFoundError as error:
        where = f"{path} holds no {_NAME}" if path.is_dir() else f"There is no file or folder {path}"
        raise NotFoundError(
            f"{where}.", "Name the folder that `marketmover compose --out` wrote, or its plan.json."
        ) from error
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.", "Name a plan that can be read.") from error


def parse_plan(read: bytes, file: Path) -> Plan:
    """The plan that bytes hold.

    Args:
        read: What was read.
        file: Where, for messages.

    Raises:
        InputError: They hold no plan.
    """
    try:
        return Plan.model_validate(json.loads(read.decode("utf-8-sig")))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file} is not JSON: {error}.", "Name a plan.json that `compose` wrote.") from error
    except (ValidationError, RecursionError) as error:
        raise InputError(f"{file} is not a plan: {_fault(error)}.", "Name a plan.json that `compose` wrote.") from error


def _fault(error: ValidationError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"]) or "the whole file"
    more = f" (and {error.error_count() - 1} more faults)" if error.error_count() > 1 else ""
    return f"{place}: {first['msg']}{more}"


def page_beside(path: Path) -> Path | None:
    """The plan's page, where it lies beside it."""
    page = (path if path.is_dir() else path.parent) / "plan.html"
    return page if page.is_file() else None
