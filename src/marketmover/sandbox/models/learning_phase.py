"""Learning phases: after a sharp change of budget a platform's delivery is worse for some days."""

from typing import NamedTuple

import numpy as np

from marketmover.sandbox.arrays import Bools, Floats

_TOLERATED = 0.2
_FULL = 0.9
_SEVEN_DAYS = 1.0 - np.exp(-1.0 / 4.0)
_PENNY = 0.01
_RETARGETED = 0.6


class Learning(NamedTuple):
    """How unsettled delivery is (0 to 1) and the budget it is used to, shape (..., lines)."""

    unsettled: Floats
    usual_budget: Floats


def settle(state: Learning, budget: Floats, days: Floats, retargeted: Bools) -> Learning:
    """One day: a log change of the budget beyond 0.2 unsettles, fully so from 0.9, as does new targeting; it fades.

    It fades over `days`; `retargeted` are the lines whose targeting changed on the day.
    """
    change = np.abs(np.log((budget + _PENNY) / (state.usual_budget + _PENNY)))
    jolt = np.clip((change - _TOLERATED) / (_FULL - _TOLERATED), 0.0, 1.0)
    jolt = np.maximum(jolt, _RETARGETED * retargeted)
    unsettled = np.maximum(state.unsettled * np.exp(-1.0 / days), jolt)
    return Learning(unsettled, state.usual_budget + _SEVEN_DAYS * (budget - state.usual_budget))
