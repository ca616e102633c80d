"""How outcomes answer to effective spend: seven families, so that no single functional form is right.

Each family takes effort `z` (spend over the line's own scale) and a shape, and answers with a volume: 0 at 0, never
falling. `normalise` rescales every line so that `z = 1` is where one per cent more spend brings half a per cent more
outcome (elasticity 0.5), and the volume there is 1; families then differ in what happens on either side of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from marketmover.sandbox.arrays import Floats, Ints

_GRID = np.geomspace(1e-3, 1e3, 2401)
_KNOTS = np.array([0.0, 0.35, 1.0, 2.5, 6.0, 30.0, 1e4])
_LEVELS = np.array([0.0, 0.12, 0.78, 1.55, 2.2, 2.7, 2.9])


def hill(z: Floats, shape: Floats) -> Floats:
    """`z^a / (1 + z^a)` (Hill 1910): S-shaped where the shape `a` is above 1."""
    raised = z**shape
    return raised / (1.0 + raised)


def power(z: Floats, shape: Floats) -> Floats:
    """`(1 + z)^b - 1` with `0 < b < 1`: never saturates, pays less and less."""
    return (1.0 + z) ** shape - 1.0


def logarithmic(z: Floats, shape: Floats) -> Floats:
    """`log(1 + a z)`: each doubling of spend adds the same."""
    return np.log1p(shape * z)


def michaelis_menten(z: Floats, shape: Floats) -> Floats:
    """`z / (a + z)` (Michaelis and Menten 1913): a ceiling that is neared slowly."""
    return z / (shape + z)


def exponential(z: Floats, shape: Floats) -> Floats:
    """`1 - exp(-a z)`: a ceiling that is neared fast, a small audience used up."""
    return -np.expm1(-shape * z)


def piecewise(z: Floats, shape: Floats) -> Floats:
    """Straight pieces with a threshold: little below it, most just above, little again beyond."""
    return np.interp(z * shape, _KNOTS, _LEVELS)


def auction(z: Floats, shape: Floats) -> Floats:
    """Second-price auctions against a lognormal bid landscape of spread `shape`.

    Bidding `b` wins the share F(b) and costs the integral of the rivals' prices up to `b`; with F lognormal, a share
    `s` of the whole market's cost wins `Phi(Phi^-1(s) + shape)` of its auctions. Where all is bought, no more can be.
    """
    from scipy.special import ndtr, ndtri

    share = np.clip(z * 0.05, 1e-12, 1.0 - 1e-12)
    return ndtr(ndtri(share) + shape) * (z > 0)


FAMILIES: dict[str, Callable[[Floats, Floats], Floats]] = {
    "hill": hill,
    "power": power,
    "log": logarithmic,
    "michaelis_menten": michaelis_menten,
    "exponential": exponential,
    "piecewise": piecewise,
    "auction": auction,
}
"""The families by name, in the order in which the truth numbers them."""

SHAPES: dict[str, tuple[float, float]] = {
    "hill": (0.9, 1.9),
    "power": (0.15, 0.42),
    "log": (0.6, 2.0),
    "michaelis_menten": (0.7, 1.5),
    "exponential": (0.7, 1.4),
    "piecewise": (0.8, 1.25),
    "auction": (0.6, 1.3),
}
"""The range that each family's shape is drawn from."""

DIMINISHING = ("power", "log", "michaelis_menten", "exponential", "auction")
"""Families whose every further unit of spend brings less than the one before."""


@dataclass(frozen=True)
class Curves:
    """The response of every line: arrays of shape (lines,); `family` indexes `FAMILIES`."""

    family: Ints
    shape: Floats
    unit: Floats
    level: Floats

    @cached_property
    def _members(self) -> list[tuple[Callable[[Floats, Floats], Floats], Ints, Floats]]:
        """Each family that has lines, their places, their shapes."""
        places = [np.flatnonzero(self.family == index) for index in range(len(FAMILIES))]
        found = zip(FAMILIES.values(), places, strict=True)
        return [(respond, columns, self.shape[columns]) for respond, columns in found if columns.size]

    def volume(self, effort: Floats) -> Floats:
        """Outcome over the outcome at effort 1, for `effort` of shape (..., lines)."""
        scaled = effort * self.unit
        raw = np.empty_like(scaled)
        for respond, columns, shape in self._members:
            raw[..., columns] = respond(scaled[..., columns], shape)
        return raw / self.level


def normalise(family: Ints, shape: Floats) -> Curves:
    """Scale each line's curve so that its elasticity is 0.5 and its volume 1 at effort 1."""
    names = list(FAMILIES)
    unit = np.empty(len(family))
    level = np.empty(len(family))
    for line, index in enumerate(family):
        volume = FAMILIES[names[index]](_GRID, np.full_like(_GRID, shape[line]))
        elasticity = np.gradient(np.log(np.maximum(volume, 1e-300)), np.log(_GRID))
        above = np.flatnonzero(elasticity >= 0.5)
        place = int(above[-1]) if above.size else 0
        unit[line], level[line] = _GRID[place], volume[place]
    return Curves(family, shape, unit, level)
