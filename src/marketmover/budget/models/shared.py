"""What lines share: effects of the calendar, and the shocks of a day."""

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.level import Gains, blocks, walked

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]


def joint_ridge(blocks: list[Floats], sides: list[Floats], spread: Floats) -> tuple[Floats, Floats]:
    """Effects = common + own of each platform; own ones are drawn to 0 three times as hard."""
    platforms, width = len(blocks), len(spread)
    size = width * (platforms + 1)
    matrix, side = np.zeros((size, size)), np.zeros(size)
    common = slice(0, width)
    for index, (block, right) in enumerate(zip(blocks, sides, strict=True)):
        own = slice(width * (index + 1), width * (index + 2))
        matrix[common, common] += block
        matrix[common, own] = matrix[own, common] = block
        matrix[own, own] = block
        side[common] += right
        side[own] = right
    matrix += np.diag(np.concatenate([spread**-2.0, np.tile((spread / 3.0) ** -2.0, platforms)]))
    solution = np.linalg.solve(matrix, side)
    root = np.linalg.cholesky(np.linalg.inv(matrix))
    combine = np.concatenate([np.tile(np.eye(width), (platforms, 1)), np.eye(width * platforms)], axis=1)
    return (combine @ solution).reshape(platforms, width), combine @ root


def innovation_products(
    columns: Floats, moved: Floats, gain: Gains, group: Integers
) -> tuple[list[Floats], list[Floats]]:
    """Weighted products of the columns' innovations, by group: among themselves (K, K), and with the series' (K,).

    Args:
        columns: What all lines have in common, shape (days, K).
        moved: Innovations of each line's series, shape (lines, days).
        gain: The filter's gains.
        group: Group of each line, from 0.
    """
    members = [np.flatnonzero(group == one) for one in range(int(group.max(initial=0)) + 1)]
    width = columns.shape[1]
    products = [np.zeros((width, width)) for _ in members]
    sides = [np.zeros(width) for _ in members]
    level = np.zeros((len(moved), width))
    share, root = gain.gain.T[:, :, None], np.sqrt(1.0 / gain.variance).T[:, :, None]
    told = moved.T[:, :, None] * root
    for block in blocks(len(columns), level.size):
        surprise = np.repeat(columns[block][:, None, :], len(level), axis=1)
        walked(surprise, share[block], level)
        surprise *= root[block]
        for one, rows in enumerate(members):
            own = surprise[:, rows].reshape(-1, width)
            products[one] += own.T @ own
            sides[one] += own.T @ told[block][:, rows].reshape(-1)
    return products, sides


def shared_shocks(group: Integers, valid: Bools, residual: Floats, variance: Floats) -> tuple[Floats, Floats, Floats]:
    """For each line the day's shock as other lines tell it, all and its platform's, its variance, and shocks' variance.

    A line's own residual is left out, so that its own response to spend is never taken for a shock.
    """
    everyone = np.zeros_like(group)
    common, common_left, common_spread = _others_shock(everyone, residual, np.where(valid, 1.0 / variance, 0.0))
    weight = np.where(valid, 1.0 / (variance + common_left), 0.0)
    own, own_left, own_spread = _others_shock(group, residual - common, weight)
    return common + own, common_left + own_left, common_spread[0] + own_spread


def _others_shock(group: Integers, residual: Floats, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """Each line's shock as its group's other lines tell it, (L, T), its variance, and that of shocks, (groups,)."""
    told = weight * residual
    member = (group[:, None] == np.arange(int(group.max(initial=0)) + 1)).astype(np.float64)
    total_weight, total = member.T @ weight, member.T @ told
    spread = _shock_variance(total, total_weight, member.T @ (weight > 0))
    others, others_told = total_weight[group] - weight, total[group] - told
    precision = np.maximum(others, 0.0) + 1.0 / np.maximum(spread, 1e-8)[group][:, None]
    return others_told / precision, 1.0 / precision, spread


def _shock_variance(total: Floats, weight: Floats, count: Floats) -> Floats:
    """Variance of shocks by the method of moments, on days that two lines or more tell of, (platforms,)."""
    out = np.zeros(len(total))
    for platform in range(len(total)):
        days = count[platform] >= 2
        if days.sum() < 14:
            continue
        mean = total[platform, days] / weight[platform, days]
        out[platform] = max(0.0, float((np.minimum(mean**2, 1.0) - 1.0 / weight[platform, days]).mean()))
    return out
