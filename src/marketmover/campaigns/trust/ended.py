"""Plans that ended, held against their ranges."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from marketmover.campaigns.kept.folders import Shelf
from marketmover.campaigns.kept.plans import Filter, KeptPlan, list_plans
from marketmover.campaigns.trust.calibrating import STATED, ranges_of
from marketmover.campaigns.trust.forms import Calibration
from marketmover.errors import MarketmoverError
from marketmover.monitoring.kept import actual

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_MOST = 48
_SETTLED_DAYS = 14
_NEAR = 0.1


def of_ended_plans(session: "Session", shelf: Shelf, today: date, last: date | None) -> list[Calibration]:
    """How often ranges of plans held that spent what was planned, to a tenth, and whose results are known in full.

    Args:
        session: Of records.
        shelf: Whose plans.
        today: Where they stand is said of this day.
        last: The last day of the history; results are known two weeks after a plan's end.
    """
    plans = list_plans(session, shelf, Filter(standing="ended"), today=today, limit=_MOST)
    held = _held(session, shelf, plans, last)
    if not held:
        return []
    kept = {"stretches": len(held), "at": max(plan.row.created_at for plan in plans)}
    groups = [(float(one), 1) for one in held]
    return [ranges_of("plans", "What plans that ended were to bring", {STATED: groups}, kept)]


def _held(session: "Session", shelf: Shelf, plans: Sequence[KeptPlan], last: date | None) -> list[bool]:
    found: list[bool] = []
    for plan in plans:
        row, told = plan.row, plan.row.expected
        if not told or last is None or last < row.end_date + timedelta(days=_SETTLED_DAYS):
            continue
        try:
            came = actual(session, shelf.workspace, plan.folder)
        except MarketmoverError:
            continue  # a plan that cannot be read any more proves nothing
        result = came.results.get(row.objective)
        if result is None or came.pace is None or abs(came.pace - 1.0) > _NEAR:
            continue
        found.append(told["low"] <= result <= told["high"])
    return found
