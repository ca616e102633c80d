"""Shapes that a channel's effect may have: how long it lasts, times how fast it saturates.

A shape is one point of a grid. Carry-over is geometric (Broadbent 1979) or delayed (Jin et al. 2017, "Bayesian methods
for media mix modeling with carryover and shape effects"), its weights summing to 1; saturation is Hill (1910), whose
slope 1 is Michaelis and Menten's. Half-saturation is relative to the channel's own spend, so money has no unit here.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

WEEKS_PER_YEAR = 365.25 / 7
_MEMORY_WEEKS = 26
_DECAYS = (0.0, 0.15, 0.3, 0.45, 0.6, 0.7, 0.8, 0.9)  # a week's effect left in the next
_DELAYED = tuple(product((1.0, 2.0), (0.4, 0.8)))  # peak in weeks, decay
_DELAYED_CHANCE = 0.15
_HALF_SATURATIONS = tuple(float(2.0**power) for power in np.arange(-2.0, 3.1))  # of typical active spend
_LOG_HALF_SATURATION = (np.log(1.25), 1.0)
_SLOPES = {0.7: 0.12, 1.0: 0.43, 1.6: 0.28, 2.6: 0.17}


@dataclass(frozen=True)
class ShapeGrid:
    """All shapes, with a prior chance each, for periods of one length.

    Attributes:
        weights: Carry-over weights, one row a kind, one column a lag in periods; rows sum to 1.
        carry: Row of `weights`, by shape.
        half_saturation: Over typical active spend after carry-over, by shape.
        slope: Hill's slope, by shape.
        log_prior: Log chance, by shape.
    """

    weights: Floats
    carry: Integers
    half_saturation: Floats
    slope: Floats
    log_prior: Floats

    @cached_property
    def mean_lag(self) -> Floats:
        """Mean delay of the effect in periods, by kind of carry-over."""
        return self.weights @ np.arange(self.weights.shape[1])


def shape_grid(periods_per_year: float) -> ShapeGrid:
    """The grid for periods of a length; priors are the field's own ranges (Robyn, Meridian, PyMC-Marketing)."""
    weights, carry_prior = _carry_overs(periods_per_year / WEEKS_PER_YEAR)
    halves = np.array(_HALF_SATURATIONS)
    centre, spread = _LOG_HALF_SATURATION
    half_prior = np.exp(-0.5 * ((np.log(halves) - centre) / spread) ** 2)
    slopes = np.array(list(_SLOPES))
    carry, half, slope = (
        index.ravel() for index in np.meshgrid(*map(np.arange, (len(weights), len(halves), len(slopes))), indexing="ij")
    )
    slope_prior = np.array(list(_SLOPES.values()))
    prior = carry_prior[carry] * half_prior[half] * slope_prior[slope]
    return ShapeGrid(weights, carry, halves[half], slopes[slope], np.log(prior / prior.sum()))


def _carry_overs(periods_per_week: float) -> tuple[Floats, Floats]:
    lags = np.arange(int(np.ceil(_MEMORY_WEEKS * periods_per_week)) + 1) / periods_per_week
    decays = np.array(_DECAYS)
    geometric = np.where(lags == 0.0, 1.0, decays[:, None] ** lags)
    delayed = np.array([decay ** ((lags - peak) ** 2) for peak, decay in _DELAYED])
    weights = np.concatenate([geometric, delayed])
    chance = np.concatenate(
        [
            (1 - _DELAYED_CHANCE) * (1.0 - decays) / (1.0 - decays).sum(),
            np.full(len(delayed), _DELAYED_CHANCE / len(delayed)),
        ]
    )
    return weights / weights.sum(axis=1, keepdims=True), chance


@dataclass(frozen=True)
class ChannelShapes:
    """One channel seen through every shape.

    Attributes:
        features: Shape by period; each row's mean is 1, so that its coefficient is the mean contribution.
        typical: Typical active spend after carry-over, by kind of carry-over.
        scale: Mean of the saturated spend before the rows were divided by it, by shape.
    """

    features: Floats
    typical: Floats
    scale: Floats


def channel_shapes(spend: Floats, grid: ShapeGrid) -> ChannelShapes:
    """A channel's spend by period, carried over and saturated in every way of the grid; before the first: none."""
    most = max(float(spend.max()), np.finfo(np.float64).tiny)  # squares of tiny sums would be nothing
    carried = np.array([np.convolve(spend / most, row)[: len(spend)] for row in grid.weights], dtype=np.float64)
    typical = _typical(carried)
    saturated = hill(carried[grid.carry] / typical[grid.carry, None], grid.half_saturation, grid.slope)
    scale = saturated.mean(axis=1)
    return ChannelShapes(saturated / scale[:, None], typical * most, scale)


def _typical(carried: Floats) -> Floats:
    """Mean weighted by itself: near the mean of active periods, whatever the share of idle ones."""
    return (carried**2).sum(axis=1) / carried.sum(axis=1)


def hill(relative: Floats, half_saturation: Floats, slope: Floats) -> Floats:
    """Hill's curve; `relative` has a last axis that the parameters lack."""
    raised = relative ** slope[..., None]
    return raised / (raised + (half_saturation**slope)[..., None])
