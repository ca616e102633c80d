"""The ledger of pulls: what is to be fetched, what came, and where a pull that was cut off goes on.

A pull is planned as a whole. Each chunk's file is written first and the chunk marked done after it, in a transaction of
its own, so that a process that dies leaves at most one file that nobody knows of; such files are swept away before the
pull lands. The pull is marked done, and the fact published, in one transaction.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select, tuple_, update
from sqlalchemy.orm import Session

from marketmover.errors import PlatformError
from marketmover.history.pulls.source import ExportChunk, SourceAccount
from marketmover.history.records import ExportPull, ExportPullChunk

LOOK_BACK_DAYS = 30
"""Days that each pull fetches at least, the newest included: late and corrected figures replace earlier ones."""

DEEP_DAYS = {"google_ads": 90}
"""Days that one pull a week fetches, by platform: so long after a click Google still books a conversion on its day.
Meta books none after more than 28 days."""

DEEP_EVERY_DAYS = 7
"""Days between two such pulls."""

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
    return f"{account_folder(pull.platform, pull.account_id)}/{pull.number:05d}"


def account_folder(platform: str, account_id: str) -> str:
    """Where in the files all pulls of an account lie."""
    return f"pulls/{_UNSAFE.sub('-', f'{platform}-{account_id}')}"


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


def newest_pulls(
    session: Session,
    workspace: str,
    platform: str | None = None,
    account_id: str | None = None,
    *,
    before: tuple[datetime, str, str, int] | None = None,
    limit: int = 50,
) -> list[ExportPull]:
    """A workspace's pulls, the newest first.

    Args:
        session: Of records.
        workspace: Whose.
        platform: Of this platform alone.
        account_id: Of this account alone.
        before: Start, platform, account and number of the pull behind which to begin.
        limit: At most so many.
    """
    chosen = select(ExportPull).where(ExportPull.workspace_id == workspace)
    if platform is not None:
        chosen = chosen.where(ExportPull.platform == platform)
    if account_id is not None:
        chosen = chosen.where(ExportPull.account_id == account_id)
    place = (ExportPull.started_at, ExportPull.platform, ExportPull.account_id, ExportPull.number)
    if before is not None:
        chosen = chosen.where(tuple_(*place) < tuple_(*before))
    return list(session.scalars(chosen.order_by(*(column.desc() for column in place)).limit(limit)))


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
        `LOOK_BACK_DAYS`, or once a week the platform's `DEEP_DAYS`, end with the first day that no pull holds.
    """
    if since is not None:
        return since
    pulls = pulls_of(session, workspace, account.platform, account.account_id)
    if pulls and pulls[-1].state == "fetching":
        return pulls[-1].first_day
    good = [pull for pull in pulls if pull.state in _GOOD]
    if not good:
        return account.today - timedelta(days=FIRST_DAYS)
    covered = max(pull.last_day for pull in good)
    new = min(covered + timedelta(days=1), account.today - timedelta(days=1))
    usual = new - timedelta(days=LOOK_BACK_DAYS - 1)
    known = min(pull.first_day for pull in good)  # a person may have said that nothing before is wanted
    span = timedelta(days=DEEP_DAYS.get(account.platform, LOOK_BACK_DAYS) - 1)
    lately = account.today - timedelta(days=1 + DEEP_EVERY_DAYS)
    if any(pull.last_day > lately and pull.first_day <= max(pull.last_day - span, known) for pull in good):
        return usual
    return min(usual, max(new - span, known))


def spoilt_in_a_row(pulls: Sequence[ExportPull]) -> int:
    """How many of an account's last whole pulls could not be read."""
    whole = [pull.state for pull in pulls if pull.state != "fetching"]
    return next((place for place, state in enumerate(reversed(whole)) if state != "spoilt"), len(whole))


def with_missed(
    session: Session, workspace: str, account: SourceAccount, chunks: Sequence[ExportChunk]
) -> list[ExportChunk]:
    """The chunks of a pull; those that may be missing begin on the first day on which they have been missing."""
    if not any(chunk.optional for chunk in chunks):
        return list(chunks)
    pulls = [pull for pull in pulls_of(session, workspace, account.platform, account.account_id) if pull.state in _GOOD]
    return [_widened(session, pulls, chunk) if chunk.optional else chunk for chunk in chunks]


def _widened(session: Session, pulls: list[ExportPull], chunk: ExportChunk) -> ExportChunk:
    first = chunk.first
    for pull in reversed(pulls):
        own = [row for row in chunks_of(session, pull) if row.kind == chunk.kind]
        if any(row.state != "missed" for row in own):
            break
        first = min((row.first_day for row in own if row.first_day), default=first) if first else first
    return chunk if first is None or chunk.first is None else replace(chunk, first=min(first, chunk.first))


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


def mark_missed(session: Session, chunk: ExportPullChunk, error: PlatformError) -> None:
    """A chunk that figures do without could not be had now; the next pull asks for it again."""
    values = {"state": "missed", "problem": str(error), "resume": None}
    session.execute(update(ExportPullChunk).where(_one(chunk)).values(values))


def note_problem(session: Session, pull: ExportPull, problem: str) -> None:
    """Why a pull stopped."""
    session.execute(update(ExportPull).where(_of(ExportPull, pull)).values(problem=problem))


def mark_landed(session: Session, pull: ExportPull, added: int, now: datetime) -> None:
    """The lake knows a pull, of which so many rows were new or changed."""
    values = {"state": "landed", "problem": None, "landed_at": now, "added": added}
    session.execute(update(ExportPull).where(_of(ExportPull, pull)).values(values))


def mark_spoilt(session: Session, pull: ExportPull, problem: str) -> None:
    """A pull's files cannot be read: its days are fetched again."""
    values = {"state": "spoilt", "problem": problem, "added": 0}
    session.execute(update(ExportPull).where(_of(ExportPull, pull)).values(values))


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
