"""Who is reached: parts of lines summed over the plan's lines, against what they bring and whom the brief asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.fairness.asked import UNKNOWN, asks_for, expected_groups, group_name
from marketmover.campaigns.fairness.models.rates import group_rates
from marketmover.campaigns.fairness.outcomes import Counting, counting
from marketmover.campaigns.fairness.words import nothing_known, report_words, starved_words
from marketmover.history import Panel, Part, parts_by
from marketmover.plans import Audience, Fairness, GroupReport, Range, ReachedGroup

By = Literal["age", "gender", "country", "region"]
Floats = NDArray[np.float64]
_DAYS = 180
_MOST_PLACES = 8
_HARDLY = 0.01  # of all views: who is asked for and gets less is not reached
_FALLS = 0.8  # of today's share of the money, and of what its results justify: below both a group is starved
_TOO_SMALL = 0.02  # share of today's money from which a group is judged


@dataclass(frozen=True)
class Split:
    """A plan's split beside today's: budgets by line id, in account currency, and the lines' names."""

    planned: Mapping[str, float]
    today: Mapping[str, float]
    names: Mapping[str, str]


def who_is_reached(
    panel: Panel, parts: Sequence[Part], split: Split, audience: Audience, metric: str
) -> tuple[Fairness, list[str]]:
    """Reports by age, gender and place as far as the exports break these down, and warnings of who is starved.

    Args:
        panel: The history.
        parts: Its breakdowns, as `load_parts` gives them.
        split: The plan's split and today's.
        audience: Whom the brief asks for.
        metric: What the plan is judged by.
    """
    counted = counting(panel, metric)
    views = [_View.of(panel, parts, split, by, counted) for by in get_args(By)]
    seen = [view for view in views if view is not None and view.tells(audience)]
    found = [_report(view, audience, metric, panel.currency) for view in seen]
    warnings = [
        said for view, report in zip(seen, found, strict=True) for said in starved_words(report, view.moved_from)
    ]
    remarks = nothing_known({report.by for report in found}, panel)
    remarks += [counted.remark] if counted.remark and found else []
    return Fairness(groups=found, remarks=remarks), warnings


@dataclass(frozen=True)
class _View:
    """The plan's lines broken down by one thing.

    Attributes:
        by: What by.
        values: The groups, those with most spend first.
        spend, counts: By group and week, shape (groups, weeks).
        shown: Impressions by group.
        lines: The lines that are broken down.
        mix: Share of each line's spend that goes to each group, shape (lines, groups).
        dates: First and last day covered.
        covered: Share of the plan's lines' spend over these days that is broken down.
        split: Budgets.
    """

    by: By
    values: tuple[str, ...]
    spend: Floats
    counts: Floats
    shown: Floats
    lines: tuple[str, ...]
    mix: Floats
    dates: tuple[np.datetime64, np.datetime64]
    covered: float
    split: Split

    @classmethod
    def of(cls, panel: Panel, parts: Sequence[Part], split: Split, by: By, counted: Counting) -> "_View | None":
        """The view; `None` where no line of the plan is broken down so."""
        own = [part for part in parts_by(parts, by) if part.line_id in split.planned]
        if not own:
            return None
        end = panel.dates[-1]
        first = max(end - np.timedelta64(_DAYS - 1, "D"), min(part.dates[0] for part in own if part.dates.size))
        last = min(end, max(part.dates[-1] for part in own if part.dates.size))
        values = _ordered(own, by)
        lines = tuple(line for line in panel.line_ids if any(part.line_id == line for part in own))
        weeks = int((last - first).astype(np.int64)) // 7 + 1
        spend, counts = np.zeros((len(values), weeks)), np.zeros((len(values), weeks))
        shown, by_line = np.zeros(len(values)), np.zeros((len(lines), len(values)))
        for part in own:
            group, row = values.index(_value(part, values)), lines.index(part.line_id)
            within = (part.dates >= first) & (part.dates <= last)
            week = (part.dates[within] - first).astype(np.int64) // 7
            np.add.at(spend[group], week, part.cost[within])
            np.add.at(counts[group], week, counted.of(part)[within])
            shown[group] += part.impressions[within].sum()
            by_line[row, group] += part.cost[within].sum()
        if last < first or spend.sum() <= 0:
            return None
        days = (panel.dates >= first) & (panel.dates <= last)
        rows = [panel.line_ids.index(line) for line in split.planned if line in panel.line_ids]
        whole = float(panel.cost[rows][:, days].sum())
        totals = by_line.sum(axis=1, keepdims=True)
        mix = np.divide(by_line, totals, out=np.zeros_like(by_line), where=totals > 0)
        covered = min(float(spend.sum()) / whole, 1.0) if whole > 0 else 1.0
        return cls(by, values, spend, counts, shown, lines, mix, (first, last), covered, split)

    def tells(self, audience: Audience) -> bool:
        """Whether there is more than one group to speak of, or one that is asked for and missing."""
        known = [value for value in self.values if value not in UNKNOWN]
        return len(known) > 1 or bool(set(expected_groups(audience, self.by)) - set(known))

    def shares(self, budgets: Mapping[str, float]) -> Floats:
        """Each group's share of these budgets, if lines go on reaching whom they reach, shape (groups,)."""
        spent = np.array([budgets.get(line, 0.0) for line in self.lines]) @ self.mix
        return spent / spent.sum() if spent.sum() > 0 else spent

    def moved_from(self, value: str) -> list[str]:
        """Names of the lines through which a group loses most of the money, the most telling first."""
        group = self.values.index(value)
        lost = {
            line: (self.split.today.get(line, 0.0) - self.split.planned.get(line, 0.0)) * self.mix[row, group]
            for row, line in enumerate(self.lines)
        }
        ranked = sorted((line for line, money in lost.items() if money > 0), key=lambda line: -lost[line])
        return [self.split.names.get(line, line) for line in ranked[:2]]


def _ordered(parts: Sequence[Part], by: By) -> tuple[str, ...]:
    """Groups: ages upwards, others by spend; of many places the smaller ones as `other places`."""
    spend: dict[str, float] = {}
    for part in parts:
        spend[part.values[0]] = spend.get(part.values[0], 0.0) + part.total("cost")
    if by == "age":
        return tuple(sorted(spend, key=lambda value: (value in UNKNOWN, int(value[:2]) if value[:2].isdigit() else 0)))
    ranked = sorted(spend, key=lambda value: (value in UNKNOWN, -spend[value], value))
    return (*ranked[:_MOST_PLACES], "other places") if len(ranked) > _MOST_PLACES + 1 else tuple(ranked)


def _value(part: Part, values: tuple[str, ...]) -> str:
    return part.values[0] if part.values[0] in values else "other places"


def _report(view: _View, audience: Audience, metric: str, currency: str) -> GroupReport:
    rates = group_rates(view.counts, view.spend)
    spend, outcome = view.spend.sum(axis=1), view.counts.sum(axis=1)
    today, planned = view.shares(view.split.today), view.shares(view.split.planned)
    shown, everything = float(view.shown.sum()) or 1.0, float(outcome.sum()) or 1.0
    groups = [
        ReachedGroup(
            value=value,
            name=group_name(view.by, value),
            impressions_share=_share(view.shown[row] / shown),
            spend=round(float(spend[row]), 2),
            spend_share=_share(spend[row] / spend.sum()),
            outcome=round(float(outcome[row]), 2),
            outcome_share=_share(outcome[row] / everything),
            cost=_cost(rates.low[row], rates.mid[row], rates.high[row]),
            today=_share(today[row]),
            planned=_share(planned[row]),
            asked=asks_for(audience, view.by, value),
        )
        for row, value in enumerate(view.values)
    ]
    wanted = expected_groups(audience, view.by)
    reached = {group.value for group in groups if group.impressions_share >= _HARDLY}
    report = GroupReport(
        by=view.by,
        metric=metric,
        first_date=view.dates[0].astype(object),
        last_date=view.dates[1].astype(object),
        covered=_share(view.covered),
        unknown=_share(sum(group.spend_share for group in groups if group.value in UNKNOWN)),
        groups=groups,
        not_reached=[group_name(view.by, value) for value in wanted if value not in reached],
        starved=[
            group.value
            for row, group in enumerate(groups)
            if _is_starved(group, float(rates.low[row] * spend[row]) / everything)
        ],
        words="",
    )
    return report.model_copy(update={"words": report_words(report, currency)})


def _is_starved(group: ReachedGroup, brings_at_least: float) -> bool:
    """Whether a group's share of the money falls, and to well below its share of the results, at its low end."""
    if group.value in UNKNOWN or group.asked is False or group.today < _TOO_SMALL:
        return False
    return group.planned < _FALLS * group.today and group.planned < _FALLS * brings_at_least


def _cost(low: float, mid: float, high: float) -> Range | None:
    """What one outcome costs; dear where the rate is low. `None` where nothing was counted."""
    if low <= 0:
        return None
    return Range(low=_tidy(1 / high), mid=_tidy(1 / mid), high=_tidy(1 / low))


def _share(value: float) -> float:
    return round(float(value), 4)


def _tidy(value: float) -> float:
    return float(f"{float(value):.6g}")
