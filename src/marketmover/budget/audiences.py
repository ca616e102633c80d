"""Which lines court the same people: by their platform and whom they are aimed at."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.overlap import Pressed, Rivals
from marketmover.history import Line

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_YOUNGEST, _OPEN_END, _OLDEST = 18, 65, 66  # 65 stands for all who are older
_OF_ALL = 0.5  # of people at large, those of a narrower line are taken to be this share, for each way it is narrower
_LEAST = 0.05  # shares below are nobody


def pressed(lines: Sequence[Line], cost: Floats, reference: Floats, platform: Integers) -> Pressed | None:
    """How lines that court the same people pressed on each other; `None` where none do.

    Args:
        lines: The first lines; nobody knows whom those after them will court.
        cost: Spend of all lines, shape (L, T).
        reference: Usual daily spend of each, shape (L,).
        platform: Platform of each, shape (L,).
    """
    shared = np.zeros((len(cost), len(cost)))
    shared[: len(lines), : len(lines)] = shared_audience(lines)
    return Pressed.of(Rivals.of(shared, reference), cost, platform)


def shared_audience(lines: Sequence[Line]) -> Floats:
    """Share of each line's people that each other line courts as well, shape (lines, lines); 0 to itself.

    Only lines of one platform that say whom they are aimed at share anybody. Countries, places, ages, genders, and
    interests or keywords count as if they were independent; without any of the last a line courts everybody.
    """
    share = np.zeros((len(lines), len(lines)))
    for kind in sorted({line.platform for line in lines}):
        rows = [row for row, line in enumerate(lines) if line.platform == kind and _says_whom(line)]
        if len(rows) > 1:
            share[np.ix_(rows, rows)] = _shared([lines[row] for row in rows])
    np.fill_diagonal(share, 0.0)
    return np.where(share < _LEAST, 0.0, share)


def _says_whom(line: Line) -> bool:
    return bool(line.countries or line.places or line.age_min or line.genders or line.interests or line.keywords)


def _shared(lines: Sequence[Line]) -> Floats:
    """Product of what each line shares with each other one, by every way of aiming, (lines, lines)."""
    named = [
        [line.countries for line in lines],
        [tuple(name.casefold() for name in line.places) for line in lines],
        [line.genders for line in lines],
        [_wishes(line) for line in lines],
    ]
    out = _of_ages(lines)
    for sets in named:
        out = out * _of_sets(sets)
    return out


def _wishes(line: Line) -> tuple[str, ...]:
    return tuple(name.casefold() for name in (*line.interests, *line.keywords))


def _of_sets(sets: Sequence[tuple[str, ...]]) -> Floats:
    """Share of each one's names that each other one has; all of it to those without names."""
    known = sorted({name for one in sets for name in one})
    member = np.array([[name in one for name in known] for one in map(set, sets)], dtype=np.float64)
    size = member.sum(axis=1) if known else np.zeros(len(sets))
    both = member @ member.T if known else np.zeros((len(sets), len(sets)))
    share = both / np.maximum(size, 1.0)[:, None]
    share[:, size == 0] = 1.0
    share[np.ix_(size == 0, size > 0)] = _OF_ALL
    return share


def _of_ages(lines: Sequence[Line]) -> Floats:
    low = np.array([line.age_min or _YOUNGEST for line in lines], dtype=np.float64)
    oldest = [line.age_max or _OLDEST for line in lines]
    high = np.array([_OLDEST if age >= _OPEN_END else age + 1 for age in oldest], dtype=np.float64)
    high = np.maximum(high, low + 1.0)
    both = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)
    return np.maximum(both, 0.0) / (high - low)[:, None]
