"""The plan's lines as rows of a client's table: by platform, the largest first, the small ones summed up."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from marketmover.campaigns.page.answer import main_metric
from marketmover.campaigns.page.words import (
    NEW_SETTING,
    TRIED_SETTING,
    ad_type_words,
    audience_words,
    bidding_words,
    metric_value,
)
from marketmover.charts import Formats, join, move_strip, name_of, or_dash
from marketmover.kit import counted
from marketmover.plans import PLATFORM_NAMES, Plan, PlanLine, Range

_NEW_LINE = "New line"


@dataclass(frozen=True)
class Row:
    """One line as the page shows it; all figures are written out."""

    id: str
    name: Markup
    kind: str
    tags: tuple[str, ...]
    today: str
    advised: str
    exact: str
    daily: str
    change: str
    strip: Markup
    expected: str
    between: str
    bidding: str
    audience: str
    reasons: tuple[str, ...]
    strategy: str


@dataclass(frozen=True)
class Group:
    """Lines that are shown together under a head with their sums; `rest` says how many smaller ones are left out."""

    name: Markup
    today: str
    advised: str
    exact: str
    change: str
    rows: tuple[Row, ...]
    rest: str = ""
    rest_today: str = ""
    rest_advised: str = ""


class Lines:
    """A plan's lines, ready to be grouped and written."""

    def __init__(self, plan: Plan, formats: Formats) -> None:
        self.plan = plan
        self.formats = formats
        self.metric = main_metric(plan)
        self.today = {line.id: line.budget for line in plan.baseline.lines}
        budgets = [budget for line in plan.lines for budget in (line.budget, self.today.get(line.id, 0.0))]
        self._widest = max(budgets, default=0.0)
        self._tried = {one.line_id: one.parameter for one in plan.exploration.trials} if plan.exploration else {}

    def by_size(self) -> list[PlanLine]:
        """All lines by platform, then by the larger of today's and the advised budget."""
        return sorted(self.plan.lines, key=lambda line: (line.platform, -self._size(line), line.id))

    def by_weight(self) -> list[PlanLine]:
        """All lines by how much the plan changes them, then by their budget: what matters most first."""
        return sorted(self.plan.lines, key=lambda line: (-abs(self._moved(line)), -line.budget, line.id))

    def by_platform(self, most: int) -> list[Group]:
        """A group a platform with its largest lines, about `most` rows in all; smaller lines are summed up."""
        shown = {line.id for line in self._largest(most)}
        groups: list[Group] = []
        for platform, members in groupby(self.by_size(), key=lambda line: line.platform):
            lines = list(members)
            kept = [line for line in lines if line.id in shown]
            if len(lines) - len(kept) == 1:
                kept = lines  # the line itself takes no more room than the row that would sum it up
            groups.append(self._group(join(PLATFORM_NAMES[platform]), lines, kept))
        return groups

    def by_campaign(self) -> list[Group]:
        """A group a campaign that has several lines, and one a platform for the campaigns that are a line each."""
        several: dict[tuple[str, str], list[PlanLine]] = {}
        for line in self.by_size():
            several.setdefault((line.platform, line.campaign_id or "-"), []).append(line)
        groups: list[Group] = []
        for platform in sorted({line.platform for line in self.plan.lines}):
            own = [lines for (where, _), lines in several.items() if where == platform]
            single = [lines[0] for lines in own if len(lines) == 1]
            groups += [self._group(join(PLATFORM_NAMES[platform]), single, single)] if single else []
            groups += [self._group(_campaign_name(lines), lines, lines) for lines in own if len(lines) > 1]
        return groups

    def row(self, line: PlanLine) -> Row:
        """One line written out."""
        money = self.formats.money
        today = None if line.is_new else self.today.get(line.id)
        return Row(
            id=line.id,
            name=name_of(line_name(line)),
            kind=ad_type_words(line.ad_type),
            tags=self._tags(line),
            today=or_dash(today, money),
            advised=money(line.budget),
            exact=money(line.budget, exact=True),
            daily=money(line.daily_budget, exact=True),
            change=self._change(today, line.budget),
            strip=move_strip(today, line.budget, self._widest),
            expected=self._figure(line, "mid"),
            between=self._between(line),
            bidding=bidding_words(line.bidding, self.formats),
            audience=audience_words(line.audience, self.formats),
            reasons=tuple(line.reasons),
            strategy=strategy_words(line),
        )

    def _tags(self, line: PlanLine) -> tuple[str, ...]:
        """Small words for what is new or on trial: the line itself, or one of its settings."""
        own = [tag for tag, on in (("new", line.is_new), ("on trial", line.on_trial)) if on]
        own += [NEW_SETTING[one.parameter] for one in line.changes]
        return (*own, TRIED_SETTING[self._tried[line.id]]) if line.id in self._tried else tuple(own)

    def _group(self, name: Markup, lines: Sequence[PlanLine], kept: Sequence[PlanLine]) -> Group:
        rest = [line for line in lines if line not in kept]
        noun = "smaller line" if kept else "line"
        before = [self.today[line.id] for line in lines if line.id in self.today and not line.is_new]
        return Group(
            name=name,
            today=self._sum_today(lines),
            advised=self._sum(lines),
            exact=self.formats.money(sum(line.budget for line in lines), exact=True),
            change=self._change(sum(before) if before else None, sum(line.budget for line in lines)),
            rows=tuple(self.row(line) for line in kept),
            rest=counted(len(rest), noun) if rest else "",
            rest_today=self._sum_today(rest),
            rest_advised=self._sum(rest),
        )

    def _largest(self, most: int) -> list[PlanLine]:
        return sorted(self.plan.lines, key=lambda line: (-self._size(line), line.id))[:most]

    def _size(self, line: PlanLine) -> float:
        return max(line.budget, self.today.get(line.id, 0.0))

    def _moved(self, line: PlanLine) -> float:
        return line.budget - self.today.get(line.id, 0.0)

    def _sum(self, lines: Sequence[PlanLine]) -> str:
        return self.formats.money(sum(line.budget for line in lines))

    def _sum_today(self, lines: Sequence[PlanLine]) -> str:
        known = [self.today[line.id] for line in lines if line.id in self.today and not line.is_new]
        return self.formats.money(sum(known)) if known else or_dash(None, str)

    def _change(self, today: float | None, advised: float) -> str:
        if not today:
            return "new" if advised > 0 else ""
        return "stop" if advised == 0 else self.formats.change(advised / today - 1)

    def _figure(self, line: PlanLine, which: str) -> str:
        expected = self._expected(line)
        return or_dash(None, str) if expected is None else self._write(getattr(expected, which))

    def _between(self, line: PlanLine) -> str:
        expected = self._expected(line)
        return "" if expected is None else self.formats.between(expected.low, expected.high, self._write)

    def _expected(self, line: PlanLine) -> Range | None:
        return line.expected.get(self.metric) if self.metric else None

    def _write(self, value: float) -> str:
        return metric_value(self.metric or "", value, self.formats)


def strategy_words(line: PlanLine) -> str:
    """The strategy that a line follows, and what it is for; empty where none is known."""
    found = line.matched_strategy
    return f"Strategy: {found.name[:1].lower()}{found.name[1:]}. {found.purpose}" if found else ""


def line_name(line: PlanLine) -> str:
    """A line's name; what it is where it has no name."""
    return line.name.strip() or (_NEW_LINE if line.is_new else f"{ad_type_words(line.ad_type)} {line.id}")


def _campaign_name(lines: Sequence[PlanLine]) -> Markup:
    """The words that the names of a campaign's lines begin with alike, else the campaign's id."""
    names = [line.name for line in lines]
    first, last = min(names), max(names)
    alike = next((index for index, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    common = first[:alike].rstrip(" -/|:>,·–—_0123456789")
    platform = PLATFORM_NAMES[lines[0].platform]
    return name_of(common if len(common) >= 4 else f"{platform} campaign {lines[0].campaign_id}")
