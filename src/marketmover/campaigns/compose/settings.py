"""Settings advised beside the split: what is learned of audience, bidding and message, and what the plan says of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from marketmover.budget import Response, range_of
from marketmover.campaigns.compose.question import Question
from marketmover.campaigns.compose.scope import Scope
from marketmover.campaigns.compose.words import count, day, listed, metric_words, money, quoted
from marketmover.campaigns.parameters import Asked, Details, OpenTrial, Proposals, Weighed, learn_parameters, propose
from marketmover.campaigns.platforms import creative_of
from marketmover.history import AdText, Panel
from marketmover.kit import counted, round_to_cent
from marketmover.plans import Creative, Exploration, PlanLine, SettingChange, SettingsNote, Trial

NOTHING_PROPOSED = Proposals({}, (), ())


def advised_settings(
    panel: Panel,
    details: Details,
    scope: Scope,
    question: Question,
    response: Response,
    metric: str,
    budgets: Mapping[str, float],
) -> Proposals:
    """What to change and what to try; nothing where the person keeps settings as they are, or the exports are bare.

    Args:
        panel: The history.
        details: What settings are learned from.
        scope: The plan's lines.
        question: What is asked.
        response: Fitted to the panel.
        metric: What the plan maximises, one of the response's.
        budgets: Budget of each line by the best split alone.
    """
    if question.limits.settings == "keep" or not scope.existing or not details:
        return NOTHING_PROPOSED
    lessons = learn_parameters(panel, details, response, metric)
    asked = Asked(scope.existing, question.brief, response, metric, budgets, question.limits.exploration)
    return propose(lessons, details, asked)
