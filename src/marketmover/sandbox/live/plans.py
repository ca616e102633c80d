"""What runs in a live window: a plan as it is in force, or plain daily budgets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from marketmover.errors import InputError, NotFoundError
from marketmover.plans import Plan
from marketmover.sandbox.asked import PlanLine
from marketmover.sandbox.live.told import read_object


@dataclass(frozen=True)
class InForce:
    """What runs from the window's first day on.

    Attributes:
        daily_budgets: By line id, account currency; a line of the market that is left out is paused.
        paused: Ids of lines that have a budget and do not run.
        lines: What the plan asks of its lines beside budgets, in the form of `plan.json`.
        first, last: The plan's days; `None` where it names none.
        served: How the platforms name new lines, as fields of `SimulatedLine`, by the plan's ids; others get ids of
            theirs.
    """

    daily_budgets: dict[str, float]
    paused: frozenset[str] = frozenset()
    lines: tuple[PlanLine, ...] = ()
    first: date | None = None
    last: date | None = None
    served: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])


def plan_in_force(plan: Plan, state: Mapping[str, Any] | None = None) -> InForce:
    """A plan's own budgets, or those that `state` (contract: plan, `state.json`) says are in force."""
    known = state or {}
    budgets = {line.id: line.daily_budget for line in plan.lines}
    budgets |= {str(line): float(amount) for line, amount in (known.get("daily_budgets") or {}).items()}
    lines = tuple(
        {
            "id": line.id,
            "platform": line.platform,
            "is_new": line.is_new,
            "ad_type": line.ad_type,
            "bidding": line.bidding.model_dump(),
            "audience": line.audience.model_dump(),
            "creative": line.creative.model_dump() if line.creative else None,
        }
        for line in plan.lines
    )
    paused = frozenset(str(line) for line in known.get("paused") or ())
    return InForce(budgets, paused, lines, plan.start_date, plan.end_date)


def read_plan(folder: Path) -> InForce:
    """The plan in a folder: `plan.json`, and `state.json` where there is one.

    Raises:
        NotFoundError: There is no `plan.json`.
        InputError: One of them cannot be read.
    """
    path, state = folder / "plan.json", folder / "state.json"
    if not path.is_file():
        raise NotFoundError(f"{folder} holds no plan.json.", "Name a folder that `marketmover compose --out` wrote.")
    try:
        plan = Plan.model_validate_json(path.read_bytes())
    except ValueError as error:
        raise InputError(f"{path} is not a plan: {error}.", "Compose it anew.") from error
    return plan_in_force(plan, _state(state) if state.is_file() else None)


def _state(path: Path) -> dict[str, Any]:
    remedy = "Mend it, or take it away."
    told = read_object(path, "state.json", remedy)
    try:
        for amount in (told.get("daily_budgets") or {}).values():
            float(amount)
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{path} cannot be read: {error}.", remedy) from error
    return told
