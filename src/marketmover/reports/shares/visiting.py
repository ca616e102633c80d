"""A link that somebody opens: whose it is, the plan behind it as it stands now, and what may be done there."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select

from marketmover.access import audit, tokens
from marketmover.campaigns.kept import KeptPlan, find_plan, note_change, read_plan, successors
from marketmover.errors import ForbiddenError, InputError, NotFoundError
from marketmover.reports.app import ReportsApp, shelf_of
from marketmover.reports.records import ShareRow
from marketmover.reports.shares.service import Allowed, open_shares, state_of
from marketmover.store.records import Workspace

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from marketmover.plans import Plan

_A_VISIT = timedelta(minutes=30)
_WORDS: dict[Allowed, str] = {
    "comment": "comments",
    "approve": "an approval",
    "survey": "an answer to the survey",
}
Standing = Literal["open", "replaced", "under_way", "over", "given_up"]


@dataclass(frozen=True)
class Visit:
    """A link that was opened.

    Attributes:
        app: The installation, seen from the link's workspace.
        share: The link.
        kept: The plan behind it.
        plan: Its content; nobody may change it.
        content: SHA-256 of that content: a yes holds for it and for no other.
        house: What the workspace is called.
        replaced: Whether another plan took its place.
    """

    app: ReportsApp
    share: ShareRow
    kept: KeptPlan
    plan: "Plan"
    content: str
    house: str
    replaced: bool

    def standing(self, now: datetime) -> Standing:
        """Where the plan stands for a client: open to their yes, or why not any more."""
        return standing_of(self.kept, now, replaced=self.replaced)

    def allows(self, what: Allowed) -> bool:
        """Whether the link lets the client do something."""
        return what in self.share.allows


def standing_of(kept: KeptPlan, now: datetime, *, replaced: bool) -> Standing:
    """Where a plan stands for a client: open to their yes, or why not any more."""
    found = kept.standing(now.date())
    if found == "ended" or now.date() > kept.row.end_date:
        return "over"
    if found in {"published", "running"}:
        return "under_way"
    if replaced:
        return "replaced"
    return "given_up" if found == "given_up" else "open"


def visited(hall: ReportsApp, token: str, now: datetime, *, need: Allowed | None = None) -> Visit:
    """Open a link by its token.

    Raises:
        NotFoundError: It never was, ended, was withdrawn, or its plan is gone: in words for a client.
        ForbiddenError: It does not let the client do what they want.
    """
    visit = _opened(hall, ShareRow.token_hash == tokens.token_hash(token), now)
    if need is not None and not visit.allows(need):
        raise ForbiddenError(f"This link does not take {_WORDS[need]}.", f"Ask {visit.share.sender} for one that does.")
    return visit


def visited_by_calendar(hall: ReportsApp, token: str, now: datetime) -> Visit:
    """Open a link by its calendar's token, which opens the plan's days alone.

    Raises:
        NotFoundError: As `visited`.
    """
    return _opened(hall, ShareRow.calendar_hash == tokens.token_hash(token), now)


def _opened(hall: ReportsApp, whose: "ColumnElement[bool]", now: datetime) -> Visit:
    with hall.records.session(read_only=True) as session:
        row = session.scalar(select(ShareRow).where(whose))
        house = None if row is None else session.get(Workspace, row.workspace_id)
        if row is None or house is None or house.archived_at is not None:
            raise NotFoundError(
                "This link does not open anything.", "See that it was copied whole; else ask for a new one."
            )
        _check_holds(row, now)
        app = hall.of(row.workspace_id)
        kept = _plan_of(session, app, row)
        replaced = is_replaced(session, app, kept, now)
    content = content_of(kept)  # before the plan is read: a yes to what is replaced in between is refused
    try:
        plan = read_plan(kept.folder)
    except InputError as error:
        raise InputError("The plan behind this link cannot be read at the moment.", f"Tell {row.sender}.") from error
    return Visit(app, row, kept, plan, content, house.title or "", replaced)


def hold(session: "Session", visit: Visit, now: datetime) -> ShareRow:
    """The link, held until the transaction ends: what is said by it at once is kept one after the other.

    Raises:
        NotFoundError: It ended or was withdrawn since it was opened.
    """
    own = select(ShareRow).where(ShareRow.workspace_id == visit.share.workspace_id, ShareRow.id == visit.share.id)
    row = session.scalar(own.with_for_update())
    if row is None:
        raise NotFoundError("This link does not open anything any more.", f"Ask {visit.share.sender} for a new one.")
    _check_holds(row, now)
    return row


def _check_holds(row: ShareRow, now: datetime) -> None:
    state, ask = state_of(row, now), f"Ask {row.sender} for a new one."
    if state == "revoked":
        raise NotFoundError("This link was withdrawn.", ask)
    if state == "ended":
        raise NotFoundError(f"This link ended on {row.expires_at.day} {row.expires_at:%B %Y}.", ask)


def _plan_of(session: "Session", app: ReportsApp, row: ShareRow) -> KeptPlan:
    try:
        kept = find_plan(session, shelf_of(app), row.plan_id)
        app.plan_folder(row.plan_id)
    except NotFoundError as error:
        raise NotFoundError(
            "The plan behind this link was taken back.", f"Ask {row.sender} for the present one."
        ) from error
    return kept


def is_replaced(session: "Session", app: ReportsApp, kept: KeptPlan, now: datetime) -> bool:
    """Whether another plan took a plan's place."""
    later = successors(session, shelf_of(app), kept.row.id)
    return any(_stands_in(session, app.workspace, plan, now) for plan in later)


def _stands_in(session: "Session", workspace: str, plan: KeptPlan, now: datetime) -> bool:
    """Whether a later plan took the earlier one's place: drafts that nobody showed to a client are trials alone."""
    standing = plan.standing(now.date())
    if standing == "given_up":
        return False
    return standing != "draft" or bool(open_shares(session, workspace, plan.row.id, now))


def content_of(kept: KeptPlan) -> str:
    """SHA-256 of a plan's content, 64 hexadecimal digits.

    Raises:
        NotFoundError: The plan is gone.
    """
    try:
        return hashlib.sha256((kept.folder / "plan.json").read_bytes()).hexdigest()
    except OSError as error:
        raise NotFoundError(f"There is no plan {kept.row.id!r}.") from error


def note_visit(session: "Session", visit: Visit, now: datetime) -> None:
    """Count a visit and write it down; what follows within half an hour belongs to it."""
    row = hold(session, visit, now)
    former, row.opened_at = row.opened_at, now
    if former is not None and now - former < _A_VISIT:
        return
    row.opened += 1
    about = f"plan {row.plan_id}"
    after = {"link": row.name, "visits": row.opened}
    audit.append(
        session, row.workspace_id, who=by_link(row), what="plan.opened_by_link", about=about, after=after, at=now
    )
    note_change(visit.app, session, row.plan_id, "opened")


def by_link(row: ShareRow, name: str = "") -> str:
    """How the log names who comes by a link: what they call themselves, which nobody checked, and the link."""
    return f"{name[:100]} by link {row.name!r}"[:255] if name else f"link {row.name!r}"[:255]
