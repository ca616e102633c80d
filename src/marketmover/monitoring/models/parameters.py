"""The one set of parameters, for every series of any unit, length and spacing.

Where a figure was chosen and not derived, it was chosen on the half of the Numenta corpus that `benchmarks/nab.py`
names as the tuning half (also thinned, reversed and as square roots) and on synthetic series. The other half has
judged it.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameters:
    """What the detector runs on. A gain of 0.01 forgets half in 69 rows; a scale is 1.25 mean absolute deviations.

    Attributes:
        level_gain: Smallest gain of the level.
        fastest_level_gain: Gain of the level while residuals all lie on one side.
        one_sided: How one-sided residuals must be before the level's gain rises, from 0 to 1.
        one_sided_rows: Over about how many rows one-sidedness is measured.
        season_gain: Smallest gain of a slot of the day or the week: 0.08 forgets half in eight days or weeks.
        hour_gain: Smallest gain of a slot of the hour.
        scale_gain: Smallest gain of scales.
        error_gain: Smallest gain of the forecasts' mean absolute errors.
        autocorrelation_gain: Smallest gain of the residuals' autocorrelation.
        trust: Forecasts are weighted by their mean absolute error to the power of minus this.
        clip: Residuals teach as if they were at most so many scales large.
        slow_clip: The same for running means of residuals, which are to see changes.
        running_rows: Over about how many rows running means of residuals go.
        centre_gain: Smallest gain of a gauge's centre.
        lasting_gain: Smallest gain of the gauge of the bare value, which remembers long.
        degrees_of_freedom: Of the heavy-tailed yardstick that tails are measured on.
        tail: Share of rows beyond which a gauge's tail is fitted.
        threshold_gain: Smallest gain of a gauge's threshold.
        excess_gain: Smallest gain of a gauge's mean excess.
        first_threshold: A gauge's threshold before it has seen anything, as a share of minus log `tail`.
        first_excess: Its mean excess before it has seen anything.
        excess_prior: How many exceedances the first mean excess counts for.
        warm_rows: A gauge's evidence is scaled by n / (n + this).
        weights: Of the gauges' evidence: row, running means from short to long, bare value.
        norm: The evidence of several gauges is joined by this norm.
        record: Evidence of a value beyond all before it by `record_margin` of their range or more.
        record_margin: As said.
        record_rows: Rows before a record counts; from ten times as many on it counts in full: early ones are common.
        record_memory: Over about how many rows records are counted: where more come than chance brings, a series
            rises or falls, and each counts for less.
        record_apart: Records that are fewer rows apart are one step.
        spare_records: How many records more than chance brings take nothing from the next.
        knee: Evidence above this counts less and less.
        hold: What remains, a row later, of the evidence that new evidence must exceed.
        first_strongest: What evidence must exceed at the start.
        repeat: Evidence loses this times log(1 + equally strong events before it).
        prior_change: Probability that a change begins at a row, before anything is seen.
        few: Counts of at most this size on average are judged by their own distribution.
    """

    level_gain: float = 0.014
    fastest_level_gain: float = 0.1
    one_sided: float = 0.8
    one_sided_rows: float = 16.0
    season_gain: float = 0.08
    hour_gain: float = 0.02
    scale_gain: float = 0.0015
    error_gain: float = 0.01
    autocorrelation_gain: float = 0.0011
    trust: float = 12.0
    clip: float = 5.0
    slow_clip: float = 7.0
    running_rows: tuple[float, ...] = (3.0, 12.0, 40.0)
    centre_gain: float = 0.008
    lasting_gain: float = 0.0015
    degrees_of_freedom: float = 5.5
    tail: float = 0.016
    threshold_gain: float = 0.01
    excess_gain: float = 0.13
    first_threshold: float = 0.65
    first_excess: float = 0.8
    excess_prior: float = 8.0
    warm_rows: float = 6.0
    weights: tuple[float, ...] = (0.5, 1.0, 1.5, 0.6, 0.4)
    norm: float = 1.65
    record: float = 19.0
    record_margin: float = 0.03
    record_rows: float = 60.0
    record_memory: float = 500.0
    record_apart: float = 12.0
    spare_records: float = 2.0
    knee: float = 25.0
    hold: float = 0.9978
    first_strongest: float = 4.0
    repeat: float = 1.5
    prior_change: float = 0.02
    few: float = 100.0


PARAMETERS = Parameters()
