"""A simulated market: its history, its truth, and what any plan would earn in it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from marketmover.errors import UsageError
from marketmover.sandbox.arrays import Floats, Ints
from marketmover.sandbox.ledger import Ledger
from marketmover.sandbox.lines import SimulatedLine
from marketmover.sandbox.models import sampling
from marketmover.sandbox.models.best_split import Gain, Problem, best_split, overlap_groups
from marketmover.sandbox.models.market_day import Flow, State, live, live_day, settled, state_at
from marketmover.sandbox.outcome import METRICS, Outcome
from marketmover.sandbox.truth import Truth
from marketmover.sandbox.world import Setting, platform_index


def worth(truth: Truth, flow: Flow, metric: str) -> Floats:
    """What a day's flow is worth in `metric`, shape as the flow's."""
    leads = flow.conversions * truth.lead_share
    sales = flow.conversions - leads
    qualified = leads * truth.coverage * flow.qualification
    purchases = bool((truth.lead_share < 1.0).any())
    by_metric = {
        "impressions": flow.impressions,
        "clicks": flow.clicks,
        "cost": flow.spend,
        "conversions": flow.conversions,
        "leads": leads,
        "qualified_leads": qualified,
        "sales": sales if purchases else qualified * truth.win_rate,
        "revenue": sales * truth.order_value if purchases else qualified * truth.win_rate * truth.deal_value,
    }
    return by_metric[metric]


def averaged(truth: Truth, days: slice) -> Truth:
    """A truth of one day that is as `days` are on average."""
    return replace(
        truth,
        demand=truth.demand[:, days].mean(axis=1, keepdims=True),
        price=truth.price[:, days].mean(axis=1, keepdims=True),
        shock=truth.shock[:, days].mean(axis=1, keepdims=True),
        appeal=truth.appeal[:, days].mean(axis=1, keepdims=True),
        room=truth.room[:, days].mean(axis=1, keepdims=True),
        merit=truth.merit[:, days].mean(axis=1, keepdims=True),
        refresh=np.zeros((truth.lines, 1), np.bool_),
        retargeted=np.zeros((truth.lines, 1), np.bool_),
    )


def steady_optimum(truth: Truth, places: Ints, total: float, days: slice, metric: str) -> Floats:
    """The best split if every day were as `days` are on average and all had settled, shape (places,).

    Quick, and a good place to start the search for the best split of a real window from.
    """
    mean = averaged(truth, days)
    curves = truth.curves

    def gain(plans: Floats) -> Floats:
        budgets = np.zeros((len(plans), truth.lines))
        budgets[:, places] = plans
        _, flow = live_day(mean, curves, settled(mean, budgets), budgets, 0)
        return worth(mean, flow, metric)[:, places]

    group, place = overlap_groups(truth.overlap[np.ix_(places, places)])
    return best_split(Problem(gain, total, group, place), [truth.scale[places]])


@dataclass(frozen=True)
class Market:
    """A simulated market. All its figures are simulated.

    Attributes:
        setting: What it was drawn for.
        manager: Who set the budgets.
        lines: All lines, ended ones included.
        truth: How each of them responds.
        effects: What parameters do to the log of a line's yield.
        daily_budgets: Budgets as set, shape (all lines, days); 0 where a line did not run.
        spendable: What of them ran (weekends), same shape.
        states: The state at the start of each day of the history and after it, arrays (days + 1, all lines).
        ledger: What happened and what was reported.
    """

    setting: Setting
    manager: str
    lines: tuple[SimulatedLine, ...]
    truth: Truth
    effects: dict[str, dict[str, float]]
    daily_budgets: Floats
    spendable: Floats
    states: State
    ledger: Ledger

    @cached_property
    def enabled(self) -> Ints:
        """Places of the lines that still run at the end of the history."""
        last = self.setting.days - 1
        return np.array([place for place, line in enumerate(self.lines) if line.last_day >= last], np.int64)

    @property
    def line_ids(self) -> list[str]:
        """Ids of the lines that a plan can give money to: those that run at the end of the history."""
        return [self.lines[place].id for place in self.enabled]

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that this market counts."""
        counted = {"leads": ("leads", "qualified_leads"), "ecommerce": (), "both": ("leads", "qualified_leads")}
        return ("conversions", *counted[self.setting.sells], "sales", "revenue", "clicks", "impressions")

    @property
    def main_metric(self) -> str:
        """`leads` where there are any, else `conversions`."""
        return "conversions" if self.setting.sells == "ecommerce" else "leads"

    @property
    def last_date(self) -> date:
        """The last day of the history."""
        return self.setting.first_date + timedelta(self.setting.days - 1)

    def evaluate(
        self, daily_budgets: Mapping[str, float] | Floats, start: date, end: date, *, samples: int = 0, seed: int = 0
    ) -> Outcome:
        """What a plan would earn from `start` to `end`, both included.

        The window may lie after the history or within it; everything before `start` is as it was. A window that begins
        later than the day after the history is reached on the last 28 days' budgets. Figures are expected values; with
        `samples`, also draws with the same chance for every plan (common random numbers) that follow from `seed`.

        Args:
            daily_budgets: By line id (a line left out gets nothing), or an array of shape (lines,) or (lines, days) in
                the order of `line_ids`.
            start: The first day.
            end: The last day.
            samples: How many draws.
            seed: Of the draws.

        Raises:
            UsageError: A line is not known, a budget is negative, or the window is outside of what the truth covers.
        """
        first, days = self._window(start, end)
        budgets = self._all_lines(self._budgets(daily_budgets, days))
        _, flow = live(self.truth, self.state_before(first), budgets, first)
        ahead = first + days - self.setting.days
        leads = flow.conversions * self.truth.lead_share[:, None]
        window = sampling.Window(
            flow.spend, flow.impressions, flow.clicks, leads, flow.conversions - leads, flow.qualification, ahead
        )
        drawn = sampling.draw(self.truth, platform_index(self.lines), window, samples, seed) if samples else {}
        sampled = self._figures_of_draws(drawn) if drawn else {}
        return Outcome(
            tuple(self.line_ids),
            {name: values[self.enabled] for name, values in self._figures(window).items()},
            {name: values[:, self.enabled] for name, values in sampled.items()},
        )

    def status_quo(self, days: int = 28) -> dict[str, float]:
        """Mean daily budgets of the last `days` days by line, account currency."""
        recent = self.spendable[self.enabled, -days:].mean(axis=1)
        return dict(zip(self.line_ids, (float(value) for value in recent), strict=True))

    def optimum(
        self, total: float, start: date, end: date, metric: str | None = None, *, effort: int = 120
    ) -> tuple[dict[str, float], Outcome]:
        """The best constant split of `total` a day over `line_ids`, and what it earns from `start` to `end`.

        Args:
            total: Daily budget of all lines together.
            start: The first day.
            end: The last day.
            metric: What is maximised; by default `main_metric`.
            effort: Bound on the final exchanges between pairs of lines.

        Raises:
            UsageError: The metric is not one that this market counts, or as `evaluate`.
        """
        metric = metric or self.main_metric
        if metric not in METRICS:
            raise UsageError(f"The sandbox does not count '{metric}'.", f"Choose one of {', '.join(METRICS)}.")
        first, days = self._window(start, end)
        state = self.state_before(first)

        def gain(plans: Floats) -> Floats:
            budgets = np.zeros((len(plans), self.truth.lines))
            budgets[:, self.enabled] = plans
            return self._worth(state, budgets, first, days, metric)[:, self.enabled]

        problem = self._problem(gain, total)
        steady = steady_optimum(self.truth, self.enabled, total, slice(first, first + days), metric)
        starts = [steady, np.array([*self.status_quo().values()])]
        best = best_split(problem, starts, effort=effort)
        budgets = dict(zip(self.line_ids, (float(value) for value in best), strict=True))
        return budgets, self.evaluate(budgets, start, end)

    def _problem(self, gain: Gain, total: float) -> Problem:
        group, place = overlap_groups(self.truth.overlap[np.ix_(self.enabled, self.enabled)])
        return Problem(gain, total, group, place)

    def _worth(self, state: State, budgets: Floats, first: int, days: int, metric: str) -> Floats:
        """The outcome by line of constant plans, shape (plans, all lines)."""
        curves, total = self.truth.curves, np.zeros_like(budgets)
        for offset in range(days):
            state, flow = live_day(self.truth, curves, state, budgets, first + offset)
            total += worth(self.truth, flow, metric)
        return total

    def _figures(self, window: sampling.Window) -> dict[str, Floats]:
        leads, sales = window.leads.sum(axis=1), window.sales.sum(axis=1)
        qualified = float(self.truth.coverage[()]) * (window.leads * window.qualification).sum(axis=1)
        won = qualified * self.truth.win_rate
        return {
            "impressions": window.impressions.sum(axis=1),
            "clicks": window.clicks.sum(axis=1),
            "cost": window.spend.sum(axis=1),
            "conversions": leads + sales,
            "leads": leads,
            "qualified_leads": qualified,
            **self._sold(sales, won, np.ones_like(won)),
        }

    def _figures_of_draws(self, drawn: dict[str, Floats]) -> dict[str, Floats]:
        kept = {name: drawn[name] for name in ("impressions", "clicks", "cost", "leads", "qualified_leads")}
        sold = self._sold(drawn["purchases"], drawn["won"], drawn["value"])
        return {**kept, "conversions": drawn["leads"] + drawn["purchases"], **sold}

    def _sold(self, purchases: Floats, won: Floats, value: Floats) -> dict[str, Floats]:
        """Sales and revenue: purchases where the market has any, else deals won."""
        if self.setting.sells == "leads":
            return {"sales": won, "revenue": won * self.truth.deal_value * value}
        return {"sales": purchases, "revenue": purchases * self.truth.order_value * value}

    def _window(self, start: date, end: date) -> tuple[int, int]:
        first, days = (start - self.setting.first_date).days, (end - start).days + 1
        covered = self.truth.demand.shape[1]
        if first < 0 or days < 1 or first + days > covered:
            last = self.setting.first_date + timedelta(covered - 1)
            raise UsageError(
                f"The sandbox cannot evaluate {start} to {end}: its truth covers {self.setting.first_date} to {last}.",
                "Choose a window within it that ends after it starts.",
            )
        return first, days

    def state_before(self, first: int) -> State:
        """The state at the start of a day (its place on the time axis); after the history the status quo goes on."""
        known = min(first, self.setting.days)
        state = state_at(self.states, known)
        if first == known:
            return state
        quo = self._all_lines(np.array([*self.status_quo().values()]))
        states, _ = live(self.truth, state, np.repeat(quo[:, None], first - known, axis=1), known)
        return states[-1]

    def _budgets(self, given: Mapping[str, float] | Floats, days: int) -> Floats:
        """Budgets of the enabled lines, shape (lines, days)."""
        if isinstance(given, Mapping):
            unknown = sorted(set(given) - set(self.line_ids))
            if unknown:
                raise UsageError(f"The sandbox has no running line '{unknown[0]}'.", "See `market.line_ids`.")
            budgets = np.array([given.get(line_id, 0.0) for line_id in self.line_ids], np.float64)
        else:
            budgets = np.asarray(given, np.float64)
        spread = np.repeat(budgets[:, None], days, axis=1) if budgets.ndim == 1 else budgets
        if spread.shape != (len(self.enabled), days):
            raise UsageError(
                f"Budgets have the shape {budgets.shape}; due is ({len(self.enabled)},) or with {days} days."
            )
        if not np.isfinite(spread).all() or (spread < 0.0).any():
            raise UsageError("A daily budget is negative or not a number.")
        return spread

    def _all_lines(self, budgets: Floats) -> Floats:
        whole = np.zeros((self.truth.lines, *budgets.shape[1:]))
        whole[self.enabled] = budgets
        return whole
