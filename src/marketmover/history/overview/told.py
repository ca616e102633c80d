"""What is kept of the history in the API's forms: periods, figures over time, members."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from marketmover.errors import UsageError
from marketmover.history.loading.panels import NO_CURRENCY
from marketmover.history.overview import forms, reading, sums
from marketmover.history.overview.days import Asked

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketmover.history.overview.records import HistoryMember
    from marketmover.web import Desk, Listing, Page

T = TypeVar("T")
USUAL_DAYS = 28
_MOST_DAYS = 1_100
_MOST_NUMBER = 2**31

Span = tuple[date | None, date | None]


def trends_told(
    session: "Session", workspace: str, by: str, span: Span, before: Span | None, about: dict[str, Any]
) -> forms.Trends:
    """Figures by `day` or `week` over a period, beside those of the one before.

    Args:
        session: Of records.
        workspace: Whose.
        by: `day` or `week`.
        span: The period.
        before: What it is compared with; `None`: nothing.
        about: Of `Asked`, what is asked for in both, its currency at least.
    """
    weekly = by == "week"
    now, then = Asked(*span, **about), Asked(*before, **about) if before else None
    earlier: dict[date, sums.Sums] = {}
    if then is not None and before is not None and span[0] and before[0]:
        shift = span[0] - before[0]
        earlier = {day + shift: one for day, one in sums.trends(session, workspace, then, by_week=weekly)}
    return forms.Trends(
        currency=about["currency"],
        by="week" if weekly else "day",
        first=span[0],
        last=span[1],
        compared_first=before[0] if before else None,
        compared_last=before[1] if before else None,
        totals=figures_told(sums.total(session, workspace, now)),
        totals_before=figures_told(sums.total(session, workspace, then)) if then else None,
        points=[
            forms.TrendPoint(
                date=day, figures=figures_told(one), before=figures_told(earlier[day]) if day in earlier else None
            )
            for day, one in sums.trends(session, workspace, now, by_week=weekly)
        ],
    )


def span_of(session: "Session", workspace: str, first: date | None, last: date | None, usual: int = USUAL_DAYS) -> Span:
    """The days asked for.

    Raises:
        UsageError: They end before they begin, or are too many.
    """
    if last is None:
        found = reading.summary(session, workspace)
        known = found.content.get("last_date") if found else None
        if known is None:
            return first, last
        last = date.fromisoformat(known)
    if first is None:
        first = date.fromordinal(max(1, last.toordinal() - usual + 1))
    if first > last:
        raise UsageError(f"{first} lies behind {last}.", "Give an earlier first day.")
    if (last - first).days >= _MOST_DAYS:
        raise UsageError(f"{first} to {last} are more than {_MOST_DAYS:,} days.", "Ask for fewer at once.")
    return first, last


def span_before(span: Span, compare: str, *, whole_weeks: bool = False) -> Span | None:
    """The period to compare with: as many days before, or the same days of 52 weeks before, so that weekdays fit.

    Args:
        span: The period.
        compare: `none`, `previous` or `year`.
        whole_weeks: Whether it lies whole weeks before, so that weeks stand beside weeks.
    """
    first, last = span
    if compare == "none" or first is None or last is None:
        return None
    many = (last - first).days + 1
    back = timedelta(days=364 if compare == "year" else -(-many // 7) * 7 if whole_weeks else many)
    return (first - back, last - back) if first.toordinal() > back.days else None


def main_currency(session: "Session", workspace: str) -> str:
    """The currency of most spend."""
    found = reading.summary(session, workspace)
    return str(found.content.get("currency", NO_CURRENCY)) if found else NO_CURRENCY


def figures_told(found: sums.Sums | None) -> forms.Figures:
    """Sums with their ratios; nothing is nought."""
    return forms.Figures.model_validate((found or sums.Sums.nothing()).shown())


def member_told(row: "HistoryMember") -> dict[str, Any]:
    """What says who a member is."""
    return {name: getattr(row, name) for name in forms.Member.model_fields}


def line_told(row: "HistoryMember") -> forms.LineView:
    """A budget line."""
    counts = {name: getattr(row, name) for name in ("days", "missing_days", "odd_days")}
    return forms.LineView(**member_told(row), **counts, line_name=str(row.content.get("line_name") or row.name))


def paged(listing: "Listing", pairs: Sequence[tuple[Any, T]], name: str) -> "Page[T] | Any":
    """A page, or table, of rows with the places behind which the next page begins."""
    places = {id(row): place for place, row in pairs}
    return listing.answer([row for _, row in pairs], lambda row: places[id(row)], name)


def number_of(after: Any) -> int:
    """The number that a cursor stands for; -1 at the beginning.

    Raises:
        UsageError: The cursor is of another list.
    """
    if after is None:
        return -1
    if isinstance(after, bool) or not isinstance(after, int) or not 0 <= after < _MOST_NUMBER:
        raise _foreign()
    return after


def day_and_number(after: Any) -> tuple[date, int] | None:
    """The day and member that a cursor stands for.

    Raises:
        UsageError: The cursor is of another list.
    """
    match after:
        case None:
            return None
        case [str() as day, int() as number] if not isinstance(number, bool) and abs(number) < _MOST_NUMBER:
            try:
                return date.fromisoformat(day), number
            except ValueError as error:
                raise _foreign() from error
        case _:
            raise _foreign()


def _foreign() -> UsageError:
    return UsageError("The cursor is not one that this list gave.", "Begin without one.")


def quarantine_page(
    desk: "Desk", listing: "Listing", import_id: int | None, reason: str | None
) -> "Page[forms.QuarantineRow] | Any":
    """Rows that could not be used, of one import or of all, the newest imports first."""
    after = None if listing.after is None else number_of(listing.after)
    with desk.session(read_only=True) as session:
        rows = reading.entries(
            session, desk.workspace, "quarantine", import_id=import_id, reason=reason, after=after, limit=listing.most
        )
    told = [
        (row.number, forms.QuarantineRow(import_id=row.import_id, reason=row.reason, **row.content)) for row in rows
    ]
    return paged(listing, told, "quarantine")
