"""What groups bring for their money: rates of counts to exposure, the small ones drawn towards all groups' rate."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_USUAL_SPREAD = 0.25  # of groups' rates, relative: what is taken for it before the data speak
_USUAL_WEIGHT = 3.0  # in groups
_LEAST_SHAPE = 1.0
_LEAST_CELL = 1.0  # expected count of a cell that dispersion is measured on


class Rates(NamedTuple):
    """Counts for one unit of exposure, of shape (groups,): 10th, 50th and 90th percentile."""

    low: Floats
    mid: Floats
    high: Floats


def group_rates(counts: Floats, exposure: Floats) -> Rates:
    """Rates of groups by an empirical Bayes gamma-Poisson model, with more spread than Poisson where the data show it.

    What the groups have in common, and how much they differ, is estimated from themselves by moments (Robbins 1956;
    Clayton and Kaldor 1987, Empirical Bayes estimates of age-standardized relative risks). A group with few counts
    rests on the others; one with many on itself.

    Args:
        counts: Counts by group and period, shape (groups, periods); may be fractional.
        exposure: What they were got for, of the same shape, such as spend.
    """
    from scipy.special import gammaincinv

    total, spent = counts.sum(axis=1), exposure.sum(axis=1)
    if total.sum() <= 0 or spent.sum() <= 0:
        nothing = np.zeros(len(counts))
        return Rates(nothing, nothing, nothing)
    common = float(total.sum() / spent.sum())
    dispersion = _dispersion(counts, exposure)
    shape = _shape(total, spent, common, dispersion)
    shapes, rates = shape + total / dispersion, shape / common + spent / dispersion
    return Rates(*(gammaincinv(shapes, level) / rates for level in (0.1, 0.5, 0.9)))


def _dispersion(counts: Floats, exposure: Floats) -> float:
    """How much more than Poisson a group's periods vary around its own rate (Pearson), at least 1."""
    spent = exposure.sum(axis=1, keepdims=True)
    rates = np.divide(counts.sum(axis=1, keepdims=True), spent, out=np.zeros_like(spent), where=spent > 0)
    expected = rates * exposure
    seen = expected >= _LEAST_CELL
    degrees = int(seen.sum()) - int(seen.any(axis=1).sum())
    if degrees < 3:
        return 1.0
    return max(float((((counts - expected) ** 2)[seen] / expected[seen]).sum()) / degrees, 1.0)


def _shape(total: Floats, spent: Floats, common: float, dispersion: float) -> float:
    """How alike the groups are: the shape of the gamma distribution of their rates.

    A handful of groups cannot tell it well, so their moments are averaged with a usual spread.
    """
    rates = np.divide(total, spent, out=np.full(total.shape, common), where=spent > 0)
    seen = float((spent * (rates - common) ** 2).sum())
    by_chance = dispersion * common * (int((spent > 0).sum()) - 1)
    weight = float(spent.sum() - (spent**2).sum() / spent.sum())
    between = max((seen - by_chance) / weight, 0.0) if weight > 0 else 0.0
    known = int((spent > 0).sum()) - 1
    usual = (_USUAL_SPREAD * common) ** 2
    pooled = (between * known + usual * _USUAL_WEIGHT) / (known + _USUAL_WEIGHT)
    return max(common**2 / pooled, _LEAST_SHAPE)
