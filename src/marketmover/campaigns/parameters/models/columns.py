"""From named values to columns of a design and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.parameters.models.effects import Cells

Floats = NDArray[np.float64]

CONTEXT_SPREAD = 1.5
"""Spread of a context's own level (log): wide, since only differences within it are to speak."""


@dataclass(frozen=True)
class Cell:
    """Outcomes counted where some values held.

    Attributes:
        source: What kind of cell it is: `line`, `ad`, `age`, ...; each kind has chance of its own.
        context: Cells of one context are compared with each other alone; `None` for those that are compared with all.
        values: Factor to value to weight.
        counted: Outcomes.
        due: Outcomes at a rate of 1.
    """

    source: str
    context: str | None
    values: Mapping[str, Mapping[str, float]]
    counted: float
    due: float


@dataclass
class Columns:
    """Which column stands for which value of which factor; grows as values are met."""

    place: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])

    def row(self, values: Mapping[str, Mapping[str, float]], *, grow: bool = False) -> dict[int, float]:
        """The columns of some values with their weights; a value that no column stands for is left out."""
        found: dict[int, float] = {}
        for factor, weights in values.items():
            for value, weight in weights.items():
                key = (factor, value)
                if grow:
                    self.place.setdefault(key, len(self.place))
                if key in self.place and weight:
                    found[self.place[key]] = found.get(self.place[key], 0.0) + weight
        return found

    def vector(self, values: Mapping[str, Mapping[str, float]]) -> Floats:
        """Some values as weights of all columns, shape (columns,)."""
        whole = np.zeros(len(self.place))
        for column, weight in self.row(values).items():
            whole[column] = weight
        return whole


def as_cells(
    cells: Sequence[Cell], spreads: Mapping[str, float], source_spreads: Mapping[str, float]
) -> tuple[Cells, Columns]:
    """Cells as arrays, with the columns of their values.

    Args:
        cells: At least one.
        spreads: Prior spread of each factor's effects (log); factors that are not named count as contexts.
        source_spreads: Prior spread of each source's own chance (log).
    """
    columns = Columns()
    rows = [
        columns.row({**cell.values, **({"context": {cell.context: 1.0}} if cell.context else {})}, grow=True)
        for cell in cells
    ]
    factors = list(dict.fromkeys(factor for factor, _ in columns.place))
    design = np.zeros((len(cells), len(columns.place)))
    for at, row in enumerate(rows):
        design[at, list(row)] = list(row.values())
    sources = list(dict.fromkeys(cell.source for cell in cells))
    arrays = Cells(
        counts=np.array([cell.counted for cell in cells]),
        expected=np.maximum(np.array([cell.due for cell in cells]), 1e-9),
        design=design,
        factor=np.array([factors.index(factor) for factor, _ in columns.place]),
        spreads=np.array([spreads.get(factor, CONTEXT_SPREAD) for factor in factors]),
        source=np.array([sources.index(cell.source) for cell in cells]),
        source_spreads=np.array([source_spreads[source] for source in sources]),
        learned=np.array([factor in spreads for factor in factors]),
    )
    return arrays, columns
