"""A response as bytes and back, exactly: plain arrays and JSON, nothing that could run when it is read."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.carry import Carry, CarryOver
from marketmover.budget.models.funnel import StageDraws
from marketmover.budget.models.overlap import Rivals
from marketmover.budget.models.wear import WearDraws
from marketmover.budget.response import Response
from marketmover.budget.summary import LineFacts
from marketmover.errors import InputError

_FORMS = {form.__name__: form for form in (Response, StageDraws, CarryOver, Carry, WearDraws, Rivals, LineFacts)}
_HEADER = "header"
_VERSION = 1


def pack_responses(responses: Sequence[Response]) -> bytes:
    """Responses as one file; what they have in common is kept once, and every figure to its last bit."""
    arrays: dict[str, NDArray[Any]] = {}
    told = {"version": _VERSION, "responses": [_packed(one, arrays) for one in responses]}
    header = np.frombuffer(json.dumps(told).encode(), dtype=np.uint8)
    file = io.BytesIO()
    named: dict[str, Any] = {_HEADER: header, **arrays}
    np.savez_compressed(file, allow_pickle=False, **named)
    return file.getvalue()


def unpack_responses(content: bytes) -> list[Response]:
    """Responses from what `pack_responses` gave.

    Raises:
        InputError: It is something else, is damaged, or is of another version.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays: dict[str, NDArray[Any]] = {name: file[name] for name in file.files}
        told: Mapping[str, Any] = json.loads(arrays.pop(_HEADER).tobytes())
        asked = told["responses"] if told["version"] == _VERSION else None
        return [cast("Response", _unpacked(one, arrays)) for one in cast("list[Any]", asked)]
    except Exception as error:
        raise InputError(
            f"What the plan's response needs cannot be read: {type(error).__name__}.", "Compose the plan anew."
        ) from error


def _packed(value: Any, arrays: dict[str, NDArray[Any]]) -> Any:
    if isinstance(value, np.ndarray):
        return {"array": _kept(cast("NDArray[Any]", value), arrays)}
    if is_dataclass(value) and not isinstance(value, type):
        own = {one.name: _packed(getattr(value, one.name), arrays) for one in fields(value) if one.init}
        return {"form": type(value).__name__, "fields": own}
    if isinstance(value, Mapping):
        pairs = cast("Mapping[str, Any]", value)
        return {"mapping": {name: _packed(one, arrays) for name, one in pairs.items()}}
    if isinstance(value, tuple | list):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_packed(one, arrays) for one in cast("Sequence[Any]", value)]}
    return value.item() if isinstance(value, np.generic) else value


def _kept(array: NDArray[Any], arrays: dict[str, NDArray[Any]]) -> str:
    """The name under which an array is kept: that of its content."""
    whole = np.ascontiguousarray(array)
    head = f"{whole.dtype.str} {whole.shape} ".encode()
    name = blake2b(head + whole.tobytes(), digest_size=12).hexdigest()
    arrays.setdefault(name, whole.reshape(array.shape))
    return name


def _unpacked(told: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    if not isinstance(told, dict):
        return told
    (kind, value), *rest = cast("dict[str, Any]", told).items()
    if kind == "array":
        return arrays[value]
    if kind == "form":
        return _FORMS[value](**{name: _unpacked(one, arrays) for name, one in rest[0][1].items()})
    if kind == "mapping":
        return {name: _unpacked(one, arrays) for name, one in value.items()}
    found = [_unpacked(one, arrays) for one in value]
    return tuple(found) if kind == "tuple" else found
