"""How large and how long a test must be, the smallest effect that it sees, and what each share of the traffic costs.

Three ways side by side: a *fixed* test is read once, on its last day; a *sequential* one is read every day up to a
planned end and stopped as soon as it is clear (`models.planned`); one that is *always* valid may be read and stopped at
any time, without an end (`models.always_valid`). Power is that of the analysis that will be made (`pair`): exact for
what it assumes, by Student's t where days are few and by integration over all looks.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from marketmover.errors import UsageError
from marketmover.experiments.baseline import Baseline
from marketmover.experiments.models.always_valid import boundary, tuned
from marketmover.experiments.models.crossing import crossing
from marketmover.experiments.models.planned import FIRST_DAY, FIRST_DAY_BY_DAYS, scheduled_bounds

Floats = NDArray[np.float64]
Way = Literal["planned", "always"]

LONGEST_DAYS = 3650
_DAILY_UP_TO = 67
# What a score loses, over the days, to learning from the days themselves how much and how alike they vary; fitted once
# on white noise through `models.days`, for 14 to 90 days.
_LOST_ONCE, _LOST_DAILY = 1.9, 3.2
_SHARES = (0.1, 0.2, 0.3, 0.4, 0.5)


@dataclass(frozen=True)
class Rules:
    """What a test promises.

    Attributes:
        alpha: Chance of seeing a difference where there is none, both ways together.
        power: Chance of seeing the effect that it is sized for.
        share: Share of the traffic (or budget) that the new arm gets.
    """

    alpha: float = 0.05
    power: float = 0.8
    share: float = 0.5

    def __post_init__(self) -> None:
        for name, value, most in (("alpha", self.alpha, 0.5), ("power", self.power, 1.0), ("share", self.share, 1.0)):
            if not 0 < value < most:
                raise UsageError(f"{name} is {value:g}.", f"It lies between 0 and {most:g}.")
        if self.power <= self.alpha:
            raise UsageError(f"A power of {self.power:g} is no more than alpha.", "Usual is 0.8.")


@dataclass(frozen=True)
class Size:
    """A test of one way.

    Attributes:
        days: Whole days that it takes, `inf` where ten years do not suffice.
        control, arm: Pieces (people, outcomes) in each.
        expected_days: How long it runs on average if the effect is there; equal to `days` for a fixed test.
    """

    days: float
    control: float
    arm: float
    expected_days: float


@dataclass(frozen=True)
class Design:
    """A test's size both ways, for one effect.

    Attributes:
        baseline: What it starts from.
        rules: What it promises.
        effect: Relative effect that it is sized for, 0.1 for 10% more.
        fixed: Its size if it is read once.
        sequential: Its size if it is read daily up to a planned end.
        always: Its size if it may be read and stopped at any time.
        naive_alarms: Chance of a false alarm if the fixed test were read every day as if each day were its last.
    """

    baseline: Baseline
    rules: Rules
    effect: float
    fixed: Size
    sequential: Size
    always: Size
    naive_alarms: float


def size(baseline: Baseline, effect: float, rules: Rules | None = None) -> Design:
    """How many days and pieces it takes to see a relative `effect`.

    Raises:
        UsageError: The effect is none, or cannot be.
    """
    rules = rules or Rules()
    _check_effect(baseline, effect)
    fixed = _read_once(baseline, effect, rules)

    def read_daily(way: Way) -> Size:
        guess = int(min(fixed, LONGEST_DAYS))
        days = _shortest(lambda days: daily_power(baseline, effect, days, rules, way), rules.power, guess)
        return _size(baseline, rules, days, _expected_days(baseline, effect, days, rules, way))

    return Design(
        baseline,
        rules,
        effect,
        fixed=_size(baseline, rules, fixed, fixed),
        sequential=read_daily("planned"),
        always=read_daily("always"),
        naive_alarms=naive_alarms(fixed, rules.alpha, _first(baseline)),
    )


def days_needed(baseline: Baseline, effect: float, rules: Rules) -> float:
    """Days at most until a test that is read daily up to a planned end sees the effect; `inf` beyond ten years.

    Raises:
        UsageError: The effect is none, or cannot be.
    """
    _check_effect(baseline, effect)
    guess = int(min(_read_once(baseline, effect, rules), LONGEST_DAYS))
    return _shortest(lambda days: daily_power(baseline, effect, days, rules, "planned"), rules.power, guess)


def smallest_effect(baseline: Baseline, days: float, rules: Rules | None = None, *, sequential: bool = True) -> float:
    """The smallest relative rise that a test of `days` sees with the promised power; `inf` where it sees none.

    Raises:
        UsageError: There are fewer than two days.
    """
    rules = rules or Rules()
    if days < 2:
        raise UsageError(f"A test of {days:g} days shows nothing.", "Give it two days at least, better two weeks.")
    days = round(days)

    def reach(effect: float) -> float:
        if sequential:
            return daily_power(baseline, effect, days, rules, "planned")
        return fixed_power(baseline, effect, days, rules)

    low, high = 0.0, math.log1p(min(baseline.most_effect() * (1 - 1e-9), 1e3))
    if reach(math.expm1(high)) < rules.power:
        return math.inf
    for _ in range(30):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if reach(math.expm1(middle)) >= rules.power else (middle, high)
        if high - low < 1e-4 * high:
            break
    return math.expm1(high)


def shares(baseline: Baseline, effect: float, rules: Rules | None = None) -> list[tuple[float, float, float]]:
    """What the new arm's share costs in time: share, days read once, days read daily."""
    rules = rules or Rules()
    found: list[tuple[float, float, float]] = []
    for share in _SHARES:
        split = replace(rules, share=share)
        found.append((share, _read_once(baseline, effect, split), days_needed(baseline, effect, split)))
    return found


def fixed_power(baseline: Baseline, effect: float, days: float, rules: Rules) -> float:
    """Chance that a test that is read once, after `days`, shows an effect in its own direction."""
    from scipy.special import nctdtr

    score = abs(math.log1p(effect)) / math.sqrt(baseline.variance(days, rules.share, effect))
    if baseline.by_days:
        score *= max(1.0 - _LOST_ONCE / days, 0.1)
    dof = _dof(baseline, days)
    if dof > 2000:
        return float(ndtr(score + ndtri(rules.alpha / 2)))
    if dof <= 0:
        return 0.0
    needed = float(stdtrit(dof, 1 - rules.alpha / 2))
    return float(1.0 - nctdtr(dof, min(score, 35.0), needed))


def daily_power(baseline: Baseline, effect: float, days: float, rules: Rules, way: Way) -> float:
    """Chance that a test that is read daily has shown an effect in its own direction by `days`."""
    above, _ = _crossed(baseline, effect, days, rules, way)
    return float(above[-1])


def naive_alarms(days: float, alpha: float, first: int = FIRST_DAY) -> float:
    """Chance that a fixed test without any effect is once below `alpha` if it is read daily from the `first` day on."""
    if not math.isfinite(days):
        return math.nan
    times = looks(days, first)
    bounds = np.full(len(times), -float(ndtri(alpha / 2)))
    above, below = crossing(times / times[-1], bounds, 0.0)
    return float(above[-1] + below[-1])


def looks(days: float, first: int = FIRST_DAY) -> Floats:
    """Days on which a test is read: daily from the `first`; so long a test that it matters little, less often."""
    if days <= _DAILY_UP_TO:
        start = min(float(first), days)
        return np.linspace(start, days, round(days - start) + 1)
    return np.linspace(first / _DAILY_UP_TO, 1.0, _DAILY_UP_TO - first + 1) * days


def _crossed(baseline: Baseline, effect: float, days: float, rules: Rules, way: Way) -> tuple[Floats, Floats]:
    times = looks(days, _first(baseline))
    score = abs(math.log1p(effect)) / math.sqrt(baseline.variance(days, rules.share, effect))
    if way == "planned":
        bounds = scheduled_bounds(times / days, rules.alpha)
        lost = _LOST_DAILY
    else:
        dof = np.array([_dof(baseline, time) for time in times])
        bounds = boundary(tuned(rules.alpha) * times / days, rules.alpha, np.maximum(dof, 1e-9))
        bounds = _as_normal(bounds, dof) if baseline.by_days else bounds
        lost = _LOST_ONCE
    if baseline.by_days:
        score *= max(1.0 - lost / days, 0.1)
    return crossing(times / days, bounds, min(score, 60.0))


def _first(baseline: Baseline) -> int:
    return FIRST_DAY_BY_DAYS if baseline.by_days else FIRST_DAY


def _as_normal(bounds: Floats, dof: Floats) -> Floats:
    """Bounds on Student's t as bounds on a normal score that are crossed as rarely."""
    tails = stdtr(np.maximum(dof, 1e-9), -bounds)
    return np.where(tails > 0, -ndtri(np.maximum(tails, 1e-300)), np.inf)


def _dof(baseline: Baseline, days: float) -> float:
    return days - 1.0 if baseline.by_days else max(days * baseline.per_day - 2.0, 0.0)


def _read_once(baseline: Baseline, effect: float, rules: Rules) -> float:
    return _shortest(lambda days: fixed_power(baseline, effect, days, rules), rules.power, _first(baseline))


def _expected_days(baseline: Baseline, effect: float, days: float, rules: Rules, way: Way) -> float:
    if not math.isfinite(days):
        return math.inf
    above, below = _crossed(baseline, effect, days, rules, way)
    times = looks(days, _first(baseline))
    still = 1.0 - above - below
    return float(times[0] + (still[:-1] * np.diff(times)).sum())


def _size(baseline: Baseline, rules: Rules, days: float, expected: float) -> Size:
    total = days * baseline.per_day
    return Size(days, total * (1.0 - rules.share), total * rules.share, expected)


def _shortest(reach: Callable[[float], float], power: float, guess: int) -> float:
    """Fewest whole days, a week at least, that reach the power, searched for from a guess; `inf` beyond ten years."""
    low, high = FIRST_DAY - 1, max(guess, FIRST_DAY)
    while reach(float(high)) < power:
        low, high = high, math.ceil(high * 1.4)
        if low >= LONGEST_DAYS:
            return math.inf
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reach(float(middle)) >= power else (middle, high)
    return float(high)


def _check_effect(baseline: Baseline, effect: float) -> None:
    if effect == 0 or effect <= -1:
        raise UsageError(f"An effect of {effect:g} cannot be sized for.", "Write 0.1 for 10% more, -0.1 for 10% less.")
    if effect >= baseline.most_effect():
        raise UsageError(
            f"{effect:+.0%} on {baseline.value:.1%} would be more than all.", "Give a smaller relative effect."
        )
