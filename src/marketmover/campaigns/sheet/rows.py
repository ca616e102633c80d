"""The split as a table of typed cells: one row a line, the total last."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from marketmover.campaigns.page.answer import has_history, main_metric
from marketmover.campaigns.page.changed import becomes
from marketmover.campaigns.page.lines import Lines, line_name
from marketmover.campaigns.page.words import (
    NEW_SETTING,
    TRIED_SETTING,
    ad_type_words,
    audience_words,
    cost_metric,
    is_money,
)
from marketmover.charts import Formats, clean
from marketmover.console import guarded
from marketmover.kit import from_cents, to_cents
from marketmover.plans import PLATFORM_NAMES, Plan, PlanLine

Cell = str | float | None
_SIMULATED = "SIMULATED DATA: these campaigns and results are not real."


@dataclass(frozen=True)
class Column:
    """A column: its head, its kind (`text`, `money`, `count`, `share`, `ratio`), and its width in characters."""

    head: str
    kind: str
    width: int


@dataclass(frozen=True)
class Sheet:
    """The split: columns, a row a line, and the total, all cells in the order of the columns."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell]


@dataclass(frozen=True)
class _Field:
    """A column, what a line holds in it, and what stands in the total row."""

    column: Column
    of: Callable[[PlanLine], Cell]
    total: Cell = None


def split_sheet(plan: Plan) -> Sheet:
    """The plan's split, largest lines first within a platform; budgets add up to the total to the cent."""
    lines = Lines(plan, Formats(plan.currency))
    fields = [*_who(), *_money(plan, lines), *_results(plan), *_how(plan)]
    rows = [[_safe(field.of(line)) for field in fields] for line in lines.by_size()]
    return Sheet([field.column for field in fields], rows, [field.total for field in fields])


def _safe(cell: Cell) -> Cell:
    return guarded(clean(cell)) if isinstance(cell, str) else cell


def _who() -> list[_Field]:
    return [
        _Field(Column("Platform", "text", 12), lambda line: PLATFORM_NAMES[line.platform], "Total"),
        _Field(Column("Line", "text", 42), line_name),
        _Field(Column("Kind of ads", "text", 18), lambda line: ad_type_words(line.ad_type)),
        _Field(Column("Line id", "text", 30), lambda line: line.id),
        _Field(Column("State", "text", 10), _state),
    ]


def _state(line: PlanLine) -> str:
    if line.is_new:
        return "new"
    return "stop" if line.budget == 0 else "on trial" if line.on_trial else "running"


def _money(plan: Plan, lines: Lines) -> list[_Field]:
    def today(line: PlanLine) -> float | None:
        return None if line.is_new or not has_history(plan) else lines.today.get(line.id)

    def change(line: PlanLine) -> float | None:
        before = today(line)
        return line.budget / before - 1 if before else None

    code = plan.currency
    return [
        _Field(Column(f"Today ({code})", "money", 15), today, _sum(today(line) for line in plan.lines)),
        _Field(Column(f"Budget ({code})", "money", 15), lambda line: line.budget, _sum(x.budget for x in plan.lines)),
        _Field(Column("Change", "share", 10), change),
        _Field(
            Column(f"A day ({code})", "money", 13),
            lambda line: line.daily_budget,
            _sum(line.daily_budget for line in plan.lines),
        ),
    ]


def _sum(amounts: Iterable[float | None]) -> float | None:
    """A column's sum, exact to the cent."""
    known = [to_cents(amount) for amount in amounts if amount is not None]
    return from_cents(sum(known)) if known else None


def _results(plan: Plan) -> list[_Field]:
    metric = main_metric(plan)
    price = cost_metric(metric) if metric else None
    fields: list[_Field] = []
    for name in (metric, price):
        if name is None or name not in plan.expected:
            continue
        kind = "money" if is_money(name) else "ratio" if name == "roas" else "count"
        head = name.replace("_", " ").capitalize().replace("Roas", "Revenue per unit spent")
        unit = f" ({plan.currency})" if kind == "money" else ""
        fields += [_result(plan, name, f"{head}{unit}", "mid", kind)]
        fields += [_result(plan, name, f"{head}, {end}", end, kind) for end in ("low", "high")]
    return fields


def _result(plan: Plan, metric: str, head: str, end: str, kind: str) -> _Field:
    def figure(line: PlanLine) -> float | None:
        return getattr(line.expected[metric], end) if metric in line.expected else None

    return _Field(Column(head, kind, max(12, len(head) + 2)), figure, getattr(plan.expected[metric], end))


def _how(plan: Plan) -> list[_Field]:
    formats = Formats(plan.currency)
    settings = _settings(plan)
    beside = [_Field(Column("Also changes", "text", 60), lambda line: settings.get(line.id, ""))] if settings else []
    return [
        _Field(Column("Bidding", "text", 26), lambda line: line.bidding.strategy),
        _Field(Column("Bidding target", "ratio", 14), lambda line: line.bidding.target),
        _Field(Column("Audience", "text", 34), lambda line: audience_words(line.audience, formats)),
        _Field(Column("Strategy", "text", 34), _strategy),
        *beside,
        _Field(
            Column("Why", "text", 80),
            lambda line: line.reasons[0] if line.reasons else "",
            _SIMULATED if plan.simulated else None,
        ),
    ]


def _strategy(line: PlanLine) -> str:
    return line.matched_strategy.name if line.matched_strategy else ""


def _settings(plan: Plan) -> dict[str, str]:
    """By line, what changes beside the budget and what is tried on part of it."""
    found = {
        line.id: [f"{NEW_SETTING[one.parameter].capitalize()}: {becomes(one)}" for one in line.changes]
        for line in plan.lines
    }
    for trial in plan.exploration.trials if plan.exploration else []:
        share = Formats().share(trial.share)
        tried = f"{TRIED_SETTING[trial.parameter].capitalize()}, {share} of the budget: {becomes(trial)}"
        found.setdefault(trial.line_id, []).append(tried)
    return {line: "; ".join(said) for line, said in found.items() if said}
