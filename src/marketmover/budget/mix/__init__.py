"""What each channel brought, where only a total outcome for each period is known: a media mix.

`fit_mix` learns from spend by channel and period; `MixResponse` holds contributions, curves and returns with ranges.
"""

from marketmover.budget.mix.fit import fit_mix
from marketmover.budget.mix.response import MixResponse

__all__ = ["MixResponse", "fit_mix"]
