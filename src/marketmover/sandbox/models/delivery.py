"""Delivery: a line cannot spend more than its inventory sells."""

from marketmover.sandbox.arrays import Floats

_SHARPNESS = 6.0


def deliver(budget: Floats, inventory: Floats) -> Floats:
    """Spend out of `budget` where at most `inventory` can be bought: a smooth minimum of both (L6 norm)."""
    return budget / (1.0 + (budget / inventory) ** _SHARPNESS) ** (1.0 / _SHARPNESS)
