"""Strategies of the catalogue held against a brief: by rule, by meaning, and by what the history measured."""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import numpy as np

from marketmover.campaigns.match.likeness import unrelated_trades
from marketmover.history import Panel
from marketmover.kit import counted
from marketmover.language.embeddings import Embedder
from marketmover.plans import Brief, Form, MatchedStrategy, Platform

_OTHER_OBJECTIVE = 0.35
_OTHER_OUTCOME = 0.8
_UNASKED_OUTCOME = 0.7
_LACKING = 0.5
_FORMS_LATER = 0.9  # a form that is not the strategy's usual one
_AS_MANY = 10.0  # outcomes that weigh as much as what all lines return
_BELIEVED = 0.5  # of a measured difference (log): platforms credit some forms with what others earned
_CLEARLY_BETTER = 1.25  # how much higher another form must score to be opened in place of the usual one
_LEAST_LIKENESS = 0.7
_DEVIATIONS = 3.0
_TOLD_FROM = 4.0  # deviations from which a plan says that words are near


class Strategy(Form):
    """A way to run a line, and what it is for (`strategies.toml`).

    Attributes:
        forms: Ad types of the plan's contract, the usual one first.
        objectives: Which the strategy serves.
        outcomes: What it is made to maximise, where it is made for something; empty otherwise.
        near: Words of briefs that speak for it.
        conversions: How many a month it needs.
        needs: What the account must have: `values`, `crm` or `visitors`; empty for nothing.
        lacks: What an account lacks that it suits: `conversions`; empty for any account.
        opens: Whether a new line may be opened by it; one that feeds on other lines' visitors may not.
    """

    id: str
    name: str
    platform: Platform
    forms: tuple[str, ...]
    objectives: tuple[str, ...]
    bidding: str
    purpose: str
    audience: str
    message: str
    near: tuple[str, ...]
    conversions: float
    source: str
    outcomes: tuple[str, ...] = ()
    needs: str = ""
    lacks: str = ""
    opens: bool = True


@dataclass(frozen=True)
class Account:
    """What the account has, as far as strategies ask.

    Attributes:
        known: Whether there is any history.
        monthly: Conversions a month by platform, over the last 90 days.
        has: Of `values`, `crm`, `visitors`, those that it has.
        returned: What a line of a platform and form returned for its money beside all lines of the platform, drawn
            towards 1 where little was counted; by platform and form.
        outcomes: How many outcomes that rests on.
    """

    known: bool = False
    monthly: Mapping[Platform, float] = field(default_factory=dict[Platform, float])
    has: frozenset[str] = frozenset()
    returned: Mapping[tuple[str, str], float] = field(default_factory=dict[tuple[str, str], float])
    outcomes: Mapping[tuple[str, str], float] = field(default_factory=dict[tuple[str, str], float])

    @classmethod
    def of(cls, panel: Panel) -> "Account":
        """Read it off the history."""
        if not panel.lines or not panel.cost.sum():
            return cls()
        recent = panel.conversions[:, -90:].sum(axis=1) / max(min(len(panel.dates), 90) / 30.0, 1e-9)
        monthly: dict[Platform, float] = {}
        for line, many in zip(panel.lines, recent, strict=True):
            monthly[line.platform] = monthly.get(line.platform, 0.0) + float(many)
        signs = {"values": panel.revenue.sum() > 0, "crm": panel.has_crm, "visitors": panel.clicks.sum() > 1000}
        returned, outcomes = _returned(panel)
        return cls(True, monthly, frozenset(name for name, there in signs.items() if there), returned, outcomes)


def _returned(panel: Panel) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str], float]]:
    sums: dict[tuple[str, str], np.ndarray] = {}
    whole: dict[str, np.ndarray] = {}
    got = panel.revenue if panel.revenue.sum() > 0 and not panel.leads.sum() else panel.conversions
    for row, line in enumerate(panel.lines):
        pair = np.array([float(got[row].sum()), float(panel.cost[row].sum()), float(panel.conversions[row].sum())])
        key = (line.platform, line.ad_type)
        sums[key] = sums.get(key, np.zeros(3)) + pair
        whole[line.platform] = whole.get(line.platform, np.zeros(3)) + pair
    returned: dict[tuple[str, str], float] = {}
    for (platform, form), (value, cost, many) in sums.items():
        usual = whole[platform][0] / whole[platform][1] if whole[platform][1] else 0.0
        if usual and cost:
            trust = float(many) / (float(many) + _AS_MANY)
            returned[platform, form] = float((value / cost / usual) ** trust) if value else 1.0 - 0.5 * trust
    return returned, {key: float(pair[2]) for key, pair in sums.items()}


class Strategist:
    """Scores strategies for one brief and account."""

    def __init__(self, brief: Brief, account: Account, embedder: Embedder) -> None:
        self._brief = brief
        self._account = account
        self._near = _nearness(brief, embedder)

    def best(self, platform: Platform, forms: Iterable[str], *, new: bool = False) -> MatchedStrategy | None:
        """The strategy that suits best among those for a platform and some ad types, `None` where there is none.

        Args:
            platform: The line's.
            forms: Ad types that it may have.
            new: Whether strategies count that may open a line only.
        """
        wanted = list(forms)
        scored = [
            (self._score(strategy, form, new=new), strategy)
            for strategy in catalogue()
            if strategy.platform == platform and (strategy.opens or not new)
            for form in strategy.forms
            if form in wanted
        ]
        return min(scored, key=lambda one: (-one[0].score, one[1].id))[0] if scored else None

    def form(self, platform: Platform, forms: Sequence[str], run: Mapping[str, float]) -> str:
        """Of some ad types, the usual one first, the one to open: the first unless another clearly scores higher.

        Args:
            platform: The new line's.
            forms: Ad types that it may have.
            run: What share of similar campaigns was of each ad type; those that ran are preferred.
        """
        scores = {
            form: found.score * (1.0 + run.get(form, 0.0)) if (found := self.best(platform, [form], new=True)) else 0.0
            for form in forms
        }
        best = max(forms, key=lambda form: scores[form])
        return best if scores[best] > _CLEARLY_BETTER * scores[forms[0]] else forms[0]

    def _score(self, strategy: Strategy, form: str, *, new: bool) -> MatchedStrategy:
        fit, why = self._fit(strategy, form, new=new)
        likeness, near = self._near(strategy)
        measured = self._measured(strategy, form)
        if near:
            why.append(f"The brief speaks of “{near[0]}”, which is near to “{near[1]}”.")
        if abs(measured - 0.5) > 0.05:
            many = counted(round(self._account.outcomes[strategy.platform, form]), "conversion")
            better = "more" if measured > 0.5 else "less"
            why.append(f"Lines of this kind returned {better} for their money than others here ({many}).")
        return MatchedStrategy(
            id=strategy.id, name=strategy.name, purpose=strategy.purpose, audience=strategy.audience,
            bidding=strategy.bidding, message=strategy.message, source=strategy.source, why=why,
            fit=round(fit, 3), likeness=round(likeness, 3), measured=round(measured, 3),
            score=round(fit * likeness * measured, 4),
        )  # fmt: skip

    def _fit(self, strategy: Strategy, form: str, *, new: bool) -> tuple[float, list[str]]:
        """How well the strategy fits by rule, from 0 to 1, and why."""
        objective, wanted = self._brief.objective, _outcomes(self._brief)
        fit, why = 1.0, list[str]()
        if objective is not None and objective in strategy.objectives:
            why.append(f"It serves the brief's goal, {objective.replace('_', ' ')}.")
            fit *= 1.0 - 0.05 * strategy.objectives.index(objective)
        elif objective is not None:
            fit *= _OTHER_OBJECTIVE
            why.append(f"It is not usually run for {objective.replace('_', ' ')}.")
        if strategy.outcomes:
            asked = [name for name in strategy.outcomes if name in wanted]
            fit *= 1.0 if asked else _UNASKED_OUTCOME
            why += [f"It goes after {asked[0].replace('_', ' ')}, as the brief asks."] if asked else []
        elif wanted & {"qualified_leads", "revenue", "profit"}:
            fit *= _OTHER_OUTCOME
        fit *= 1.0 if form == strategy.forms[0] else _FORMS_LATER
        lacking = self._lacking(strategy)
        if lacking:
            fit *= _LACKING
            why += [f"It needs {lacking}, which the account does not show."] if not new else []
        if strategy.lacks == "conversions":
            fit *= 1.0 if self._account.known and not self._account.monthly.get(strategy.platform) else _OTHER_OUTCOME
        return fit, why

    def _lacking(self, strategy: Strategy) -> str:
        if strategy.needs and strategy.needs not in self._account.has:
            return {
                "values": "the worth of each conversion",
                "crm": "what became of each lead",
                "visitors": "visits to return to",
            }[strategy.needs]
        if strategy.conversions > self._account.monthly.get(strategy.platform, 0.0):
            return f"{strategy.conversions:.0f} conversions a month"
        return ""

    def _measured(self, strategy: Strategy, form: str) -> float:
        """What lines of the kind returned beside the platform's others: 0.5 where as much, up to 1, down to 0."""
        ratio = self._account.returned.get((strategy.platform, form), 1.0) ** _BELIEVED
        return ratio / (1.0 + ratio)


def _outcomes(brief: Brief) -> set[str]:
    """What the brief wants maximised: one outcome, or all of a mix."""
    if brief.outcome is None:
        return set()
    return {brief.outcome} if isinstance(brief.outcome, str) else set(brief.outcome)


def _nearness(brief: Brief, embedder: Embedder) -> Callable[[Strategy], tuple[float, tuple[str, str] | None]]:
    """How near what the brief says is to what a strategy is for, from 0.7 to 1, and the nearest words."""
    asked = [words for words in (brief.product, brief.industry, *brief.audience.interests, *brief.concerns) if words]
    if not asked:
        return lambda _: (_LEAST_LIKENESS, None)
    rows = embedder.embed(asked)
    usual = rows @ embedder.embed(unrelated_trades()).T
    middle = np.median(usual, axis=1, keepdims=True)
    spread = np.maximum(1.4826 * np.median(np.abs(usual - middle), axis=1, keepdims=True), 1e-3)

    def near(strategy: Strategy) -> tuple[float, tuple[str, str] | None]:
        away = (rows @ embedder.embed(strategy.near).T - middle) / spread
        row, column = np.unravel_index(int(away.argmax()), away.shape)
        share = float(np.clip(away[row, column] / (2 * _DEVIATIONS), 0.0, 1.0))
        told = (asked[row], strategy.near[column]) if away[row, column] >= _TOLD_FROM else None
        return _LEAST_LIKENESS + (1.0 - _LEAST_LIKENESS) * share, told

    return near


@cache
def catalogue() -> tuple[Strategy, ...]:
    """Every strategy of the catalogue."""
    text = resources.files("marketmover.campaigns.match").joinpath("strategies.toml").read_text(encoding="utf-8")
    return tuple(Strategy.model_validate(row) for row in tomllib.loads(text)["strategy"])
