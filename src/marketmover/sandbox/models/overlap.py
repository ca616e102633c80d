"""Audience overlap: lines that court the same people take outcomes from each other."""

import numpy as np

from marketmover.sandbox.arrays import Floats, Ints


def pressure(effort: Floats, overlap: Floats) -> Floats:
    """Divisor of each line's outcome, 1 where nobody else courts its audience.

    Line `i` suffers from `j` by `overlap[i, j] * effort_j / (1 + effort_j)`: the more of the shared audience `j` holds.
    """
    return 1.0 + (effort / (1.0 + effort)) @ overlap.T


def draw_overlap(rng: np.random.Generator, platform: Ints, strength: float) -> Floats:
    """Groups of two to four lines, mostly of one platform, that overlap by up to `strength`; shape (lines, lines)."""
    lines = len(platform)
    overlap = np.zeros((lines, lines))
    order = np.lexsort((rng.random(lines), platform + (rng.random(lines) < 0.15)))
    start = 0
    while start < lines:
        size = int(rng.choice([1, 2, 3, 4], p=[0.45, 0.3, 0.15, 0.1]))
        group = order[start : start + size]
        overlap[np.ix_(group, group)] = strength * rng.uniform(0.2, 1.0, (len(group), len(group)))
        start += size
    np.fill_diagonal(overlap, 0.0)
    return overlap
