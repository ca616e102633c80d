"""A call of the Graph API: what is asked, with its parameters read as the API reads them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from marketmover.sandbox.serving.meta.refusing import plain

Json = dict[str, Any]
Fields = dict[str, "Fields | None"]
"""Names of fields; those of an object within may be chosen in turn: `id,creative{id,title}`."""

_YES = frozenset({"true", "1", "True"})


@dataclass(frozen=True)
class Call:
    """One call: `GET v26.0/act_1/campaigns` with its parameters, query and form together.

    Attributes:
        method: `GET`, `POST` or `DELETE`.
        version: Such as `v26.0`.
        parts: The path after the version.
        given: Parameters as they came, text; what is a list or an object there is JSON.
    """

    method: str
    version: str
    parts: tuple[str, ...]
    given: Mapping[str, str]

    def text(self, name: str, otherwise: str = "") -> str:
        """A parameter as text."""
        return self.given.get(name, otherwise)

    def flag(self, name: str) -> bool:
        """A parameter as a yes or no."""
        return self.given.get(name, "") in _YES

    def whole(self, name: str, otherwise: int) -> int:
        """A parameter as a whole number.

        Raises:
            GraphError: It is none.
        """
        text = self.given.get(name, "")
        if not text:
            return otherwise
        if not text.isdigit():
            raise plain(f"Param {name} must be an integer")
        return int(text)

    def names(self, name: str) -> list[str]:
        """A parameter as names: a JSON list, or separated by commas."""
        text = self.given.get(name, "").strip()
        if text.startswith("["):
            return [str(item) for item in self.listed(name)]
        return [part.strip() for part in text.split(",") if part.strip()]

    def listed(self, name: str) -> list[Any]:
        """A parameter as a JSON list; empty where it is missing.

        Raises:
            GraphError: It is something else.
        """
        found = self._json(name, "[]")
        if not isinstance(found, list):
            raise plain(f"Param {name} must be an array")
        return cast("list[Any]", found)

    def mapped(self, name: str) -> Json:
        """A parameter as a JSON object; empty where it is missing.

        Raises:
            GraphError: It is something else.
        """
        found = self._json(name, "{}")
        if not isinstance(found, dict):
            raise plain(f"Param {name} must be a map")
        return cast("Json", found)

    def _json(self, name: str, otherwise: str) -> Any:
        try:
            return json.loads(self.given.get(name, "") or otherwise)
        except json.JSONDecodeError:
            raise plain(f"Param {name} must be valid JSON") from None

    def fields(self) -> Fields:
        """The parameter `fields`, read: separated by commas, or a JSON list.

        Raises:
            GraphError: Its braces do not match.
        """
        text = self.given.get("fields", "").strip()
        found, rest = _fields(",".join(map(str, self.listed("fields"))) if text.startswith("[") else text)
        if rest:
            raise plain("Syntax error in the parameter fields")
        return found


def _fields(text: str) -> tuple[Fields, str]:
    """Fields up to a closing brace or the end, and what follows."""
    found: Fields = {}
    while text and not text.startswith("}"):
        cut = next((at for at, char in enumerate(text) if char in ",{}"), len(text))
        name, text = text[:cut].strip(), text[cut:]
        inner: Fields | None = None
        if text.startswith("{"):
            inner, rest = _fields(text[1:])
            if not rest.startswith("}"):
                raise plain("Syntax error in the parameter fields")
            text = rest[1:]
        if name:
            found[name] = inner
        text = text.removeprefix(",")
    return found, text
