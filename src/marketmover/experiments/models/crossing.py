"""How likely a test crosses its bounds by each look, exactly.

The density of the score is carried from look to look by numerical integration (Armitage, McPherson and Rowe 1969,
"Repeated significance tests on accumulating data"; Jennison and Turnbull 2000, "Group Sequential Methods", chapter 19).
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]

_NODES_A_STEP = 1.6
_FEWEST, _MOST = 48, 600
_FAR = 8.5  # standard deviations beyond which a density is nought


def crossing(times: Floats, bounds: Floats, drift: float) -> tuple[Floats, Floats]:
    """Chances to have crossed the upper and the lower bound by each look.

    Args:
        times: Information at each look as a share of that at the last one, ascending, shape (looks,).
        bounds: Bounds in standard errors at each look, both ways; may be infinite. Shape (looks,).
        drift: Expected score, in standard errors, at the last look.

    Returns:
        Chances by look, ascending, for the upper and the lower bound, shape (looks,) each.
    """
    above, below = np.zeros(len(times)), np.zeros(len(times))
    places, mass, before = np.zeros(1), np.ones(1), 0.0
    for look, (time, bound) in enumerate(zip(times, bounds, strict=True)):
        step, edge = time - before, _edge(time, bound, drift)
        spread = np.sqrt(step)
        reached = places + drift * step
        if np.isfinite(bound):
            above[look] = mass @ ndtr((reached - edge) / spread)
            below[look] = mass @ ndtr((-reached - edge) / spread)
        nodes, weights = _legendre(_nodes(edge, spread))
        fresh = edge * nodes
        density = np.exp(-0.5 * ((fresh[:, None] - reached[None, :]) / spread) ** 2) / (spread * np.sqrt(2 * np.pi))
        places, mass, before = fresh, edge * weights * (density @ mass), float(time)
    return np.cumsum(above), np.cumsum(below)


def _edge(time: float, bound: float, drift: float) -> float:
    """Half-width of the stretch that is carried on: up to the bound, or to where nothing is left."""
    far = _FAR * np.sqrt(time) + abs(drift) * time
    return float(min(bound * np.sqrt(time), far))


def _nodes(edge: float, spread: float) -> int:
    return int(np.clip(_NODES_A_STEP * 2 * edge / spread, _FEWEST, _MOST))


@cache
def _legendre(count: int) -> tuple[Floats, Floats]:
    nodes, weights = np.polynomial.legendre.leggauss(count)
    return nodes, weights
