"""The change between two plans in two or three sentences."""

from marketmover.campaigns.changes.report import LineChange, PlanDiff, Step
from marketmover.campaigns.compose.words import listed, quoted
from marketmover.campaigns.page.answer import likelihood
from marketmover.campaigns.page.words import is_money, metric_phrase, metric_value, shortened
from marketmover.charts import Formats
from marketmover.plans import Range

_HARDLY = 0.005
_MAIN_PART = 0.5
_STEPS = {
    "forecast": "the same money on the same lines",
    "money": "the budget and the length",
    "split": "where the money lies",
    "rest": "middles of ranges that do not add up",
}


def summary(diff: PlanDiff, formats: Formats) -> list[str]:
    """What changed, what that is expected to bring, and why: two or three sentences for a marketing manager."""
    if diff.same:
        return ["Both plans are the same: the same lines with the same budgets, made from the same brief and data."]
    return [sentence for sentence in (_money(diff, formats), _result(diff, formats), _why(diff)) if sentence]


def step_words(step: Step, diff: PlanDiff, formats: Formats) -> tuple[str, str]:
    """A part of the change of the result: what it comes from, and how much, with its sign."""
    return _STEPS[step.kind].capitalize(), signed(step.amount, diff.metric or "", formats)


def signed(amount: float, metric: str, formats: Formats) -> str:
    """An amount of a metric with its sign."""
    sign = "+" if amount > 0 else "\N{MINUS SIGN}" if amount < 0 else "\N{PLUS-MINUS SIGN}"
    return f"{sign}{metric_value(metric, abs(amount), formats)}"


def _money(diff: PlanDiff, formats: Formats) -> str:
    before, after = (formats.money(side.total_budget) for side in (diff.old, diff.new))
    spends = f"spends {after} instead of {before}" if before != after else f"spends {after} as before"
    if diff.moved < _HARDLY:
        return f"The new plan {spends} and leaves the split as it was."
    most, least = (_outermost(diff, sign) for sign in (1, -1))
    ends = [f"most of it {way} {_named(line)} ({signed(line.by_split, 'cost', formats)})"
            for way, line in (("to", most), ("from", least)) if line]  # fmt: skip
    where = f", {' and '.join(ends).replace(' and most of it from', ' and from')}" if ends else ""
    return f"The new plan {spends} and moves {formats.share(diff.moved)} of it between lines{where}."


def _outermost(diff: PlanDiff, sign: int) -> LineChange | None:
    found = max(diff.lines, key=lambda line: sign * line.by_split, default=None)
    return found if found and sign * found.by_split > 0 else None


def _named(line: LineChange) -> str:
    return quoted(shortened(line.name, 60))


def _result(diff: PlanDiff, formats: Formats) -> str:
    if diff.metric is None:
        return "The plans are judged by different results, so what they bring cannot be set side by side."
    found = next((one for one in diff.results if one.metric == diff.metric), None)
    if found is None or found.old is None or found.new is None:
        return ""
    new, old = (f"({between(diff.metric, span, formats)})" for span in (found.new, found.old))
    middles = [metric_value(diff.metric, span.mid, formats) for span in (found.new, found.old)]
    bring = f"It is expected to bring {metric_phrase(diff.metric, found.new.mid, formats)} {new}"
    if middles[0] == middles[1]:
        bring += f", as {'much' if is_money(diff.metric) else 'many'} as before"
    else:
        bring += f" rather than {middles[1]} {old}{_mainly(diff, found.new, found.old)}"
    return f"{bring}.{_chance(diff)}"


def between(metric: str, span: Range, formats: Formats) -> str:
    """A metric's range: `540 to 690`."""
    return formats.between(span.low, span.high, lambda end: metric_value(metric, end, formats))


def _mainly(diff: PlanDiff, new: Range, old: Range) -> str:
    """What most of the change comes from, where one part outweighs the others."""
    change = new.mid - old.mid
    leading = max(diff.steps, key=lambda step: step.amount * change, default=None)
    if leading is None or leading.kind == "rest" or leading.amount * change <= 0:
        return ""
    if abs(leading.amount) < _MAIN_PART * sum(abs(step.amount) for step in diff.steps):
        return ""
    return {
        "forecast": ", mainly because the same money is expected to bring " + ("more" if change > 0 else "less"),
        "money": f", mainly because {'more' if change > 0 else 'less'} is spent",
        "split": ", mainly because the money lies elsewhere",
    }[leading.kind]


def _chance(diff: PlanDiff) -> str:
    before, after = diff.old.probability_better_than_baseline, diff.new.probability_better_than_baseline
    if after is None:
        return ""
    now = f" It is {likelihood(after)} likely to do better than today's split"
    if before is None or likelihood(before) == likelihood(after):
        return f"{now}."
    return f"{now}; of the old plan that was {likelihood(before)}."


def _why(diff: PlanDiff) -> str:
    shorts = list(dict.fromkeys(cause.short for cause in diff.causes if cause.short != "other words in the brief"))
    if shorts:
        return f"What is behind it: {listed(shorts)}."
    if diff.notes:
        return "Brief, budget, dates and data are the same."
    return "Brief, budget, dates, limits and data are the same: the program itself changed."
