"""What was not counted, or not yet: late conversions of the last days, and days on which tracking was broken."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_MEANS = np.array([0.3, 0.6, 1.0, 1.5, 2.2, 3.2, 4.7, 7.0, 10.0, 15.0, 22.0])
_AT_ONCE = np.array([0.0, 0.25, 0.5, 0.75])
_NO_LAG = 0.3  # prior probability that everything is known at once
_SURELY = 9.0  # expected counts at which none at all is no chance


def completeness(counts: Floats, exposure: Floats, valid: Bools, longest: int) -> Floats:
    """Share of each day's counts that is known by the last day, pooled over lines, shape (days,); 1 for old days.

    What is known of a day that lies `age` days back is taken to be `p + (1 - p) * (1 - exp(-(age + 0.5) / m))`. The
    counts of the last days against the rate of the weeks before them weigh the pairs of `p` and `m`, and no lag at all;
    the answer is their mean.

    Args:
        counts: Shape (lines, days).
        exposure: What they are a rate of.
        valid: Days that count.
        longest: How far back counts may be incomplete, in days.
    """
    days = counts.shape[1]
    known = np.ones(days)
    span = min(longest, days // 3)
    if span < 3:
        return known
    late, before = slice(days - span, days), slice(max(0, days - span - 60), days - span)
    rate = (np.where(valid, counts, 0.0)[:, before].sum(axis=1) + 0.5) / (
        np.where(valid, exposure, 0.0)[:, before].sum(axis=1) + 0.5 / _overall(counts, exposure, valid)
    )
    expected = (np.where(valid, exposure, 0.0)[:, late] * rate[:, None]).sum(axis=0)
    seen = np.where(valid, counts, 0.0)[:, late].sum(axis=0)
    if expected.sum() < 20.0 or seen.sum() <= 0:
        return known
    age = np.arange(span)[::-1] + 0.5
    curves = [np.ones(span)]
    curves += [share + (1 - share) * -np.expm1(-age / mean) for share in _AT_ONCE for mean in _MEANS if mean < span / 3]
    prior = (
        np.array([_NO_LAG, *([(1 - _NO_LAG) / (len(curves) - 1)] * (len(curves) - 1))])
        if len(curves) > 1
        else np.ones(1)
    )
    score = np.array([_fit(seen, expected * curve) for curve in curves])
    scatter = _scatter(seen, expected * curves[int(np.argmax(score))])
    weight = prior * np.exp((score - score.max()) / scatter)
    known[late] = (weight / weight.sum()) @ np.array(curves)
    return known


def _overall(counts: Floats, exposure: Floats, valid: Bools) -> float:
    return max(float((counts * valid).sum() / max(float((exposure * valid).sum()), 1e-12)), 1e-9)


def _fit(seen: Floats, expected: Floats) -> float:
    """Poisson log likelihood, with the period's own level free."""
    mean = expected * (seen.sum() + 1.0) / (expected.sum() + 1.0)
    return float((seen * np.log(np.maximum(mean, 1e-12)) - mean).sum())


def _scatter(seen: Floats, expected: Floats) -> float:
    """How much more days scatter than chance would (Pearson), at least 1."""
    mean = np.maximum(expected * (seen.sum() + 1.0) / (expected.sum() + 1.0), 0.5)
    return max(1.0, float(((seen - mean) ** 2 / mean).mean()))


def outages(counts: Floats, exposure: Floats, valid: Bools, group: NDArray[np.int64]) -> Bools:
    """Days on which nothing was counted though much was due: of a whole platform, or of one line in a spell.

    Args:
        counts: Shape (lines, days).
        exposure: What they are a rate of.
        valid: Days that count.
        group: Platform of each line.
    """
    due = np.where(valid, exposure, 0.0) * _recent_rate(counts, exposure, valid)
    broken = np.zeros(counts.shape, dtype=np.bool_)
    for platform in np.unique(group):
        rows = group == platform
        silent = (counts[rows].sum(axis=0) <= 0) & (due[rows].sum(axis=0) > _SURELY)
        broken[rows] |= silent[None, :]
    for row in range(len(counts)):
        broken[row] |= silent_spells(counts[row] <= 0, due[row])
    return broken


def _recent_rate(counts: Floats, exposure: Floats, valid: Bools) -> Floats:
    """Each line's median rate of whole weeks with counts in a quarter around, spread over days, (lines, days)."""
    lines, days = counts.shape
    rate = np.zeros((lines, days))
    for start in range(0, days, 28):
        around = slice(max(0, start - 42), min(days, start + 70))
        number = np.where(valid, counts, 0.0)[:, around].sum(axis=1)
        active = np.where(valid & (counts > 0), 1.0, 0.0)[:, around].sum(axis=1)
        total = np.where(valid, exposure, 0.0)[:, around].sum(axis=1)
        rate[:, start : start + 28] = np.where(active > 3, 0.7 * number / np.maximum(total, 1e-12), 0.0)[:, None]
    return rate


def silent_spells(silent: Bools, due: Floats, surely: float = _SURELY) -> Bools:
    """Runs of days without counts in which surely some were due: more than `surely`."""
    out = np.zeros(len(silent), dtype=np.bool_)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], silent.astype(np.int8), [0]])))
    for first, after in zip(edges[::2], edges[1::2], strict=True):
        if due[first:after].sum() > surely:
            out[first:after] = True
    return out
