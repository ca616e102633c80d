"""What a change of the cost of an outcome, or of the outcome itself, is made of: exact shares that add to 1."""

import math
from collections.abc import Mapping

FACTORS = ("cpm", "ctr", "conversion_rate", "value")
_NEXT_TO_NOTHING = 0.02


def cost_shares(changes: Mapping[str, float]) -> dict[str, float]:
    """Shares of the factors in the change of the cost per outcome; empty where that cost has not changed.

    Cost per outcome is cost per impression / (click rate x conversion rate x value), so the logs of the factors' changes
    add up to the log of its own: nothing is left over, whatever their order (the logarithmic mean Divisia index: Ang
    2004, "Decomposition analysis for policymaking in energy").

    Args:
        changes: Log changes of `cpm`, `ctr`, `conversion_rate` and, where outcomes have one, `value`.
    """
    return _shares({name: change if name == "cpm" else -change for name, change in changes.items() if name in FACTORS})


def outcome_shares(changes: Mapping[str, float]) -> dict[str, float]:
    """Shares in the change of the outcome: spend (`pace`) too, and dearer impressions bring less of it."""
    known = ("pace", *FACTORS)
    return _shares({name: -change if name == "cpm" else change for name, change in changes.items() if name in known})


def money_of(before: float, after: float, shares: Mapping[str, float]) -> dict[str, float]:
    """The same in money: what each factor adds to a cost that goes from `before` to `after`; adds up exactly."""
    return {name: share * (after - before) for name, share in shares.items()}


def _shares(terms: Mapping[str, float]) -> dict[str, float]:
    total = math.fsum(terms.values())
    if abs(total) < _NEXT_TO_NOTHING:
        return {}
    shares = {name: term / total for name, term in terms.items()}
    rounded = {name: round(share, 4) for name, share in shares.items()}
    largest = max(rounded, key=lambda name: abs(rounded[name]))
    rounded[largest] = round(rounded[largest] + 1.0 - math.fsum(rounded.values()), 4)
    return rounded
