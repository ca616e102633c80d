"""What changed between two descriptions of an API such that a program written for the first one breaks."""

from collections.abc import Iterator, Mapping
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")
_DEEP = 12
Described = Mapping[str, Any]


def breaking_changes(before: Described, after: Described) -> list[str]:
    """Every break in words: what was taken away, newly required, or is of another type."""
    return [*_of_paths(before, after)]


def _of_paths(before: Described, after: Described) -> Iterator[str]:
    for path, operations in before["paths"].items():
        for method in _METHODS:
            if method not in operations:
                continue
            name = f"{method.upper()} {path}"
            now = after["paths"].get(path, {}).get(method)
            if now is None:
                yield f"{name} is gone"
                continue
            yield from _of_operation(name, _Pair(before, after), operations[method], now)


class _Pair:
    """The two descriptions, in which references are looked up."""

    def __init__(self, before: Described, after: Described) -> None:
        self.before, self.after = before, after

    def schemas(self, before: Any, after: Any) -> tuple[Described, Described]:
        return _resolved(before, self.before), _resolved(after, self.after)


def _resolved(schema: Any, whole: Described) -> Described:
    for _ in range(_DEEP):
        if "$ref" not in schema:
            return schema
        found: Any = whole
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found
    return schema


def _of_operation(name: str, pair: _Pair, before: Described, after: Described) -> Iterator[str]:
    if before.get("operationId") != after.get("operationId"):
        yield f"{name}: its operation id was {before.get('operationId')}"
    yield from _of_parameters(name, pair, before, after)
    yield from _of_body(name, pair, before.get("requestBody"), after.get("requestBody"))
    for status, answer in before["responses"].items():
        if status.startswith("2") and status not in after["responses"]:
            yield f"{name}: it no longer answers {status}"
            continue
        for media, content in answer.get("content", {}).items():
            now = after["responses"].get(status, {}).get("content", {}).get(media)
            if now is None:
                yield f"{name}: {status} no longer comes as {media}"
                continue
            yield from _of_answer(f"{name} {status}", pair, content.get("schema", {}), now.get("schema", {}))


def _of_parameters(name: str, pair: _Pair, before: Described, after: Described) -> Iterator[str]:
    old = {(one["in"], one["name"]): one for one in before.get("parameters", ())}
    new = {(one["in"], one["name"]): one for one in after.get("parameters", ())}
    for key, one in old.items():
        if key not in new:
            yield f"{name}: the parameter {key[1]} is gone"
        else:
            yield from _of_input(f"{name}: {key[1]}", pair, one.get("schema", {}), new[key].get("schema", {}))
    for key, one in new.items():
        if one.get("required") and not old.get(key, {}).get("required"):
            yield f"{name}: the parameter {key[1]} is now required"


def _of_body(name: str, pair: _Pair, before: Described | None, after: Described | None) -> Iterator[str]:
    if before is None:
        if after is not None and after.get("required"):
            yield f"{name}: a body is now required"
        return
    for media, content in before.get("content", {}).items():
        now = (after or {}).get("content", {}).get(media)
        if now is None:
            yield f"{name}: bodies of {media} are no longer taken"
        else:
            yield from _of_input(f"{name}: body", pair, content.get("schema", {}), now.get("schema", {}))


def _of_input(place: str, pair: _Pair, before: Any, after: Any, depth: int = 0) -> Iterator[str]:
    """What used to be taken and is not any more."""
    old, new = pair.schemas(before, after)
    if depth > _DEEP:
        return
    yield from _of_types(place, old, new, "takes")
    if gone := _values(old) - _values(new) if _values(new) else set():
        yield f"{place} no longer takes {', '.join(sorted(gone))}"
    for name in set(new.get("required", ())) - set(old.get("required", ())):
        yield f"{place}.{name} is now required"
    closed = new.get("additionalProperties") is False
    for name, schema in old.get("properties", {}).items():
        now = new.get("properties", {}).get(name)
        if now is not None:
            yield from _of_input(f"{place}.{name}", pair, schema, now, depth + 1)
        elif closed:
            yield f"{place}.{name} is no longer taken"
    if "items" in old and "items" in new:
        yield from _of_input(f"{place}[]", pair, old["items"], new["items"], depth + 1)


def _of_answer(place: str, pair: _Pair, before: Any, after: Any, depth: int = 0) -> Iterator[str]:
    """What used to be told and is not any more."""
    old, new = pair.schemas(before, after)
    if depth > _DEEP:
        return
    yield from _of_types(place, old, new, "tells")
    for name, schema in old.get("properties", {}).items():
        now = new.get("properties", {}).get(name)
        if now is None:
            yield f"{place}: {name} is gone"
        else:
            yield from _of_answer(f"{place}: {name}", pair, schema, now, depth + 1)
    if "items" in old and "items" in new:
        yield from _of_answer(f"{place}[]", pair, old["items"], new["items"], depth + 1)


def _of_types(place: str, old: Described, new: Described, verb: str) -> Iterator[str]:
    before, after = _types(old), _types(new)
    lost = before - after if verb == "takes" else after - before
    if before and after and lost and not (verb == "takes" and "number" in after and lost == {"integer"}):
        yield f"{place} {verb} {', '.join(sorted(after))}, not {', '.join(sorted(before))}"


def _types(schema: Described) -> set[str]:
    if "type" in schema:
        return {schema["type"]} if isinstance(schema["type"], str) else set(schema["type"])
    parts = schema.get("anyOf", schema.get("oneOf", ()))
    return {part.get("type", "reference") for part in parts}


def _values(schema: Described) -> set[str]:
    known = schema.get("enum", [schema["const"]] if "const" in schema else ())
    return {str(value) for value in known}
