"""What is worth trying out: changes whose effect is open, by what knowing it would earn (value of information)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.parameters.choosing import Weighed

Floats = NDArray[np.float64]

_ARM = 0.3  # share of a line's budget that the new setting gets while it is tried
_AHEAD_DAYS = 90.0  # over which what was learned pays
_LEAST_VALUE = 0.001  # of the plan's outcome
_TELLS = 0.7  # a trial is worth its name where the spread of the effect falls at least to this share
_SETTLES = 0.15  # and where it will likely say which setting is better
_MORE_THAN_CHANCE = 1.5  # variance of counts over their mean
_MOST_TRIALS = 5


@dataclass(frozen=True)
class OpenTrial:
    """A change tried on part of a line's budget.

    Attributes:
        weighed: The change and what is known of it now.
        arm: Share of the line's budget that the new setting gets.
        error: Standard error of the log gain in the rate that the trial will measure.
        value: What knowing it is expected to earn over the days ahead, less what the trial costs, in outcomes.
        settles: Chance that the trial will say with nine in ten which setting has the better rate.
    """

    weighed: Weighed
    arm: float
    error: float
    value: float
    settles: float


@dataclass(frozen=True)
class Stakes:
    """What a line stands for over the plan's days: its budget, its outcome, and how many outcomes tell of its rate."""

    budget: float
    outcome: float
    counted: float


def trials_of(open_changes: Sequence[Weighed], stakes: Mapping[str, Stakes], days: int, most: float) -> list[OpenTrial]:
    """The trials worth most, of one line at most one, within a share of the budget; only those that will tell.

    Args:
        open_changes: Changes that are not proposed.
        stakes: Of each line.
        days: Days of the plan.
        most: Share of all budgets that may run with new settings.
    """
    total = sum(one.outcome for one in stakes.values())
    left = most * sum(one.budget for one in stakes.values())
    weighed = [(one, _trial(one, stakes[one.candidate.line_id], days)) for one in open_changes]
    telling = [trial for one, trial in weighed if _tells(one, trial.error) and trial.settles >= _SETTLES]
    worth = [trial for trial in telling if trial.value >= _LEAST_VALUE * total]
    found: list[OpenTrial] = []
    tried: set[str] = set()
    for trial in sorted(worth, key=lambda one: (-one.value, one.weighed.candidate.line_id)):
        line = trial.weighed.candidate.line_id
        cost = trial.arm * stakes[line].budget
        if line not in tried and cost <= left and len(found) < _MOST_TRIALS:
            found.append(trial)
            tried.add(line)
            left -= cost
    return found


def _tells(one: Weighed, error: float) -> bool:
    spread = float(one.by_rate["rate"].std())
    return spread > 0 and error <= _TELLS * np.hypot(spread, error)


def _trial(one: Weighed, stakes: Stakes, days: int) -> OpenTrial:
    """What a trial would tell: gain and measurement are taken as normal on the log scale.

    It measures the rate; what the change does to quality stays as open as it is.
    """
    rate = one.by_rate["rate"]
    expected, spread = float(one.gain.mean()), float(rate.std())
    counted = max(stakes.counted, 1e-9)
    error = float(np.sqrt(_MORE_THAN_CHANCE / counted * (1.0 / _ARM + 1.0 / (1.0 - _ARM))))
    told = spread**2 / float(np.hypot(spread, error))
    worth = _AHEAD_DAYS / days * stakes.outcome * (_positive_part(expected, told) - max(expected, 0.0))
    price = _ARM * stakes.outcome * max(-expected, 0.0)
    return OpenTrial(one, _ARM, error, worth - price, _settles(float(rate.mean()), spread, error))


def _positive_part(mean: float, spread: float) -> float:
    """Expected value of the positive part of a normal."""
    from scipy.special import ndtr

    if spread <= 0:
        return max(mean, 0.0)
    z = mean / spread
    return float(mean * ndtr(z) + spread * np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi))


def _settles(mean: float, spread: float, error: float) -> float:
    """Chance that what is known after the trial lies 1.28 of its own standard deviations from nothing."""
    from scipy.special import ndtr

    after = spread * error / float(np.hypot(spread, error))
    told = spread**2 / float(np.hypot(spread, error))
    if told <= 0:
        return 0.0
    edge = 1.2816 * after
    return float(ndtr((mean - edge) / told) + ndtr((-edge - mean) / told))
