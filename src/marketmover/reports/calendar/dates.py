"""The days of a plan that people should know: start, checks, tuning, changes of budgets, end, report."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from marketmover.charts import Formats
from marketmover.kit import counted

if TYPE_CHECKING:
    from marketmover.plans import LogEntry, Plan

Kind = Literal["start", "change", "check", "tuning", "trial", "end", "report"]
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class PlanDay:
    """A day of a plan.

    Attributes:
        key: What tells it from the plan's other days, however they move.
        kind: What is done.
        day: When.
        title: In a few words.
        words: In a sentence or two.
    """

    key: str
    kind: Kind
    day: date
    title: str
    words: str


def plan_days(plan: "Plan", log: Sequence["LogEntry"] = (), *, waits_until: date | None = None) -> list[PlanDay]:
    """A plan's days in their order.

    Args:
        plan: The plan.
        log: What was done with it: changes of budgets have been on their days.
        waits_until: The day on which running lines get their new budgets, where that is still to come.
    """
    found = [*_ends(plan), *_checks(plan), *_tuning(plan), *_trials(plan), *_changes(plan, log, waits_until)]
    return sorted(found, key=lambda one: (one.day, _ORDER.index(one.kind), one.key))


_ORDER: tuple[Kind, ...] = ("start", "change", "check", "trial", "tuning", "end", "report")


def _ends(plan: "Plan") -> Iterator[PlanDay]:
    formats = Formats(plan.currency)
    money = formats.money(plan.total_budget)
    yield PlanDay(
        "start", "start", plan.start_date, "Campaign starts",
        f"{money} until {formats.day(plan.end_date)}. Running lines get their new budgets.",
    )  # fmt: skip
    yield PlanDay("end", "end", plan.end_date, "Last day of the campaign", "What is left of the budget is spent today.")
    yield PlanDay(
        "report", "report", plan.end_date + _WEEK, "Report",
        "A week after the end late results are counted. What came of the plan beside what it promised.",
    )  # fmt: skip


def _checks(plan: "Plan") -> Iterator[PlanDay]:
    """The days on which the plan says that a line is stopped if it is too dear by then."""
    for number, (day, words) in enumerate(zip(plan.stop_days, plan.stop_first, strict=False), start=1):
        if day <= plan.end_date:
            yield PlanDay(f"check-{number}", "check", day, "Check: go on or stop", f"To stop: {words}")


def _tuning(plan: "Plan") -> Iterator[PlanDay]:
    day, number = plan.start_date + _WEEK, 1
    while day < plan.end_date:
        yield PlanDay(
            f"tuning-{number}", "tuning", day, "Weekly look at the figures",
            "What the week brought beside the plan; budgets are tuned where that pays.",
        )  # fmt: skip
        day, number = day + _WEEK, number + 1


def _trials(plan: "Plan") -> Iterator[PlanDay]:
    for number, trial in enumerate(plan.exploration.trials if plan.exploration else [], start=1):
        yield PlanDay(f"trial-{number}", "trial", trial.known_on, "A trial is decided", trial.words)


def _changes(plan: "Plan", log: Sequence["LogEntry"], waits_until: date | None) -> Iterator[PlanDay]:
    for entry in log:
        if entry.kind in {"apply", "undo", "rollback"}:
            done = "changed" if entry.kind == "apply" else "taken back"
            what = (
                f"{counted(len(entry.changes), 'setting')} {done}." if entry.changes else "Earlier budgets hold again."
            )
            yield PlanDay(f"change-{entry.id}", "change", entry.at.date(), "Budgets were changed", what)
    if waits_until is not None and waits_until != plan.start_date:
        yield PlanDay("change-due", "change", waits_until, "Budgets change", "Running lines get their new budgets.")
