"""Bounds that hold at every look at once, so that a test may be read daily and stopped at will.

The normal mixture of Robbins (1970, "Statistical methods related to the law of the iterated logarithm") is the mixture
SPRT of Johari, Koomen, Pekelis and Walsh (2022, "Always valid inference: continuous monitoring of A/B tests") and the
asymptotic confidence sequence of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024, "Time-uniform central limit
theory and asymptotic confidence sequences"). Where the variance is learned from few pieces, the mixture over the size
of the effect in standard deviations takes its place, with Student's t (Lai 1976; Perez-Ortiz, Lardy, de Heide and
Grunwald 2024, "E-statistics, group invariance and anytime-valid testing"; Wang and Ramdas 2025, "Anytime-valid t-tests
and confidence sequences for Gaussian means with unknown variance").
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import lambertw

Floats = NDArray[np.float64]


def tuned(alpha: float) -> float:
    """The mixture's width, as prior variance over the estimate's variance, that is tightest where it is used.

    The bound at one planned point is smallest there (Howard, Ramdas, McAuliffe and Sekhon 2021, "Time-uniform,
    nonparametric, nonasymptotic confidence sequences", their eq. 15 in its exact form).
    """
    return float(-lambertw(-(alpha**2) / math.e, -1).real - 1.0)


def boundary(ratio: Floats | float, alpha: float, dof: Floats | float = math.inf) -> Floats:
    """How many standard errors an estimate must lie from the truth before that is held against it, at any look.

    Args:
        ratio: Prior variance of the mixture over the estimate's variance, as it stands at each look.
        alpha: Chance that the truth is ever excluded.
        dof: Degrees of freedom of the variance; infinite where it is as good as known.

    Returns:
        The half-widths in standard errors; infinite where there are too few degrees of freedom to exclude anything.
    """
    ratio, dof = np.broadcast_arrays(np.asarray(ratio, np.float64), np.asarray(dof, np.float64))
    asked = np.log1p(ratio) + 2.0 * math.log(1.0 / alpha)
    known = np.sqrt((1.0 + 1.0 / ratio) * asked)
    freedom = np.where(np.isfinite(dof), dof, 1.0)
    growth = np.exp(np.minimum(asked / (freedom + 1.0), 700.0))
    room = 1.0 - growth / (1.0 + ratio)
    learned = np.sqrt(freedom * (growth - 1.0) / np.where(room > 0, room, 1.0))
    return np.where(np.isfinite(dof), np.where(room > 0, learned, np.inf), known)


def log_evidence(score: Floats | float, ratio: Floats | float, dof: Floats | float = math.inf) -> Floats:
    """Logarithm of the evidence (Bayes factor, e-value) against no effect, for an estimate `score` standard errors off.

    `boundary` is where it reaches `log(1 / alpha)`.
    """
    score, ratio, dof = np.broadcast_arrays(*(np.asarray(value, np.float64) for value in (score, ratio, dof)))
    square = score**2
    known = 0.5 * (square * ratio / (1.0 + ratio) - np.log1p(ratio))
    freedom = np.where(np.isfinite(dof), dof, 1.0)
    gain = np.log1p(square / freedom) - np.log1p(square / (freedom * (1.0 + ratio)))
    learned = 0.5 * ((freedom + 1.0) * gain - np.log1p(ratio))
    return np.where(np.isfinite(dof), learned, known)


def p_values(scores: Floats, ratios: Floats, dof: Floats | float = math.inf) -> Floats:
    """Always valid p-values by look: the smallest so far counts, however often one looks."""
    return np.minimum.accumulate(np.minimum(1.0, np.exp(-log_evidence(scores, ratios, dof))))
