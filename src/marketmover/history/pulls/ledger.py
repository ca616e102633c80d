"""The ledger of pulls: what is to be fetched, what came, and where a pull that was cut off goes on.

A pull is planned as a whole. Each chunk's file is written first and the chunk marked done after it, in a transaction of
its own, so that a process that dies leaves at most one file that nobody knows of; such files are swept away before the
pull lands. The pull is marked done, and the fact published, in one transaction.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlalchemy.orm import Session

from marketmover.errors import PlatformError
from marketmover.history.pulls.source import ExportChunk, SourceAccount
from marketmover.history.records import ExportPull, ExportPullChunk

LOOK_BACK_DAYS = 30
"""Days that each pull fetches at least, the newest included: late and corrected figures replace earlier ones."""

FIRST_DAYS = 730
"""Days that the first pull of an account takes."""

_STILL_FRESH = timedelta(hours=1)  # longer, and figures of recent days may have changed since the chunk was fetched
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")
_GOOD = ("done", "landed")


@dataclass(frozen=True)
class Planned:
    """A pull under way, with the chunks that are still to be fetched and those that came already."""

    pull: ExportPull
    chunks: list[ExportPullChunk]

    def waiting(self) -> list[ExportPullChunk]:
        """Chunks to fetch, in order."""
        return [chunk for chunk in self.chunks if chunk.state != "done"]


def folder_of(pull: ExportPull) -> str:
    """Where in the files a pull's exports lie, in the form of a history."""
    return f"pulls/{_UNSAFE.sub('-', f'{pull.platform}-{pull.account_id}')}/{pull.number:05d}"


def pulls_of(
    session: Session, workspace: str, platform: str | None = None, account_id: str | None = None
) -> list[ExportPull]:
    """The workspace's pulls, by account and number; those of a platform, or of one account."""
    wanted = select(ExportPull).where(ExportPull.workspace_id == workspace)
    if platform is not None:
        wanted = wanted.where(ExportPull.platform == platform)
    if account_id is not None:
        wanted = wanted.where(ExportPull.account_id == account_id)
    return list(session.scalars(wanted.order_by(ExportPull.platform, ExportPull.account_id, ExportPull.number)))


def chunks_of(session: Session, pull: ExportPull) -> list[ExportPullChunk]:
    """A pull's chunks, in the order of fetching."""
    return list(
        session.scalars(select(ExportPullChunk).where(_of(ExportPullChunk, pull)).order_by(ExportPullChunk.place))
    )


def first_day(session: Session, workspace: str, account: SourceAccount, since: date | None) -> date:
    """The first day that a pull of the account has to fetch.

    Args:
        session: Of the records.
        workspace: Whose pulls.
        account: The account, with its present day.
        since: What a person asks for.

    Returns:
        That; of a pull that was cut off its first day; two years back on the first pull; else so that
        `LOOK_BACK_DAYS` end with the first day that no pull holds.
    """
    if since is not None:
        return since
    pulls = pulls_of(session, workspace, account.platform, account.account_id)
    if pulls and pulls[-1].state == "fetching":
        return pulls[-1].first_day
    covered = max((pull.last_day for pull in pulls if pull.state in _GOOD), default=None)
    if covered is None:
        return account.today - timedelta(days=FIRST_DAYS)
    return min(covered + timedelta(days=1), account.today - timedelta(days=1)) - timedelta(days=LOOK_BACK_DAYS - 1)


def begin(
    session: Session,
    workspace: str,
    account: SourceAccount,
    chunks: Sequence[ExportChunk],
    days: tuple[date, date],
    now: datetime,
) -> Planned:
    """Plan a pull, or go on with the one that was cut off: what came of it is kept as far as it still holds."""
    pulls = pulls_of(session, workspace, account.platform, account.account_id)
    number = pulls[-1].number if pulls else 0
    if pulls and pulls[-1].state == "fetching":
        pull = pulls[-1]
    else:
        pull = ExportPull(
            workspace_id=workspace,
            platform=account.platform,
            account_id=account.account_id,
            number=number + 1,
            state="fetching",
            started_at=now,
            rows=0,
        )
        session.add(pull)
    former_day = pull.today
    pull.name, pull.time_zone, pull.simulated = account.name, account.time_zone, account.simulated
    pull.today, (pull.first_day, pull.last_day), pull.problem = account.today, days, None
    session.flush()
    return Planned(pull, _chunk_rows(session, pull, chunks, former_day, now))


def _chunk_rows(
    session: Session, pull: ExportPull, chunks: Sequence[ExportChunk], former_day: date | None, now: datetime
) -> list[ExportPullChunk]:
    known = {row.ref: row for row in chunks_of(session, pull)}
    wanted = {ref_of(chunk): (place, chunk) for place, chunk in enumerate(chunks)}
    session.execute(delete(ExportPullChunk).where(_of(ExportPullChunk, pull), ExportPullChunk.ref.not_in(wanted)))
    rows: list[ExportPullChunk] = []
    for ref, (place, chunk) in wanted.items():
        row = known.get(ref) or ExportPullChunk(
            workspace_id=pull.workspace_id,
            platform=pull.platform,
            account_id=pull.account_id,
            number=pull.number,
            ref=ref,
            kind=chunk.kind,
            first_day=chunk.first,
            last_day=chunk.last,
            state="planned",
            rows=0,
        )
        row.place = place
        if ref in known and not _still_holds(row, former_day, now):
            row.state, row.file, row.rows, row.digest, row.done_at, row.resume = "planned", None, 0, None, None, None
        session.add(row)
        rows.append(row)
    return rows


def _still_holds(row: ExportPullChunk, fetched_on: date | None, now: datetime) -> bool:
    """Whether what came of a chunk before the pull was cut off would come just so again.

    Its days were over for good by then, or it is not an hour old.
    """
    if row.state != "done":
        return True  # then there is only the name of a report under way
    if row.done_at is not None and now - row.done_at < _STILL_FRESH:
        return True
    settled = timedelta(days=LOOK_BACK_DAYS)
    return row.last_day is not None and fetched_on is not None and row.last_day < fetched_on - settled


def ref_of(chunk: ExportChunk) -> str:
    """A chunk's name within its pull: its kind and days."""
    days = [day.isoformat() for day in (chunk.first, chunk.last) if day is not None]
    return "_".join((_UNSAFE.sub("-", chunk.kind), *days))


def keep_resume(session: Session, chunk: ExportPullChunk, resume: str | None) -> None:
    """Remember what lets the fetch of a chunk go on."""
    session.execute(update(ExportPullChunk).where(_one(chunk)).values(resume=resume))


def mark_done(session: Session, chunk: ExportPullChunk, file: str, written: tuple[int, str], now: datetime) -> bool:
    """A chunk's file is there, with so many rows and that digest; whether it was not done before."""
    rows, digest = written
    done = session.execute(
        update(ExportPullChunk)
        .where(_one(chunk), ExportPullChunk.state != "done")
        .values(state="done", file=file, rows=rows, digest=digest, done_at=now, resume=None, problem=None)
    )
    return done.rowcount == 1  # pyright: ignore[reportAttributeAccessIssue] - an UPDATE gives a CursorResult


def mark_refused(session: Session, chunk: ExportPullChunk, error: PlatformError) -> None:
    """The account does not offer a chunk."""
    values = {"state": "refused", "problem": str(error), "resume": None}
    session.execute(update(ExportPullChunk).where(_one(chunk)).values(values))


def note_problem(session: Session, pull: ExportPull, problem: str) -> None:
    """Why a pull stopped."""
    session.execute(update(ExportPull).where(_of(ExportPull, pull)).values(problem=problem))


def finish(session: Session, pull: ExportPull, rows: int, now: datetime) -> bool:
    """All of a pull has come; whether this call is the one that found so."""
    done = session.execute(
        update(ExportPull)
        .where(_of(ExportPull, pull), ExportPull.state == "fetching")
        .values(state="done", problem=None, done_at=now, rows=rows)
    )
    return done.rowcount == 1  # pyright: ignore[reportAttributeAccessIssue] - an UPDATE gives a CursorResult


def _of(table: type[ExportPull] | type[ExportPullChunk], pull: ExportPull) -> ColumnElement[bool]:
    return and_(
        table.workspace_id == pull.workspace_id,
        table.platform == pull.platform,
        table.account_id == pull.account_id,
        table.number == pull.number,
    )


def _one(chunk: ExportPullChunk) -> ColumnElement[bool]:
    return and_(
        ExportPullChunk.workspace_id == chunk.workspace_id,
        ExportPullChunk.platform == chunk.platform,
        ExportPullChunk.account_id == chunk.account_id,
        ExportPullChunk.number == chunk.number,
        ExportPullChunk.ref == chunk.ref,
    )
