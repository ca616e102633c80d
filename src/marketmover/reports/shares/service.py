"""Links by which clients read plans: made, listed, withdrawn.

The token stands behind `#` in the address, which browsers send to no server, so that no log holds it. The database has
its hash alone. A calendar fetches by address, so its token stands there: it is another one, that opens the plan's days
and nothing else. It follows from the first; nothing leads back.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from marketmover.access import audit, tokens
from marketmover.campaigns.kept import Shelf, find_plan
from marketmover.errors import NotFoundError, UsageError
from marketmover.kit import new_id
from marketmover.reports.records import AnswerRow, RemarkRow, ShareRow

Allowed = Literal["comment", "approve", "survey"]
Yes = Literal["recorded", "approves"]
ALL: tuple[Allowed, ...] = get_args(Allowed)
PATH = "/shared"
FEED = "/v1/shared/calendar.ics"
DAYS = 30
MOST_DAYS = 365
_AFTER_THE_END = timedelta(days=21)
_MOST_SHARES = 100
_CALENDAR = b"marketmover calendar"


@dataclass(frozen=True)
class Terms:
    """How a link is to be.

    Attributes:
        name: For whom, as the log and the plan's page call it.
        sender: Whom the client turns to.
        allows: What it lets the client do beside reading.
        yes: Whether a client's yes is recorded, or approves.
        days: How long it holds; `None` for 30 days, or where it asks what the client thought, until 21 days after
            the plan's end if that is later.
    """

    name: str
    sender: str
    allows: Collection[Allowed] = ALL
    yes: Yes = "recorded"
    days: int | None = None


@dataclass(frozen=True)
class Made:
    """A link that was made, with its tokens, which are told this once."""

    share: ShareRow
    token: str
    calendar_token: str


@dataclass(frozen=True)
class Maker:
    """Who makes a link; `person_id` where it is a person who signed in."""

    who: str
    person_id: str | None


def calendar_token(token: str) -> str:
    """The token of a link's calendar."""
    return hmac.new(token.encode("utf-8", "surrogatepass"), _CALENDAR, hashlib.sha256).hexdigest()


def make_share(
    session: Session, workspace: str, plan_id: str, plan_end: date, terms: Terms, *, by: Maker, now: datetime
) -> Made:
    """Make a link to a plan.

    Raises:
        UsageError: The plan has too many already, or the terms contradict.
    """
    if len(open_shares(session, workspace, plan_id, now)) >= _MOST_SHARES:
        raise UsageError(f"The plan has {_MOST_SHARES} links already.", "Withdraw those that nobody needs any more.")
    if terms.yes == "approves" and "approve" not in terms.allows:
        raise UsageError("A link that does not let the client approve cannot approve.", "Let it, or have yes recorded.")
    token = tokens.new_token()
    feed = calendar_token(token)
    row = ShareRow(
        workspace_id=workspace,
        id=new_id(),
        plan_id=plan_id,
        name=terms.name,
        sender=terms.sender[:255],
        token_hash=tokens.token_hash(token),
        calendar_hash=tokens.token_hash(feed),
        allows=[one for one in ALL if one in terms.allows],
        yes=terms.yes,
        made_by=by.who[:255],
        person_id=by.person_id,
        made_at=now,
        expires_at=_ends(terms, plan_end, now),
        opened=0,
    )
    session.add(row)
    session.flush()
    after = {"name": row.name, "allows": row.allows, "yes": row.yes, "expires_at": row.expires_at.isoformat()}
    _audit(session, row, "plan.shared", by.who, now, after=after)
    return Made(row, token, feed)


def _ends(terms: Terms, plan_end: date, now: datetime) -> datetime:
    if terms.days is not None:
        return now + timedelta(days=terms.days)
    usual = now + timedelta(days=DAYS)
    if "survey" not in terms.allows:
        return usual
    asked_until = datetime.combine(plan_end, time(23, 59), UTC) + _AFTER_THE_END
    return min(max(usual, asked_until), now + timedelta(days=MOST_DAYS))


def shares_of(session: Session, workspace: str, plan_id: str) -> Sequence[ShareRow]:
    """A plan's links, the newest first, also those that hold no more."""
    chosen = select(ShareRow).where(ShareRow.workspace_id == workspace, ShareRow.plan_id == plan_id)
    return session.scalars(chosen.order_by(ShareRow.made_at.desc(), ShareRow.id)).all()


def open_shares(session: Session, workspace: str, plan_id: str, now: datetime) -> list[ShareRow]:
    """A plan's links that hold."""
    return [row for row in shares_of(session, workspace, plan_id) if state_of(row, now) == "open"]


def state_of(row: ShareRow, now: datetime) -> Literal["open", "ended", "revoked"]:
    """Whether a link holds."""
    if row.revoked_at is not None:
        return "revoked"
    return "open" if row.expires_at > now else "ended"


def find_share(session: Session, workspace: str, plan_id: str, share_id: str) -> ShareRow:
    """A link of a plan.

    Raises:
        NotFoundError: The plan has none by this id.
    """
    row = session.get(ShareRow, (workspace, share_id))
    if row is None or row.plan_id != plan_id:
        raise NotFoundError(f"The plan has no link {share_id[:64]!r}.", "GET /v1/plans/ID/shares lists them.")
    return row


def revoke(session: Session, workspace: str, plan_id: str, share_id: str, *, who: str, now: datetime) -> None:
    """Withdraw a link; nothing happens where it was withdrawn before.

    Raises:
        NotFoundError: The plan has none by this id.
    """
    row = find_share(session, workspace, plan_id, share_id)
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = now, who[:255]
        _audit(session, row, "plan.unshared", who, now, before={"name": row.name})


def _audit(
    session: Session,
    row: ShareRow,
    what: str,
    who: str,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    about = f"plan {row.plan_id}"
    audit.append(session, row.workspace_id, who=who, what=what, about=about, before=before, after=after, at=now)


def forget_gone(session: Session, shelf: Shelf, before: datetime) -> int:
    """Forget links to plans that were deleted, and what was said by them, once they ended; how many links.

    Args:
        session: The caller commits.
        shelf: Whose plans there are.
        before: Links that ended before this moment are forgotten.
    """
    ended = select(ShareRow).where(ShareRow.workspace_id == shelf.workspace, ShareRow.expires_at < before)
    gone = [row for row in session.scalars(ended) if not _is_there(session, shelf, row.plan_id)]
    for row in gone:
        for table in (RemarkRow, AnswerRow):
            session.execute(delete(table).where(table.workspace_id == row.workspace_id, table.share_id == row.id))
        session.delete(row)
    return len(gone)


def _is_there(session: Session, shelf: Shelf, plan_id: str) -> bool:
    try:
        find_plan(session, shelf, plan_id)
    except NotFoundError:
        return False
    return True
