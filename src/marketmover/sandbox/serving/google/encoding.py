"""Rows as Google's messages: what was selected, and nothing else."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from marketmover.sandbox.serving.google.asking import Asked
from marketmover.sandbox.serving.google.fields import Field, row_type
from marketmover.sandbox.serving.google.filtering import value_of
from marketmover.sandbox.serving.google.rows import camel

Row = Mapping[str, Any]


def encoded(version: str, asked: Asked, rows: Iterable[Row]) -> Iterator[Any]:
    """`GoogleAdsRow` messages.

    A row's parts are written once for each thing they tell of and copied from then on: figures are most of the rows,
    and parsing JSON is forty times as dear as a copy.
    """
    from google.protobuf import json_format

    make, heads = row_type(version), dict[tuple[str, ...], Any]()
    attributes = tuple(field for field in asked.select if field.owner not in {"metrics", "segments"})
    owners = sorted({camel(field.owner) for field in attributes} | {camel(asked.resource)})
    setters = [_setter(version, field) for field in (*asked.metrics, *asked.segments)]
    for row in rows:
        key = tuple(str(row.get(owner, {}).get("resourceName")) for owner in owners)
        if key not in heads:
            heads[key] = json_format.ParseDict(_pruned(row, attributes, owners), make())
        message = make()
        message.CopyFrom(heads[key])
        for put in setters:
            put(message, row)
        yield message


def _pruned(row: Row, attributes: Iterable[Field], owners: Iterable[str]) -> dict[str, Any]:
    """The selected fields; each part keeps its name."""
    found: dict[str, Any] = {}
    for owner in owners:
        if "resourceName" in (row.get(owner) or {}):
            found[owner] = {"resourceName": row[owner]["resourceName"]}
    for field in attributes:
        value = value_of(row, field.path)
        if value is None and field.kind == "bool" and len(field.path) == 2 and field.path[0] in row:
            value = False  # unset, and Google says so
        if value is not None:
            _put(found, row, field.path, value)
    return found


def _put(found: dict[str, Any], row: Row, path: tuple[str, ...], value: Any) -> None:
    place, here = found, row
    for part in path[:-1]:
        place, here = place.setdefault(part, {}), here[part]
        if "resourceName" in here:
            place["resourceName"] = here["resourceName"]
    place[path[-1]] = value


def _setter(version: str, field: Field) -> Callable[[Any, Row], None]:
    """Sets a figure or a segment; figures that are selected are always set."""
    descriptor = row_type(version).DESCRIPTOR.fields_by_name[field.owner].message_type.fields_by_name[field.leaf]
    enum = descriptor.enum_type.values_by_name if field.kind == "enum" else None
    whole = descriptor.cpp_type in {descriptor.CPPTYPE_INT64, descriptor.CPPTYPE_INT32}
    owner, leaf, figure = field.owner, field.leaf, field.owner == "metrics"

    def put(message: Any, row: Row) -> None:
        value = value_of(row, field.path)
        if value is None:
            if figure and leaf in _ALWAYS:
                setattr(getattr(message, owner), leaf, 0)
            return
        if enum is not None:
            value = enum[value].number
        elif field.kind == "number":
            value = int(value) if whole else float(value)
        setattr(getattr(message, owner), leaf, value)

    return put


_ALWAYS = {"impressions", "clicks", "cost_micros", "conversions", "conversions_value", "ctr"}
