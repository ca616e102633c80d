"""What clients thought of campaigns that are over: asked by their links, kept, listed."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from marketmover.access import audit
from marketmover.campaigns.kept import note_change
from marketmover.errors import ConflictError
from marketmover.kit import new_id
from marketmover.reports.answers.service import Said
from marketmover.reports.records import AnswerRow, ShareRow
from marketmover.reports.shares.visiting import Visit, by_link, hold

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def is_asked(visit: Visit, now: datetime) -> bool:
    """Whether a link asks what its client thought: the campaign ran, and is over."""
    ran = visit.kept.life.published or visit.kept.life.changed
    return ran and visit.allows("survey") and visit.standing(now) == "over"


def answer(session: "Session", visit: Visit, score: int, said: Said, now: datetime) -> AnswerRow:
    """Keep what a client thought; said again, the last holds.

    Raises:
        ConflictError: The campaign is not over, or never ran.
        NotFoundError: The link ended or was withdrawn since it was opened.
    """
    hold(session, visit, now)
    if not is_asked(visit, now):
        raise ConflictError("This campaign is not over yet, or it never ran.", "Say what you think when it is over.")
    share = visit.share
    row = answer_of(session, share)
    before = None if row is None else {"score": row.score}
    if row is None:
        row = AnswerRow(workspace_id=share.workspace_id, id=new_id(), plan_id=share.plan_id, share_id=share.id)
        session.add(row)
    row.name, row.score, row.reason, row.answered_at = said.name, score, said.text, now
    session.flush()
    after = {"link": share.name, "name": said.name, "score": score}
    about, who = f"plan {share.plan_id}", by_link(share, said.name)
    audit.append(
        session, share.workspace_id, who=who, what="plan.rated", about=about, before=before, after=after, at=now
    )
    note_change(visit.app, session, share.plan_id, "rated")
    return row


def answer_of(session: "Session", share: ShareRow) -> AnswerRow | None:
    """What was answered by a link."""
    own = select(AnswerRow).where(AnswerRow.workspace_id == share.workspace_id, AnswerRow.share_id == share.id)
    return session.scalar(own)


def answers_of(
    session: "Session",
    workspace: str,
    *,
    first: datetime | None = None,
    before: datetime | None = None,
    plan_id: str | None = None,
) -> Sequence[AnswerRow]:
    """A workspace's answers, the newest first: those from `first` on and of before `before`, or those on one plan."""
    chosen = select(AnswerRow).where(AnswerRow.workspace_id == workspace)
    if first is not None:
        chosen = chosen.where(AnswerRow.answered_at >= first)
    if before is not None:
        chosen = chosen.where(AnswerRow.answered_at < before)
    if plan_id is not None:
        chosen = chosen.where(AnswerRow.plan_id == plan_id)
    return session.scalars(chosen.order_by(AnswerRow.answered_at.desc(), AnswerRow.id)).all()
