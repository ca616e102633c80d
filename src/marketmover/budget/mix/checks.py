"""What a media mix is fitted to: checked, with errors that say what to do."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from marketmover.errors import InputError
from marketmover.kit import counted

Floats = NDArray[np.float64]

LEAST_PERIODS = 26
MOST_PERIODS = 520
_ACTIVE_PERIODS = 3
_LEAST_VARIATION = 0.02


@dataclass(frozen=True)
class MixData:
    """Series of one length.

    Attributes:
        outcome: By period.
        channels: Names.
        spend: Channel by period.
        controls: Control by period, each of mean 0 and standard deviation 1; those that never change are left out.
    """

    outcome: Floats
    channels: tuple[str, ...]
    spend: Floats
    controls: Floats


def checked(outcome: ArrayLike, spend: Mapping[str, ArrayLike], controls: Mapping[str, ArrayLike]) -> MixData:
    """The series as arrays.

    Raises:
        InputError: A series is too short, of another length, not a number somewhere, negative, or never changes.
    """
    known = _series("the outcome", outcome, None)
    periods = len(known)
    if periods < LEAST_PERIODS:
        raise InputError(
            f"There are {counted(periods, 'period')}, and a media mix needs at least {LEAST_PERIODS}.",
            "Give a longer history: two years of weeks is usual.",
        )
    if periods > MOST_PERIODS:
        raise InputError(
            f"There are {periods} periods, and a media mix takes at most {MOST_PERIODS}.",
            "Sum days to weeks, or give the last years only.",
        )
    if known.mean() <= 0 or np.ptp(known) == 0:
        raise InputError(
            "The outcome never changes, or is not above 0 on average.",
            "Name the column that holds sales, leads or revenue by period.",
        )
    if not spend:
        raise InputError("No channel was given.", "Name at least one column of spend.")
    return MixData(
        known,
        tuple(spend),
        np.stack([_channel(name, _series(f"spend on {name}", values, periods)) for name, values in spend.items()]),
        _standardised([_series(f"the control {name}", values, periods) for name, values in controls.items()], periods),
    )


def _series(what: str, values: ArrayLike, periods: int | None) -> Floats:
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what.capitalize()} holds something that is not a number.", "Mend or drop it.") from error
    if found.ndim != 1:
        raise InputError(f"{what.capitalize()} is not one value for each period.", "Give one number a period.")
    if periods is not None and len(found) != periods:
        raise InputError(
            f"{what.capitalize()} has {counted(len(found), 'period')} and the outcome {periods}.",
            "Give every series for the same periods.",
        )
    wrong = np.flatnonzero(~np.isfinite(found))
    if len(wrong):
        raise InputError(
            f"{what.capitalize()} is missing or not a number in {counted(len(wrong), 'period')}, first in period "
            f"{wrong[0] + 1}.",
            "Fill the gap (0 where nothing was spent), or leave those periods out at the start or end.",
        )
    return found


def _channel(name: str, values: Floats) -> Floats:
    negative = np.flatnonzero(values < 0)
    if len(negative):
        raise InputError(
            f"Spend on {name} is negative in period {negative[0] + 1} ({values[negative[0]]:g}).",
            "Book refunds in the period of the spend, so that no period is below 0.",
        )
    active = int((values > 0).sum())
    if active < _ACTIVE_PERIODS:
        raise InputError(
            f"Spend on {name} is above 0 in {counted(active, 'period')} only; nothing can be learned from that.",
            "Leave the channel out, or add it to another.",
        )
    if values.std() < _LEAST_VARIATION * values.mean():
        raise InputError(
            f"Spend on {name} hardly changes, so its effect cannot be told from the level of the outcome.",
            "Leave the channel out, or run a test that changes its spend.",
        )
    return values


def _standardised(controls: list[Floats], periods: int) -> Floats:
    changing = [(values - values.mean()) / values.std() for values in controls if np.ptp(values) > 0]
    return np.stack(changing) if changing else np.zeros((0, periods))
