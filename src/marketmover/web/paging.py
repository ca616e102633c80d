"""Lists by pages: an opaque cursor leads on, so that rows which come meanwhile shift nothing."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, Literal, TypeVar

from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from marketmover.errors import UsageError
from marketmover.web.tables import columns_of, csv_answer

T = TypeVar("T")
MOST = 500
MOST_CSV = 100_000
_MOST_CURSOR = 1_024


class Page(BaseModel, Generic[T]):
    """A part of a list."""

    items: list[T]
    next: str | None = Field(default=None, description="Send it as `cursor` to read on; null at the end.")


@dataclass(frozen=True)
class Listing:
    """How a list was asked for.

    Attributes:
        limit: Rows a page.
        after: Where the former page ended, as it was given to `answer`; `None` at the beginning.
        csv: Whether a table is asked for; it is not paged.
        columns: What a table without rows is headed by.
    """

    limit: int
    after: Any
    csv: bool
    columns: tuple[str, ...] = ()

    @property
    def most(self) -> int:
        """Rows to read: one more than a page, which tells whether there is more."""
        return MOST_CSV if self.csv else self.limit + 1

    def answer(self, rows: Sequence[T], place: Callable[[T], Any], name: str = "table") -> Page[T] | Response:
        """The page, or the table.

        Args:
            rows: Up to `most` rows, in order, from `after` on.
            place: Of a row what `after` is to be for the rows behind it: JSON.
            name: The table's file name.
        """
        if self.csv:
            return csv_answer([_flat(row) for row in rows], name, None if rows else self.columns)
        shown = list(rows[: self.limit])
        more = len(rows) > self.limit
        return Page[Any](items=shown, next=_cursor(place(shown[-1])) if more else None)


def _flat(row: Any) -> Mapping[str, Any]:
    return row.model_dump(mode="json") if isinstance(row, BaseModel) else row


def _listing(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST, description="Rows a page.")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=_MOST_CURSOR, description="`next` of the page before; opaque.")
    ] = None,
    format: Annotated[  # noqa: A002 - the parameter's name
        Literal["json", "csv"], Query(description="`csv`: the whole list as a table, up to 100,000 rows.")
    ] = "json",
) -> Listing:
    form = getattr(request.scope.get("route"), "response_model", None)
    return Listing(limit, None if cursor is None else _place(cursor), format == "csv", _columns(form))


def _columns(form: Any) -> tuple[str, ...]:
    """The columns of the rows that a page of this form holds, as a table has them."""
    if not (isinstance(form, type) and issubclass(form, Page)):
        return ()
    (row,) = form.__pydantic_generic_metadata__["args"] or (None,)
    return columns_of(row) if isinstance(row, type) and issubclass(row, BaseModel) else ()


def listed() -> Any:
    """How a list is asked for.

    An endpoint takes it by `listing: Annotated[Listing, listed()]`.
    """
    return Depends(_listing)


def _cursor(place: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(place, separators=(",", ":")).encode()).decode().rstrip("=")


def _place(cursor: str) -> Any:
    try:
        return json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise UsageError("The cursor is not one that this API gave.", "Begin without one.") from error
