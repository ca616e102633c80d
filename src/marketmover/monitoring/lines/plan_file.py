"""What is in force of a plan (`plan.json`, `state.json`), and goals, as files hold them."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from marketmover.errors import InputError, NotFoundError
from marketmover.monitoring.lines.budgets import Asked
from marketmover.monitoring.lines.figures import Plan
from marketmover.monitoring.lines.new_lines import new_lines_of
from marketmover.plans import LogEntry, State
from marketmover.plans import Plan as PlanForm

_GOAL_FAULTS = {
    "extra_forbidden": "is not known: a goal has at_most or at_least",
    "model_type": "is no goal",
    "float_type": "is no number",
    "float_parsing": "is no number",
}


class Goal(BaseModel):
    """A bound of a metric over the plan's dates: at most, at least, or both."""

    model_config = ConfigDict(extra="forbid")

    at_most: float | None = None
    at_least: float | None = None


def first_day_of(folder: Path | None) -> date | None:
    """The first day of the plan in a folder; `None` without a folder.

    Raises:
        NotFoundError, InputError: As `load_plan`.
    """
    form = load_plan(folder)[1]
    return form.start_date if form else None


def load_plan(folder: Path | None) -> tuple[Plan, PlanForm | None]:
    """What a plan's folder says is in force, and the plan itself; nothing without a folder.

    Raises:
        NotFoundError: There is no plan.json.
        InputError: It, or state.json beside it, cannot be read.
    """
    if folder is None:
        return Plan(), None
    file = folder / "plan.json" if folder.is_dir() else folder
    told = _object(file, "a plan.json that `marketmover compose --out` wrote")
    try:
        form = PlanForm.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{file} is not a plan: {where}: {first['msg']}.", "Compose it anew.") from error
    return Plan(_asked(file, form), form.end_date, new_lines_of(form)), form


def load_goals(file: Path | None) -> dict[str, Goal]:
    """Goals by metric; none without a file.

    Raises:
        NotFoundError, InputError: There is no such file, or it holds something else.
    """
    if file is None:
        return {}
    remedy = 'Write goals as {"cost_per_lead": {"at_most": 40}, "leads": {"at_least": 600}}.'
    told = _object(file, "a file of goals", remedy)
    try:
        return TypeAdapter(dict[str, Goal]).validate_python(told)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{file}: {where} {_GOAL_FAULTS.get(first['type'], first['msg'])}.", remedy) from error


def _object(file: Path, what: str, remedy: str = "") -> Mapping[str, Any]:
    try:
        told: Any = json.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no {file}.", f"Name {what}.") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read: {error}.", remedy or f"Name {what}.") from error
    if not isinstance(told, dict):
        raise InputError(f"{file} is not a JSON object.", remedy or f"Name {what}.")
    return cast("Mapping[str, Any]", told)


def _asked(file: Path, form: PlanForm) -> tuple[Asked, ...]:
    """What was in force of a plan, oldest first: its own budgets, then each change that `state.json` rests on.

    None of it is before the plan's first day, though it may have been approved, changed and published earlier.
    """
    own, eve = {line.id: line.daily_budget for line in form.lines}, form.start_date - timedelta(days=1)
    state = State.read(file.parent)
    if state is None:
        return (Asked(own, after=eve),)
    states = [entry.after for entry in state.made_by(LogEntry.read_all(file.parent))] or [state]
    since = (Asked(own | one.daily_budgets, frozenset(one.paused), max(one.as_of or eve, eve)) for one in states)
    return (Asked(own, after=eve), *since)
