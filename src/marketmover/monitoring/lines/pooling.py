"""Platforms whose lines convert less all at once: evidence that no line has by itself."""

import numpy as np
from numpy.typing import NDArray

from marketmover.monitoring.lines.signals import WINDOWS
from marketmover.monitoring.lines.windows import Compared, count_deviation

Floats = NDArray[np.float64]

_LEAST_LINES, _LEAST_DUE = 3, 10.0
_PLATFORM_SD = 0.06  # scatter that lines of a platform share, log scale, beside each one's own
_FALLEN, _OTHERS_FALLEN = 0.7, 0.8  # of what is due, with and without the line that lacks most
_UNMOVED, _MOST_UNMOVED = 0.9, 0.25  # of what is due; share of what is due on such lines
_SHARED_MOST = 0.25


def fallen_together(compared: Compared, rows: NDArray[np.int64], others: NDArray[np.int64], spread: Floats) -> Floats:
    """Standard deviations that the conversions of a platform's lines together lack, by window; 0 where not all do.

    What the other platforms' lines lack as well is the season's. What is left without the line that lacks most must say
    so as surely, and few lines may be as before.

    Args:
        compared: Conversions per click.
        rows: The platform's lines that are in no trouble yet.
        others: Those of other platforms.
        spread: As in `deviations`.
    """
    found = np.zeros(len(WINDOWS))
    for place in range(found.size):
        mine, rest = (some[compared.usable[some, place]] for some in (rows, others))
        if mine.size < _LEAST_LINES or compared.due[mine, place].sum() < _LEAST_DUE:
            continue
        seen, due = compared.seen[mine, place], compared.due[mine, place]
        due = due * np.exp(_season(compared.seen[rest, place], compared.due[rest, place]))
        left = np.arange(mine.size) != int(np.argmax(due - seen))
        unmoved = due[(seen > _UNMOVED * due) & (due >= 2.0)].sum() / due.sum()
        if seen.sum() > _FALLEN * due.sum() or seen[left].sum() > _OTHERS_FALLEN * due[left].sum():
            continue
        sides = (np.ones(mine.size, dtype=np.bool_), left)
        base = compared.base[mine, place]
        both = [_lacking(seen[part], due[part], base[part], spread[mine, place][part]) for part in sides]
        if unmoved <= _MOST_UNMOVED:
            found[place] = max(both)
    return found


def _lacking(seen: Floats, due: Floats, base: Floats, spread: Floats) -> float:
    own = float((due * spread) @ (due * spread)) / float(due.sum()) ** 2
    scatter = float(np.sqrt(own + _PLATFORM_SD**2))
    return float(count_deviation(seen.sum(), due.sum(), scatter, base.sum()))


def _season(seen: Floats, due: Floats) -> float:
    """What the other lines lack together, on the log scale; nothing where few conversions speak."""
    if due.sum() < _LEAST_DUE:
        return 0.0
    return float(np.clip(np.log((seen.sum() + 0.5) / (due.sum() + 0.5)), -_SHARED_MOST, 0.0))
