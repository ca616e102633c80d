"""What a line's parameters do to its yield: form, audience, message, bidding, and how they act together."""

from collections.abc import Sequence

import numpy as np

from marketmover.sandbox.arrays import Floats
from marketmover.sandbox.lines import SimulatedLine

_STRENGTH = {"ad_type": 0.15, "age": 0.1, "gender": 0.05, "message": 0.12, "bidding": 0.06, "message x age": 0.1}


def features(line: SimulatedLine) -> dict[str, str]:
    """The line's parameters as the truth names them: main effects and one interaction."""
    age = "young" if line.age_max <= 44 else ("old" if line.age_min >= 35 else "all")
    gender = line.genders[0] if len(line.genders) == 1 else "all"
    return {
        "ad_type": f"{line.platform}:{line.ad_type}",
        "age": age,
        "gender": gender,
        "message": line.message,
        "bidding": line.bidding,
        "message x age": f"{line.message} x {age}",
    }


def draw_effects(lines: Sequence[SimulatedLine], rng: np.random.Generator) -> dict[str, dict[str, float]]:
    """An effect on the log of the yield for each value of each parameter that the lines have."""
    found = [features(line) for line in lines]
    values = {name: sorted({line[name] for line in found}) for name in _STRENGTH}
    return {
        name: {value: float(rng.normal(0.0, strength)) for value in values[name]}
        for name, strength in _STRENGTH.items()
    }


def log_yield(lines: Sequence[SimulatedLine], effects: dict[str, dict[str, float]]) -> Floats:
    """The sum of each line's effects, shape (lines,)."""
    return np.array([sum(effects[name][value] for name, value in features(line).items()) for line in lines])
