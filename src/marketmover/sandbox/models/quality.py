"""Lead quality: what share of leads qualify, which does not follow their price."""

from marketmover.sandbox.arrays import Floats


def qualification_rate(rate: Floats, drop: Floats, effort: Floats) -> Floats:
    """The share of leads that qualify: `rate` at effort 1, less where a line is pushed harder (`drop` at most)."""
    return rate * (1.0 - drop * (effort / (1.0 + effort) - 0.5))
