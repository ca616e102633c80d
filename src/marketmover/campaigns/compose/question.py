"""What a plan is asked to decide."""

from collections.abc import Callable
from dataclasses import dataclass

from marketmover.budget import Response, fit_response
from marketmover.campaigns.compose.window import Window
from marketmover.plans import Brief, Limits, Mix, Outcome

Learner = Callable[..., Response]
"""Learns a response as `fit_response` does, with its arguments."""


@dataclass(frozen=True)
class Question:
    """What is to be decided: the brief, the window, the money and the wishes; and what learns the response.

    `total` is the budget, or what was spent before where the brief states none.
    """

    brief: Brief
    window: Window
    total: float
    objective: Outcome | Mix | None
    limits: Limits
    seed: int
    currency: str
    learn: Learner = fit_response
