"""What an endpoint turns out to understand: how it is told the form, the length and the temperature."""

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

ResponseFormat = Literal["json_schema", "json_object", "text"]
_NEXT: dict[ResponseFormat, ResponseFormat] = {"json_schema": "json_object", "json_object": "text"}
REFUSALS = frozenset((400, 415, 422, 501))


@dataclass(frozen=True)
class Dialect:
    """One way to put a question; it begins with the richest and gives way as the endpoint refuses."""

    response_format: ResponseFormat = "json_schema"
    length_name: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    temperature: bool = True

    def options(self, schema: dict[str, Any], most_tokens: int) -> dict[str, Any]:
        """The part of a request's body that depends on the dialect."""
        chosen: dict[str, Any] = {"stream": False, self.length_name: most_tokens}
        if self.temperature:
            chosen["temperature"] = 0
        if self.response_format == "json_schema":
            form = {"name": "reading", "strict": True, "schema": schema}
            chosen["response_format"] = {"type": "json_schema", "json_schema": form}
        elif self.response_format == "json_object":
            chosen["response_format"] = {"type": "json_object"}
        return chosen

    def after_refusal(self, detail: str) -> "Dialect | None":
        """The next way to ask, by what the refusal names; `None` where nothing is left to give up.

        Models that reason refuse `max_tokens` and a temperature; the name that is refused is quoted first.
        """
        told = re.search(r"max_completion_tokens|max_tokens|temperature|response_format|json_schema|schema", detail)
        named = told.group() if told else ""
        if named == "temperature" and self.temperature:
            return replace(self, temperature=False)
        if named.startswith("max_") and self.length_name == "max_tokens":
            return replace(self, length_name="max_completion_tokens")
        if named in ("temperature", "max_tokens", "max_completion_tokens") or self.response_format == "text":
            return None
        return replace(self, response_format=_NEXT[self.response_format])
