"""Alerts of a plan met with what the home keeps of it: what can be done at once, and that it was done."""

from typing import TYPE_CHECKING, cast

from marketmover.campaigns.kept import tunings
from marketmover.campaigns.kept.folders import told_by_id
from marketmover.campaigns.tuning.in_force import InForce
from marketmover.campaigns.tuning.remedies import Remedy, remedy_of
from marketmover.errors import ConflictError, NotFoundError
from marketmover.kit import utc_now
from marketmover.plans import Changes
from marketmover.web import Desk

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketmover.campaigns.kept.app import CampaignsApp
    from marketmover.monitoring import Alert

_LAST = 5


def asked_remedy(desk: Desk, plan_id: str, alert_id: str) -> Remedy:
    """What can be done about an alert of a plan, as both stand now.

    Raises:
        NotFoundError: There is no such plan, or no such alert of it.
    """
    folder = cast("CampaignsApp", desk.app).plan_folder(plan_id)
    with desk.session(read_only=True) as session:
        alert = _alert(session, desk.workspace, plan_id, alert_id)
        rows = tunings.list_tunings(session, desk.workspace, plan_id, after=None, limit=_LAST)
        proposals = [(row.id, Changes.model_validate(row.changes)) for row in rows if row.state == tunings.PROPOSED]
    with told_by_id(folder):
        return remedy_of(alert, InForce.read(folder), proposals)


def changes_for(desk: Desk, plan_id: str, alert_id: str) -> Changes:
    """The changes that an alert of a plan calls for.

    Raises:
        NotFoundError: There is no such plan, or no such alert of it.
        ConflictError: Nothing can be changed at once.
    """
    found = asked_remedy(desk, plan_id, alert_id)
    if found.way != "change" or found.changes is None:
        raise ConflictError(
            f"The alert calls for no change that could be made at once. {found.words}", "Look at it again."
        )
    return found.changes


def require_alert(desk: Desk, alert_id: str) -> None:
    """See that there is such an alert, before anything is done about it.

    Raises:
        NotFoundError: There is none.
    """
    from marketmover.monitoring.kept import find_alert

    with desk.session(read_only=True) as session:
        find_alert(session, desk.workspace, alert_id)


def settle_alert(desk: Desk, session: "Session", alert_id: str, reason: str) -> None:
    """Say that an alert is seen to, by what was done; nothing where it is over, or the caller may settle none."""
    from marketmover.monitoring.kept import acknowledge, find_alert

    if not desk.caller.may("monitoring:write") or find_alert(session, desk.workspace, alert_id).state == "resolved":
        return
    row = acknowledge(session, desk.workspace, alert_id, who=desk.caller.who, reason=reason[:255], now=utc_now())
    desk.audit(session, "alert.acknowledged", f"alert {alert_id}", after={"state": row.state, "reason": row.reason})


def _alert(session: "Session", workspace: str, plan_id: str, alert_id: str) -> "Alert":
    from marketmover.monitoring import Alert
    from marketmover.monitoring.kept import find_alert

    row = find_alert(session, workspace, alert_id, with_evidence=True)
    if row.plan_id != plan_id:
        raise NotFoundError(f"The plan {plan_id} has no alert {alert_id!r}.", f"GET /v1/alerts?plan_id={plan_id}")
    own = {**row.content, "evidence": row.evidence, "resolved_on": row.resolved_on}
    return Alert.model_validate(own)
