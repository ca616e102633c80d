"""How sure the plan is, in words; what would change it; and the tests that would settle what the data leave open."""

import math
from collections.abc import Mapping, Sequence
from typing import Literal

from marketmover.budget import Comparison, Doubt, compare
from marketmover.campaigns.compose.advice import Advice
from marketmover.campaigns.compose.words import listed, metric_words, money, one_of, quoted
from marketmover.kit import from_cents, round_to_cent
from marketmover.plans import Certainty, PlanLine, SettlingTest

_CLEAR, _LIKELY = 0.9, 0.75
_HARDLY_MOVED = 0.005
_WORTH_A_TEST = 0.002  # share of the expected outcome that knowing a line is worth
_NEARLY_ALL = 0.9  # share of the budget on lines that are not known from which it is want of data that keeps a split
_WORTH_SAYING = 0.01  # share of the budget that would move
_ENDLESS = 20.0  # times the low end: beyond, more money may bring next to nothing
_MONEY = ("revenue", "profit")
_HARDLY_ANY = 0.05
_IDLE = 0.01  # a line with less of the budget than this is not worth a word here
_Verdict = Literal["clear", "likely", "not_enough_data", "clearly_less", "likely_less"]


def certainty(advice: Advice, lines: Sequence[PlanLine], found: Sequence[Doubt], currency: str) -> Certainty:
    """The plan's sureness: whether it beats today's split, by metric; which lines are unknown; what would settle it.

    Args:
        advice: The split and what it rests on.
        lines: The plan's lines.
        found: Lines whose uncertain returns matter, the weightiest first.
        currency: ISO 4217.
    """
    probability = advice.comparison.probability
    verdict = _verdict(advice)
    tests = _tests(advice, {line.id: line for line in lines}, found, currency)
    unknown = [
        line for line in lines if advice.summaries[line.id].certainty == "hardly known" and _matters(line, lines)
    ]
    return Certainty(
        verdict=verdict,
        words=_words(advice, verdict, probability, unknown, tests),
        by_metric={metric: _word(chance) for metric, chance in probability_by_metric(advice).items()},
        unknown_lines=[line.id for line in unknown],
        tests=tests,
    )


def probability_by_metric(advice: Advice) -> dict[str, float]:
    """The chance that the advised split brings more of each metric than today's split."""
    advised = {line: from_cents(cents) for line, cents in advice.split.items()}
    today = {line: from_cents(cents) for line, cents in advice.today.cents.items()}
    return {
        metric: compare(advice.response, advised, today, metric, before=advice.before).probability
        for metric in advice.response.metrics
    }


def turning_points(lines: Sequence[PlanLine], found: Sequence[Doubt], currency: str) -> list[str]:
    """What would change the split, in words: the returns of lines that are not known well enough."""
    names = {line.id: quoted(line.name) for line in lines}
    total = sum(line.budget for line in lines)
    said: list[str] = []
    for doubt in found:
        turn = max((doubt.worse, doubt.better), key=lambda one: abs(one.change))
        if abs(turn.change) < _WORTH_SAYING * total or doubt.line_id not in names:
            continue
        less = turn.factor < 1
        other = names.get(turn.other[0]) if turn.other else None
        where = f", mostly {'to' if less else 'from'} {other}" if other else ""
        said.append(
            f"If more money on {names[doubt.line_id]} brought {_compared(turn.factor)} expected (about one chance in "
            f"five), {money(abs(turn.change), currency)} {'less' if turn.change < 0 else 'more'} would go to it{where}."
        )
    return said


def _compared(factor: float) -> str:
    if factor >= 1.75:
        return "twice what is" if factor < 2.25 else f"{factor:.1f} times what is"
    if factor < _HARDLY_ANY:
        return "next to nothing of what is"
    return f"{abs(factor - 1):.0%} {'less' if factor < 1 else 'more'} than"


def _verdict(advice: Advice) -> Literal["clear", "likely", "not_enough_data", "no_change"]:
    """Whether the split beats today's; where hardly anything moves, whether that is for want of data."""
    if _moved(advice) < _HARDLY_MOVED:
        unknown = _bolder(advice).relative.mid > _WORTH_SAYING or _not_known(advice) > _NEARLY_ALL
        return "not_enough_data" if unknown else "no_change"
    word = _word(advice.comparison.probability)
    return word if word in ("clear", "likely") else "not_enough_data"


def _not_known(advice: Advice) -> float:
    """Share of the budget on lines whose returns are uncertain or hardly known."""
    unsure = {line for line, one in advice.summaries.items() if one.certainty in {"uncertain", "hardly known"}}
    return sum(cents for line, cents in advice.split.items() if line in unsure) / max(sum(advice.split.values()), 1)


def _bolder(advice: Advice) -> Comparison:
    """What the split that is expected to earn most would do against today's."""
    today = {line: from_cents(cents) for line, cents in advice.today.cents.items()}
    return compare(advice.response, advice.allocation.boldest, today, advice.metric, before=advice.before)


def _moved(advice: Advice) -> float:
    gained = sum(max(cents - advice.today.cents[line], 0) for line, cents in advice.split.items())
    return gained / max(sum(advice.split.values()), 1)


def _word(probability: float) -> _Verdict:
    if probability >= _CLEAR:
        return "clear"
    if probability >= _LIKELY:
        return "likely"
    if probability <= 1 - _CLEAR:
        return "clearly_less"
    return "likely_less" if probability <= 1 - _LIKELY else "not_enough_data"


def _matters(line: PlanLine, lines: Sequence[PlanLine]) -> bool:
    return line.budget >= _IDLE * sum(one.budget for one in lines)


def _words(
    advice: Advice, verdict: str, probability: float, unknown: Sequence[PlanLine], tests: Sequence[SettlingTest]
) -> str:
    main = metric_words(advice.objective)
    first = {
        "clear": f"The data are clear that this split brings more {main} than today's.",
        "likely": f"This split is likely to bring more {main} than today's; the data do not make it certain.",
        "not_enough_data": _not_enough(advice, main, probability),
        "no_change": "Nearly all the money stays where it is: nothing else is expected to do clearly better.",
    }[verdict]
    sentences = [first]
    if unknown:
        names = listed([quoted(line.name) for line in sorted(unknown, key=lambda line: -line.budget)], most=3)
        sentences.append(f"There is not enough data to say what more or less money would do on {names}.")
    if tests and verdict in ("clear", "likely"):
        sentences.append("What is less sure is how much the next money on single lines brings: the tests would tell.")
    elif tests:
        sentences.append("A test would settle it." if len(tests) == 1 else "The tests would settle it.")
    return " ".join(sentences)


def _not_enough(advice: Advice, main: str, probability: float) -> str:
    if _moved(advice) >= _HARDLY_MOVED:
        return (
            f"There is not enough data yet to say that this split brings more {main} than today's: the chance is "
            f"{probability:.0%}."
        )
    bolder = _bolder(advice)
    return (
        "There is not enough data yet to say which split is better, so nearly all the money stays where it is. Another "
        f"might bring {bolder.relative.mid:.0%} more {main}, but that is only {bolder.probability:.0%} likely to beat "
        "today's, and might fall short of it."
    )


def _tests(advice: Advice, lines: Mapping[str, PlanLine], found: Sequence[Doubt], currency: str) -> list[SettlingTest]:
    wanted = [doubt for doubt in found if doubt.worth >= _WORTH_A_TEST and doubt.trial is not None]
    running = [doubt for doubt in wanted if not lines[doubt.line_id].is_new]
    return [_test(doubt, lines[doubt.line_id].name, advice.metric, currency) for doubt in running]


def _test(doubt: Doubt, name: str, metric: str, currency: str) -> SettlingTest:
    trial = doubt.trial
    assert trial is not None  # noqa: S101 - lines without money were left out before
    extra = 0.0 if trial.planned else trial.daily * trial.change * 7 * trial.weeks
    before, after = (money(value, currency) for value in (trial.daily, trial.daily * (1 + trial.change)))
    open_end = "" if trial.settles else " That does not settle it in full: too little is counted there."
    known = _known(trial.now, trial.then, metric, currency)
    if trial.planned:
        verb = "raises" if trial.change > 0 else "lowers"
        words = (
            f"The plan itself is the test of {quoted(name)}: it {verb} it from {before} to {after} a day. Leave it "
            f"there for {trial.weeks} weeks before you judge it. {known}{open_end}"
        )
    else:
        verb, paid = ("Raise", "adds") if trial.change > 0 else ("Lower", "saves")
        words = (
            f"{verb} {quoted(name)} by {abs(trial.change):.0%}, from {before} to {after} a day, for {trial.weeks} "
            f"weeks, and leave the other lines alone. {known} It {paid} {money(abs(extra), currency)} of "
            f"spend.{open_end}"
        )
    return SettlingTest(
        line_id=doubt.line_id,
        daily_budget=round_to_cent(trial.daily, currency),
        change=round(trial.change, 4),
        weeks=trial.weeks,
        planned=trial.planned,
        metric=trial.metric,
        now=(_tidy(trial.now[0]), _tidy(trial.now[2])),
        then=(_tidy(trial.then[0]), _tidy(trial.then[2])),
        extra_spend=round_to_cent(extra, currency),
        words=words,
    )


def _known(now: tuple[float, float, float], then: tuple[float, float, float], metric: str, currency: str) -> str:
    if metric in _MONEY:
        before, after = (_back(span, currency) for span in (now, then))
        each = f"each further {money(1, currency)} there brings back"
        return (
            f"At the advised budget {each} {before}, as far as can be told today; afterwards that narrows to {after}."
        )
    many, what = (1, f"one more {one_of(metric)}") if metric not in ("impressions", "reach") else (
        1000, f"a thousand more {metric_words(metric)}"
    )  # fmt: skip
    before, after = (_span(span, many, currency) for span in (now, then))
    cost = "costs" if many == 1 else "cost"
    return (
        f"At the advised budget {what} there {cost} {before}, as far as can be told today; afterwards that narrows to "
        f"about {after}."
    )


def _span(span: tuple[float, float, float], many: int, currency: str) -> str:
    low, high = span[0] * many, span[2] * many
    if high > _ENDLESS * low:
        return f"{money(low, currency)} or far more"
    return f"{money(low, currency)} to {money(high, currency)}"


def _back(span: tuple[float, float, float], currency: str) -> str:
    return f"{money(1 / span[2], currency)} to {money(1 / span[0], currency)}"


def _tidy(value: float) -> float:
    return float(f"{value:.6g}") if math.isfinite(value) else 1e12
