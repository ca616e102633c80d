"""Saturation where every draw of every line has a family and an elasticity of its own, made ready once."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.shapes import FAMILIES, SLOPE, scales, within_bounds

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_POWER, _LOGARITHMIC, _SATURATING, _EXPONENTIAL = range(4)


@dataclass(frozen=True)
class _Part:
    """The elements of one family: where they stand, (n,), their scale and the log of what scales them to 1, (n, 1)."""

    family: int
    place: Integers
    scale: Floats
    top: Floats


@dataclass(frozen=True)
class MixedShapes:
    """Shapes of (draws, lines) elements. What depends on the elements alone is computed here, once for all spends."""

    shape: tuple[int, int]
    parts: tuple[_Part, ...]

    @classmethod
    def of(cls, families: Integers, elasticity: Floats) -> "MixedShapes":
        """Shapes of `families` (indices into `FAMILIES`) and elasticities, both (draws, lines)."""
        draws, lines = elasticity.shape
        flat, odds = families.reshape(-1), elasticity.reshape(-1)
        parts = []
        for family in range(len(FAMILIES)):
            place = np.flatnonzero(flat == family)
            if len(place):
                parts.append(_Part(family, place, *_scaled(family, odds[place][:, None])))
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
        for part in self.parts:
            out[part.place] = _log_response(part, logs, spend)
        return out.reshape(draws, width)


def _scaled(family: int, elasticity: Floats) -> tuple[Floats, Floats]:
    if family == _POWER:
        return within_bounds(elasticity), np.zeros_like(elasticity)
    scale = scales(family, elasticity)
    if family == _LOGARITHMIC:
        return scale, np.log(np.log1p(1.0 / scale))
    if family == _EXPONENTIAL:
        return scale, np.log(-np.expm1(-1.0 / scale))
    return scale, np.log1p(scale)


def _log_response(part: _Part, logs: Floats, spend: Floats) -> Floats:
    if part.family == _POWER:
        return part.scale * logs.take(part.place, axis=0)
    if part.family == _LOGARITHMIC:
        return np.log(np.log1p(spend.take(part.place, axis=0) / part.scale)) - part.top
    if part.family == _EXPONENTIAL:
        return np.log(-np.expm1(-spend.take(part.place, axis=0) / part.scale)) - part.top
    own = logs.take(part.place, axis=0)
    if part.family == _SATURATING:
        return own + part.top - np.log(spend.take(part.place, axis=0) + part.scale)
    return SLOPE * own + part.top - np.log(np.exp(SLOPE * own) + part.scale)
