"""What figures of a period cannot tell: days that lack, levels that were not exported, rows that could not be used."""

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketmover.history.overview import reading, sums
from marketmover.history.overview.days import Asked
from marketmover.history.overview.records import HistoryDay, HistoryMember
from marketmover.history.tables import QUARANTINE, current

if TYPE_CHECKING:
    from marketmover.store import Lake

_HARMLESS = ("duplicate", "conflict")
"""What stands in the figures all the same: once, or in its later form."""

_DAY = re.compile(r'"(?:date|date_start|created_time|created_at)"\s*:\s*"(\d{4}-\d\d-\d\d)')
_UNDATED = ""


def quarantine_days(lake: "Lake") -> dict[str, int]:
    """How many rows that could not be used speak of each day; those of which no day can be told stand at no name."""
    rows: Any = current(lake, QUARANTINE)
    texts = rows.filter(~rows.reason.isin(_HARMLESS)).select("raw").to_pyarrow()["raw"].to_pylist()
    return dict(Counter(_day_of(text) for text in texts))


def _day_of(text: str) -> str:
    found = _DAY.search(text)
    return found.group(1) if found else _UNDATED


def doubts_of(session: Session, workspace: str, asked: Asked) -> dict[str, Any]:
    """What figures of a period cannot tell, in the form of `Doubts`.

    Args:
        session: Of records.
        workspace: Whose.
        asked: The days, and a platform, campaign or group where it is not all.
    """
    found = reading.summary(session, workspace)
    by_day = found.content.get("quarantine_days", {}) if found else {}
    dated = {day: number for day, number in by_day.items() if day and _within(day, asked)}
    return {
        "missing": _missing(session, workspace, asked),
        "without_groups": _without_groups(session, workspace, asked),
        "set_aside": sum(dated.values()),
        "set_aside_undated": by_day.get(_UNDATED, 0),
    }


def _within(day: str, asked: Asked) -> bool:
    first, last = asked.first or date.min, asked.last or date.max
    return first.isoformat() <= day <= last.isoformat()


def _missing(session: Session, workspace: str, asked: Asked) -> list[dict[str, Any]]:
    """By platform: days of which lines lack figures though they ran around them."""
    of_all = Asked(asked.first, asked.last, platform=asked.platform)
    counts: dict[str, list[int]] = {}
    for row in sums.calendar(session, workspace, of_all):
        if row["missing"]:
            counts.setdefault(row["platform"], []).append(row["missing"])
    return [{"platform": platform, "days": len(found), "line_days": sum(found)} for platform, found in counts.items()]


def _without_groups(session: Session, workspace: str, asked: Asked) -> list[dict[str, str]]:
    """Accounts that spent in these days, and of which no ad group or ad set has figures in them."""
    spent = Asked(asked.first, asked.last, platform=asked.platform, campaign_id=asked.campaign_id).where(workspace)
    some = select(HistoryDay.member).where(spent, HistoryDay.cost > 0).correlate(HistoryMember).exists()
    account = (HistoryMember.platform, HistoryMember.account_id)

    def accounts(level: str) -> set[tuple[str, str]]:
        mine = select(*account).distinct().where(reading.holds(HistoryMember, workspace), HistoryMember.level == level)
        return {(row[0], row[1]) for row in session.execute(mine.where(some))}

    lacking = sorted(accounts("campaign") - accounts("ad_group"))
    return [{"platform": platform, "account_id": account_id} for platform, account_id in lacking]
