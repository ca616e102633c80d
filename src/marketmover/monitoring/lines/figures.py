"""What is known of lines while they run: figures by line and day, as an export of any day would have held them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from marketmover.history import MoneyChange, Panel, SettingChange
from marketmover.monitoring.lines.budgets import Asked, budgets_in_force, to_run
from marketmover.monitoring.lines.new_lines import NewLine

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LONGEST_LAG = 30
"""Days after a click for which conversions may still come in."""

_BIG_STEP = 0.2  # a budget step beyond which platforms learn anew (Meta Business Help, learning phase)
_PEAKS = ((11, 24, 11, 30), (12, 20, 12, 31), (1, 1, 1, 2))  # sales weeks around Black Friday, Christmas, New Year


@dataclass(frozen=True)
class Plan:
    """What a plan asks of the lines that are watched.

    Attributes:
        asked: What was in force, oldest first; empty without a plan.
        end: The plan's last day.
        new: The lines that it opens.
    """

    asked: tuple[Asked, ...] = ()
    end: date | None = None
    new: tuple[NewLine, ...] = ()

    def under(self, named: Mapping[str, str]) -> "Plan":
        """The same with its new lines under the ids that they have in the exports."""
        return replace(self, asked=tuple(one.under(named) for one in self.asked))


@dataclass(frozen=True)
class Figures:
    """Everything that is watched; arrays of shape (lines, days) unless said otherwise.

    Attributes:
        panel: The history and the live days as they are known at the end of the replay.
        first: Column of the first live day.
        budgets: Daily budgets in force, NaN where unknown.
        runs: Whether a line was meant to run.
        known: For each live day the conversions of the days up to it that were known by its end, shape
            (live days, lines, LONGEST_LAG + 1); the last is that day itself.
        share: Share of a day's conversions known after 0, 1, 2, ... days, by line, shape (lines, LONGEST_LAG + 1).
        odd: Days whose demand the calendar makes unlike others, shape (lines, days).
        learning: Days within a week of a change that makes a platform learn anew.
        moved: Days within two weeks of such a change of the budget.
        changes: Changes of settings and money by line and day, in words.
        refreshed: Share of the line's ads that were new.
        end: Last day of the plan, `None` where there is none.
        named: Ids in the exports by ids in the plan, of the plan's new lines.
        pulled: What daily pulls knew of other figures than conversions, by name, each in the form of `known`; empty
            where there is one export of all live days.
        missing: Platforms of which the live exports hold nothing; their lines do not run.
        covered: Whether the exports cover a day, shape (days,); empty where they cover all.
        leads_known: Column up to which the CRM's leads were known at the end of a live day, shape (live days, lines);
            empty where they were known each day.
    """

    panel: Panel
    first: int
    budgets: Floats
    runs: Bools
    known: Floats
    share: Floats
    odd: Bools
    learning: Bools
    changes: tuple[tuple[str, date, str], ...]
    refreshed: Floats
    end: date | None
    named: Mapping[str, str] = field(default_factory=dict[str, str])
    pulled: Mapping[str, Floats] = field(default_factory=dict[str, Floats])
    missing: frozenset[str] = frozenset()
    covered: Bools = field(default_factory=lambda: np.ones(0, dtype=np.bool_))
    leads_known: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @cached_property
    def days(self) -> int:
        """How many columns there are."""
        return int(self.panel.dates.size)

    def day(self, column: int) -> date:
        """The day of a column; columns beyond the last are days to come."""
        return self.panel.dates[0].astype(object) + timedelta(int(column))

    def judged(self, column: int) -> bool:
        """Whether the exports cover a day, so that it can be judged."""
        return not self.covered.size or bool(self.covered[column])

    def conversions(self, column: int) -> Floats:
        """All days' conversions as known at the end of a live day, shape (lines, column + 1)."""
        return self._as_known(self.panel.conversions[:, : column + 1], self.known, column)

    def seen(self, name: str, column: int) -> Floats:
        """Another of the panel's figures as known at the end of a live day, shape (lines, column + 1)."""
        values: Floats = getattr(self.panel, name)[:, : column + 1]
        return self._as_known(values, self.pulled[name], column) if name in self.pulled else values

    def on(self, column: int) -> "Figures":
        """The same as known at the end of a live day; later days are as they were."""
        if not self.pulled:
            return self
        told = {name: self.seen(name, column) for name in self.pulled} | {"conversions": self.conversions(column)}
        later = {name: getattr(self.panel, name)[:, column + 1 :] for name in told}
        joined = {name: np.concatenate([values, later[name]], axis=1) for name, values in told.items()}
        return replace(self, panel=replace(self.panel, **joined))

    def _as_known(self, values: Floats, known: Floats, column: int) -> Floats:
        seen, width = values.copy(), min(LONGEST_LAG + 1, column + 1)
        seen[:, column + 1 - width :] = known[column - self.first][:, -width:]
        return seen

    def completeness(self, column: int) -> Floats:
        """Share of each day's conversions that is known at the end of a day, shape (lines, column + 1)."""
        shares = np.ones((len(self.panel.lines), column + 1))
        width = min(LONGEST_LAG + 1, column + 1)
        shares[:, column + 1 - width :] = self.share[:, :width][:, ::-1]
        return shares


def figures_of(
    panel: Panel,
    first: int,
    share: Floats,
    known: Floats,
    plan: Plan,
    money: Sequence[MoneyChange],
    settings: Sequence[SettingChange],
) -> Figures:
    """Lay out what is watched.

    Args:
        panel: The history and the live days.
        first: Column of the first live day.
        share: As in `Figures`.
        known: As in `Figures`.
        plan: What the plan asks for.
        money: Log of budgets and pauses.
        settings: Log of all other changes.
    """
    budgets = budgets_in_force(panel, money, plan.asked, first)
    refreshed = panel.refreshed if panel.refreshed is not None else np.zeros_like(panel.cost)
    return Figures(
        panel=panel,
        first=first,
        budgets=budgets,
        runs=to_run(panel, money, plan.asked, first),
        known=known,
        share=share,
        odd=odd_days(panel),
        learning=_learning(panel, budgets, settings),
        changes=_in_words(money, settings),
        refreshed=np.nan_to_num(refreshed, nan=0.0),
        end=plan.end,
    )


def odd_days(panel: Panel) -> Bools:
    """Public holidays of each line's country, and the weeks around Black Friday, Christmas and New Year."""
    import holidays

    dates: list[date] = [day.astype(object) for day in panel.dates]
    known = holidays.list_supported_countries(include_aliases=False)
    peaks = np.array([any((a, b) <= (day.month, day.day) <= (c, d) for a, b, c, d in _PEAKS) for day in dates])
    by_country: dict[str | None, Bools] = {}
    rows: list[Bools] = []
    for line in panel.lines:
        country = line.countries[0] if len(line.countries) == 1 else panel.holidays_country
        if country not in by_country:
            years = range(dates[0].year, dates[-1].year + 1)
            public = holidays.country_holidays(country, years=years) if country in known else {}
            by_country[country] = peaks | np.array([day in public for day in dates])
        rows.append(by_country[country])
    return np.array(rows, dtype=np.bool_).reshape(panel.cost.shape)


def _learning(panel: Panel, budgets: Floats, settings: Sequence[SettingChange]) -> Bools:
    """Days from a large step of the budget or a change of settings on, for a week."""
    step = np.abs(np.diff(np.log(np.maximum(budgets, 1e-9)), axis=1, prepend=np.nan)) > np.log1p(_BIG_STEP)
    rows = {line.id: row for row, line in enumerate(panel.lines)}
    for change in settings:
        column = int((np.datetime64(change.date, "D") - panel.dates[0]).astype(int))
        if 0 <= column < panel.dates.size:
            step[rows[change.line_id], column] = True
    during = step.copy()
    for days in range(1, 7):
        during[:, days:] |= step[:, :-days]
    return during


def _in_words(money: Sequence[MoneyChange], settings: Sequence[SettingChange]) -> tuple[tuple[str, date, str], ...]:
    told = [(change.line_id, change.date, _money_words(change)) for change in money]
    told += [(change.line_id, change.date, change.what.replace("_", " ").lower()) for change in settings]
    return tuple(sorted(told, key=lambda item: (item[1], item[0], item[2])))


def _money_words(change: MoneyChange) -> str:
    if change.kind == "status":
        return "resumed" if change.after else "paused"
    if change.before is None or change.after is None:
        return "daily budget changed"
    return f"daily budget from {change.before:,.2f} to {change.after:,.2f}"
