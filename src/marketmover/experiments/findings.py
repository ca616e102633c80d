"""What is fixed before a test and what is found by it: data only."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from marketmover.experiments.metrics import Metric
from marketmover.experiments.models.estimate import Scale

Method = Literal["people", "days", "units"]


@dataclass(frozen=True)
class Terms:
    """What was fixed before the test began.

    Attributes:
        alpha: Chance of a false verdict, both ways and over all looks together.
        shares: Planned shares of the traffic, the control's first; even where none are given.
        planned_days: How long it was to run, if that was planned: it is then read daily up to that day, and later days
            do not count.
        smallest_effect: The relative effect that it was sized for; people's bounds are tightest there.
        matters: A relative effect below which a difference does not matter, `None` where all of them do.
        sample_level: Chance of a false alarm of the sample-ratio check over all looks.
    """

    alpha: float = 0.05
    shares: tuple[float, ...] = ()
    planned_days: int | None = None
    smallest_effect: float | None = None
    matters: float | None = None
    sample_level: float = 0.03


@dataclass(frozen=True)
class Interval:
    """An effect and how far the truth may lie from it; relative (0.1 for 10% more) on the scale `ratio`."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True)
class Look:
    """What was known on a day: after how many days, and the interval that decides."""

    day: date | None
    days: int
    interval: Interval


@dataclass(frozen=True)
class Finding:
    """An arm against the control in one metric.

    Attributes:
        metric: What is compared.
        arm, control: Names.
        control_value, arm_value: The metric of each.
        counted: Sum of the numerator in the control and in the arm.
        scale: Whether effects are ratios or, where the metric may be negative, differences.
        method: Whether people, days or units are the pieces that vary.
        deciding: Interval that holds at every daily look up to the planned end, or at any time where none was planned;
            what earlier looks left out stays out.
        anytime: Interval that holds at all looks, without an end.
        once: Interval that holds if the data are looked at once, now.
        p_value: Always valid p-value, of `anytime`.
        probability: Chance that the arm is better (under a weak prior).
        loss: What is lost on average by choosing the arm, on the effect's scale.
        was_clear: Whether the deciding interval ever left out no effect; `clear_on` is the first day that it did.
        reduction: Share of the variance that the covariate took away.
        days: Days that count.
        first_day: The first day on which there may be a verdict.
        per_day: Sum of the denominator over both arms a day (1 where arms are compared by share).
        standard_error, dof: Of the effect; of the logarithm of the ratio on the scale `ratio`.
        looks: By day.
        enough: Whether there is enough to say anything yet.
    """

    metric: Metric
    arm: str
    control: str
    control_value: float
    arm_value: float
    counted: tuple[float, float]
    scale: Scale
    method: Method
    deciding: Interval
    anytime: Interval
    once: Interval
    p_value: float
    probability: float
    loss: float
    was_clear: bool
    clear_on: date | None
    reduction: float
    days: int
    first_day: int
    per_day: float
    standard_error: float
    dof: float
    looks: tuple[Look, ...]
    enough: bool
