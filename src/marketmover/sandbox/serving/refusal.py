"""What a simulated account does not do, and why."""

from collections.abc import Mapping
from typing import Any, cast


class ServingRefusal(ValueError):  # noqa: N818 - what a platform gives is a refusal, not an error
    """A change that is refused; nothing of its call was done.

    Attributes:
        code: `duplicate_name`, `not_found`, `invalid`, `required`, `immutable` or `unsupported` (a real platform may
            do it, the simulation cannot).
        field: The field that is to blame, as sent; dots lead inwards.
        words: Why, for people.
        place: Which change of the call, from 0 on.
    """

    def __init__(self, code: str, field: str, words: str, place: int = 0) -> None:
        super().__init__(f"{field}: {words}" if field else words)
        self.code, self.field, self.words, self.place = code, field, words, place


def mapping_in(told: Mapping[str, Any], name: str, field: str | None = None) -> Mapping[str, Any]:
    """An object within an object; empty where it is left out.

    Raises:
        ServingRefusal: It is something else.
    """
    found = told.get(name)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise ServingRefusal("invalid", field or name, "must be an object.")
    return cast("Mapping[str, Any]", found)


def number_in(told: Mapping[str, Any], name: str, field: str | None = None) -> float | None:
    """A number of 0 or more, as such or as text; `None` where it is left out.

    Raises:
        ServingRefusal: It is something else.
    """
    value = told.get(name)
    if value is None:
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if isinstance(value, bool) or not 0.0 <= number < 1e15:
        raise ServingRefusal("invalid", field or name, f"{value!r} is not a number of 0 or more.")
    return number
