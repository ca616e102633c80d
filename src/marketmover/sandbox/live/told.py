"""JSON files from outside: read, or refused with words that name them."""

import json
from pathlib import Path
from typing import Any, cast

from marketmover.errors import InputError


def read_object(path: Path, what: str, remedy: str) -> dict[str, Any]:
    """The JSON object in a file, which should be `what`.

    Raises:
        InputError: It is none.
    """
    try:
        told: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is no {what}: {error}.", remedy) from error
    if not isinstance(told, dict):
        raise InputError(f"{path} is no {what}: it is not a JSON object.", remedy)
    return cast("dict[str, Any]", told)


def objects_in(told: dict[str, Any], name: str, path: Path, what: str, remedy: str) -> list[dict[str, Any]]:
    """The list of JSON objects under a name.

    Raises:
        InputError: There is none.
    """
    found: Any = told.get(name)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in cast("list[Any]", found)):
        raise InputError(f"{path} is no {what}: `{name}` is not a list of JSON objects.", remedy)
    return cast("list[dict[str, Any]]", found)
