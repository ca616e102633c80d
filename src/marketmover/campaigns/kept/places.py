"""Lists of kept things, the newest first: how they are read, and where they were left."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from sqlalchemy import ColumnElement, Select, select, tuple_

from marketmover.campaigns.kept.records import AnalysisRow, BriefRow, PlanRow, TuningRow
from marketmover.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketmover.web import Listing, Page

Row = TypeVar("Row", BriefRow, PlanRow, TuningRow, AnalysisRow)
Place = tuple[datetime, str]
"""When a row was made, and its id: what tells where it stands in a list."""


class Made(Protocol):
    """What lists show: it was made once, and has an id."""

    id: str
    created_at: datetime


Shown = TypeVar("Shown", bound=Made)


def newest_first(
    table: type[Row], workspace: str, after: Place | None, limit: int, *also: ColumnElement[bool]
) -> Select[Row]:
    """A workspace's rows, the newest first.

    Args:
        table: Of what.
        workspace: Whose.
        after: The row behind which to begin.
        limit: At most so many.
        also: What else must hold of them.
    """
    chosen = select(table).where(table.workspace_id == workspace, *also)
    if after is not None:
        chosen = chosen.where(tuple_(table.created_at, table.id) < tuple_(*after))
    return chosen.order_by(table.created_at.desc(), table.id.desc()).limit(limit)


def page(listing: "Listing", rows: "Sequence[Shown]", name: str) -> "Page[Shown]":
    """The page of a list, or its table, as `Listing.answer`."""
    return cast("Page[Shown]", listing.answer(rows, lambda row: place_of(row.created_at, row.id), name))


def place_of(created_at: datetime, name: str) -> list[str]:
    """What a cursor holds of a row: when it was made, and its id."""
    return [created_at.isoformat(), name]


def after_place(told: Any) -> tuple[datetime, str] | None:
    """What a cursor held.

    Raises:
        UsageError: Something else; the cursor is not one that was given out here.
    """
    if told is None:
        return None
    try:
        moment, name = cast("Sequence[Any]", told)
        found = datetime.fromisoformat(moment)
    except (TypeError, ValueError) as error:
        raise _strange() from error
    if found.tzinfo is None or not isinstance(name, str) or "\x00" in name:
        raise _strange()
    return found, name


def _strange() -> UsageError:
    return UsageError("The cursor is not one that this list gave.", "Begin without one.")
