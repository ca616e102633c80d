"""A person's limits as bounds on a tree of lines, campaigns and platforms, checked before anything is solved."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.contradictions import check_limits
from marketmover.budget.allocation.solver import Tree
from marketmover.budget.allocation.units import Members
from marketmover.errors import InputError
from marketmover.plans import Limits, LineLimit

Floats = NDArray[np.float64]


def bounds(
    members: Members, limits: Limits, total: float, *, current: Mapping[str, float], currency: str | None = None
) -> Tree:
    """Bounds of every node.

    Args:
        members: Lines, with the campaign and platform of each.
        limits: What the person asks for.
        total: The sum to split.
        current: Budget of each line at today's split, scaled to `total`; what `weekly_change` counts from.
        currency: ISO 4217, for what is said of limits that contradict.

    Raises:
        InputError: Limits name a line that is not there, or contradict each other; the message names which.
    """
    _check_names(members, limits)
    changes = _changes(members, limits, current)
    check_limits(members, limits, total, changes, currency)
    low, high = _line_bounds(members.lines, limits, total, changes)
    campaigns = list(dict.fromkeys(members.campaigns))
    campaign_low, campaign_high = _node_bounds(campaigns, limits.campaigns, total)
    platform_of = dict(zip(members.campaigns, members.platforms, strict=True))
    platforms = list(dict.fromkeys(members.platforms))
    shares = {
        name: (limit.min_share or 0.0, 1.0 if limit.max_share is None else limit.max_share)
        for name, limit in limits.platforms.items()
    }
    return Tree(
        line_low=low,
        line_high=high,
        campaign=np.array([campaigns.index(name) for name in members.campaigns], dtype=np.int64),
        campaign_low=campaign_low,
        campaign_high=campaign_high,
        platform=np.array([platforms.index(platform_of[name]) for name in campaigns], dtype=np.int64),
        platform_low=np.array([total * shares.get(name, (0.0, 1.0))[0] for name in platforms]),
        platform_high=np.array([total * shares.get(name, (0.0, 1.0))[1] for name in platforms]),
    )


def _check_names(members: Members, limits: Limits) -> None:
    unknown = sorted(set(limits.lines) - set(members.lines)) + sorted(set(limits.campaigns) - set(members.campaigns))
    if unknown:
        raise InputError(
            f"The limits name {unknown[0]!r}, which is not among the lines or campaigns of this plan.",
            f"Lines are {', '.join(members.lines[:5])}; campaigns {', '.join(dict.fromkeys(members.campaigns[:5]))}.",
        )


def _changes(members: Members, limits: Limits, current: Mapping[str, float]) -> dict[str, tuple[float, float]]:
    """The least and the most of each line by `weekly_change`."""
    if limits.weekly_change is None:
        return {}
    locked = {line for line, limit in limits.lines.items() if limit.locked is not None}
    running = {line: current.get(line, 0.0) for line in members.lines if line not in locked}
    return {  # a line that is new starts somewhere: its first budget is no change from week to week
        line: (now * max(0.0, 1.0 - limits.weekly_change), now * (1.0 + limits.weekly_change))
        for line, now in running.items()
        if now > 0
    }


def _line_bounds(
    lines: Sequence[str], limits: Limits, total: float, changes: Mapping[str, tuple[float, float]]
) -> tuple[Floats, Floats]:
    low, high = _node_bounds(lines, limits.lines, total)
    for row, line in enumerate(lines):
        if line in changes:
            low[row], high[row] = max(low[row], changes[line][0]), min(high[row], changes[line][1])
    return low, np.maximum(low, high)


def _node_bounds(names: Sequence[str], limits: Mapping[str, LineLimit], total: float) -> tuple[Floats, Floats]:
    low, high = np.zeros(len(names)), np.full(len(names), total)
    for row, name in enumerate(names):
        limit = limits.get(name)
        if limit is None:
            continue
        if limit.locked is not None:
            low[row] = high[row] = limit.locked
        else:
            low[row] = limit.min or 0.0
            high[row] = total if limit.max is None else limit.max
    return low, high


def within_caps(tree: Tree, caps: Sequence[Floats], total: float) -> Tree:
    """The tree held to the first of `caps`, each of shape (units,), that leaves room for the total; else as it is."""
    for cap in caps:
        capped = replace(tree, line_high=np.minimum(tree.line_high, np.maximum(tree.line_low, cap)))
        if capped.allows(total):
            return capped
    return tree
