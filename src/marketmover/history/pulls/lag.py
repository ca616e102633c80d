"""How fresh what the home knows of each pulled account is, and what it waits for."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.orm import Session

from marketmover.history.pulls import ledger
from marketmover.history.records import ExportPull

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketmover.access import Account


@dataclass(frozen=True)
class Freshness:
    """How fresh the lake's knowledge of an account is.

    Attributes:
        platform, account_id, name: Whose.
        simulated: Whether it is a sandbox's.
        last_day: The last day that the lake knows; `None` before the first pull has landed.
        days_behind: Whole days over in the account's time zone that the lake does not know; on a simulated account as
            of the last time that it was asked.
        pulled_at: When the last whole pull came.
        landed_at: When the lake took it, or the one before.
        lag_s: Seconds from the last whole pull to its landing, so far if it waits.
        waiting: Whole pulls that have not landed yet.
        under_way: Chunks that came, and all chunks, of a pull that is not whole yet.
        problem: Why the last pull stopped, or one could not land.
        missing: What the last whole pull had to do without: kind, as `leads`, and why. The next asks for it again.
        spoilt: How many of the last pulls, in a row, came and could not be read.
    """

    platform: str
    account_id: str
    name: str
    simulated: bool
    last_day: date | None
    days_behind: int | None
    pulled_at: datetime | None
    landed_at: datetime | None
    lag_s: float | None
    waiting: int
    under_way: tuple[int, int] | None
    problem: str | None
    missing: tuple[tuple[str, str], ...] = ()
    spoilt: int = 0

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        days = (date, datetime)
        return {name: value.isoformat() if isinstance(value, days) else value for name, value in asdict(self).items()}


def freshness(
    session: Session, workspace: str, now: datetime, connected: "Iterable[Account] | None" = None
) -> list[Freshness]:
    """How fresh each pulled account is, by platform and account.

    Args:
        session: Of the records.
        workspace: Whose pulls.
        now: The present moment, aware.
        connected: The accounts to tell of, as those that are connected; by default all that were ever pulled.
    """
    every = ledger.pulls_of(session, workspace)
    if connected is not None:
        wanted = {(account.platform, account.account_id) for account in connected}
        every = [pull for pull in every if (pull.platform, pull.account_id) in wanted]
    return [
        _of_account(session, list(pulls), now)
        for _, pulls in groupby(every, key=lambda pull: (pull.platform, pull.account_id))
    ]


def _of_account(session: Session, pulls: list[ExportPull], now: datetime) -> Freshness:
    newest = pulls[-1]
    landed = [pull for pull in pulls if pull.state == "landed"]
    whole = [pull for pull in pulls if pull.state in {"done", "landed"}]
    last_day = max((pull.last_day for pull in landed), default=None)
    today = newest.today if newest.simulated else _today(newest.time_zone, now)
    lag = None
    if whole and whole[-1].done_at is not None:
        lag = ((whole[-1].landed_at or now) - whole[-1].done_at).total_seconds()
    return Freshness(
        platform=newest.platform,
        account_id=newest.account_id,
        name=newest.name,
        simulated=newest.simulated,
        last_day=last_day,
        days_behind=None if last_day is None else max((today - timedelta(days=1) - last_day).days, 0),
        pulled_at=whole[-1].done_at if whole else None,
        landed_at=landed[-1].landed_at if landed else None,
        lag_s=lag,
        waiting=len(whole) - len(landed),
        under_way=_under_way(session, newest) if newest.state == "fetching" else None,
        problem=newest.problem or next((pull.problem for pull in pulls if pull.state == "done" and pull.problem), None),
        missing=_missing(session, whole[-1]) if whole else (),
        spoilt=ledger.spoilt_in_a_row(pulls),
    )


def _missing(session: Session, pull: ExportPull) -> tuple[tuple[str, str], ...]:
    chunks = ledger.chunks_of(session, pull)
    return tuple((chunk.kind, chunk.problem or "") for chunk in chunks if chunk.state == "missed")


def _today(zone: str, now: datetime) -> date:
    try:
        return now.astimezone(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError):  # a platform may name none
        return now.date()


def _under_way(session: Session, pull: ExportPull) -> tuple[int, int]:
    chunks = ledger.chunks_of(session, pull)
    return sum(chunk.state != "planned" for chunk in chunks), len(chunks)
