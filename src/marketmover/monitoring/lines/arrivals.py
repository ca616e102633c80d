"""Late conversions: what share of a day's is known when, and what an export of an earlier day would have held."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marketmover.history import Line, Panel
from marketmover.kit import stable_hash
from marketmover.monitoring.lines.figures import LONGEST_LAG

Floats = NDArray[np.float64]


def known_shares(history: Panel, lines: Sequence[Line]) -> Floats:
    """Share of a day's conversions known after 0, 1, 2, ... days, by line, shape (lines, LONGEST_LAG + 1).

    Learnt from the last days of the history, platform by platform (an account tracks and attributes alike), against the
    rate of the weeks before; 1 on platforms that the history does not know.

    Args:
        history: As it was known on its own last day.
        lines: Whom to tell of.
    """
    from marketmover.budget import completeness

    platforms = np.array([line.platform for line in history.lines])
    shares = np.ones((len(lines), LONGEST_LAG + 1))
    for platform in sorted(set(platforms.tolist())):
        rows = platforms == platform
        valid = history.observed[rows] & (history.clicks[rows] > 0)
        found = completeness(history.conversions[rows], history.clicks[rows], valid, LONGEST_LAG)[::-1]
        width = min(LONGEST_LAG + 1, found.size)
        mine = [row for row, line in enumerate(lines) if line.platform == platform]
        shares[mine, :width] = np.maximum.accumulate(found[:width])
    return np.clip(shares, 0.05, 1.0)


def as_if_pulled(panel: Panel, first: int, shares: Floats) -> Floats:
    """What exports of each live day would have held of the conversions that one later export holds.

    Each conversion is known after a lag drawn from `shares`, so that counts of recent days are as few and as uncertain
    as they were; fractional conversions (Google's attribution by data) are thinned as their number rounded up.

    Returns:
        Shape (live days, lines, LONGEST_LAG + 1), as `Figures.known`.
    """
    lines, days = panel.conversions.shape
    width = LONGEST_LAG + 1
    ages = (days - 1 - np.arange(days))[None, :]
    known = np.zeros((days - first, lines, width))
    seeds = [int(stable_hash("as if pulled", line.id), 16) for line in panel.lines]
    draws = [np.random.default_rng(seed) for seed in seeds]
    whole = np.ceil(panel.conversions)
    left = whole.astype(np.int64)
    each = np.divide(panel.conversions, whole, out=np.zeros_like(whole), where=whole > 0)
    rows = np.arange(lines)[:, None]
    for column in range(days - 1, first - 1, -1):
        take = min(width, column + 1)
        part = slice(column + 1 - take, column + 1)
        known[column - first][:, -take:] = (left * each)[:, part]
        now, before = (np.clip(ages - (days - 1 - column) - back, -1, LONGEST_LAG) for back in (0, 1))
        share_now, share_before = (np.where(age >= 0, shares[rows, np.maximum(age, 0)], 0.0) for age in (now, before))
        kept = np.divide(share_before, share_now, out=np.ones_like(share_now), where=share_now > 0)
        for row in range(lines):
            left[row, part] = draws[row].binomial(left[row, part], np.clip(kept[row, part], 0.0, 1.0))
    return known
