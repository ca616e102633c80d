"""What tuning found, in the contract's form."""

from datetime import date

from marketmover.campaigns.tuning.known import Known
from marketmover.campaigns.tuning.standing import Running, Standing
from marketmover.kit import round_to_cent
from marketmover.plans import Change, Changes, Held, RemainingMoney


def by_the_plans_ids(changes: Changes) -> Changes:
    """The changes with new lines under the plan's own ids, as `state.json` has them."""
    planned = {new: old for old, new in changes.new_lines.items()}

    def renamed(one: Change | Held) -> Change | Held:
        return one.model_copy(update={"line_id": planned.get(one.line_id, one.line_id)})

    return changes.model_copy(
        update={name: [renamed(one) for one in getattr(changes, name)] for name in ("changes", "held")}
    )


def money_spent(line: Running) -> Change:
    """The pause of a line because all of the plan's money is spent."""
    return Change(
        line_id=line.plan_line.id,
        action="pause",
        before="running",
        to="paused",
        reason="The plan's money is spent.",
        confidence=1.0,
    )


def notes_of(standing: Standing, as_of: date | None, known: Known) -> list[str]:
    """What a person should know beforehand."""
    notes: list[str] = []
    if as_of is not None and as_of > known.last:
        notes.append(f"The live exports end on {known.last}, before {as_of}: the plan is tuned as of that day.")
    if standing.spent > standing.plan.total_budget:
        notes.append("More was spent than the plan's budget: every line is to be paused.")
    for old, new in standing.new_lines.items():
        notes.append(f"The plan's new line {old} is taken to be {new}, which the live exports know since its start.")
    unknown = [line.id for line in standing.lines if line.source is None and line.plan_line.budget > 0]
    if unknown:
        notes.append(f"The live exports know nothing of {', '.join(unknown)}: is it published?")
    return notes


def as_changes(
    standing: Standing,
    changes: list[Change],
    held: list[Held],
    notes: list[str],
    *,
    unplaced: float = 0.0,
    simulated: bool = False,
) -> Changes:
    """All of it in the contract's form."""
    money = RemainingMoney(
        currency=standing.plan.currency,
        total=standing.plan.total_budget,
        spent=standing.spent,
        left=standing.left,
        days_left=standing.days_left,
        unplaced=round_to_cent(unplaced, standing.plan.currency),
    )
    return Changes(
        as_of=standing.as_of, changes=changes, held=held, simulated=simulated or standing.plan.simulated, money=money,
        notes=notes, new_lines=dict(standing.new_lines),
    )  # fmt: skip
