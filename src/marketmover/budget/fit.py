"""From a panel to a response: each stage of the funnel fitted, and drawn for the plan's window."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.models.funnel import SpendPath, StageDraws
from marketmover.budget.models.shapes import expit
from marketmover.budget.priors import TYPICAL_DAILY_SPEND, currency_size, shape_prior
from marketmover.budget.response import METRICS, LineFacts, NewLine, Response
from marketmover.budget.stages import StageCounts, supported_stages
from marketmover.history import Panel

if TYPE_CHECKING:
    from datetime import date

    from marketmover.plans import Platform

Floats = NDArray[np.float64]


def fit_response(
    panel: Panel, start: "date", end: "date", *, seed: int, new_lines: Sequence[NewLine] = (), draws: int = 400
) -> Response:
    """Learn each line's response from a panel, for a plan from `start` to `end` (both included).

    Args:
        panel: The history; may be empty.
        start: The plan's first day.
        end: The plan's last day.
        seed: Seed of the draws.
        new_lines: Lines without history.
        draws: Number of posterior draws.
    """
    days = (end - start).days + 1
    lines = len(panel.lines) + len(new_lines)
    platforms: tuple[Platform, ...] = (*(line.platform for line in panel.lines), *(line.platform for line in new_lines))
    cost = np.concatenate([panel.cost, np.zeros((len(new_lines), panel.cost.shape[1]))])
    stages, chains = supported_stages(panel)
    reference = np.array([_reference(row, panel.currency) for row in cost])
    names = sorted(set(platforms))
    groups = np.array([names.index(platform) for platform in platforms], dtype=np.int64)
    drawn = {stage.name: _simple(stage, cost, reference, platforms, days, draws, seed) for stage in stages}
    spent = cost > 0
    facts = LineFacts(
        spent.sum(axis=1).astype(np.float64),
        cost.sum(axis=1),
        cost[:, -28:].mean(axis=1),
        cost.max(axis=1, initial=0),
        np.ones(lines),
    )
    return Response(
        line_ids=[*panel.line_ids, *(line.id for line in new_lines)],
        platforms=platforms,
        campaigns=(*(f"{line.platform}:{line.campaign_id}" for line in panel.lines), *(line.id for line in new_lines)),
        metrics=tuple(metric for metric in METRICS if metric in chains),
        path=SpendPath(days, reference, cost[:, -1] if cost.shape[1] else np.zeros(lines), np.zeros(lines)),
        chains=chains,
        stages=drawn,
        groups=groups,
        facts=facts,
        seed=seed,
    )


def _reference(cost: Floats, currency: str) -> float:
    recent = cost[-56:][cost[-56:] > 0]
    return float(np.median(recent)) if len(recent) else TYPICAL_DAILY_SPEND * currency_size(currency)


def _simple(
    stage: StageCounts, cost: Floats, reference: Floats, platforms: Sequence[str], days: int, draws: int, seed: int
) -> StageDraws:
    lines = len(reference)
    generator = np.random.default_rng([seed, *stage.name.encode()])
    known = len(stage.counts)
    counts, exposure = np.zeros(lines), np.zeros(lines)
    counts[:known] = stage.counts[:, -56:].sum(axis=1)
    exposure[:known] = (stage.exposure[:, -56:] * (cost[:known, -56:] > 0)).sum(axis=1)
    pooled = counts.sum() / max(exposure.sum(), 1.0)
    level = np.log((counts + 2 * pooled) / (exposure + 2))
    spread = np.sqrt(1.0 / (counts + 2) + 0.1**2)
    prior = shape_prior(stage.name, root=stage.parent is None)
    logits = prior.mean + np.hypot(prior.spread, prior.between_lines) * generator.standard_normal((draws, lines))
    return StageDraws(
        level=level + spread * generator.standard_normal((draws, lines)),
        family=np.full((draws, lines), 2, dtype=np.int64),
        elasticity=expit(logits),
        season=np.zeros((draws, len(set(platforms)), days)),
        noise=np.full(lines, 0.05),
        common_noise=0.05,
        dispersion=1.0,
        unit=stage.unit,
        binomial=stage.binomial,
    )
