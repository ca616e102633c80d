"""Sums of daily figures: over a period by member, by day or week, and how whole the days are."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from marketmover.history.overview.days import Asked, joined
from marketmover.history.overview.reading import holds
from marketmover.history.overview.records import FIGURES, HistoryDay, HistoryMember

_SUMS = tuple(func.sum(getattr(HistoryDay, name)).label(name) for name in FIGURES)


SortedBy = Literal[
    "name",
    "impressions",
    "clicks",
    "cost",
    "conversions",
    "leads",
    "sales",
    "installs",
    "revenue",
    "qualified_leads",
    "ctr",
    "cost_per_thousand",
    "cost_per_click",
    "conversion_rate",
    "cost_per_conversion",
    "cost_per_lead",
    "cost_per_qualified_lead",
    "cost_per_acquisition",
    "roas",
]


@dataclass(frozen=True)
class Ranking:
    """In which order members come, and of which names or ids; without `by` in that of numbers.

    Members of which a ratio cannot be told come last, whichever way round.
    """

    by: SortedBy | None = None
    ascending: bool = False
    search: str = ""

    def where(self) -> list[ColumnElement[bool]]:
        """The condition on members."""
        if not self.search:
            return []
        names = (HistoryMember.name, HistoryMember.campaign_id, HistoryMember.group_id)
        return [or_(*(name.icontains(self.search, autoescape=True) for name in names))]

    def order(self) -> list[Any]:
        """What members are ordered by."""
        if self.by is None:
            return [HistoryDay.member]
        value = self._value(self.by)
        way = value.asc() if self.ascending else value.desc()
        return [way.nulls_last(), HistoryDay.member]

    @staticmethod
    def _value(by: SortedBy) -> ColumnElement[Any]:
        if by == "name":
            return func.lower(HistoryMember.name)
        if by not in RATIOS:
            return func.sum(getattr(HistoryDay, by))
        top, base, _ = RATIOS[by]
        return func.sum(getattr(HistoryDay, top)) * 1.0 / func.nullif(func.sum(getattr(HistoryDay, base)), 0)


@dataclass(frozen=True)
class Sums:
    """Figures over a period: those of `FIGURES`, and ratios of them; `None` where there is nothing to divide by."""

    counts: dict[str, float]

    @classmethod
    def nothing(cls) -> "Sums":
        """Nothing of anything."""
        return cls(dict.fromkeys(FIGURES, 0.0))

    def shown(self) -> dict[str, float | None]:
        """Counts and ratios by name; money to a cent."""
        return {**{name: _rounded(value) for name, value in self.counts.items()}, **ratios(self.counts)}


RATIOS = {
    "ctr": ("clicks", "impressions", 1),
    "cost_per_thousand": ("cost", "impressions", 1000),
    "cost_per_click": ("cost", "clicks", 1),
    "conversion_rate": ("conversions", "clicks", 1),
    "cost_per_conversion": ("cost", "conversions", 1),
    "cost_per_lead": ("cost", "leads", 1),
    "cost_per_qualified_lead": ("cost", "qualified_leads", 1),
    "cost_per_acquisition": ("cost", "sales", 1),
    "roas": ("revenue", "cost", 1),
}
"""Each ratio: what is divided, by what, and times what."""


def ratios(counts: dict[str, float]) -> dict[str, float | None]:
    """Those of `RATIOS`."""
    return {
        name: round(scale * counts[top] / counts[base], 6) if counts[base] > 0 else None
        for name, (top, base, scale) in RATIOS.items()
    }


def _rounded(value: float) -> float:
    return round(float(value), 4)


def ranked(
    session: Session, workspace: str, asked: Asked, ranking: Ranking, *, skip: int = 0, limit: int = 500
) -> list[tuple[HistoryMember, Sums]]:
    """The sums of each member over the days asked for, in an order; members without any are left out.

    Args:
        session: Of records.
        workspace: Whose.
        asked: Which.
        ranking: In which order, and of which names.
        skip: So many first ones are left out.
        limit: At most so many.
    """
    chosen = select(HistoryDay.member, *_SUMS).where(asked.where(workspace), *ranking.where())
    chosen = chosen.group_by(HistoryDay.member, HistoryMember.name).order_by(*ranking.order())
    sums = {row.member: _sums(row) for row in session.execute(chosen.offset(skip).limit(limit))}
    members = select(HistoryMember).where(holds(HistoryMember, workspace), HistoryMember.number.in_(sums))
    rows = {row.number: row for row in session.scalars(members)}
    return [(rows[number], one) for number, one in sums.items()]


def of_members(session: Session, workspace: str, asked: Asked, numbers: Sequence[int]) -> dict[int, Sums]:
    """The sums of these members over the days asked for, by number."""
    chosen = select(HistoryDay.member, *_SUMS).where(asked.where(workspace), HistoryDay.member.in_(numbers))
    return {row.member: _sums(row) for row in session.execute(chosen.group_by(HistoryDay.member))}


def total(session: Session, workspace: str, asked: Asked) -> Sums:
    """The sum of all that is asked for."""
    return _sums(session.execute(select(*_SUMS).where(asked.where(workspace))).one())


def trends(session: Session, workspace: str, asked: Asked, *, by_week: bool = False) -> list[tuple[date, Sums]]:
    """Sums by day, or by week (told by its Monday), of all that is asked for."""
    chosen = select(HistoryDay.day, *_SUMS).where(asked.where(workspace)).group_by(HistoryDay.day)
    days = [(row.day, _sums(row)) for row in session.execute(chosen.order_by(HistoryDay.day))]
    if not by_week:
        return days
    weeks: dict[date, list[Sums]] = defaultdict(list)
    for day, sums in days:
        weeks[day - timedelta(days=day.weekday())].append(sums)
    return [(week, _added(found)) for week, found in weeks.items()]


def calendar(session: Session, workspace: str, asked: Asked, *, by_account: bool = False) -> list[dict[str, Any]]:
    """For each platform (or account) and day how many budget lines have figures, and how many lack them."""
    whose = [HistoryMember.platform, *([HistoryMember.account_id] if by_account else [])]
    chosen = (
        select(
            *whose,
            HistoryDay.day,
            func.sum(HistoryDay.lines).label("lines"),
            func.sum(HistoryDay.missing).label("missing"),
            func.sum(HistoryDay.impressions).label("impressions"),
        )
        .where(replace(asked, level="account").where(workspace), joined())
        .group_by(*whose, HistoryDay.day)
        .order_by(*whose, HistoryDay.day)
    )
    return [
        {
            "platform": row.platform,
            "account_id": row.account_id if by_account else None,
            "date": row.day,
            "lines": int(row.lines),
            "missing": int(row.missing),
            "impressions": int(row.impressions),
        }
        for row in session.execute(chosen)
    ]


def _sums(row: Any) -> Sums:
    return Sums({name: float(getattr(row, name) or 0) for name in FIGURES})


def _added(every: Sequence[Sums]) -> Sums:
    return Sums({name: sum(one.counts[name] for one in every) for name in FIGURES})
