"""Two plans compared."""

from marketmover.campaigns.changes.causes import causes
from marketmover.campaigns.changes.curves import Curves
from marketmover.campaigns.changes.moves import Moves
from marketmover.campaigns.changes.report import PlanDiff, ResultChange, Side
from marketmover.campaigns.changes.words import summary
from marketmover.campaigns.page.answer import main_metric, shown_metrics
from marketmover.campaigns.page.lines import line_name
from marketmover.charts import Formats
from marketmover.errors import InputError
from marketmover.plans import Plan


def compare_plans(old: Plan, new: Plan, names: tuple[str, str] = ("the old plan", "the new plan")) -> PlanDiff:
    """What changed from one plan to another, and why, in words and figures.

    Args:
        old: The earlier plan.
        new: The later plan.
        names: What they are called, such as the paths that they were read from.

    Raises:
        InputError: The plans are in different currencies.
    """
    if old.currency != new.currency:
        raise InputError(
            f"{names[0]} is in {old.currency} and {names[1]} in {new.currency}, which cannot be set side by side.",
            "Compare plans in one currency.",
        )
    formats, curves = Formats(new.currency), Curves.of(old, new)
    line_names = {line.id: line_name(line) for plan in (old, new) for line in plan.lines}
    lines, metric = Moves(old, new, curves, formats).all(), main_metric(new)
    diff = PlanDiff(
        simulated=old.simulated or new.simulated,
        currency=new.currency,
        same=False,
        summary=[],
        old=_side(old, names[0]),
        new=_side(new, names[1]),
        causes=causes(old, new, curves, line_names, formats),
        moved=_moved(old, new),
        metric=metric if metric == main_metric(old) else None,
        steps=curves.steps(),
        results=_results(old, new),
        lines=lines,
        notes=_notes(old, new, curves),
    )
    same = not diff.causes and diff.moved == 0 and all(one.change == 0 and not one.settings for one in lines)
    diff = diff.model_copy(update={"same": same})
    return diff.model_copy(update={"summary": summary(diff, formats)})


def _side(plan: Plan, name: str) -> Side:
    return Side(
        name=name,
        start_date=plan.start_date,
        end_date=plan.end_date,
        total_budget=plan.total_budget,
        objective=plan.objective,
        known_to=plan.history.last_date,
        probability_better_than_baseline=plan.probability_better_than_baseline,
    )


def _moved(old: Plan, new: Plan) -> float:
    """The share of the money that lies on other lines than before, whatever the totals."""
    shares = [
        {line.id: line.budget / plan.total_budget for line in plan.lines} if plan.total_budget > 0 else {}
        for plan in (old, new)
    ]
    return round(sum(max(share - shares[0].get(line, 0.0), 0.0) for line, share in shares[1].items()), 6)


def _results(old: Plan, new: Plan) -> list[ResultChange]:
    metrics = dict.fromkeys([*shown_metrics(new), *shown_metrics(old)])
    return [ResultChange(metric=one, old=old.expected.get(one), new=new.expected.get(one)) for one in metrics]


def _notes(old: Plan, new: Plan, curves: Curves) -> list[str]:
    notes: list[str] = []
    if old.limits is None or new.limits is None:
        which = "Neither plan" if old.limits is None and new.limits is None else (
            "The old plan" if old.limits is None else "The new plan"
        )  # fmt: skip
        says = "says" if which == "Neither plan" else "does not say"
        notes.append(f"{which} {says} under which limits it was made, so limits could not be compared.")
    if main_metric(old) != main_metric(new):
        notes.append("The plans are judged by different results, so the lines' curves could not be compared.")
    elif curves.forecast() is None:
        notes.append("The plans share no line with a curve, so it cannot be said whether the forecast moved.")
    if old.simulated != new.simulated:
        notes.append("One of the plans rests on simulated data and the other does not.")
    return notes
