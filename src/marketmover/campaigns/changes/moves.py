"""Line by line: what became of its budget between two plans, and why."""

from collections.abc import Iterator

from marketmover.campaigns.changes.curves import Curves, days_of
from marketmover.campaigns.changes.limits import line_limit
from marketmover.campaigns.changes.report import LineChange, Status
from marketmover.campaigns.compose.words import one_of
from marketmover.campaigns.page.answer import main_metric
from marketmover.campaigns.page.lines import line_name
from marketmover.campaigns.page.words import ad_type_words, audience_words, bidding_words, is_money
from marketmover.charts import Formats
from marketmover.kit import counted
from marketmover.plans import LeftOut, Plan, PlanLine

_SAME = 0.005
_TELLING = 0.05
_DEARER = 0.1
_WORTH_SAYING = 0.02
"""Share of the total by which a line's share moved although its budget did not."""
_BESIDE_TODAY = {
    "Gets more": ("more", "started"),
    "Gets less": ("less",),
    "No money": ("stopped",),
}
"""How the new plan's own reason begins, which compares with today's split, and where that explains the change too."""


class Moves:
    """The lines of two plans beside each other."""

    def __init__(self, old: Plan, new: Plan, curves: Curves, formats: Formats) -> None:
        self._old, self._new, self._curves, self._formats = old, new, curves, formats
        self._lines = [{line.id: line for line in plan.lines} for plan in (old, new)]
        self._across = curves.forecast()
        # Of the same data for the same dates curves are the same, apart from where their points lie.
        self._learned = (old.history, old.start_date, old.end_date) != (new.history, new.start_date, new.end_date) or (
            self._across is not None and abs(self._across) >= _WORTH_SAYING
        )

    def all(self) -> list[LineChange]:
        """Every line of either plan, the largest change first."""
        ids = list(dict.fromkeys([*self._lines[1], *self._lines[0]]))
        return sorted((self._change(line) for line in ids), key=lambda one: (-abs(one.change), one.id))

    def _change(self, line_id: str) -> LineChange:
        old, new = (lines.get(line_id) for lines in self._lines)
        either = new or old
        assert either is not None  # noqa: S101 - the id is of one of the plans
        before, after = (line.budget if line else 0.0 for line in (old, new))
        grown = self._new.total_budget / self._old.total_budget if self._old.total_budget > 0 else 1.0
        by_total = before * (grown - 1.0)
        status = self._status(line_id, old, new)
        return LineChange(
            id=line_id,
            name=line_name(either),
            platform=either.platform,
            status=status,
            old=old.budget if old else None,
            new=new.budget if new else None,
            change=round(after - before, 2),
            by_total=round(by_total, 2),
            by_split=round(after - before - by_total, 2),
            reasons=list(dict.fromkeys(reason for reason in self._reasons(line_id, status, old, new) if reason)),
            settings=self._settings(old, new) if old and new else [],
        )

    def _status(self, line_id: str, old: PlanLine | None, new: PlanLine | None) -> Status:
        if old is None:
            return "new" if new is not None and new.is_new else "joined"
        if new is None:
            return "left_out" if _left_out(self._new, line_id) else "dropped"
        if new.budget == old.budget == 0:
            return "same"
        if new.budget == 0:
            return "stopped"
        if old.budget == 0:
            return "started"
        if abs(new.budget - old.budget) <= _SAME * old.budget:
            return "same"
        return "more" if new.budget > old.budget else "less"

    def _reasons(self, line_id: str, status: Status, old: PlanLine | None, new: PlanLine | None) -> Iterator[str]:
        if old is None or new is None:
            yield self._came_or_went(line_id, status, old, new)
            return
        if status == "same":
            yield self._held(old, new)
            return
        yield self._limits(old, new)
        yield self._total(old, new)
        yield self._response(old)
        yield self._evidence(old, new)
        yield _beside_today(next(iter(new.reasons), ""), status)

    def _came_or_went(self, line_id: str, status: Status, old: PlanLine | None, new: PlanLine | None) -> str:
        if status == "left_out":
            return f"It takes no part any more: {_left_out(self._new, line_id)}."
        if new is None:
            what = "does not open it" if old is not None and old.is_new else "knows no such line"
            return f"The new plan {what}."
        if status == "new":
            return next(iter(new.reasons), "The new plan opens it.")
        before = _left_out(self._old, line_id)
        return f"The old plan left it out: {before}." if before else "The old plan did not know it."

    def _limits(self, old: PlanLine, new: PlanLine) -> str:
        before, after = (
            line_limit(line.id, line.platform, plan, self._formats)
            for line, plan in ((old, self._old), (new, self._new))
        )
        if before != after and self._old.limits is not None and self._new.limits is not None:
            return f"Its limits are now {after or 'none'}; before: {before or 'none'}."
        held = _held(new)
        return held if held not in old.reasons else ""

    def _held(self, old: PlanLine, new: PlanLine) -> str:
        """Why a line stays where it is while the budget moves."""
        extra = self._new.total_budget - self._old.total_budget
        by_split = old.budget * extra / self._old.total_budget if self._old.total_budget > 0 else 0.0
        if abs(by_split) < _WORTH_SAYING * self._new.total_budget:
            return ""
        return f"It stays as it is although the budget is {'larger' if extra > 0 else 'smaller'}. {_held(new)}".strip()

    def _total(self, old: PlanLine, new: PlanLine) -> str:
        extra = self._new.total_budget - self._old.total_budget
        if self._old.total_budget <= 0 or abs(extra) <= _SAME * self._old.total_budget:
            return ""
        share = old.budget * extra / self._old.total_budget
        change = new.budget - old.budget
        size = "larger" if extra > 0 else "smaller"
        if change * share <= 0:
            return f"Although the budget is {size}, money moves {'to' if change > 0 else 'away from'} it."
        by_total, all_in_all = self._formats.money(abs(share)), self._formats.money(abs(change))
        if abs(share) >= abs(change):
            verb, noun = ("give it", "more") if extra > 0 else ("take from it", "of its money")
            return f"The {size} budget alone would {verb} {by_total} {noun}."
        return f"{by_total} of the {all_in_all} follows from the {size} budget."

    def _response(self, old: PlanLine) -> str:
        """Whether its own curve moved, and what one more result costs now beside then, at the same money a day."""
        curves = [found[old.id] for found in (self._curves.old, self._curves.new) if old.id in found]
        daily = old.budget / days_of(self._old)
        if len(curves) < 2 or daily <= 0 or curves[0].at(daily) <= 0:
            return ""
        if not self._learned:
            return ""
        moved = curves[1].at(daily) / curves[0].at(daily) - 1
        parts: list[str] = []
        if abs(moved) >= _TELLING:
            across = "" if self._across is None else f" (all lines together: {_percent(self._across)})"
            parts.append(f"it is expected to bring {_percent(moved)} than the old plan thought{across}")
        price = self._price([curve.next_costs(daily) for curve in curves])
        return f"At the old budget {'; '.join([*parts, *([price] if price else [])])}." if parts or price else ""

    def _price(self, costs: list[float | None]) -> str:
        metric = main_metric(self._new)
        before, after = costs
        if before is None or after is None or metric is None or is_money(metric):
            return ""
        if abs(after / before - 1) < _DEARER:
            return ""
        many = 1000 if metric in ("impressions", "reach") else 1
        what = f"one more {one_of(metric)} there costs" if many == 1 else f"a thousand more {metric} there cost"
        return f"{what} about {self._formats.money(after * many)} rather than {self._formats.money(before * many)}"

    def _evidence(self, old: PlanLine, new: PlanLine) -> str:
        days, spend = new.evidence.days - old.evidence.days, new.evidence.spend - old.evidence.spend
        if days <= 0:
            return ""
        money = self._formats.money(max(spend, 0.0))
        return f"{counted(days, 'more day', 'more days')} with {money} of its own spend are known."

    def _settings(self, old: PlanLine, new: PlanLine) -> list[str]:
        """What else the plans say of it: bidding, audience, kind of ads, message."""
        pairs = [
            ("Bidding", *(bidding_words(line.bidding, self._formats) for line in (old, new))),
            ("Audience", *(audience_words(line.audience, self._formats) for line in (old, new))),
            ("Kind of ads", *(ad_type_words(line.ad_type) for line in (old, new))),
            ("Headline", *((line.creative.headline if line.creative else None) or "" for line in (old, new))),
        ]
        return [
            f"{what}: {after or 'none'} rather than {before or 'none'}"
            for what, before, after in pairs
            if before != after
        ]


def _held(line: PlanLine) -> str:
    return next((reason for reason in line.reasons if reason.startswith("Held")), "")


def _beside_today(reason: str, status: Status) -> str:
    """The new plan's own first reason, where it speaks for the change between the plans as well."""
    first = next((words for words, fits in _BESIDE_TODAY.items() if reason.startswith(words) and status in fits), "")
    return (
        f"Beside today's split it {first[:1].lower()}{reason[1:]}"
        if first.startswith("Gets")
        else reason
        if first
        else ""
    )


def _percent(moved: float) -> str:
    return f"{abs(moved):.0%} {'more' if moved > 0 else 'less'}" if abs(moved) >= 0.005 else "as much"


def _left_out(plan: Plan, line_id: str) -> str:
    found: LeftOut | None = next((one for one in plan.left_out if one.id == line_id), None)
    return found.reason if found else ""
