"""Creative fatigue: people tire of an ad the more it was shown, until it is refreshed."""

import numpy as np

from marketmover.sandbox.arrays import Floats


def freshness(exposure: Floats, rate: Floats, floor: Floats) -> Floats:
    """What is left of an ad's effect: from 1 when new down to `floor`, by `exposure` (days at the line's scale)."""
    return floor + (1.0 - floor) * np.exp(-rate * exposure)
