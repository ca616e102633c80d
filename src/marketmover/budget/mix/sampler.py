"""Posterior draws of a media mix: Gibbs sampling over shapes, in many chains at once.

Given the other channels, a channel's shape and size are drawn together: size is normal above 0 given the shape, so
each shape's evidence is closed. Given the channels, the baseline is marginal, and the noise's variance inverse gamma.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.mix.baseline import Baseline
from marketmover.budget.mix.products import product

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_COMMON = np.exp(np.linspace(-1.6, 1.6, 9))  # how much media matter at all, over what is expected
_COMMON_LOG_PRIOR = -0.5 * (np.log(_COMMON) / 0.8) ** 2
_OWN = np.array([0.4, 1.0, 2.5])  # how much one channel matters, over what is expected
_OWN_LOG_PRIOR = np.log([0.25, 0.5, 0.25])
_LEAST_NOISE = 1e-10


@dataclass(frozen=True)
class MixProblem:
    """What is to be sampled.

    Attributes:
        outcome: By period, over its mean, less 1.
        features: Channel by shape by period, less their mean, which is 1: the level takes up what is taken away.
        log_prior: Log chance of a shape.
        expected: Size that is expected of each channel: its mean contribution over the mean outcome.
        baseline: Settings of the baseline.
    """

    outcome: Floats
    features: Floats
    log_prior: Floats
    expected: Floats
    baseline: Baseline


@dataclass(frozen=True)
class MixDraws:
    """Posterior draws, chains one after another.

    Attributes:
        shape: Draw by channel: index of its shape.
        size: Draw by channel: mean contribution over mean outcome.
        setting: Setting of the baseline, by draw.
        variance: Of the noise, by draw.
        chains: Number of chains.
    """

    shape: Integers
    size: Floats
    setting: Integers
    variance: Floats
    chains: int


class _Chains:
    """The state of all chains."""

    def __init__(self, problem: MixProblem, chains: int, rng: np.random.Generator) -> None:
        self.problem, self.rng = problem, rng
        channels, shapes, periods = problem.features.shape
        self.rows = np.arange(chains)
        self.shape = rng.integers(shapes, size=(chains, channels))
        self.size = problem.expected * rng.uniform(0.2, 1.8, (chains, channels))
        self.common = np.ones(chains)
        self.own = np.ones((chains, channels))
        self.setting = rng.integers(len(problem.baseline.log_prior), size=chains)
        self.contribution = self.size[..., None] * problem.features[np.arange(channels), self.shape]
        flat = problem.features.reshape(-1, periods)
        self.strength = np.array(
            [np.einsum("ip,ip->i", product(flat, known), flat) for known in problem.baseline.precision]
        ).reshape(-1, channels, shapes)
        np.maximum(self.strength, 0.0, out=self.strength)  # a nearly constant shape's is lost in rounding
        self.variance = np.full(chains, max(float(np.var(problem.outcome)), _LEAST_NOISE))
        self.stacked = problem.baseline.precision.reshape(-1, periods)

    def residual(self) -> Floats:
        return self.problem.outcome - self.contribution.sum(axis=1)

    def weighted(self, residual: Floats) -> Floats:
        """Each chain's residual times the precision of its own setting."""
        found = np.empty_like(residual)
        for setting in np.unique(self.setting):
            mine = self.setting == setting
            found[mine] = product(residual[mine], self.problem.baseline.precision[setting])
        return found

    def draw_baseline(self) -> None:
        """Setting, the noise's variance being integrated out, then that variance."""
        residual, base = self.residual(), self.problem.baseline
        chains, periods = residual.shape
        pulled = product(self.stacked, np.ascontiguousarray(residual.T)).reshape(-1, periods, chains)
        squares = np.maximum((pulled * residual.T).sum(axis=1).T, _LEAST_NOISE)
        log_weight = base.log_prior - 0.5 * base.log_determinant - 0.5 * periods * np.log(squares)
        self.setting = self.pick(log_weight)
        self.variance = 0.5 * squares[self.rows, self.setting] / self.rng.gamma(0.5 * periods, size=chains)

    def draw_channel(self, channel: int) -> None:
        """Shape and size of a channel, together."""
        from scipy.special import log_ndtr, ndtr, ndtri

        features = self.problem.features[channel]
        others = self.residual() + self.contribution[:, channel]
        prior_precision = 1.0 / (self.problem.expected[channel] * self.common * self.own[:, channel]) ** 2
        pull = product(self.weighted(others), features.T) / self.variance[:, None]
        precision = self.strength[self.setting, channel] / self.variance[:, None] + prior_precision[:, None]
        root = np.sqrt(precision)
        score = pull / root
        self.shape[:, channel] = chosen = self.pick(
            self.problem.log_prior + 0.5 * score**2 - np.log(root) + log_ndtr(score)
        )
        score, root = score[self.rows, chosen], root[self.rows, chosen]
        below = ndtr(np.maximum(-score, -30.0))
        uniform = below + (1.0 - below) * self.rng.uniform(1e-12, 1.0 - 1e-12, len(score))
        tail = np.where(score < -6.0, -np.log1p(-self.rng.uniform(size=len(score))) / np.maximum(-score, 6.0), 0.0)
        drawn = np.where(score < -6.0, tail, score + ndtri(np.minimum(uniform, 1.0 - 1e-16)))
        self.size[:, channel] = np.maximum(drawn, 0.0) / root
        self.contribution[:, channel] = self.size[:, channel, None] * features[chosen]

    def draw_exchange(self) -> None:
        """Sizes of two channels with their sum kept, so that channels which move together do not hold each other.

        Along that line the posterior is normal between the points at which one of the two has nothing.
        """
        from scipy.special import ndtr, ndtri

        gains, gives = self.rng.permutation(self.size.shape[1])[:2]
        features = self.problem.features
        change = features[gains, self.shape[:, gains]] - features[gives, self.shape[:, gives]]
        pulled, scales = self.weighted(change), self.problem.expected * self.common[:, None] * self.own
        prior = 1.0 / scales[:, [gains, gives]] ** 2
        precision = np.maximum((pulled * change).sum(axis=1), 0.0) / self.variance + prior.sum(axis=1)
        pull = (pulled * self.residual()).sum(axis=1) / self.variance
        pull += self.size[:, gives] * prior[:, 1] - self.size[:, gains] * prior[:, 0]
        root, mean = np.sqrt(precision), pull / precision
        low, high = (-self.size[:, gains] - mean) * root, (self.size[:, gives] - mean) * root
        turned = low + high > 0  # the far tail is exact below 0 only
        low, high = np.where(turned, -high, low), np.where(turned, -low, high)
        below, above = ndtr(low), ndtr(high)
        drawn = ndtri(below + self.rng.uniform(1e-12, 1.0 - 1e-12, len(mean)) * (above - below))
        drawn = np.clip(np.where(np.isfinite(drawn), drawn, high), low, high)
        moved = mean + np.where(turned, -drawn, drawn) / root
        self.size[:, gains] = np.maximum(self.size[:, gains] + moved, 0.0)
        self.size[:, gives] = np.maximum(self.size[:, gives] - moved, 0.0)
        for channel in (gains, gives):
            self.contribution[:, channel] = self.size[:, channel, None] * features[channel][self.shape[:, channel]]

    def draw_expectations(self) -> None:
        """How much media matter, all together and each."""
        relative = self.size / self.problem.expected
        scale = _COMMON * self.own[:, :, None]
        log_density = -0.5 * (relative[:, :, None] / scale) ** 2 - np.log(scale)
        self.common = _COMMON[self.pick(log_density.sum(axis=1) + _COMMON_LOG_PRIOR)]
        scale = self.common[:, None, None] * _OWN
        log_density = -0.5 * (relative[:, :, None] / scale) ** 2 - np.log(scale) + _OWN_LOG_PRIOR
        self.own = _OWN[self.pick(log_density.reshape(-1, len(_OWN)))].reshape(self.own.shape)

    def pick(self, log_weight: Floats) -> Integers:
        """One column a row, by its weight."""
        weight = np.exp(log_weight - log_weight.max(axis=1, keepdims=True))
        reached = np.cumsum(weight, axis=1)
        threshold = self.rng.uniform(size=(len(weight), 1)) * reached[:, -1:]
        return np.minimum((reached < threshold).sum(axis=1), weight.shape[1] - 1)


def sample_mix(problem: MixProblem, *, seed: int, chains: int, warm_up: int, kept: int, thin: int) -> MixDraws:
    """Draw from the posterior: `kept` draws from each chain, every `thin`-th sweep after `warm_up` sweeps."""
    state = _Chains(problem, chains, np.random.default_rng(seed))
    found: list[tuple[Integers, Floats, Integers, Floats]] = []
    state.draw_baseline()
    for sweep in range(1, warm_up + kept * thin + 1):
        for channel in range(len(problem.features)):
            state.draw_channel(channel)
        if len(problem.features) > 1:
            state.draw_exchange()
        state.draw_expectations()
        state.draw_baseline()
        if sweep > warm_up and (sweep - warm_up) % thin == 0:
            found.append((state.shape.copy(), state.size.copy(), state.setting.copy(), state.variance.copy()))
    shape, size, setting, variance = (np.stack(part, axis=1) for part in zip(*found, strict=True))
    channels = len(problem.features)
    return MixDraws(shape.reshape(-1, channels), size.reshape(-1, channels), setting.ravel(), variance.ravel(), chains)
