"""What lines have in common of what is not known of their curves: the pool's coefficients, and the families' form."""

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.draw import shared_form_error
from marketmover.budget.models.funnel import StageDraws
from marketmover.budget.models.shapes import logit
from marketmover.budget.models.stage import StageFit

Floats = NDArray[np.float64]
_MOST_SHARED = 0.95


def kin_loadings(fit: StageFit, drawn: StageDraws, *, root: bool) -> Floats:
    """Loadings of each line's log odds of elasticity, over their spread in draws, on what lines share, (causes, lines).

    Their products are the correlations of lines (factor analysis): lines are independent given the pool, so that the
    covariance of two is that of their means given the pool's coefficients.

    Args:
        fit: The fitted stage.
        drawn: Its draws, as they come from the fit.
        root: Whether it is a root stage.
    """
    spread = logit(drawn.elasticity).std(axis=0)
    form = np.full((1, len(spread)), shared_form_error(root=root))
    loadings = np.concatenate([fit.shared, form]) / np.maximum(spread, 1e-9)
    size = np.sqrt((loadings**2).sum(axis=0))
    return loadings * np.minimum(1.0, _MOST_SHARED / np.maximum(size, 1e-9))
