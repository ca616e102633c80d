"""What a model answered, read into a form: JSON found in it, and what does not fit told apart from what does."""

import json
import re
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from marketmover.language.chat.failures import ChatError
from marketmover.language.text_model import Answer

F = TypeVar("F", bound=BaseModel)
_FENCE = re.compile(r"```(?:json)?\s*\n?(.*?)```", re.DOTALL | re.IGNORECASE)
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_MOST_FAULTS = 12


def json_in(content: str) -> dict[str, Any]:
    """The JSON object in a model's words: the whole, in a fence, or between the first and the last brace.

    Raises:
        ChatError: There is none.
    """
    bare = _THOUGHTS.sub("", content).strip()
    fenced = _FENCE.search(bare)
    braces = bare[bare.find("{") : bare.rfind("}") + 1]
    for candidate in (bare, fenced.group(1) if fenced else "", braces):
        try:
            found: Any = json.loads(candidate)
        except (ValueError, RecursionError):  # a number of thousands of digits is a ValueError, too
            continue
        if isinstance(found, dict):
            return cast("dict[str, Any]", found)
    raise ChatError("The language model's answer holds no JSON object.", of_endpoint=False)


def fitted(form: type[F], content: dict[str, Any]) -> Answer[F]:
    """What of `content` fits the form; a field, or an entry of a list, that does not is left out and told."""
    faults: list[str] = []
    while True:
        try:
            return Answer(form.model_validate(content), tuple(faults))
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False)[0]
            if not first["loc"] or len(faults) >= _MOST_FAULTS:
                raise ChatError("The language model's answer does not fit the form.", of_endpoint=False) from error
            faults.append(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
            content = _without(content, first["loc"])


def _without(content: dict[str, Any], place: tuple[int | str, ...]) -> dict[str, Any]:
    """The content without the field at fault, or without the entry at fault of a list."""
    name = str(place[0])
    value = content.get(name)
    if isinstance(value, list) and len(place) > 1 and isinstance(place[1], int):
        entries = cast("list[Any]", value)
        return {**content, name: [one for index, one in enumerate(entries) if index != place[1]]}
    return {key: one for key, one in content.items() if key != name}


def strict_schema(form: type[BaseModel]) -> dict[str, Any]:
    """The form's JSON schema as strict structured output wants it: every key required, no other allowed."""
    return cast("dict[str, Any]", _strict(form.model_json_schema()))


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(one) for one in cast("list[Any]", node)]
    if not isinstance(node, dict):
        return node
    mapping = cast("dict[str, Any]", node)
    titled = isinstance(mapping.get("title"), str)  # pydantic's caption, not a field of that name
    made = {key: _strict(one) for key, one in mapping.items() if key != "default" and not (key == "title" and titled)}
    if isinstance(made.get("properties"), dict):
        made["required"] = list(made["properties"])
        made["additionalProperties"] = False
    return made
