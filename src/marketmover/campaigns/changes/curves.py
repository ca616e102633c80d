"""Two plans' response curves held against each other: at the same money a day, whatever the plans' lengths."""

import itertools
from dataclasses import dataclass

import numpy as np

from marketmover.campaigns.changes.report import Step, StepKind
from marketmover.campaigns.page.answer import main_metric
from marketmover.kit import days_between
from marketmover.plans import Plan, PlanLine

_STEP = 0.4  # of the budget: the points of a curve lie apart
_ADDS_UP = 0.25


@dataclass(frozen=True)
class Curve:
    """A line's expected result a day at a daily budget, by the middle of its range."""

    daily: tuple[float, ...]
    results: tuple[float, ...]

    @classmethod
    def of(cls, line: PlanLine, days: int) -> "Curve | None":
        """The curve of a plan's line; `None` where the plan has none for it."""
        points = sorted(line.curve, key=lambda point: point.budget)
        if len(points) < 2 or points[-1].budget <= points[0].budget:
            return None
        return cls(tuple(point.budget / days for point in points), tuple(point.mid / days for point in points))

    def at(self, daily: float) -> float:
        """The result at a daily budget; beyond the last point it goes on as between the last two."""
        beyond = daily - self.daily[-1]
        if beyond <= 0:
            return float(np.interp(daily, self.daily, self.results))
        slope = (self.results[-1] - self.results[-2]) / (self.daily[-1] - self.daily[-2])
        return self.results[-1] + max(slope, 0.0) * beyond

    def next_costs(self, daily: float) -> float | None:
        """What one more result costs around a daily budget; `None` where more money brings none."""
        width = max(_STEP * daily, self.daily[1] - self.daily[0])
        low, high = max(daily - width / 2, 0.0), daily + width / 2
        gained = self.at(high) - self.at(low)
        return (high - low) / gained if gained > 0 else None


@dataclass(frozen=True)
class Curves:
    """The curves of two plans that are judged by the same metric; empty where they are not."""

    old: dict[str, Curve]
    new: dict[str, Curve]
    old_plan: Plan
    new_plan: Plan

    @classmethod
    def of(cls, old: Plan, new: Plan) -> "Curves":
        """The curves of both plans."""
        if main_metric(old) != main_metric(new):
            return cls({}, {}, old, new)
        before, after = (
            {line.id: curve for line in plan.lines if (curve := Curve.of(line, days_of(plan)))} for plan in (old, new)
        )
        return cls(before, after, old, new)

    def forecast(self) -> float | None:
        """By how much the result a day of the old plan's money moved on the lines of both; `None` where unknown."""
        shared = [line for line in self.old_plan.lines if line.id in self.old and line.id in self.new]
        days = days_of(self.old_plan)
        before = sum(self.old[line.id].at(line.budget / days) for line in shared)
        after = sum(self.new[line.id].at(line.budget / days) for line in shared)
        return after / before - 1 if before > 0 else None

    def steps(self) -> list[Step]:
        """The change of the main result taken apart; empty where the curves cannot say."""
        metric = main_metric(self.new_plan)
        before, after = (plan.expected.get(metric or "") for plan in (self.old_plan, self.new_plan))
        if before is None or after is None or not set(self.old) & set(self.new):
            return []
        sums = [self._as_planned(self.old_plan, self.old), *self._between(), self._as_planned(self.new_plan, self.new)]
        if any(abs(total - span.mid) > _ADDS_UP * span.mid for total, span in ((sums[0], before), (sums[-1], after))):
            return []
        parts = [later - earlier for earlier, later in itertools.pairwise(sums)]
        parts.append(after.mid - before.mid - sum(parts))
        kinds: tuple[StepKind, ...] = ("forecast", "money", "split", "rest")
        return [Step(kind=kind, amount=_tidy(part)) for kind, part in zip(kinds, parts, strict=True)]

    def _as_planned(self, plan: Plan, curves: dict[str, Curve]) -> float:
        days, metric = days_of(plan), main_metric(plan) or ""
        return sum(
            curves[line.id].at(line.budget / days) * days
            if line.id in curves
            else (line.expected[metric].mid if metric in line.expected else 0.0)
            for line in plan.lines
        )

    def _between(self) -> tuple[float, float]:
        """The old split by the new curves: with the old money and days, and with the new.

        Lines that the new plan has no curve of keep what the old plan expected, and grow like the others.
        """
        old_days, new_days = days_of(self.old_plan), days_of(self.new_plan)
        old_daily, new_daily = (plan.total_budget / days_of(plan) for plan in (self.old_plan, self.new_plan))
        growth = new_daily / old_daily if old_daily > 0 else 1.0
        shared = [line for line in self.old_plan.lines if line.id in self.old and line.id in self.new]
        kept = self._as_planned(self.old_plan, self.old) - sum(
            self.old[line.id].at(line.budget / old_days) * old_days for line in shared
        )
        same = sum(self.new[line.id].at(line.budget / old_days) for line in shared) * old_days
        grown = sum(self.new[line.id].at(line.budget / old_days * growth) for line in shared) * new_days
        return same + kept, grown + (kept * grown / same if same > 0 else kept)


def days_of(plan: Plan) -> int:
    """Days of a plan, both ends included."""
    return days_between(plan.start_date, plan.end_date)


def _tidy(value: float) -> float:
    return float(f"{value:.6g}")
