"""Reading alerts: those that matter most first."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session, undefer

from marketmover.errors import NotFoundError
from marketmover.monitoring.kept.records import AlertRow


@dataclass(frozen=True)
class AlertFilter:
    """Which alerts; `None` for all.

    Attributes:
        state: `open`, `acknowledged` or `resolved`; `current` for the first two.
        severity, kind, platform, plan_id: Of these alone.
        line_id: Those that concern a line.
        awake_at: Without those that are put off beyond this moment.
    """

    state: str | None = None
    severity: str | None = None
    kind: str | None = None
    platform: str | None = None
    plan_id: str | None = None
    line_id: str | None = None
    awake_at: datetime | None = None

    def where(self, workspace: str) -> ColumnElement[bool]:
        """As a condition; `line_id` apart, which `list_alerts` looks at itself."""
        parts: list[ColumnElement[bool]] = [AlertRow.workspace_id == workspace]
        if self.state == "current":
            parts.append(AlertRow.state != "resolved")
        elif self.state is not None:
            parts.append(AlertRow.state == self.state)
        plain = {
            AlertRow.severity: self.severity,
            AlertRow.kind: self.kind,
            AlertRow.platform: self.platform,
            AlertRow.plan_id: self.plan_id,
        }
        parts += [column == value for column, value in plain.items() if value is not None]
        if self.awake_at is not None:
            parts.append(or_(AlertRow.snoozed_until.is_(None), AlertRow.snoozed_until <= self.awake_at))
        return and_(*parts)


_OVER = case((AlertRow.state == "resolved", 1), else_=0)


def list_alerts(
    session: Session,
    workspace: str,
    asked: AlertFilter,
    *,
    after: tuple[int, float, str] | None = None,
    limit: int = 50,
) -> list[AlertRow]:
    """Alerts by money, the dearest first, those that are over last; without their evidence.

    Args:
        session: Of records.
        workspace: Whose.
        asked: Which.
        after: `place_of` the alert behind which to begin.
        limit: At most so many.
    """
    order = tuple_(_OVER, -AlertRow.worth, AlertRow.key)
    chosen = select(AlertRow).where(asked.where(workspace)).order_by(_OVER, -AlertRow.worth, AlertRow.key)
    if after is not None:
        chosen = chosen.where(order > tuple_(*after))
    if asked.line_id is None:
        return list(session.scalars(chosen.limit(limit)))
    rows = session.scalars(chosen.execution_options(yield_per=200))
    found: list[AlertRow] = []
    for row in rows:
        if asked.line_id in row.line_ids:
            found.append(row)
        if len(found) == limit:
            break
    return found


def place_of(row: AlertRow) -> tuple[int, float, str]:
    """Where an alert stands in the list."""
    return int(row.state == "resolved"), -row.worth, row.key


def find_alert(session: Session, workspace: str, key: str, *, with_evidence: bool = False) -> AlertRow:
    """An alert.

    Raises:
        NotFoundError: The workspace has none of this id.
    """
    options = [undefer(AlertRow.evidence)] if with_evidence else []
    chosen = select(AlertRow).where(AlertRow.workspace_id == workspace, AlertRow.key == key).options(*options)
    row = session.scalars(chosen).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no alert {key!r}.", "See /v1/alerts for those that there are.")
    return row


@dataclass
class Weight:
    """How many alerts, and what they are worth together, by currency."""

    many: int = 0
    worth: dict[str, float] = field(default_factory=dict[str, float])


def count_alerts(session: Session, workspace: str, now: datetime) -> dict[str, Weight]:
    """By severity the alerts that are open and not put off."""
    awake = AlertFilter(state="open", awake_at=now).where(workspace)
    grouped = select(AlertRow.severity, AlertRow.currency, func.count(), func.sum(AlertRow.worth)).where(awake)
    found: dict[str, Weight] = {}
    for severity, currency, many, worth in session.execute(grouped.group_by(AlertRow.severity, AlertRow.currency)):
        one = found.setdefault(severity, Weight())
        one.many += many
        one.worth[currency] = round(one.worth.get(currency, 0.0) + worth, 2)
    return found
