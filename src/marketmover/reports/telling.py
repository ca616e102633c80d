"""What clients say, told to those who made the plan, by the routes of notices."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from marketmover.console import warn
from marketmover.errors import MarketmoverError
from marketmover.monitoring.notices import Notice, notify, one_line
from marketmover.reports.records import RemarkRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketmover.monitoring.notices import Configuration
    from marketmover.reports.app import ReportsApp
    from marketmover.reports.shares.visiting import Visit

KIND = "client"
_MOST_BODY = 600
_DID = {"comment": "commented on", "changes": "asks for changes of", "approval": "said yes to"}
_NEXT: dict[str, str] = {
    "comment": "",
    "changes": "Plan again, and make a link to the new plan.",
    "approval": "Read it once more and approve it.",
}


def configured(app: "ReportsApp") -> "Configuration | None":
    """Who is told; nobody where that cannot be read: what a client says counts all the same."""
    try:
        return app.notices()
    except MarketmoverError as trouble:
        warn(f"Nobody can be told what clients say: {trouble}")
        return None


def tell(session: "Session", visit: "Visit", said: RemarkRow, told: "Configuration | None", now: datetime) -> None:
    """Put what a client said into the outbox, in the transaction that keeps it; the same is told once."""
    if told is not None:
        notify(session, said.workspace_id, _notices(visit, said), told.routes.values(), now)


def _notices(visit: "Visit", said: RemarkRow) -> Iterable[Notice]:
    severity: Literal["info", "warning"] = "info" if said.kind == "comment" else "warning"
    step = "It is approved by that; publish it." if said.entry_id is not None else _NEXT[said.kind]
    if said.kind == "approval" and said.entry_id is None and visit.kept.life.approval is not None:
        step = ""  # somebody here approved it before
    base = visit.app.rules.public_url.rstrip("/")
    yield Notice(
        severity=severity,
        title=one_line(f"{said.name} {_DID[said.kind]} the plan {visit.kept.row.title}"),
        body=one_line(said.text or f"By the link for {visit.share.name}.", _MOST_BODY),
        link=f"{base}/plans/{said.plan_id}" if base else "",
        key=f"{KIND}/{said.id}",
        kind=KIND,
        facts=(("What to do", step),) if step else (),
    )
