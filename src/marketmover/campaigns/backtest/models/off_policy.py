"""What a split that was not made would have earned: doubly robust, with its own uncertainty.

The direct estimate moves what was counted along each line's curve, from the spend that was made to the advised one. It
is corrected by how far the curve missed in those weeks after the origin in which the line did spend near the advised
sum, weighted by closeness over how often such spend occurred (Kallus and Zhou 2018, "Policy evaluation and optimization
with continuous treatments"; Kennedy and others 2017, "Non-parametric methods for doubly robust estimation of continuous
treatment effects"). The estimate is right if the curve is, or if such weeks are many. Weights are cut; where there are
no such weeks nothing is corrected, the doubt about the curve's form stays, and the overlap says so.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.backtest.models.curves import log_response
from marketmover.campaigns.backtest.models.drift import fitted
from marketmover.campaigns.backtest.models.evidence import Evidence
from marketmover.campaigns.backtest.models.pooled import DRAWS, CurveDraws, lines_luck
from marketmover.campaigns.backtest.models.weeks import Weeks

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]

_NEAR = 0.25  # log spend: within about a quarter of the advised sum
_MOST_WEIGHT = 10.0
_FORM_DOUBT = 0.15  # a curve's error, as a share of the outcome, for each unit of log spend that it is followed, in all
_NOTHING = 1e-3  # of the usual spend: a line that gets less is stopped
_QUIET = np.log(1.2)  # changes up to a fifth start no learning phase, by the platforms' own words
_FULL = np.log(2.0)  # from a doubling or halving on it is a full one
_MOST_LEARNING_LOSS = 0.3  # share of its outcome that a line may lose in the week in which it learns anew
_MOVING_DOUBT = 0.1  # of the outcome, for each unit of the share that moves: overlap, carry-over, what no curve knows


@dataclass(frozen=True)
class OffPolicy:
    """Two splits over the same weeks, by draw.

    Attributes:
        made: Outcome of the split that was made, chance of counting included, shape (draws, lines).
        advised: Outcome of the advised split, same shape.
        effective_weeks: Weeks near the advised spend, as many equal ones as their weights are worth, shape (lines,).
        overlap: Share of the advised money that lies where the line really spent.
    """

    made: Floats
    advised: Floats
    effective_weeks: Floats
    overlap: float

    def scaled(self, unit: float) -> "OffPolicy":
        """The same in another unit: `unit` of it are one."""
        return replace(self, made=self.made * unit, advised=self.advised * unit)


@dataclass(frozen=True)
class Window:
    """What happened in the weeks that are judged, and what was advised for them, each of shape (lines,).

    Attributes:
        counted: Outcomes in units of one count.
        made: Spend.
        advised: Spend that was advised.
        days: How many days they are.
    """

    counted: Floats
    made: Floats
    advised: Floats
    days: int


def off_policy(
    weeks: Weeks, told: Evidence, curves: CurveDraws, window: Window, rows: Integers, seed: int
) -> OffPolicy:
    """Estimate what the advised split would have earned.

    Args:
        weeks: The history in weeks from the origin.
        told: Its evidence, with the window's mean weekly spend for reference.
        curves: Draws of curves.
        window: The judged weeks; every line spent in them.
        rows: The lines' rows in the whole history, as for the curves.
        seed: Of what is drawn here.
    """
    generator = np.random.default_rng([seed, int(np.flatnonzero(weeks.after)[0]), *b"counting"])
    stopped = window.advised < _NOTHING * window.made
    ratio = np.where(stopped, 0.0, np.log(np.where(stopped, 1.0, window.advised) / window.made))
    middle, spread, effective = _correction(weeks, told, curves, ratio)
    # A curve's miss multiplies what it foretells; a log-normal keeps that positive.
    missed = np.log1p(middle) + spread * lines_luck(rows, seed, "form", normal=True) - 0.5 * spread**2
    moved = np.exp(_moved(curves, ratio) + missed) * (1.0 - _learning(ratio, window.days, seed))
    luck = generator.standard_normal(moved.shape)
    made = np.maximum(window.counted + np.sqrt(told.scatter * window.counted) * luck, 0.0)
    near = (effective > 0) | (np.abs(ratio) <= _NEAR)
    money = np.where(stopped, 0.0, window.advised)
    return OffPolicy(
        made,
        np.where(stopped, 0.0, made * moved) * _unforeseen(window, seed),
        np.where(stopped, 0.0, effective),
        float((money * near).sum() / max(money.sum(), 1e-12)),
    )


def _learning(ratio: Floats, days: int, seed: int) -> Floats:
    """Share of its outcome that a line loses by a change that makes the platform learn anew, shape (draws, lines)."""
    lost = np.random.default_rng([seed, *b"learning"]).uniform(0.0, _MOST_LEARNING_LOSS, DRAWS)
    return lost[:, None] * min(1.0, 7.0 / days) * np.clip((np.abs(ratio) - _QUIET) / (_FULL - _QUIET), 0.0, 1.0)


def _unforeseen(window: Window, seed: int) -> Floats:
    """What no curve knows of money that moves, as a factor of all outcomes, the same at all origins, (draws, 1)."""
    share = float(np.abs(window.advised - window.made).sum() / 2.0 / window.made.sum())
    luck = np.random.default_rng([seed, *b"moving"]).standard_normal(DRAWS)
    return np.exp(_MOVING_DOUBT * share * luck)[:, None]


def _moved(curves: CurveDraws, log_ratio: Floats) -> Floats:
    """Log of the outcome at the advised spend over that at the spend that was made, shape (draws, lines)."""
    table = log_response(curves.elasticity, log_ratio)
    return np.take_along_axis(table, curves.family[None], axis=0)[0]


def _correction(weeks: Weeks, told: Evidence, curves: CurveDraws, ratio: Floats) -> tuple[Floats, Floats, Floats]:
    """How far curves miss at the advised spend: mean and spread (relative), and effective weeks, each (lines,).

    The miss is drawn towards none by the doubt about the curve's form, as weeks near the advised spend are few. What
    the draws of families say of that doubt already is not counted a second time.
    """
    due = fitted(weeks, _mean_response(curves, told.log_u) + np.log(told.week_effect), told.scatter)
    weight = np.where(weeks.valid & weeks.after, _closeness(told.log_u, ratio, weeks.valid & weeks.after), 0.0)
    weighted = (weight * due).sum(axis=1)
    miss = np.divide(
        (weight * (np.where(weeks.valid, weeks.counted, 0.0) - due)).sum(axis=1),
        weighted,
        out=np.zeros(len(ratio)),
        where=weighted > 0,
    )
    chance = np.divide(
        told.scatter * (weight**2 * due).sum(axis=1),
        weighted**2,
        out=np.full(len(ratio), np.inf),
        where=weighted > 0,
    )
    form = np.maximum((_FORM_DOUBT * ratio) ** 2 - _told_by_families(curves, ratio), 0.0)
    trust = np.divide(form, form + chance, out=np.zeros(len(ratio)), where=np.isfinite(chance) & (form > 0))
    squares = (weight**2).sum(axis=1)
    effective = np.divide(weight.sum(axis=1) ** 2, squares, out=np.zeros(len(ratio)), where=squares > 0)
    return np.clip(miss, -0.6, 1.5) * trust, np.sqrt(form * (1.0 - trust)), effective


def _told_by_families(curves: CurveDraws, ratio: Floats) -> Floats:
    """Variance of the log outcome at the advised spend that the families' difference alone makes, shape (lines,)."""
    at = log_response(curves.elasticity.mean(axis=0), ratio)
    share = np.stack([(curves.family == family).mean(axis=0) for family in range(len(at))])
    return (share * at**2).sum(axis=0) - (share * at).sum(axis=0) ** 2


def _mean_response(curves: CurveDraws, log_u: Floats) -> Floats:
    """Log response of a line's mean curve at its weeks' spends, shape (lines, weeks)."""
    elasticity = curves.elasticity.mean(axis=0)[:, None]
    return log_response(np.broadcast_to(elasticity, log_u.shape), log_u)[1]


def _closeness(log_u: Floats, ratio: Floats, used: Bools) -> Floats:
    """Closeness of each week's spend to the advised one over the density of such spend, cut, shape (lines, weeks)."""
    weight = _kernel(log_u - ratio[:, None])
    density = np.stack(
        [
            (_kernel(row[None, :] - row[:, None]) * use).sum(axis=1) / max(int(use.sum()), 1)
            for row, use in zip(log_u, used, strict=True)
        ]
    )
    return np.minimum(weight / np.maximum(density, 1e-9), _MOST_WEIGHT)


def _kernel(distance: Floats) -> Floats:
    """Epanechnikov's kernel: 1 at no distance, 0 from `_NEAR` on."""
    return np.maximum(1.0 - (distance / _NEAR) ** 2, 0.0)
