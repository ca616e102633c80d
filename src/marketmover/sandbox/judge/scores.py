"""One market's advice, scored by the truth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from marketmover.history import Panel
from marketmover.sandbox.arrays import Floats
from marketmover.sandbox.judge.advisers import Advised, Adviser, Asked
from marketmover.sandbox.judge.cases import Case
from marketmover.sandbox.judge.evening import apart, costs_per_outcome
from marketmover.sandbox.judge.markets import WINDOW_DAYS, Trial
from marketmover.sandbox.market import Market
from marketmover.sandbox.models.response import FAMILIES
from marketmover.sandbox.outcome import Outcome

WORTH = 0.02
"""A market with less than this to gain is left out of shares of the gain."""

_SAMPLES = 400
_RULE_DAYS = 90


@dataclass(frozen=True)
class Told:
    """How what was said of a split fits what the truth then draws.

    Attributes:
        probability: As said: the chance that the split earns more than the status quo.
        forecast: The middle of what was said for all lines together, over the expected truth, less 1.
        drawn: The same error against what is then counted, absolute: the median over drawn futures.
        cover: The share of drawn outcomes within the lines' 80% ranges, weighted by the lines' money.
        width: Width of a line's range over its middle; the median, weighted by money.
        total_cover: The share of drawn totals within the total's 80% range.
        families: Money and covered money of the lines of each response family, as shares of all money.
    """

    probability: float | None
    forecast: float
    drawn: float
    cover: float
    width: float
    total_cover: float
    families: dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Score:
    """One market under one objective, in expected truth unless it says otherwise.

    Attributes:
        case: Which market.
        start: First day of the plan.
        objective: What was asked for, and what outcomes count.
        main: Whether it is the main one of the run; qualified leads are asked for beside it.
        today, advised, best, rule: Outcomes of the status quo, the advice, the best split, and the no-model rule.
        boldest: Outcome of the advice without holding back; `None` where that is unknown.
        spent: Share of the budget that the advice really spends.
        cost_change: Cost per outcome under the advice over that of the status quo, less 1.
        rates: Qualification rate of the status quo, the advice and the best split; `None` where no leads are counted.
        apart: How far the platforms' costs per outcome are apart under the advice; `None` with one platform.
        evening_cost: What evening out costs at least; see `Best`.
        told: How what was said fits; `None` where nothing was said.
    """

    case: Case
    start: date
    objective: str
    main: bool
    today: float
    advised: float
    best: float
    rule: float
    boldest: float | None
    spent: float
    cost_change: float
    rates: tuple[float, float, float] | None
    apart: float | None
    evening_cost: float | None
    told: Told | None

    @property
    def gain(self) -> float:
        """Outcome of the advice over that of the status quo, less 1."""
        return self._over_today(self.advised)

    @property
    def possible(self) -> float:
        """What the best split gains."""
        return self._over_today(self.best)

    @property
    def share(self) -> float | None:
        """The share of the possible gain that the advice has; `None` where there is next to none."""
        return self.gain / self.possible if self.possible >= WORTH else None

    @property
    def boldest_share(self) -> float | None:
        """The share that the advice without holding back would have."""
        if self.boldest is None or self.possible < WORTH:
            return None
        return self._over_today(self.boldest) / self.possible

    @property
    def above_rule(self) -> float:
        """Gain above that of the no-model rule, both over the status quo."""
        return self.gain - self._over_today(self.rule)

    @property
    def better(self) -> bool:
        """Whether the advice earns more than the status quo."""
        return self.advised > self.today

    def _over_today(self, outcome: float) -> float:
        return outcome / max(self.today, 1e-9) - 1.0


def score(trial: Trial, adviser: Adviser, objectives: Sequence[str] = ()) -> list[Score]:
    """Ask for advice on a market and score it.

    Args:
        trial: The market.
        adviser: Is told what the exports say, never the truth.
        objectives: What to ask for, of what the trial was prepared for; by default all of that.
    """
    wanted = [metric for metric in (objectives or trial.best.budgets) if metric in trial.best.budgets]
    if not wanted:
        return []
    answers = adviser(Asked(trial.panel, trial.start, trial.end, trial.total), wanted)
    return [_scored(trial, metric, answers[metric]) for metric in wanted]


def _scored(trial: Trial, metric: str, advised: Advised) -> Score:
    market, days = trial.market, (trial.start, trial.end)
    status_quo = market.status_quo()
    answer = _daily(market, advised.budgets)
    today = market.evaluate(status_quo, *days)
    outcome = market.evaluate(answer, *days, samples=_SAMPLES, seed=trial.case.seed)
    best = market.evaluate(trial.best.budgets[metric], *days)
    rule = market.evaluate(no_model_rule(trial.panel, metric, market.line_ids, trial.total / WINDOW_DAYS), *days)
    boldest = market.evaluate(_daily(market, advised.boldest), *days) if advised.boldest else None
    platforms = {line.platform for line in (market.lines[place] for place in market.enabled)}
    return Score(
        case=trial.case,
        start=trial.start,
        objective=metric,
        main=metric != "qualified_leads",
        today=today.total(metric),
        advised=outcome.total(metric),
        best=max(best.total(metric), today.total(metric)),
        rule=rule.total(metric),
        boldest=boldest.total(metric) if boldest else None,
        spent=outcome.total("cost") / max(trial.total, 1e-9),
        cost_change=_price(outcome, metric) / _price(today, metric) - 1.0,
        rates=_rates(market, today, outcome, best),
        apart=apart(costs_per_outcome(market, outcome, metric)) if len(platforms) > 1 else None,
        evening_cost=trial.best.evening_cost if metric == market.main_metric else None,
        told=_told(market, outcome, metric, advised),
    )


def _told(market: Market, outcome: Outcome, metric: str, advised: Advised) -> Told | None:
    if advised.total is None or not advised.lines:
        return None
    drawn, together = outcome.sampled[metric], outcome.total_samples(metric)
    bounds = [advised.lines.get(line) for line in outcome.line_ids]
    low, mid, high = (
        np.array([getattr(bound, name) if bound else 0.0 for bound in bounds]) for name in ("low", "mid", "high")
    )
    money = np.array([advised.budgets.get(line, 0.0) for line in outcome.line_ids])
    covered = ((drawn >= low) & (drawn <= high)).mean(axis=0)
    middle = advised.total.mid
    return Told(
        probability=advised.probability,
        forecast=middle / max(outcome.total(metric), 1e-9) - 1.0,
        drawn=float(np.median(np.abs(middle / np.maximum(together, 1e-9) - 1.0))),
        cover=float(np.average(covered, weights=money)),
        width=weighted_median((high - low) / np.maximum(mid, 1e-9), money),
        total_cover=float(((together >= advised.total.low) & (together <= advised.total.high)).mean()),
        families=_by_family(market, money / money.sum(), covered),
    )


def _by_family(market: Market, money: Floats, covered: Floats) -> dict[str, tuple[float, float]]:
    names = list(FAMILIES)
    found: dict[str, tuple[float, float]] = {}
    for family in sorted({int(index) for index in market.truth.family[market.enabled]}):
        mine = market.truth.family[market.enabled] == family
        found[names[family]] = (float(money[mine].sum()), float((money * covered)[mine].sum()))
    return found


def _daily(market: Market, budgets: Mapping[str, float]) -> dict[str, float]:
    """Daily budgets of the lines that run; money for any other line buys nothing, which shows in what was spent."""
    running = set(market.line_ids)
    return {line: budget / WINDOW_DAYS for line, budget in budgets.items() if line in running}


def _price(outcome: Outcome, metric: str) -> float:
    return outcome.total("cost") / max(outcome.total(metric), 1e-9)


def _rates(market: Market, *outcomes: Outcome) -> tuple[float, float, float] | None:
    if "leads" not in market.metrics:
        return None
    today, advised, best = (one.total("qualified_leads") / max(one.total("leads"), 1e-9) for one in outcomes)
    return today, advised, best


def no_model_rule(panel: Panel, metric: str, lines: Sequence[str], total: float) -> dict[str, float]:
    """The rule that advice is held against: budgets in proportion to `sqrt(spend_90) * (leads_90 / spend_90) ** 0.7`.

    Args:
        panel: What the exports tell.
        metric: What counts as a lead; qualified leads are those of the CRM.
        lines: Among which it splits.
        total: What it splits.
    """
    counted: Floats = getattr(panel, {"qualified_leads": "crm_qualified"}.get(metric, metric))
    rows = [panel.line_ids.index(line) for line in lines]
    spend = panel.cost[rows, -_RULE_DAYS:].sum(axis=1)
    leads = counted[rows, -_RULE_DAYS:].sum(axis=1)
    weight = np.sqrt(spend) * (leads / np.maximum(spend, 0.01)) ** 0.7
    shares = weight / weight.sum() if weight.sum() > 0 else np.full(len(rows), 1.0 / len(rows))
    return dict(zip(lines, (float(share) * total for share in shares), strict=True))


def weighted_median(values: Floats, weights: Floats) -> float:
    """The value at which half of the weight is reached."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order]) >= weights.sum() / 2
    return float(values[order][reached.argmax()])
