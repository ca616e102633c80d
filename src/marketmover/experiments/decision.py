"""The decision in words: what won, how sure that is, what it is worth, or how long it still takes."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from marketmover.charts import Formats
from marketmover.experiments.findings import Finding, Interval, Terms
from marketmover.experiments.models.always_valid import boundary, tuned
from marketmover.experiments.models.mismatch import Mismatch
from marketmover.experiments.models.planned import planned_bounds
from marketmover.experiments.results import Results
from marketmover.kit import counted

Verdict = Literal["better", "worse", "no_difference", "not_enough_data", "not_told_apart", "sample_mismatch"]
_DAYS_A_MONTH = 365.25 / 12
_LONGEST_WAIT = 730


@dataclass(frozen=True)
class Decision:
    """What to do with an arm.

    Attributes:
        verdict: In a word.
        words: In sentences, the result first and what to do last.
        worth_a_month: What the effect is worth a month if the arm gets all traffic, in money; `None` where not known.
        days_left: How long until it is likely to be told apart, as far as can be foreseen; `None` where not known.
    """

    verdict: Verdict
    words: str
    worth_a_month: Interval | None
    days_left: int | None


@dataclass(frozen=True)
class Money:
    """What results are worth: the currency, and what one of what is counted is worth (1 where money is counted)."""

    currency: str | None = None
    value: float | None = None


def decide(finding: Finding, terms: Terms, money: Money, mismatch: Mismatch | None, results: Results) -> Decision:
    """The decision on one arm."""
    worth = _worth(finding, money)
    if mismatch is not None and mismatch.p_value < terms.sample_level:
        return Decision("sample_mismatch", mismatch_words(mismatch, results), None, None)
    if finding.enough and finding.was_clear and _still_clear(finding):
        return _clear(finding, worth, money)
    margin = abs(terms.matters or 0.0)
    if (
        finding.enough
        and finding.scale == "ratio"
        and -margin < finding.deciding.low
        and finding.deciding.high < margin
    ):
        return Decision("no_difference", _no_difference(finding, margin), worth, 0)
    left = _days_left(finding, terms)
    if terms.planned_days is not None and finding.days >= terms.planned_days and finding.enough:
        return Decision("not_told_apart", _not_told_apart(finding), worth, 0)
    return Decision("not_enough_data", _not_yet(finding, terms, left), worth, left)


def mismatch_words(mismatch: Mismatch, results: Results) -> str:
    """What is wrong with the shares of people, and what to look for."""
    gaps = [seen / planned - 1.0 for seen, planned in zip(mismatch.observed, mismatch.expected, strict=True)]
    worst = int(np.argmin(gaps))
    shares = ", ".join(
        f"{arm} {seen:.2%} (planned {planned:.2%})"
        for arm, seen, planned in zip(results.arms, mismatch.observed, mismatch.expected, strict=True)
    )
    since = (
        f"It began on {results.dates[mismatch.since]}: look for what was changed that day."
        if mismatch.since and results.dates
        else "It has been so from the start: look at how people are assigned."
    )
    return (
        f"Do not read this test: the arms did not get their shares of people. {shares}; chance does that less than "
        f"once in {_one_in(mismatch.p_value)} tests. {since} Arm {results.arms[worst]} has {-gaps[worst]:.1%} too "
        "few: does its page load slower, redirect, crash, or lose its tag on some browsers? Are bots or own staff "
        "filtered in one arm only? Was the split changed while the test ran, or did people see both arms? Mend it and "
        "start the test anew: what was counted so far cannot be repaired."
    )


def likelihood(probability: float) -> str:
    """A probability as people say it; never 0% or 100%."""
    if probability > 0.99:
        return "more than 99% likely"
    return f"{probability:.0%} likely" if probability >= 0.01 else "less than 1% likely"


def effect_words(finding: Finding, interval: Interval, formats: Formats) -> str:
    """An interval of the effect with what it is an effect on: `+4% to +11% orders`."""
    what = finding.metric.words
    if finding.scale == "ratio":
        low, high = (_change(end, formats) for end in (interval.low, interval.high))
        return f"{low} to {high} {what}" if low != high else f"{low} {what}"
    write = formats.money if finding.metric.in_money else lambda value: f"{value:.3g}"
    signed = [f"{'+' if value >= 0 else ''}{write(value)}" for value in (interval.low, interval.high)]
    return f"{signed[0]} to {signed[1]} {what}"


def _change(value: float, formats: Formats) -> str:
    """A relative change in whole per cent, below one with a decimal, so that little is told from nothing."""
    if abs(value) >= 0.01:
        return formats.change(value)
    return f"{value:+.1%}".replace("-", "\N{MINUS SIGN}")


def _clear(finding: Finding, worth: Interval | None, money: Money) -> Decision:
    formats = Formats(money.currency or "USD")
    good = (finding.deciding.mid > 0) != finding.metric.lower_is_better
    effect = effect_words(finding, finding.deciding, formats)
    about = f", about {_money_a_month(abs(worth.mid), money)} a month" if worth is not None else ""
    if good:
        words = f"{_first(finding.arm)} wins, {likelihood(finding.probability)}, {effect}{about}. Ship."
        return Decision("better", words, worth, 0)
    saved = f"{about} lost if it were shipped" if about else ""
    worse = likelihood(1.0 - finding.probability)
    words = f"{_first(finding.arm)} loses, {worse}, {effect}{saved}. Keep {finding.control}."
    return Decision("worse", words, worth, 0)


def _first(name: str) -> str:
    """A name at the start of a sentence."""
    return name[:1].upper() + name[1:]


def _still_clear(finding: Finding) -> bool:
    """A test that was clear once and is not any more has changed: such a verdict would be yesterday's."""
    return not finding.once.low <= 0 <= finding.once.high


def _no_difference(finding: Finding, margin: float) -> str:
    return (
        f"No difference that matters: {finding.metric.words} of {finding.arm} and {finding.control} differ by less "
        f"than {margin:.0%}. Keep {finding.control}, or whichever costs less to run."
    )


def _not_told_apart(finding: Finding) -> str:
    return (
        f"The planned time is over, and {finding.arm} and {finding.control} cannot be told apart: "
        f"{effect_words(finding, finding.deciding, Formats())}, {likelihood(finding.probability)} to be better. "
        f"{_whichever(finding)} To be sure, plan a longer test."
    )


def _whichever(finding: Finding) -> str:
    better = finding.arm if finding.probability >= 0.5 else finding.control
    return f"Take {better}, which is likelier to be better, unless it costs more to run."


def _not_yet(finding: Finding, terms: Terms, left: int | None) -> str:
    if not finding.enough:
        wait = max(finding.first_day - finding.days, 0)
        why = (
            f"no verdict before {counted(finding.first_day, 'day')}, {counted(wait, 'day')} to go"
            if wait
            else "too little was counted"
        )
        return f"Not enough data yet: {why}."
    seen = (
        f"So far {effect_words(finding, finding.deciding, Formats())}, {likelihood(finding.probability)} to be better."
    )
    if not math.isfinite(finding.per_day):
        return (
            f"Not enough data yet to be sure at any look. {seen} If the test was to end now and nobody looked before, "
            f"the interval for a single look counts: {effect_words(finding, finding.once, Formats())}."
        )
    if left is not None:
        return f"Not enough data yet, about {counted(left, 'day')} left. {seen}"
    if terms.planned_days is not None:
        rest = counted(terms.planned_days - finding.days, "day")
        return (
            f"Not enough data yet, {rest} of the test left; what was seen so far will hardly be clear by then. {seen}"
        )
    return f"Not enough data yet, and at this pace the arms will not be told apart within two years. {seen}"


def _days_left(finding: Finding, terms: Terms) -> int | None:
    """Days until an effect as large as the one seen would be clear; `None` where that is not in sight."""
    if not finding.enough or finding.days < 2:
        return None
    effect = abs(np.log1p(finding.deciding.mid) if finding.scale == "ratio" else finding.deciding.mid)
    last = terms.planned_days or finding.days + _LONGEST_WAIT
    days = np.arange(finding.days + 1, last + 1, dtype=np.float64)
    if not days.size:
        return None
    dof = finding.dof * days / finding.days
    bounds = (
        planned_bounds(days, terms.planned_days, terms.alpha, dof, finding.first_day)
        if terms.planned_days
        else boundary(tuned(terms.alpha) * days / max(finding.days, 28), terms.alpha, dof)
    )
    clear = np.flatnonzero(effect > finding.standard_error * np.sqrt(finding.days / days) * bounds)
    return int(clear[0]) + 1 if clear.size else None


def _worth(finding: Finding, money: Money) -> Interval | None:
    """What the effect brings a month, in money, if the arm got all traffic; cost saved counts as brought."""
    value = 1.0 if finding.metric.in_money else money.value
    if value is None or not math.isfinite(finding.per_day):
        return None
    size = finding.control_value if finding.scale == "ratio" else 1.0
    sign = -1.0 if finding.metric.lower_is_better else 1.0
    times = sign * value * size * finding.per_day * _DAYS_A_MONTH
    low, mid, high = (times * end for end in (finding.deciding.low, finding.deciding.mid, finding.deciding.high))
    return Interval(min(low, high), mid, max(low, high))


def _money_a_month(amount: float, money: Money) -> str:
    rounded = float(f"{amount:.2g}")
    return f"{money.currency} {rounded:,.0f}" if money.currency else f"{rounded:,.0f}"


def _one_in(p_value: float) -> str:
    return f"{min(1.0 / max(p_value, 1e-9), 1e9):,.0f}" if p_value > 1e-6 else "a million"
