"""What changed between two plans, as data. Money in major units of the plans' currency."""

from datetime import date
from typing import Literal

from marketmover.plans import Form, Platform, Range

CauseKind = Literal["brief", "objective", "budget", "dates", "limits", "data", "lines", "forecast", "program"]
Status = Literal["new", "joined", "started", "more", "same", "less", "stopped", "left_out", "dropped"]

StepKind = Literal["forecast", "money", "split", "rest"]


class Side(Form):
    """One of the two plans: where it was read from, and what it is about."""

    name: str
    start_date: date
    end_date: date
    total_budget: float
    objective: str
    known_to: date | None
    probability_better_than_baseline: float | None


class Cause(Form):
    """Something that the plans were made from and that differs: in short (`a larger budget`) and in a sentence."""

    kind: CauseKind
    short: str
    words: str


class LineChange(Form):
    """A line in both plans.

    `change` is `new` less `old`; of it `by_total` follows from the plans' totals alone (the line's old share of the sum
    that came on top), and `by_split` is what was moved between lines. A budget is `None` where the plan lacks the line.
    """

    id: str
    name: str
    platform: Platform
    status: Status
    old: float | None
    new: float | None
    change: float
    by_total: float
    by_split: float
    reasons: list[str]
    settings: list[str]


class ResultChange(Form):
    """What both plans expect of a metric."""

    metric: str
    old: Range | None
    new: Range | None


class Step(Form):
    """A part of the change of the expected main result, by the curves' middles.

    `forecast`: the same money on the same lines for as many days; `money`: more or less of it, and of days; `split`:
    where it lies; `rest`: middles of ranges that do not add up.
    """

    kind: StepKind
    amount: float


class PlanDiff(Form):
    """Everything that `marketmover plan diff` says.

    `moved` is the share of the budget that lies on other lines than before, whatever the totals; `metric` is the result
    by which both plans are judged, `None` where that differs.
    """

    simulated: bool
    currency: str
    same: bool
    summary: list[str]
    old: Side
    new: Side
    causes: list[Cause]
    moved: float
    metric: str | None
    steps: list[Step]
    results: list[ResultChange]
    lines: list[LineChange]
    notes: list[str]
