"""A plan's lines as a table has them."""

from functools import lru_cache
from pathlib import Path

from marketmover.campaigns.kept.folders import read_plan
from marketmover.campaigns.kept.forms import LineRow
from marketmover.plans import Plan, State


def line_rows(folder: Path) -> list[LineRow]:
    """The lines of the plan in a folder, in the plan's order.

    Raises:
        NotFoundError, InputError: The plan or what is in force of it cannot be read.
    """
    read_plan(folder)
    state = State.read(folder) or State()
    told = (folder / "plan.json").stat()
    rows = _as_composed(folder, told.st_mtime_ns, told.st_size)
    paused = set(state.paused)
    return [
        row.model_copy(
            update={"in_force": state.daily_budgets.get(row.id, row.daily_budget), "paused": row.id in paused}
        )
        for row in rows
    ]


@lru_cache(maxsize=32)
def _as_composed(folder: Path, changed_ns: int, size: int) -> tuple[LineRow, ...]:
    del changed_ns, size  # they tell one plan in the folder from the next
    return tuple(_rows(read_plan(folder)))


def _rows(plan: Plan) -> list[LineRow]:
    today = {line.id: line.budget for line in plan.baseline.lines}
    return [
        LineRow(
            id=line.id,
            platform=line.platform,
            name=line.name or line.id,
            ad_type=line.ad_type,
            is_new=line.is_new,
            budget=line.budget,
            share=line.budget / plan.total_budget if plan.total_budget > 0 else 0.0,
            today=today.get(line.id, 0.0),
            change=round(line.budget - today.get(line.id, 0.0), 2),
            daily_budget=line.daily_budget,
            in_force=line.daily_budget,
            paused=False,
            expected=line.expected,
            reasons=line.reasons,
        )
        for line in plan.lines
    ]
