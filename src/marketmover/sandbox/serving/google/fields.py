"""The fields of a query: found in Google's own messages, and refused where Google refuses them."""

from functools import cache
from importlib import import_module
from typing import Any, NamedTuple

from marketmover.sandbox.serving.google.refusing import ROOT, GoogleRefusalError, refused
from marketmover.sandbox.serving.google.resources import ACTION_METRICS, ACTION_SEGMENTS, SERVED, Resource

_WHOLE_MESSAGES = {"google.protobuf.FieldMask", "ChangedResource"}  # messages that can be selected as they are


class Field(NamedTuple):
    """A field of a query.

    Attributes:
        name: As in the query: `campaign.id`.
        path: The same as REST names it: `("campaign", "id")`.
        kind: `number`, `string`, `bool`, `enum` or `message`.
        repeated: Whether it holds a list.
        enum: The names of its values.
    """

    name: str
    path: tuple[str, ...]
    kind: str
    repeated: bool = False
    enum: frozenset[str] = frozenset()

    @property
    def owner(self) -> str:
        """Its resource, `metrics` or `segments`."""
        return self.name.partition(".")[0]

    @property
    def leaf(self) -> str:
        """Its name below the owner."""
        return self.name.partition(".")[2]


@cache
def row_type(version: str) -> Any:
    """The protobuf class of a row."""
    return import_module(f"{ROOT}.{version}.services.types.google_ads_service").GoogleAdsRow.pb()


@cache
def field_of(version: str, name: str) -> Field:
    """A field by its name in queries.

    Raises:
        GoogleRefusalError: There is none, or it cannot be selected.
    """
    descriptor, path, leaf = row_type(version).DESCRIPTOR, list[str](), None
    for part in name.split("."):
        leaf = _named(descriptor, part)
        if leaf is None:
            raise refused("query_error", "UNRECOGNIZED_FIELD", f"Unrecognized field in the query: '{name}'.")
        path.append(leaf.json_name)
        descriptor = leaf.message_type if not leaf.is_repeated else None
    if leaf is None or "." not in name:
        raise refused("query_error", "UNRECOGNIZED_FIELD", f"Unrecognized field in the query: '{name}'.")
    kind = _kind(leaf)
    if kind == "message" and not (leaf.is_repeated or _as_a_whole(leaf.message_type)):
        raise refused(
            "query_error",
            "PROHIBITED_FIELD_IN_SELECT_CLAUSE",
            f"Cannot select '{name}' whole: name a field of it.",
        )
    names = frozenset(value.name for value in leaf.enum_type.values) if kind == "enum" else frozenset[str]()
    return Field(name, tuple(path), kind, leaf.is_repeated, names)


def _named(message: Any, name: str) -> Any:
    """A message's field; those named as Python's own words have an underscore behind in the SDK."""
    known = {} if message is None else message.fields_by_name
    return known.get(name) or known.get(f"{name}_")


def _as_a_whole(message: Any) -> bool:
    return message.full_name in _WHOLE_MESSAGES or message.name in _WHOLE_MESSAGES


def _kind(leaf: Any) -> str:
    if leaf.message_type is not None:
        return "message"
    if leaf.enum_type is not None:
        return "enum"
    return {leaf.CPPTYPE_STRING: "string", leaf.CPPTYPE_BOOL: "bool"}.get(leaf.cpp_type, "number")


def resource_of(version: str, name: str) -> Resource:
    """The resource that FROM names.

    Raises:
        GoogleRefusalError: Google has none, or the sandbox does not fill it.
    """
    if name in SERVED:
        return SERVED[name]
    if name in row_type(version).DESCRIPTOR.fields_by_name and name not in {"metrics", "segments"}:
        raise refused(
            "query_error", "PROHIBITED_RESOURCE_TYPE_IN_FROM_CLAUSE",
            f"The sandbox does not simulate '{name}': it serves {', '.join(SERVED)}.",
        )  # fmt: skip
    raise refused("query_error", "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE", f"'{name}' is not a valid resource in FROM.")


def check_beside(field: Field, resource: str, clause: str) -> None:
    """Refuse a field of a resource, a metric or a segment that does not go with the one in FROM."""
    served = SERVED[resource]
    if field.owner == "metrics" and field.leaf not in served.metrics:
        raise refused(
            "query_error", "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
            f"Cannot select or filter on the following metrics: '{field.name}', since metric is incompatible with the "  # noqa: S608 - words, not SQL
            "resource in the FROM clause, or the sandbox does not simulate it.",
        )  # fmt: skip
    if field.owner == "segments" and field.leaf not in served.segments:
        raise refused(
            "query_error", "PROHIBITED_SEGMENT_IN_SELECT_OR_WHERE_CLAUSE",
            f"Cannot select or filter on the following segments: '{field.name}', since segment is incompatible with "  # noqa: S608 - words, not SQL
            "the resource in the FROM clause, or the sandbox does not simulate it.",
        )  # fmt: skip
    if field.owner not in {"metrics", "segments", resource} and field.owner not in served.beside:
        raise refused(
            "query_error", f"PROHIBITED_RESOURCE_TYPE_IN_{clause}_CLAUSE",
            f"Cannot select fields from the following resources: '{field.owner.upper()}', since the resource is "  # noqa: S608 - words, not SQL
            "incompatible with the resource in FROM clause.",
        )  # fmt: skip


def check_together(fields: list[Field]) -> None:
    """Refuse metrics that conversions by action do not have."""
    names = {field.leaf for field in fields if field.owner == "segments"}
    others = {field.leaf for field in fields if field.owner == "metrics"} - ACTION_METRICS
    if names & ACTION_SEGMENTS and others:
        raise refused(
            "query_error", "PROHIBITED_SEGMENT_WITH_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
            f"Cannot select or filter on the following metrics: {_listed(others)}, since they are incompatible with "
            f"the segments {_listed(names & ACTION_SEGMENTS)}.",
        )  # fmt: skip
    if names & ACTION_SEGMENTS and "device" in names:
        raise _not_simulated("conversion actions by device")


def _not_simulated(what: str) -> GoogleRefusalError:
    return refused(
        "query_error", "PROHIBITED_FIELD_COMBINATION_IN_SELECT_CLAUSE", f"The sandbox does not simulate {what}."
    )


def _listed(names: set[str] | frozenset[str]) -> str:
    return ", ".join(f"'{name}'" for name in sorted(names))
