"""Made-up media mixes of several families with a known truth, none of them the fitted model's own prior."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FAMILIES = ("flighted", "always on", "delayed", "confounded")


@dataclass(frozen=True)
class MadeUpMix:
    """One market.

    Attributes:
        outcome: By period.
        spend: By channel, by period.
        controls: By name, by period.
        contributions: The truth: channel by period.
    """

    outcome: Floats
    spend: dict[str, Floats]
    controls: dict[str, Floats]
    contributions: Floats


def made_up_mix(family: str, seed: int, periods: int = 130) -> MadeUpMix:
    """A market of a family: 3 to 6 channels, media being 15 to 50% of the outcome, noise 4 to 10% of its base.

    Args:
        family: One of `FAMILIES`: bursts with Hill curves; always on with exponential curves; peaks one or two weeks
            later with logistic curves; spend that follows season and trend of the demand, saturated before carry-over.
        seed: Of all that is random.
        periods: Weeks.
    """
    rng = np.random.default_rng([seed, FAMILIES.index(family)])
    channels = int(rng.integers(3, 7))
    time = np.arange(periods) / 52.18
    demand = rng.uniform(0.0, 0.2) * np.cos(2 * np.pi * (time - rng.uniform())) + rng.normal(0, 0.06) * time
    spend = np.stack([_spend(family, rng, demand, periods) for _ in range(channels)])
    spend *= rng.lognormal(0.0, 1.0, (channels, 1)) * 1000.0
    effect = np.stack([_effect(family, rng, row) for row in spend])
    share = spend.sum(axis=1) ** rng.uniform(0.2, 0.9) * rng.lognormal(0.0, 0.5, channels)
    share *= rng.uniform(0.15, 0.5) / share.sum()
    contributions = share[:, None] * effect / effect.mean(axis=1, keepdims=True)
    noise = _noise(family, rng, periods) * rng.uniform(0.04, 0.1)
    promotion = (rng.uniform(size=periods) < 0.08).astype(np.float64)
    base = (1.0 - share.sum()) * (1.0 + demand + noise) + rng.uniform(0.0, 0.2) * promotion
    unit = 10.0 ** rng.uniform(2, 6)
    return MadeUpMix(
        outcome=unit * (base + contributions.sum(axis=0)),
        spend={f"channel {index + 1}": row for index, row in enumerate(spend)},
        controls={"promotion": promotion},
        contributions=unit * contributions,
    )


def _spend(family: str, rng: np.random.Generator, demand: Floats, periods: int) -> Floats:
    if family == "flighted":
        starts = rng.uniform(size=periods) < rng.uniform(0.08, 0.3)
        on = np.convolve(starts, np.ones(int(rng.integers(1, 5))))[:periods] > 0
        return np.where(on, np.maximum(1.0 + rng.uniform(0.2, 0.7) * rng.normal(size=periods), 0.0), 0.0)
    level = np.exp(rng.uniform(0.2, 0.5) * _autoregressive(rng, periods, rng.uniform(0.0, 0.7)))
    if family == "confounded":
        return level * np.exp(rng.uniform(1.0, 3.0) * demand)
    paused = rng.uniform(size=periods) < rng.uniform(0.0, 0.2)
    return np.where(paused, 0.0, level)


def _effect(family: str, rng: np.random.Generator, spend: Floats) -> Floats:
    decay, lags = rng.uniform(0.0, 0.8), np.arange(13)
    peak = float(rng.integers(1, 3)) if family == "delayed" else 0.0
    kernel = decay ** ((lags - peak) ** 2) if family == "delayed" else np.where(lags == 0, 1.0, decay**lags)
    kernel = kernel / kernel.sum()
    relative = spend / spend[spend > 0].mean()
    if family == "confounded":
        half = rng.uniform(0.4, 2.5)
        return np.convolve(relative / (relative + half), kernel)[: len(spend)]
    carried = np.convolve(relative, kernel)[: len(spend)]
    if family == "flighted":
        half, slope = rng.uniform(0.3, 2.5), rng.uniform(0.8, 2.5)
        return carried**slope / (carried**slope + half**slope)
    rate = rng.uniform(0.2, 2.0)
    return np.tanh(rate * carried) if family == "delayed" else 1.0 - np.exp(-rate * carried)


def _noise(family: str, rng: np.random.Generator, periods: int) -> Floats:
    return _autoregressive(rng, periods, 0.5) if family in {"delayed", "confounded"} else rng.normal(size=periods)


def _autoregressive(rng: np.random.Generator, periods: int, memory: float) -> Floats:
    found = rng.normal(size=periods)
    for period in range(1, periods):
        found[period] = memory * found[period - 1] + np.sqrt(1 - memory**2) * found[period]
    return found
