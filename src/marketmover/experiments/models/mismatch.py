"""Sample-ratio check: whether the arms got the shares of people that they were to get.

The evidence is a Dirichlet mixture of multinomials against the planned shares, valid however often one looks (Lindon
and Malek 2022, "Anytime-valid inference for multinomial count data"). Mixtures of several widths are weighed equally,
so that a gross mismatch is found in hours and a fine one in the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp

Floats = NDArray[np.float64]

_WIDTHS = (1e2, 1e3, 1e4, 1e5)
_ENOUGH_DAYS = 7


@dataclass(frozen=True)
class Mismatch:
    """What the sample-ratio check found.

    Attributes:
        p_value: Always valid: below the level at any look, the shares are off.
        first_look: The first look at which it was below the level, `None` if never.
        observed: Shares of the arms.
        expected: Shares that were planned.
        dispersion: By how much days vary more than chance alone would, 1 for not at all.
        since: The look from which the shares were off, 0 for all along, `None` where they are not.
    """

    p_value: float
    first_look: int | None
    observed: tuple[float, ...]
    expected: tuple[float, ...]
    dispersion: float
    since: int | None


def sample_ratio(counts: Floats, shares: Sequence[float], level: float = 0.03) -> Mismatch:
    """Check the arms' shares at every look.

    Args:
        counts: People who joined each arm by look (day), shape (arms, looks); each is counted once.
        shares: Planned shares, which add up to 1.
        level: Chance of a false alarm over all looks together.
    """
    planned = np.asarray(shares, np.float64)
    total = counts.cumsum(axis=1)
    spread = _dispersion(counts, planned)
    logs = log_evidence(total / spread, planned)
    alarms = np.flatnonzero(logs >= -np.log(level))
    observed = total[:, -1] / max(total[:, -1].sum(), 1.0)
    return Mismatch(
        p_value=float(min(1.0, np.exp(-logs.max(initial=0.0)))),
        first_look=int(alarms[0]) if alarms.size else None,
        observed=tuple(float(share) for share in observed),
        expected=tuple(float(share) for share in planned),
        dispersion=spread,
        since=_since(counts, planned) if alarms.size else None,
    )


def log_evidence(totals: Floats, shares: Floats) -> Floats:
    """Log evidence against the shares for totals by arm and look, shape (arms, looks) to (looks,)."""
    planned = shares[:, None]
    parts: list[Floats] = []
    for width in _WIDTHS:
        prior = width * planned
        grown = gammaln(prior + totals) - gammaln(prior)
        parts.append(
            grown.sum(axis=0)
            + gammaln(width)
            - gammaln(width + totals.sum(axis=0))
            - (totals * np.log(planned)).sum(axis=0)
        )
    return logsumexp(np.stack(parts), axis=0) - np.log(len(_WIDTHS))


def _dispersion(counts: Floats, shares: Floats) -> float:
    """Variation of the daily shares around their own mean over what chance gives (Pearson), at least 1."""
    busy = counts[:, counts.sum(axis=0) > 0]
    if busy.shape[1] < _ENOUGH_DAYS:
        return 1.0
    own = busy.sum(axis=1, keepdims=True) / busy.sum()
    expected = np.where(own > 0, own, shares[:, None]) * busy.sum(axis=0)
    pearson = ((busy - expected) ** 2 / expected).sum()
    return float(max(1.0, pearson / ((busy.shape[1] - 1) * (len(shares) - 1))))


def _since(counts: Floats, shares: Floats) -> int:
    """From which look on the shares are off: the break that explains the counts best, against off all along."""
    looks = counts.shape[1]
    tail = counts[:, ::-1].cumsum(axis=1)[:, ::-1]
    head = counts.cumsum(axis=1) - counts
    likelihood = _multinomial(tail, None) + _multinomial(head, shares)
    best = int(np.argmax(likelihood))
    worth = likelihood[best] - likelihood[0]
    return best if 0 < best < looks and worth > np.log(looks) + 2.0 else 0


def _multinomial(totals: Floats, shares: Floats | None) -> Floats:
    own = (
        totals / np.maximum(totals.sum(axis=0), 1.0)
        if shares is None
        else np.broadcast_to(shares[:, None], totals.shape)
    )
    return (totals * np.log(np.where(own > 0, own, 1.0))).sum(axis=0)
