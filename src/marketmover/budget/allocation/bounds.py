"""A person's limits as bounds on a tree of lines, campaigns and platforms, checked before anything is solved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.solver import Tree, sums
from marketmover.errors import InputError
from marketmover.plans import Limits, LineLimit

Floats = NDArray[np.float64]
_CENT = 0.01


@dataclass(frozen=True)
class Members:
    """The lines that may get money, with where they belong."""

    lines: tuple[str, ...]
    campaigns: tuple[str, ...]
    platforms: tuple[str, ...]


def bounds(members: Members, limits: Limits, total: float, *, current: Mapping[str, float]) -> Tree:
    """Bounds of every node.

    Args:
        members: Lines, with the campaign and platform of each.
        limits: What the person asks for.
        total: The sum to split.
        current: Budget of each line at today's split, scaled to `total`; what `weekly_change` counts from.

    Raises:
        InputError: Limits name a line that is not there, or contradict each other; the message names which.
    """
    _check_names(members, limits)
    low, high = _line_bounds(members.lines, limits, total, current)
    campaigns = list(dict.fromkeys(members.campaigns))
    campaign_low, campaign_high = _node_bounds(campaigns, limits.campaigns, total)
    platform_of = dict(zip(members.campaigns, members.platforms, strict=True))
    platforms = list(dict.fromkeys(members.platforms))
    shares = {
        name: (limit.min_share or 0.0, 1.0 if limit.max_share is None else limit.max_share)
        for name, limit in limits.platforms.items()
    }
    tree = Tree(
        line_low=low,
        line_high=high,
        campaign=np.array([campaigns.index(name) for name in members.campaigns], dtype=np.int64),
        campaign_low=campaign_low,
        campaign_high=campaign_high,
        platform=np.array([platforms.index(platform_of[name]) for name in campaigns], dtype=np.int64),
        platform_low=np.array([total * shares.get(name, (0.0, 1.0))[0] for name in platforms]),
        platform_high=np.array([total * shares.get(name, (0.0, 1.0))[1] for name in platforms]),
    )
    _check_feasible(tree, members.lines, campaigns, platforms, total)
    return tree


def _check_names(members: Members, limits: Limits) -> None:
    unknown = sorted(set(limits.lines) - set(members.lines)) + sorted(set(limits.campaigns) - set(members.campaigns))
    if unknown:
        raise InputError(
            f"The limits name {unknown[0]!r}, which is not among the lines or campaigns of this plan.",
            f"Lines are {', '.join(members.lines[:5])}; campaigns {', '.join(dict.fromkeys(members.campaigns[:5]))}.",
        )


def _line_bounds(
    lines: Sequence[str], limits: Limits, total: float, current: Mapping[str, float]
) -> tuple[Floats, Floats]:
    low, high = _node_bounds(lines, limits.lines, total)
    if limits.weekly_change is None:
        return low, high
    for row, line in enumerate(lines):
        now = current.get(line, 0.0)
        if now <= 0 or (line in limits.lines and limits.lines[line].locked is not None):
            continue  # a line that is new starts somewhere: its first budget is no change from week to week
        least, most = now * max(0.0, 1.0 - limits.weekly_change), now * (1.0 + limits.weekly_change)
        low[row], high[row] = _both(line, (low[row], high[row]), (least, most), f"weekly_change {limits.weekly_change}")
    return low, high


def _both(line: str, asked: tuple[float, float], other: tuple[float, float], name: str) -> tuple[float, float]:
    low, high = max(asked[0], other[0]), min(asked[1], other[1])
    if low > high + _CENT:
        raise InputError(
            f"Limits contradict: {name} keeps {line} between {other[0]:.2f} and {other[1]:.2f}, "
            f"its own limit between {asked[0]:.2f} and {asked[1]:.2f}.",
            "Loosen one of them.",
        )
    return low, max(low, high)


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


def _check_feasible(
    tree: Tree, lines: Sequence[str], campaigns: Sequence[str], platforms: Sequence[str], total: float
) -> None:
    _check_level(
        "campaign",
        campaigns,
        tree.campaign,
        (tree.line_low, tree.line_high),
        (tree.campaign_low, tree.campaign_high),
        lines,
    )
    tight, least, most = tree.reach()
    _check_level(
        "platform",
        platforms,
        tree.platform,
        (tight.campaign_low, tight.campaign_high),
        (tree.platform_low, tree.platform_high),
        campaigns,
    )
    if least > total + _CENT:
        raise InputError(
            f"Limits contradict: minimums and locked lines add up to {least:.2f}, more than the budget of {total:.2f}.",
            "Lower a minimum, unlock a line, or raise the budget.",
        )
    if most < total - _CENT:
        raise InputError(
            f"Limits contradict: maximums add up to {most:.2f}, less than the budget of {total:.2f}.",
            "Raise a maximum of a line, campaign or platform, allow more lines, or lower the budget.",
        )


def _check_level(
    kind: str,
    names: Sequence[str],
    parent: NDArray[np.int64],
    children: tuple[Floats, Floats],
    own: tuple[Floats, Floats],
    child_names: Sequence[str],
) -> None:
    least = sums(parent, children[0], len(names))
    most = sums(parent, children[1], len(names))
    for row, name in enumerate(names):
        inside = ", ".join([child for child, up in zip(child_names, parent, strict=True) if up == row][:5])
        if least[row] > own[1][row] + _CENT:
            raise InputError(
                f"Limits contradict: {kind} {name} may spend {own[1][row]:.2f} at most, "
                f"but {inside} must spend {least[row]:.2f}.",
                "Loosen one of them.",
            )
        if most[row] < own[0][row] - _CENT:
            raise InputError(
                f"Limits contradict: {kind} {name} must spend {own[0][row]:.2f} at least, "
                f"but {inside} may spend {most[row]:.2f} at most.",
                "Loosen one of them.",
            )


def within_caps(tree: Tree, caps: Floats, total: float) -> Tree:
    """The tree held to what evidence supports, `caps` (lines,), as far as that leaves room for the total."""
    for loosening in (1.0, 2.0, 4.0, 8.0):
        high = np.minimum(tree.line_high, np.maximum(tree.line_low, caps * loosening))
        capped = replace(tree, line_high=high)
        if capped.allows(total):
            return capped
    return tree
