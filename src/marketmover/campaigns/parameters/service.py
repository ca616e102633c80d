"""What a history teaches of campaign parameters, what to change because of it, and what to try out."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from marketmover.budget import LineChange, Response
from marketmover.campaigns.parameters.candidates import Candidate, candidates_of
from marketmover.campaigns.parameters.choosing import Chooser, Weighed
from marketmover.campaigns.parameters.details import Details
from marketmover.campaigns.parameters.evidence import Sources, quality_cells, rate_cells
from marketmover.campaigns.parameters.exploring import OpenTrial, Stakes, trials_of
from marketmover.campaigns.parameters.learned import Taught, teach
from marketmover.campaigns.parameters.periods import Period, periods_of
from marketmover.campaigns.parameters.settings import Values, message_of, values_of, with_interactions
from marketmover.campaigns.parameters.spells import spells_of
from marketmover.campaigns.parameters.texts import grouped_texts
from marketmover.campaigns.parameters.tide import elasticities, tide_of
from marketmover.history import Line, Panel, SettingChange, parts_by
from marketmover.plans import Brief

_COUNTED = ("leads", "conversions", "sales")
_HALF = 0.5
_MOST_LINES = 50  # that teach, those with most outcomes: more would take minutes and tell little more
_LEAST_SHARE = 0.02  # of the plan's outcome: a line that brings less is not worth changing


@dataclass(frozen=True)
class Lessons:
    """What was learned, ready to be asked.

    Attributes:
        metric: What rates are counted in.
        taught: The effects on each rate.
        now: What each line has of each parameter today.
        elasticity: Of each line at its recent spend.
        groups: Ad id to what it says.
    """

    metric: str
    taught: tuple[Taught, ...]
    now: Mapping[str, Values]
    elasticity: Mapping[str, float]
    groups: Mapping[str, str]


def learn_parameters(panel: Panel, details: Details, response: Response, objective: str) -> Lessons:
    """Learn what parameters do in this account.

    Args:
        panel: The history.
        details: Ads, breakdowns and changes of the same lines.
        response: Fitted to the panel.
        objective: The metric that the plan maximises; for qualified leads quality is learned too.
    """
    metric = next(name for name in (_metric_of(objective), *_COUNTED) if name in response.metrics or name == "none")
    groups = grouped_texts(details.ads)
    now = {line.id: _now(line, details, groups) for line in panel.lines}
    if metric == "none" or not panel.lines:
        return Lessons(metric, (), now, {}, groups)
    changes: dict[str, list[SettingChange]] = defaultdict(list)
    for change in details.changes:
        changes[change.line_id].append(change)
    counted = getattr(panel, metric).sum(axis=1)
    telling = [panel.lines[row].id for row in sorted(np.argsort(-counted, kind="stable")[:_MOST_LINES])]
    sources = Sources(
        panel,
        details.ads,
        details.parts,
        _periods(panel, details, now, changes, groups, telling),
        {line: now[line] for line in telling},
        groups,
    )
    tide = tide_of(panel, response, metric, getattr(panel, metric))
    taught = [teach("rate", rate_cells(sources, tide, metric, getattr(panel, metric)))]
    if objective == "qualified_leads":
        taught.append(teach("quality", quality_cells(sources)))
    elastic = elasticities(panel, response, objective if objective in response.metrics else metric)
    return Lessons(
        metric,
        tuple(one for one in taught if one is not None),
        now,
        dict(zip(panel.line_ids, (float(value) for value in elastic), strict=True)),
        groups,
    )


def _periods(
    panel: Panel,
    details: Details,
    now: Mapping[str, Values],
    changes: Mapping[str, Sequence[SettingChange]],
    groups: Mapping[str, str],
    telling: Collection[str],
) -> dict[str, list[Period]]:
    found: dict[str, list[Period]] = {}
    for row, line in enumerate(panel.lines):
        if line.id not in telling:
            continue
        ads = [ad for ad in details.ads if ad.line_id == line.id]
        parts = [part for part in details.parts if part.line_id == line.id and part.by == ("ad",)]
        spells = spells_of(panel, ads, parts, groups)
        found[line.id] = periods_of(panel, row, now[line.id], changes.get(line.id, ()), spells)
    return found


def _metric_of(objective: str) -> str:
    known = {"qualified_leads": "leads", "revenue": "sales", "profit": "sales"}
    found = known.get(objective, objective)
    return found if found in _COUNTED else "none"


def _now(line: Line, details: Details, groups: Mapping[str, str]) -> Values:
    """What a line has today; people weighted by what was spent on them where that is known."""
    values = values_of(line, [ad for ad in details.ads if ad.line_id == line.id], groups)
    for name in ("age", "gender"):
        spent = {
            part.values[0]: part.total("cost")
            for part in parts_by((one for one in details.parts if one.line_id == line.id), name)
            if part.values[0] in values[name]
        }
        total = sum(spent.values())
        if total > 0 and len(spent) > 1:
            values[name] = {value: cost / total for value, cost in spent.items()}
    return with_interactions(values)


@dataclass(frozen=True)
class Proposals:
    """What to change and what to try.

    Attributes:
        changes: Changes that are likely better, by line, the best first.
        trials: What is worth trying out.
        weighed: All candidates with what they would do, chosen or not.
        best_ads: Past ads that say what did best in the account, for lines that are new; empty where nothing tells.
    """

    changes: Mapping[str, Sequence[Weighed]]
    trials: Sequence[OpenTrial]
    weighed: Sequence[Weighed]
    best_ads: frozenset[str] = frozenset()

    def kept(self) -> "Proposals":
        """The same without the changes: what is open stays on trial."""
        return replace(self, changes={})

    def as_line_changes(self, response: Response) -> dict[str, LineChange]:
        """What the changes do to the response, by line."""
        stages = {"rate": ("leads", "conversions", "sales", "installs"), "quality": ("qualified_leads",)}
        found: dict[str, LineChange] = {}
        for line, chosen in self.changes.items():
            by_stage = {
                name: np.sum([one.by_rate[rate] for one in chosen], axis=0)
                for rate, names in stages.items()
                for name in names
                if name in response.stages and rate in chosen[0].by_rate
            }
            found[line] = LineChange(by_stage, float(np.prod([one.candidate.room for one in chosen])))
        return found


@dataclass(frozen=True)
class Asked:
    """What proposals are made for.

    Attributes:
        lines: The plan's running lines.
        brief: Bounds audiences.
        response: Fitted to the history.
        metric: What the plan maximises, one of the response's.
        budgets: Budget of each line over the plan's days.
        exploration: Share of the budget that may run with settings on trial.
    """

    lines: Sequence[Line]
    brief: Brief
    response: Response
    metric: str
    budgets: Mapping[str, float]
    exploration: float


def propose(lessons: Lessons, details: Details, asked: Asked) -> Proposals:
    """What to change on the plan's lines, and what to try, given where the money is to go."""
    response = asked.response
    chooser = Chooser(lessons.taught, lessons.elasticity, response.days, response.seed, response.draws)
    changes: dict[str, list[Weighed]] = {}
    weighed: list[Weighed] = []
    running = [line for line in asked.lines if asked.budgets.get(line.id, 0.0) > 0] if lessons.taught else []
    stakes = {line.id: _stakes(line.id, lessons.metric, asked) for line in running}
    least = _LEAST_SHARE * sum(one.outcome for one in stakes.values())
    for line in running:
        find = _finder(line, lessons, details, asked)
        now = lessons.now[line.id]
        chosen = chooser.choose(now, find) if stakes[line.id].outcome >= least else []
        if chosen:
            changes[line.id] = chosen
        weighed += chooser.weigh(now, find(now))
    open_changes = [one for one in weighed if one.candidate.line_id not in changes]
    trials = trials_of(open_changes, stakes, response.days, asked.exploration) if stakes else []
    return Proposals(changes, trials, weighed, best_ads_of(lessons, details))


def best_ads_of(lessons: Lessons, details: Details) -> frozenset[str]:
    """The ads of the text whose effect, less half of its doubt, is greatest among those that were tried."""
    rate = next((one for one in lessons.taught if one.rate == "rate"), None)
    if rate is None:
        return frozenset()
    worth: dict[str, float] = {}
    for ad in details.ads:
        text = lessons.groups.get(ad.id)
        if text is not None and ("text", text) in rate.columns.place:
            contrast = rate.columns.vector(message_of([ad], lessons.groups))
            doubt = float(np.linalg.norm(contrast @ rate.effects.root))
            value = float(contrast @ rate.effects.mean) - _HALF * doubt
            worth[text] = max(worth.get(text, -np.inf), value)
    best = max(sorted(worth), key=lambda text: worth[text], default=None)
    return frozenset(ad.id for ad in details.ads if best is not None and lessons.groups.get(ad.id) == best)


def _finder(line: Line, lessons: Lessons, details: Details, asked: Asked) -> Callable[[Values], list[Candidate]]:
    peers = [other for other in asked.lines if other.platform == line.platform]
    return lambda now: candidates_of(line, now, details.ads, lessons.groups, peers, asked.brief)


def _stakes(line: str, metric: str, asked: Asked) -> Stakes:
    budget = asked.budgets[line]
    outcome, counted = (
        float(asked.response.draws_of_line(line, name, np.array([budget])).mean()) for name in (asked.metric, metric)
    )
    return Stakes(budget, outcome, counted)
