"""Saturation made ready once for many spends: of one family, or with a family for each draw of each line."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.shapes import FAMILIES, SLOPE, scales, within_bounds

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_POWER, _LOGARITHMIC, _SATURATING, _EXPONENTIAL = range(4)


@dataclass(frozen=True)
class FamilyShapes:
    """Shapes of one family with what depends on their elasticities alone: the scale, and the log of what makes 1 of 1.

    Both have the elasticities' shape.
    """

    family: int
    scale: Floats
    top: Floats

    @classmethod
    def of(cls, family: int, elasticity: Floats) -> "FamilyShapes":
        """Shapes of a family (index into `FAMILIES`) at elasticities of any shape."""
        if family == _POWER:
            return cls(family, within_bounds(elasticity), np.zeros_like(elasticity))
        scale = scales(family, elasticity)
        if family == _LOGARITHMIC:
            return cls(family, scale, np.log(np.log1p(1.0 / scale)))
        if family == _EXPONENTIAL:
            return cls(family, scale, np.log(-np.expm1(-1.0 / scale)))
        return cls(family, scale, np.log1p(scale))

    def log_response(self, logs: Floats, spend: Floats) -> Floats:
        """Log response at a spend and its logs (-60 or more), which broadcast with the elasticities."""
        if self.family == _POWER:
            return self.scale * logs
        if self.family == _LOGARITHMIC:
            return np.log(np.log1p(spend / self.scale)) - self.top
        if self.family == _EXPONENTIAL:
            return np.log(-np.expm1(-spend / self.scale)) - self.top
        if self.family == _SATURATING:
            return logs + self.top - np.log(spend + self.scale)
        own = SLOPE * logs
        return own + self.top - np.log(np.exp(own) + self.scale)


@dataclass(frozen=True)
class MixedShapes:
    """Shapes of (draws, lines) elements: for each family that is there the elements' places and shapes."""

    shape: tuple[int, int]
    parts: tuple[tuple[Integers, FamilyShapes], ...]

    @classmethod
    def of(cls, families: Integers, elasticity: Floats) -> "MixedShapes":
        """Shapes of `families` (indices into `FAMILIES`) and elasticities, both (draws, lines)."""
        draws, lines = elasticity.shape
        flat, odds = families.reshape(-1), elasticity.reshape(-1)
        parts = []
        for family in range(len(FAMILIES)):
            place = np.flatnonzero(flat == family)
            if len(place):
                parts.append((place, FamilyShapes.of(family, odds[place][:, None])))
        return cls((draws, lines), tuple(parts))

    def log_response(self, log_u: Floats) -> Floats:
        """Log response at `log_u`, as `shapes.log_response`; `log_u` of shape (lines,) or (draws, lines).

        Shapes of one line may be asked at many points: then `log_u` is (points,) or (draws, points).
        """
        draws, lines = self.shape
        bounded = np.maximum(log_u, -60.0)
        width = bounded.shape[-1]
        across = width if lines == 1 else 1
        logs = np.broadcast_to(bounded, (draws, width)).reshape(-1, across)
        spend = np.broadcast_to(np.exp(bounded), (draws, width)).reshape(-1, across)
        out = np.empty(logs.shape)
        for place, shapes in self.parts:
            out[place] = shapes.log_response(logs.take(place, axis=0), spend.take(place, axis=0))
        return out.reshape(draws, width)
