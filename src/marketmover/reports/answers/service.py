"""What clients say of plans by their links (comments, wishes, their yes), and what is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from sqlalchemy import func, select, tuple_

from marketmover.access import audit, permissions_now
from marketmover.campaigns.kept import note_change, told_by_id
from marketmover.campaigns.publishing import approve
from marketmover.campaigns.tuning import Author, PlanBusyError
from marketmover.errors import ConflictError, NotFoundError, RateLimitError
from marketmover.kit import new_id
from marketmover.reports.records import RemarkRow, ShareRow
from marketmover.reports.shares.service import state_of
from marketmover.reports.shares.visiting import Visit, by_link, content_of, hold

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Kind = Literal["comment", "changes", "approval"]
_AN_HOUR = timedelta(hours=1)
_MOST_AN_HOUR, _MOST = 20, 300
_CHANGED = "The plan was changed since you opened it, so your yes was not taken."
_READ_AGAIN = "Load this page again, read what is there now, and say yes to that."
_BUSY = "Somebody is at work on this plan just now, so your yes was not taken."
_CLOSED = {
    "replaced": "This plan was replaced by a newer one.",
    "under_way": "This plan is being carried out already.",
    "over": "This campaign is over.",
    "given_up": "This plan was given up.",
}


@dataclass(frozen=True)
class Said:
    """What a client says: by which name, and in which words."""

    name: str
    text: str = ""


def remark(
    session: "Session", visit: Visit, kind: Literal["comment", "changes"], said: Said, now: datetime
) -> RemarkRow:
    """Keep a client's comment, or what they wish to be changed.

    Raises:
        NotFoundError: The link ended or was withdrawn since it was opened.
        RateLimitError: Too much was said by this link lately, or at all.
    """
    hold(session, visit, now)
    row = _keep(session, visit, kind, said, now)
    what = "plan.commented" if kind == "comment" else "plan.changes_wished"
    _audit(session, visit, what, said, now)
    note_change(visit.app, session, row.plan_id, "said")
    return row


def say_yes(session: "Session", visit: Visit, content: str, said: Said, now: datetime) -> RemarkRow:
    """Keep a client's yes to what they read; where the link approves, and its maker still may, it approves the plan.

    Said again it stays as it was.

    Args:
        session: Of records.
        visit: The open link.
        content: Hash of what the client read.
        said: Who says yes, and a comment.
        now: The present moment.

    Raises:
        ConflictError: The plan is another one than was read, or it is not open to a yes any more, or somebody is at
            work on it just now.
        NotFoundError, RateLimitError: As `remark`.
    """
    hold(session, visit, now)
    standing = visit.standing(now)
    if standing != "open":
        raise ConflictError(_CLOSED[standing], f"There is nothing left to approve; ask {visit.share.sender}.")
    if content != visit.content:
        raise ConflictError(_CHANGED, _READ_AGAIN)
    known = yes_to(session, visit.share, visit.content)
    if known is not None:
        return known
    row = _keep(session, visit, "approval", said, now)
    _audit(session, visit, "plan.client_approved", said, now, row.content)
    if visit.share.yes == "approves" and _maker_may(session, visit.share):
        row.entry_id = _approve(session, visit, said, now)
    note_change(visit.app, session, row.plan_id, "said" if row.entry_id is None else "approved")
    return row


def _maker_may(session: "Session", share: ShareRow) -> bool:
    return "plans:approve" in permissions_now(session, share.workspace_id, share.person_id)


def _approve(session: "Session", visit: Visit, said: Said, now: datetime) -> str | None:
    """Approve the plan itself; nothing is left to do where somebody did so before."""
    if visit.kept.life.approval is not None:
        return None
    who = f"{by_link(visit.share, said.name)} of {visit.share.made_by}"[:255]
    try:
        with told_by_id(visit.kept.folder):
            entry = approve(visit.kept.folder, Author(who, "approve", said.text), content=visit.content)
    except PlanBusyError as error:
        raise ConflictError(_BUSY, "Say yes again in a minute.") from error
    except ConflictError as error:
        if content_of(visit.kept) != visit.content:
            raise ConflictError(_CHANGED, _READ_AGAIN) from error
        return None  # somebody was faster
    about = f"plan {visit.share.plan_id}"
    after = {"files": entry.files, "may_start": False, "why": said.text}
    audit.append(session, visit.share.workspace_id, who=who, what="plan.approved", about=about, after=after, at=now)
    return entry.id


def reply(
    session: "Session", workspace: str, plan_id: str, remark_id: str, text: str, *, who: str, now: datetime
) -> tuple[RemarkRow, ShareRow]:
    """Answer what a client said, for them to read by their link; answered again, the last holds.

    Raises:
        NotFoundError: Nobody said this of the plan.
        ConflictError: The link that it came by holds no more: nobody would read the answer.
    """
    row = session.get(RemarkRow, (workspace, remark_id), with_for_update=True)
    share = None if row is None or row.plan_id != plan_id else session.get(ShareRow, (workspace, row.share_id))
    if row is None or share is None:
        raise NotFoundError(f"Nobody said {remark_id[:64]!r} of the plan.", "GET /v1/plans/ID/comments lists it all.")
    if state_of(share, now) != "open":
        raise ConflictError(
            f"The link for {share.name} holds no more, so nobody would read your answer there.",
            "Write by mail, or make another link.",
        )
    before = None if row.replied_by is None else {"replied_by": row.replied_by}
    row.reply, row.replied_by, row.replied_at = text, who[:255], now
    session.flush()
    about, after = f"plan {plan_id}", {"link": share.name, "name": row.name}
    audit.append(session, workspace, who=who, what="plan.replied", about=about, before=before, after=after, at=now)
    return row, share


def _keep(session: "Session", visit: Visit, kind: Kind, said: Said, now: datetime) -> RemarkRow:
    _check_many(session, visit.share, now)
    row = RemarkRow(
        workspace_id=visit.share.workspace_id,
        id=new_id(),
        plan_id=visit.share.plan_id,
        share_id=visit.share.id,
        kind=kind,
        name=said.name,
        text=said.text,
        content=visit.content,
        at=now,
    )
    session.add(row)
    session.flush()
    return row


def _check_many(session: "Session", share: ShareRow, now: datetime) -> None:
    own = select(func.count()).where(RemarkRow.workspace_id == share.workspace_id, RemarkRow.share_id == share.id)
    lately = session.scalar(own.where(RemarkRow.at > now - _AN_HOUR)) or 0
    if lately >= _MOST_AN_HOUR or (session.scalar(own) or 0) >= _MOST:
        raise RateLimitError(
            "More was written by this link than it takes.", "Wait an hour, or write by mail.", wait_s=3600
        )


def _audit(session: "Session", visit: Visit, what: str, said: Said, now: datetime, content: str = "") -> None:
    share, about = visit.share, f"plan {visit.share.plan_id}"
    after = {"link": share.name, "name": said.name} | ({"content": content} if content else {})
    audit.append(
        session, share.workspace_id, who=by_link(share, said.name), what=what, about=about, after=after, at=now
    )


def yes_to(session: "Session", share: ShareRow, content: str) -> RemarkRow | None:
    """The yes that was said by a link to a content."""
    said = select(RemarkRow).where(
        RemarkRow.workspace_id == share.workspace_id,
        RemarkRow.share_id == share.id,
        RemarkRow.kind == "approval",
        RemarkRow.content == content,
    )
    return session.scalar(said.order_by(RemarkRow.at).limit(1))


def said_by_link(session: "Session", share: ShareRow) -> Sequence[RemarkRow]:
    """What was said by a link, oldest first."""
    own = select(RemarkRow).where(RemarkRow.workspace_id == share.workspace_id, RemarkRow.share_id == share.id)
    return session.scalars(own.order_by(RemarkRow.at, RemarkRow.id)).all()


def remarks_of(
    session: "Session",
    workspace: str,
    *,
    plan_id: str | None = None,
    kind: Kind | None = None,
    after: tuple[datetime, str] | None = None,
    limit: int = 50,
) -> list[tuple[RemarkRow, ShareRow]]:
    """What clients said of a plan, or of all, the newest first, each with the link that it came by."""
    also = RemarkRow.workspace_id == ShareRow.workspace_id
    chosen = select(RemarkRow, ShareRow).join(ShareRow, (RemarkRow.share_id == ShareRow.id) & also)
    chosen = chosen.where(RemarkRow.workspace_id == workspace)
    if plan_id is not None:
        chosen = chosen.where(RemarkRow.plan_id == plan_id)
    if kind is not None:
        chosen = chosen.where(RemarkRow.kind == kind)
    if after is not None:
        chosen = chosen.where(tuple_(RemarkRow.at, RemarkRow.id) < tuple_(*after))
    rows = session.execute(chosen.order_by(RemarkRow.at.desc(), RemarkRow.id.desc()).limit(limit))
    return [(remark, share) for remark, share in rows]
