"""Auction prices: the more a line buys, the dearer each thousand impressions."""

from marketmover.sandbox.arrays import Floats


def impressions(spend: Floats, effort: Floats, cpm: Floats, elasticity: Floats) -> Floats:
    """Impressions that `spend` buys at `effort` (spend over the line's scale).

    The cost per thousand is `cpm` at effort 1 and grows like `((1 + effort) / 2) ** elasticity`.
    """
    return 1000.0 * spend / (cpm * ((1.0 + effort) / 2.0) ** elasticity)
