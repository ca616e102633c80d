"""What plans are to reach, kept beside them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from marketmover.monitoring.kept.records import PlanGoals
from marketmover.monitoring.lines.goals import check_goals
from marketmover.monitoring.lines.plan_file import Goal


def goals_of(session: Session, workspace: str, plan_id: str) -> dict[str, Goal]:
    """A plan's goals by metric; none where nobody set any."""
    row = session.get(PlanGoals, (workspace, plan_id))
    return {} if row is None else {metric: Goal.model_validate(goal) for metric, goal in row.goals.items()}


def set_goals(
    session: Session, workspace: str, plan_id: str, goals: Mapping[str, Goal], *, who: str, now: datetime
) -> None:
    """Keep a plan's goals in place of those before.

    Raises:
        UsageError: One cannot be watched.
    """
    check_goals(goals)
    kept = {metric: goal.model_dump(exclude_none=True) for metric, goal in goals.items()}
    session.merge(PlanGoals(workspace_id=workspace, plan_id=plan_id, goals=kept, changed_at=now, changed_by=who))
    session.flush()
