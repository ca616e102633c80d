"""What the present split itself says: whoever made it knew something, and how much, the account tells.

Where a manager is close to the best, one more unit of money earns about the same on every line; where marginal returns
seem to differ there, it is mostly that curves are not known well enough. How far marginal returns really differ is
estimated from all lines (empirical Bayes), and each line's is drawn towards the others' by what is left. In an account
that is far from its best the spread is large and hardly anything is drawn in.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.shapes import expit, logit
from marketmover.budget.response import Response

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_MANAGED_FOR = ("leads", "conversions", "sales", "installs")
_STEP = 0.1
_USUAL_SPREAD, _PRIOR_LINES = 0.3, 2.0
_DOUBT = 1.5  # margins are off by more than their draws say (variance)
_FEWEST = 3
_CLEARLY = 4.0, 6.5  # from nothing to all that is not drawn in, as differences stand out from doubt (variances)
_ROUNDS = 4
_FARTHEST = (
    2.0  # standard deviations of a line's own elasticity: a manager's split says no more than its own days allow
)


def as_managed(response: Response) -> Response:
    """The response with marginal returns at today's split drawn together as far as the account is well managed."""
    rows = np.flatnonzero(response.facts.recent_daily > 0)
    if len(rows) < _FEWEST:
        return response
    known = [metric for metric in _MANAGED_FOR if metric in response.metrics]
    for name in dict.fromkeys(response.chains[metric][-1] for metric in known):
        response = _drawn_together(response, name, rows)
    return response


def _drawn_together(response: Response, name: str, rows: Integers) -> Response:
    """The response with the elasticities of one stage moved so that its margins lie as near as they should."""
    stage = response.stages[name]
    drawn = _margins(response, name, rows)
    centre = drawn.mean(axis=0)
    kept = _kept(centre, drawn.std(axis=0), response.facts.recent_daily[rows])
    elasticity = stage.elasticity.copy()
    odds = logit(elasticity[:, rows])
    usual, reach = odds.mean(axis=0), _FARTHEST * odds.std(axis=0)
    odds = usual + np.sqrt(kept) * (odds - usual)
    for _ in range(_ROUNDS):
        elasticity[:, rows] = expit(odds)
        response = replace(response, stages={**response.stages, name: replace(stage, elasticity=elasticity)})
        slope = np.maximum(1.0 - elasticity[:, rows].mean(axis=0), 0.15)
        missing = kept * centre - _margins(response, name, rows).mean(axis=0)
        moved = np.clip(odds.mean(axis=0) + missing / slope, usual - reach, usual + reach)
        odds = odds + (moved - odds.mean(axis=0))
    return response


def _kept(centre: Floats, spread: Floats, money: Floats) -> Floats:
    """Share of each line's distance from the others that stays, (lines,).

    Large lines tell more of the manager. A few lines tell little: then a spread of 0.3 (logs) is taken as usual.
    """
    weight = np.sqrt(money) / np.sqrt(money).sum()
    seen = float(weight @ centre**2)
    lines = 1.0 / float(weight @ weight)
    variance = max(0.0, seen - float(weight @ spread**2))
    variance = (variance * lines + _USUAL_SPREAD**2 * _PRIOR_LINES) / (lines + _PRIOR_LINES)
    ratio = seen / float(weight @ spread**2)
    clear = float(np.clip((ratio - _CLEARLY[0]) / (_CLEARLY[1] - _CLEARLY[0]), 0.0, 1.0))
    return clear + (1.0 - clear) * variance / (variance + _DOUBT * spread**2)


def _margins(response: Response, metric: str, rows: Integers) -> Floats:
    """Draws of the log marginal return of each line at today's split, less the lines' mean, (draws, lines)."""
    now = response.facts.recent_daily * response.days
    more = response.alone(now * (1.0 + _STEP), metric)[:, rows]
    less = response.alone(now * (1.0 - _STEP), metric)[:, rows]
    margin = np.log(np.maximum(more - less, 1e-12) / (2.0 * _STEP * now[rows]))
    weight = np.sqrt(now[rows]) / np.sqrt(now[rows]).sum()
    return margin - (margin @ weight)[:, None]
