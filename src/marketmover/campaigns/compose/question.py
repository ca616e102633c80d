"""What a plan is asked to decide."""

from collections.abc import Callable
from dataclasses import dataclass

from marketmover.budget import Response, fit_response
from marketmover.campaigns.compose.window import Window
from marketmover.console import Progress
from marketmover.plans import Brief, Limits, Mix, Outcome

Learner = Callable[..., Response]
"""Learns a response as `fit_response` does, with its arguments."""


def silent(_share: float, _step: str) -> None:
    """Nobody is told."""


def part_of(progress: Progress, begin: float, end: float) -> Progress:
    """What tells of a part of the work, which stands for the whole from `begin` to `end`."""
    return lambda share, step: progress(begin + (end - begin) * share, step)


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
    progress: Progress = silent
