"""The daily figures of a line that are watched, each as a count or sum beside what it is measured by."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from marketmover.monitoring.lines.figures import Figures

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Name = Literal["cpm", "ctr", "conversion_rate", "pace", "value"]

LEAST_SOLD = 30.0
"""Sales in some days below which their mean value says nothing."""

WINDOWS = (1, 2, 3, 4, 5, 7, 10, 14)
"""Days over which a figure is compared with the time before."""


@dataclass(frozen=True)
class Signal:
    """A figure, and what does not count as a trouble of it.

    Attributes:
        name: The figure.
        counted: Whether its numerator is a count, which chance moves the more the smaller it is.
        by_spend: Lowest and highest power of the line's spend that it may follow without being in trouble: dearer and
            less fruitful as a line spends more.
        margin: Change on the log scale that nobody needs to be told of.
        tested: Share of the margin that must be passed beyond chance; all of it must be passed as it is seen.
        learning: As much more is allowed in its bad direction while the platform learns anew.
        odd: As much more is allowed either way on holidays and in sales weeks.
        half_life: Days after which the time before counts half for what is usual.
        bad: Which direction costs money: -1 down, 1 up, 0 both.
    """

    name: Name
    counted: bool
    by_spend: tuple[float, float]
    margin: float
    tested: float
    learning: float
    odd: float
    half_life: float
    bad: int


SIGNALS = (
    Signal("pace", False, (-1.0, 0.0), 0.07, 1.0, 0.05, 0.1, 14.0, 0),
    Signal("cpm", False, (0.0, 0.3), 0.10, 1.0, 0.05, 0.15, 8.0, 1),
    Signal("ctr", True, (-0.25, 0.1), 0.15, 0.5, 0.05, 0.2, 12.0, -1),
    Signal("conversion_rate", True, (-0.6, 0.1), 0.15, 0.0, 0.25, 0.6, 30.0, -1),
    Signal("value", False, (-0.1, 0.1), 0.25, 1.0, 0.0, 0.2, 30.0, -1),
)
"""What can be watched."""


def watched_of(figures: Figures) -> list[Signal]:
    """The figures that an account has: value only where the platforms count revenue, since a CRM's comes weeks late."""
    panel = figures.panel
    valued = panel.revenue_source == "platform" and bool((panel.revenue > 0).any())
    return [signal for signal in SIGNALS if signal.name != "value" or valued]


def parts_of(signal: Signal, figures: Figures, column: int) -> tuple[Floats, Floats]:
    """Numerator and denominator of a figure for the days up to `column`, shape (lines, column + 1) each."""
    panel, until = figures.panel, slice(0, column + 1)
    if signal.name == "cpm":
        return panel.cost[:, until], panel.impressions[:, until]
    if signal.name == "ctr":
        return panel.clicks[:, until], panel.impressions[:, until]
    if signal.name == "conversion_rate":
        seen = max(column, figures.first)  # of the history, what was known of it on the first live day
        return figures.conversions(seen)[:, until], panel.clicks[:, until] * figures.completeness(seen)[:, until]
    if signal.name == "value":
        return _value_parts(figures, column)
    budgets = figures.budgets[:, until]
    return panel.cost[:, until], np.where(np.isfinite(budgets), budgets, 1.0)


def _value_parts(figures: Figures, column: int) -> tuple[Floats, Floats]:
    """Revenue and sales (conversions, where none are called sales) as far as known, at what the day's are worth."""
    panel, until = figures.panel, slice(0, column + 1)
    known, all_of_day = figures.conversions(max(column, figures.first))[:, until], panel.conversions[:, until]
    share = np.divide(known, all_of_day, out=np.ones_like(known), where=all_of_day > 0)
    sold = panel.sales if (panel.sales > 0).any() else panel.conversions
    return panel.revenue[:, until] * share, sold[:, until] * share


def driver_of(signal: Signal, figures: Figures, column: int) -> Floats:
    """What a figure may follow without being in trouble: the budget for the pace, spend for the rest."""
    if signal.name == "pace":
        return np.nan_to_num(figures.budgets[:, : column + 1], nan=1.0)
    return figures.panel.cost[:, : column + 1]
