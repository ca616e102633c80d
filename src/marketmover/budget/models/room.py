"""What a platform says of a line's room: impressions that search missed, people that Meta has not reached."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_DAYS = 90
_FEWEST_DAYS = 14
_LEAST_SHARE, _MOST_SHARE = 0.02, 0.98
_TYPICAL = 0.15  # a share of this size is what most lines have: it says nothing either way
_REACH_DAYS = 365  # elasticities are those at a line's usual spend
_FEWEST_IMPRESSIONS = 1000.0
_TYPICAL_REACHED, _PRIOR_LINES = 0.2, 2.0  # of an audience on a day; what is typical counts as this many lines
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


def share_reached(frequency: Floats, impressions: Floats) -> Floats:
    """Share of a line's audience that it reaches on a usual day, NaN where too little is known, (lines,).

    Where each of `m` impressions meets any of `A` people alike, `A * (1 - exp(-m / A))` are reached: the frequency says
    what `m / A` is. Some people use a platform more than others and are met more often: then the audience that counts
    is smaller than all who could be met, and so is the room.

    Args:
        frequency: Impressions a person reached on a day, NaN where unknown, shape (lines, days).
        impressions: Shape (lines, days).
    """
    recent = slice(max(0, frequency.shape[1] - _REACH_DAYS), None)
    frequency, impressions = frequency[:, recent], impressions[:, recent]
    known = np.isfinite(frequency) & (frequency > 0) & (impressions > 0)
    people = np.where(known, impressions / np.where(known, frequency, 1.0), 0.0).sum(axis=1)
    shown = np.where(known, impressions, 0.0).sum(axis=1)
    enough = (known.sum(axis=1) >= _FEWEST_DAYS) & (shown >= _FEWEST_IMPRESSIONS) & (people <= shown)
    usual = np.where(enough, shown, 1.0) / np.where(enough, people, 1.0)
    return np.where(enough, -np.expm1(-np.interp(usual, _FREQUENCIES, _SHOWN_A_HEAD)), np.nan)


_SHOWN_A_HEAD = np.exp(np.linspace(-7.0, 4.0, 2201))
_FREQUENCIES = _SHOWN_A_HEAD / -np.expm1(-_SHOWN_A_HEAD)


def reach_score(reached: Floats) -> Floats:
    """How far the share of its audience that a line reaches speaks for room, in log odds, 0 where unknown, (lines,).

    Held against the account's other lines, since what a day's frequency is depends on who is counted as one person.
    """
    known = np.isfinite(reached)
    share = np.clip(np.where(known, reached, _TYPICAL_REACHED), _LEAST_SHARE, _MOST_SHARE)
    odds = np.log(share / (1.0 - share))
    typical = np.log(_TYPICAL_REACHED / (1.0 - _TYPICAL_REACHED))
    centre = (odds[known].sum() + _PRIOR_LINES * typical) / (known.sum() + _PRIOR_LINES)
    return np.where(known, np.clip(centre - odds, -3.0, 2.0), 0.0)


def unknown_beyond(shares: Floats, lines: int) -> Floats:
    """Shares of the first lines, NaN for the new ones after them, shape (lines,)."""
    return np.concatenate([shares, np.full(lines - len(shares), np.nan)])
