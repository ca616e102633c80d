"""From series by period to a media mix: what each channel brought, with its uncertainty."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marketmover.budget.mix.baseline import Baseline, baseline_settings
from marketmover.budget.mix.checks import MixData, checked
from marketmover.budget.mix.diagnostics import MixFit, convergence, fit_of
from marketmover.budget.mix.features import WEEKS_PER_YEAR, channel_shapes, shape_grid
from marketmover.budget.mix.products import product
from marketmover.budget.mix.response import Curves, MixResponse
from marketmover.budget.mix.sampler import MixDraws, MixProblem, sample_mix
from marketmover.errors import UsageError

Floats = NDArray[np.float64]

_MEDIA_SHARE = 0.4  # of the outcome, as Meridian expects it; the data move it
_CHAINS, _WARM_UP, _THIN = 32, 30, 2


def fit_mix(
    outcome: ArrayLike,
    spend: Mapping[str, ArrayLike],
    *,
    controls: Mapping[str, ArrayLike] | None = None,
    periods_per_year: float = WEEKS_PER_YEAR,
    seed: int = 0,
    draws: int = 512,
) -> MixResponse:
    """Learn what each channel brought, where only a total outcome for each period is known.

    The outcome is a level, trend and season, controls, what each channel adds after carry-over and saturation, a slow
    disturbance and noise. Media never harm. No prior depends on the currency or on the outcome's unit.

    Args:
        outcome: Sales, leads or revenue, by period, without gaps.
        spend: Spend (or impressions) by channel and period, at least 0.
        controls: What else moved the outcome, by name and period: prices, holidays, events.
        periods_per_year: About 52.18 for weeks, 365.25 for days, 12 for months.
        seed: The same seed and series give the same draws.
        draws: Number of posterior draws, rounded up to a multiple of 32.

    Raises:
        InputError: A series cannot be used; the message says which, where and what to do.
        UsageError: `periods_per_year` or `draws` is out of range.
    """
    if not 1 <= periods_per_year <= 400 or draws < _CHAINS:
        raise UsageError(f"Periods per year must be from 1 to 400, and draws at least {_CHAINS}.")
    data = checked(outcome, spend, controls or {})
    mean, periods = float(data.outcome.mean()), len(data.outcome)
    grid = shape_grid(periods_per_year)
    shapes = [channel_shapes(row, grid) for row in data.spend]
    baseline = baseline_settings(data.controls, periods, periods_per_year)
    features = np.stack([channel.features for channel in shapes])
    expected = _expected_sizes(data.spend)
    problem = MixProblem(data.outcome / mean - 1.0, features - 1.0, grid.log_prior, expected, baseline)
    drawn = sample_mix(problem, seed=seed, chains=_CHAINS, warm_up=_WARM_UP, kept=-(-draws // _CHAINS), thin=_THIN)
    brought = mean * drawn.size[..., None] * features[np.arange(len(shapes)), drawn.shape]
    typical = np.stack([channel.typical for channel in shapes], axis=1)[grid.carry[drawn.shape], np.arange(len(shapes))]
    scale = np.stack([channel.scale for channel in shapes], axis=1)[drawn.shape, np.arange(len(shapes))]
    return MixResponse(
        channels=data.channels,
        spend=data.spend,
        outcome=data.outcome,
        draws=brought,
        curves=Curves(
            ceiling=mean * drawn.size / scale,
            half_spend=typical * grid.half_saturation[drawn.shape],
            slope=grid.slope[drawn.shape],
            mean_lag=grid.mean_lag[grid.carry[drawn.shape]],
        ),
        fit=_fit(data, brought, drawn, baseline, mean),
    )


def _expected_sizes(spend: Floats) -> Floats:
    """Half-normal scales that add up to the expected share of media.

    Between "all channels bring the same" and "all return the same": returns fall with spend, so size goes by its root.
    """
    root = np.sqrt(spend.sum(axis=1))
    return _MEDIA_SHARE * np.sqrt(np.pi / 2) * root / root.sum()


def _fit(data: MixData, brought: Floats, drawn: MixDraws, baseline: Baseline, mean: float) -> MixFit:
    """Fitted values with the baseline at its mean given the channels, setting by setting."""
    rest = data.outcome - brought.sum(axis=1)
    fitted = np.zeros_like(data.outcome)
    for setting in np.unique(drawn.setting):
        mine = drawn.setting == setting
        level = rest[mine].mean(axis=1, keepdims=True)
        known = product(product(rest[mine] - level, baseline.precision[setting]), baseline.structure[setting])
        fitted += (level + known + brought[mine].sum(axis=1)).sum(axis=0)
    return fit_of(
        data.outcome,
        fitted / len(rest),
        noise=mean * float(np.sqrt(np.median(drawn.variance))),
        convergence=convergence(drawn.size, drawn.chains),
    )
