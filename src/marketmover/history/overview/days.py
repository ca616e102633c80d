"""Daily figures as they are kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, select, tuple_
from sqlalchemy.orm import Session

from marketmover.history.overview.reading import holds
from marketmover.history.overview.records import FIGURES, HistoryDay, HistoryMember


@dataclass(frozen=True)
class Asked:
    """Which figures are asked for; `None` for all.

    Attributes:
        first, last: Days, both included.
        level: `account`, `campaign` or `ad_group`.
        platform, campaign_id, group_id, line_ids, currency: Of these alone.
    """

    first: date | None = None
    last: date | None = None
    level: str | None = None
    platform: str | None = None
    account_id: str | None = None
    campaign_id: str | None = None
    group_id: str | None = None
    line_ids: Collection[str] | None = None
    currency: str | None = None

    def where(self, workspace: str) -> ColumnElement[bool]:
        """The condition on days joined with their members."""
        parts = [holds(HistoryDay, workspace), joined()]
        plain = {
            HistoryDay.level: self.level,
            HistoryMember.platform: self.platform,
            HistoryMember.account_id: self.account_id,
            HistoryMember.campaign_id: self.campaign_id,
            HistoryMember.group_id: self.group_id,
            HistoryMember.currency: self.currency,
        }
        parts += [column == value for column, value in plain.items() if value is not None]
        if self.first is not None:
            parts.append(HistoryDay.day >= self.first)
        if self.last is not None:
            parts.append(HistoryDay.day <= self.last)
        if self.line_ids is not None:
            parts.append(HistoryMember.line_id.in_(self.line_ids))
        if self.campaign_id is not None:  # few: their days are looked up, rather than all days looked through
            mine = select(HistoryMember.number).where(holds(HistoryMember, workspace))
            parts.append(HistoryDay.member.in_(mine.where(HistoryMember.campaign_id == self.campaign_id)))
        return and_(*parts)


def joined() -> ColumnElement[bool]:
    """What joins a day with its member."""
    return and_(
        HistoryMember.workspace_id == HistoryDay.workspace_id,
        HistoryMember.generation == HistoryDay.generation,
        HistoryMember.number == HistoryDay.member,
    )


@dataclass(frozen=True)
class DayFigures:
    """A member's figures of a day; see `FIGURES`. Money is in `currency`."""

    date: date
    number: int
    level: str
    platform: str
    account_id: str
    campaign_id: str
    group_id: str
    line_id: str | None
    name: str
    currency: str
    impressions: int
    clicks: int
    cost: float
    conversions: float
    leads: float
    sales: float
    installs: float
    revenue: float
    crm_leads: float
    qualified_leads: float
    won: float


_COLUMNS = (
    HistoryDay.day,
    HistoryDay.member,
    HistoryDay.level,
    HistoryMember.platform,
    HistoryMember.account_id,
    HistoryMember.campaign_id,
    HistoryMember.group_id,
    HistoryMember.line_id,
    HistoryMember.name,
    HistoryMember.currency,
    *(getattr(HistoryDay, name) for name in FIGURES),
)


def list_days(
    session: Session,
    workspace: str,
    asked: Asked,
    *,
    after: tuple[date, int] | None = None,
    newest_first: bool = False,
    limit: int = 500,
) -> list[DayFigures]:
    """Daily figures by day and member.

    Args:
        session: Of records.
        workspace: Whose.
        asked: Which.
        after: Day and member's number behind which to begin, in the order asked for.
        newest_first: The last days first.
        limit: At most so many.
    """
    place = tuple_(HistoryDay.day, HistoryDay.member)
    chosen = select(*_COLUMNS).where(asked.where(workspace))
    if after is not None:
        chosen = chosen.where(place < tuple_(*after) if newest_first else place > tuple_(*after))
    order = (HistoryDay.day.desc(), HistoryDay.member.desc()) if newest_first else (HistoryDay.day, HistoryDay.member)
    return [DayFigures(*row) for row in session.execute(chosen.order_by(*order).limit(limit))]


def line_days(session: Session, workspace: str, line_ids: Collection[str], first: date, last: date) -> list[DayFigures]:
    """The daily figures of budget lines over some days, by day."""
    return list_days(session, workspace, Asked(first=first, last=last, line_ids=line_ids), limit=1_000_000)
