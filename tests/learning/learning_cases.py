"""Examples with a known truth, for the tests of this room."""

import numpy as np

from marketmover.learning import Examples


def examples(seed: int, *, days: int = 40, lines: int = 12, effect: float = 0.5) -> Examples:
    """Weekly forecasts of lines: a feature moves the rate by `effect` in logs; the offset knows nothing of it."""
    generator = np.random.default_rng(seed)
    rows = days * lines
    made_at = np.repeat(np.arange(days) * 7, lines)
    signal, noise = generator.standard_normal((2, rows))
    offset = np.tile(np.geomspace(3.0, 80.0, lines), days)
    target = generator.poisson(offset * np.exp(effect * signal - 0.5 * effect**2)).astype(np.float64)
    return Examples(np.stack([signal, noise], axis=1), ("signal", "noise"), target, offset, made_at, made_at + 14)
