"""Carry-over: part of what is spent today works on later days (adstock: Broadbent 1979, "One way TV ads work")."""

from typing import NamedTuple

import numpy as np

from marketmover.sandbox.arrays import Bools, Floats


class Adstock(NamedTuple):
    """What earlier spend still does, shape (..., lines): a first and, for delayed lines, a second stage."""

    first: Floats
    second: Floats


def carry(
    stock: Adstock, bought: Floats, decay: Floats, carried_share: Floats, delayed: Bools
) -> tuple[Adstock, Floats]:
    """One day of carry-over.

    Geometric decay; a delayed line passes through two stages, so that its effect peaks some days later. Weights add up
    to 1: under steady spend the effective spend is the spend.

    Returns:
        The stock after the day, and the day's effective spend, in the money of `bought`.
    """
    first = decay * stock.first + (1.0 - decay) * bought
    second = decay * stock.second + (1.0 - decay) * first
    lasting = np.where(delayed, second, first)
    return Adstock(first, second), (1.0 - carried_share) * bought + carried_share * lasting
