"""How much more a search line could show, from its impression shares: what its platform says of its room."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_DAYS = 90
_FEWEST_DAYS = 14
_LEAST_SHARE, _MOST_SHARE = 0.02, 0.98
_TYPICAL = 0.15  # a share of this size is what most lines have: it says nothing either way
_FLOOR = 0.1  # shares below a tenth are all reported as 0.0999: then the share lost says more


def share_had(shown: Floats, lost_to_budget: Floats, lost_to_rank: Floats) -> Floats:
    """What each line had of what budget alone could have brought, over the last days, (lines,).

    What it lost to rank it could not have whatever it spends. NaN where too little is known.

    Args:
        shown: Search impression shares, NaN where unknown, shape (lines, days).
        lost_to_budget: Shares lost since the budget was spent, as above.
        lost_to_rank: Shares lost since bid or quality were too low, as above.
    """
    recent = slice(max(0, shown.shape[1] - _DAYS), None)
    shown, budget, rank = (one[:, recent] for one in (shown, lost_to_budget, lost_to_rank))
    known = np.isfinite(shown) & np.isfinite(budget)
    reachable = 1.0 - np.where(np.isfinite(rank), rank, 0.0)
    had = np.where(shown > _FLOOR, shown / np.maximum(shown + budget, 1e-9), 1.0 - budget / np.maximum(reachable, 1e-9))
    enough = known.sum(axis=1) >= _FEWEST_DAYS
    total = np.where(known, np.clip(had, _LEAST_SHARE, _MOST_SHARE), 0.0).sum(axis=1)
    return np.where(enough, total / np.maximum(known.sum(axis=1), 1), np.nan)


def room_score(had: Floats) -> Floats:
    """How far a share speaks for room, in log odds, 0 where nothing is known, shape (lines,).

    A line that has a small part of what it could have finds the next as easily; one that has nearly all finds none.
    """
    odds = np.log(_TYPICAL / (1.0 - _TYPICAL)) - np.log(had / (1.0 - had))
    return np.where(np.isfinite(had), np.clip(odds, -3.0, 2.0), 0.0)
