"""What a plan changes beside the budgets, and what it tests: sections of the plan's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from marketmover.campaigns.page.answer import likelihood, main_metric
from marketmover.campaigns.page.lines import line_name
from marketmover.campaigns.page.words import NEW_SETTING, TRIED_SETTING, metric_name, range_of_changes, setting_words
from marketmover.charts import Formats, name_of
from marketmover.plans import Plan, PlanLine, SettingChange, Trial

_MEMO_CHANGES = 4
_GROUNDS = {
    "message": "Messages are judged by how each text did beside other ads in the account.",
    "ad_type": "Kinds of ads are judged by how lines with such ads did beside the others.",
    "audience": "Audiences are judged by how the same people did in the line and in others.",
    "bidding": "Bidding is judged by how lines did before and after such changes, and beside each other.",
}


@dataclass(frozen=True)
class Changed:
    """A line's changed setting: the line, what kind of setting it is, what becomes of it, and what that should do."""

    name: Markup
    kind: str
    becomes: str
    gain: str


@dataclass(frozen=True)
class Changes:
    """What changes beside the budgets: in a sentence, line by line, its grounds, what is tried or cannot be."""

    words: str
    most: Sequence[Changed]
    more: Sequence[Changed]
    grounds: str
    tried: str
    unsupported: Sequence[str]


@dataclass(frozen=True)
class Tried:
    """A setting on trial: the line, what kind of setting it is, and the sentences on it."""

    name: Markup
    kind: str
    words: str


@dataclass(frozen=True)
class Tests:
    """What the plan will have learned, by kind.

    Attributes:
        trials: Settings tried on part of a line's money.
        moves: Budget moves of the plan that tell by themselves.
        besides: Tests that the plan does not contain.
        none_tried: Why nothing is tried, empty where something is or where settings are kept.
    """

    trials: Sequence[Tried]
    moves: Sequence[str]
    besides: Sequence[str]
    none_tried: str


def changes(plan: Plan, formats: Formats) -> Changes | None:
    """What changes beside the budgets; `None` where a plan does not speak of it."""
    if plan.settings is None:
        return None
    found = weightiest(plan)
    rows = [_row(line, one, plan.settings.metric, formats) for line, one in found]
    parameters = {one.parameter for _, one in found}
    return Changes(
        plan.settings.words,
        rows[:_MEMO_CHANGES],
        rows[_MEMO_CHANGES:],
        " ".join(words for parameter, words in _GROUNDS.items() if parameter in parameters),
        plan.exploration.words if plan.exploration else "",
        plan.settings.unsupported,
    )


def _row(line: PlanLine, one: SettingChange, metric: str, formats: Formats) -> Changed:
    what = metric_name(metric, formats)
    gain, sure = range_of_changes(one.gain, formats), likelihood(one.probability)
    return Changed(
        name_of(line_name(line)),
        NEW_SETTING[one.parameter],
        f"{becomes(one)[:1].upper()}{becomes(one)[1:]}",
        f"{what}: {gain}, {sure} likely for the better",
    )


def becomes(one: SettingChange | Trial) -> str:
    """What becomes of a setting; what ads say stands in quotation marks."""
    after, before = (setting_words(one.parameter, text) for text in (one.after, one.before))
    return f"{after} rather than {before}"


def weightiest(plan: Plan) -> list[tuple[PlanLine, SettingChange]]:
    """All changed settings with their lines, those first that are expected to add most to the plan's result."""
    metric = main_metric(plan) or ""

    def weight(line: PlanLine, one: SettingChange) -> float:
        result = line.expected[metric].mid if metric in line.expected else line.budget
        return result * one.gain.mid

    found = [(line, one) for line in plan.lines for one in line.changes]
    return sorted(found, key=lambda pair: (-weight(*pair), pair[0].id, pair[1].parameter))


def said_in_memo(plan: Plan) -> frozenset[str]:
    """Sentences on changes that the memo holds, so that nothing is said twice."""
    return frozenset(one.words for _, one in weightiest(plan)[:_MEMO_CHANGES])


def tests(plan: Plan) -> Tests:
    """What is tried, what the plan's own moves tell, and which tests it does not contain."""
    names = {line.id: name_of(line_name(line)) for line in plan.lines}
    tried = plan.exploration.trials if plan.exploration else []
    settling = plan.certainty.tests if plan.certainty else []
    return Tests(
        trials=[
            Tried(names[one.line_id], TRIED_SETTING[one.parameter], one.words) for one in tried if one.line_id in names
        ],
        moves=[one.words for one in settling if one.planned],
        besides=[one.words for one in settling if not one.planned],
        none_tried="" if tried else _none_tried(plan),
    )


def _none_tried(plan: Plan) -> str:
    if plan.settings is None or (plan.limits is not None and plan.limits.settings == "keep"):
        return ""
    return "No other setting is tried: no trial would tell enough in these days to be worth what it costs."
