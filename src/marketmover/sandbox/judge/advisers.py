"""Who advises: given what exports tell and a question, a split and what is said of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from marketmover.history import Panel
from marketmover.plans import Brief, BriefBudget, HistoryNote, Outcome, Range

if TYPE_CHECKING:
    from marketmover.budget import Response
    from marketmover.plans import Plan


@dataclass(frozen=True)
class Asked:
    """The question, with all that an adviser may know: the imported exports, the plan's days, the money."""

    panel: Panel
    start: date
    end: date
    total: float


@dataclass(frozen=True)
class Advised:
    """An answer for one objective.

    Attributes:
        budgets: Budget over the plan's days by line, account currency; a line left out gets nothing.
        lines: 80% ranges of the objective by line; empty where nothing is said of it.
        total: 80% range of the objective in all; `None` likewise.
        probability: Chance that the split earns more than today's; `None` likewise.
        boldest: The split that would have been advised without holding back; `None` where it is the same or unknown.
    """

    budgets: dict[str, float]
    lines: dict[str, Range]
    total: Range | None
    probability: float | None
    boldest: dict[str, float] | None = None


Adviser = Callable[[Asked, Sequence[str]], dict[str, Advised]]
"""Answers a question for each objective (`leads`, `qualified_leads`, ...); it is told nothing else."""


def by_compose(asked: Asked, objectives: Sequence[str]) -> dict[str, Advised]:
    """What `marketmover compose` advises on a brief that names money, dates and the objective."""
    learn = _Remembering()
    return {objective: _composed(asked, objective, learn) for objective in objectives}


class _Remembering:
    """Learns a response once: several objectives on one history rest on the same one."""

    def __init__(self) -> None:
        self.response: Response | None = None
        self._asked: tuple[Any, ...] = ()

    def __call__(self, panel: Panel, *arguments: Any, **named: Any) -> "Response":
        from marketmover.budget import fit_response

        if self.response is None or self._asked != (id(panel), arguments, named):
            self.response, self._asked = fit_response(panel, *arguments, **named), (id(panel), arguments, named)
        return self.response


def compose_for(asked: Asked, objective: str) -> "Plan":
    """The plan that `marketmover compose` makes on a brief that names money, dates and the objective."""
    return _plan(asked, objective, _Remembering())


def _plan(asked: Asked, objective: str, learn: _Remembering) -> "Plan":
    from marketmover.campaigns.compose import Materials, compose

    brief = Brief(
        outcome=cast("Outcome", objective),
        budget=BriefBudget(amount=asked.total, currency=asked.panel.currency),
        start_date=asked.start,
        end_date=asked.end,
    )
    last = asked.panel.dates[-1].astype(object)
    materials = Materials(panel=asked.panel, note=_note(asked.panel), today=last)
    return compose(brief, materials, learn=learn)


def _composed(asked: Asked, objective: str, learn: _Remembering) -> Advised:
    plan = _plan(asked, objective, learn)
    spoken_of = plan.objective == objective  # a plan that must make do with another objective says nothing of ours
    return Advised(
        budgets={line.id: line.budget for line in plan.lines},
        lines={line.id: line.expected[objective] for line in plan.lines} if spoken_of else {},
        total=plan.expected[objective] if spoken_of else None,
        probability=plan.probability_better_than_baseline if spoken_of else None,
        boldest=_boldest(plan, learn),
    )


def _boldest(plan: "Plan", learn: _Remembering) -> dict[str, float] | None:
    """The split by the same response that knows of no split to stay near."""
    from marketmover.budget import allocate

    if learn.response is None:
        return None
    lines = [line.id for line in plan.lines]
    return allocate(learn.response, plan.total_budget, objective=plan.objective, candidates=lines).budgets


def _note(panel: Panel) -> HistoryNote:
    """What the plan's memo says of its history; it moves no figure."""
    first, last = (day.astype(object) for day in panel.dates[[0, -1]])
    counted = int(panel.observed.sum())
    return HistoryNote(
        first_date=first,
        last_date=last,
        rows=counted,
        lines=len(panel.lines),
        quarantined=0,
        quarantine_reasons={},
        flagged=0,
    )
