"""What an account's history teaches of parameters, ready to be asked: what would this line earn if it were set so?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.parameters.models.columns import Cell, Columns, as_cells
from marketmover.campaigns.parameters.models.effects import Effects, fit_effects
from marketmover.campaigns.parameters.priors import CHANCE, spreads_of
from marketmover.campaigns.parameters.settings import Values

Floats = NDArray[np.float64]

_FEWEST = 30.0  # outcomes; with fewer nothing is learned of parameters


@dataclass(frozen=True)
class Taught:
    """The effects on one rate, and what they rest on.

    Attributes:
        rate: `rate` (outcomes for spend) or `quality` (qualified leads of leads decided on).
        columns: Which column stands for which value.
        effects: Their posterior.
        cells: What they were learned from.
    """

    rate: str
    columns: Columns
    effects: Effects
    cells: Sequence[Cell]


def teach(rate: str, cells: Sequence[Cell]) -> Taught | None:
    """Learn effects from cells; `None` where too little was counted to learn anything."""
    if sum(cell.counted for cell in cells if cell.source == "line") < _FEWEST:
        return None
    arrays, columns = as_cells(cells, spreads_of(rate), CHANCE)
    return Taught(rate, columns, fit_effects(arrays), cells)


def gains(taught: Sequence[Taught], changes: Sequence[tuple[Values, Values]], seed: int, draws: int) -> Floats:
    """Draws of what changes of settings do to the log of all rates together, shape (draws, changes).

    Args:
        taught: The rates whose product is the outcome.
        changes: What is set before and after; `own_values` adds what a line has of its own.
        seed: Of the draws. The same seed gives changes the same draws of effects.
        draws: How many.
    """
    total = np.zeros((draws, len(changes)))
    for one in taught:
        contrasts = np.stack([one.columns.vector(after) - one.columns.vector(before) for before, after in changes])
        unknown = np.array([_unknown(one, before, after) for before, after in changes])
        generator = np.random.default_rng([seed, *one.rate.encode()])
        normals = generator.standard_normal((draws, contrasts.shape[1]))
        total += one.effects.draws(contrasts, normals)
        total += generator.standard_normal((draws, len(changes))) * unknown
    return total


def _unknown(taught: Taught, before: Values, after: Values) -> float:
    """Spread of the effects of values that no cell holds: the prior's."""
    spreads, columns = spreads_of(taught.rate), taught.columns
    square = 0.0
    for factor in sorted({*before, *after} & set(spreads)):
        old, new = before.get(factor, {}), after.get(factor, {})
        for value in sorted({*old, *new}):
            if (factor, value) not in columns.place:
                square += (spreads[factor] * (new.get(value, 0.0) - old.get(value, 0.0))) ** 2
    return float(np.sqrt(square))


def own_values(line: str, values: Values) -> dict[str, Mapping[str, float]]:
    """A line's values with what is its own: how it does among people of an age or gender."""
    own = {
        f"line {name}": {f"{line} {value}": weight for value, weight in values[name].items()}
        for name in ("age", "gender")
        if name in values
    }
    return {**values, **own}
