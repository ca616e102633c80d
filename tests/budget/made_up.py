"""Responses made up for tests and benchmarks of allocation: curves in draws, without a history to fit."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from marketmover.budget import Response
from marketmover.budget.models.carry import NOTHING_CARRIED, Carry, CarryOver
from marketmover.budget.models.funnel import StageDraws
from marketmover.budget.summary import LineFacts

if TYPE_CHECKING:
    from marketmover.plans import Platform

Floats = NDArray[np.float64]
DAYS = 28


def response(
    lines: int = 6,
    *,
    draws: int = 200,
    seed: int = 1,
    spread: float = 0.15,
    quality: float | None = None,
    together: int = 1,
) -> Response:
    """Lines in turn on Google and Meta, with clicks and leads.

    Args:
        lines: How many.
        draws: How many.
        seed: Seed.
        spread: How far draws of a line's level differ (log).
        quality: Mean share of leads that qualify; without it there are no qualified leads.
        together: Lines of each of Meta's campaigns.
    """
    rng = np.random.default_rng(seed)
    reference = np.exp(rng.normal(4.0, 0.6, lines))
    platforms: tuple[Platform, ...] = tuple("google_ads" if row % 2 == 0 else "meta_ads" for row in range(lines))
    campaigns = [row if row % 2 == 0 else 1 + 2 * (row // (2 * together)) for row in range(lines)]
    ids = [f"{name}:{campaign}:{row}" for row, (name, campaign) in enumerate(zip(platforms, campaigns, strict=True))]

    def stage(level: Floats, *, binomial: bool, bend: float) -> StageDraws:
        return StageDraws(
            level=level + rng.normal(0.0, 0.3, lines) + rng.normal(0.0, spread, (draws, lines)),
            family=rng.integers(0, 4, (draws, lines)),
            elasticity=_bends(rng, bend, draws, lines, spread / 2),
            season=rng.normal(0.0, 0.02, (draws, 2, DAYS)),
            noise=np.full(lines, 0.04),
            common_noise=0.02,
            dispersion=1.0,
            unit=1.0,
            binomial=binomial,
            carry=CarryOver.alike(NOTHING_CARRIED, lines),
            carried=np.ones((1, lines)),
        )  # fmt: skip

    stages = {
        "clicks": stage(np.log(reference), binomial=False, bend=0.7),
        "leads": stage(np.full(lines, -2.5), binomial=True, bend=0.85),
    }
    chains: dict[str, tuple[str, ...]] = {"clicks": ("clicks",), "leads": ("clicks", "leads")}
    if quality is not None:
        stages["qualified_leads"] = stage(np.full(lines, np.log(quality)), binomial=True, bend=0.9)
        chains["qualified_leads"] = ("clicks", "leads", "qualified_leads")
    return Response(
        line_ids=ids,
        platforms=platforms,
        campaigns=tuple(line.rsplit(":", 1)[0] for line in ids),
        metrics=tuple(chains),
        days=DAYS,
        reference=reference,
        chains=chains,
        stages=stages,
        groups=np.array([row % 2 for row in range(lines)]),
        facts=LineFacts(
            days=np.full(lines, 300.0),
            spend=reference * 300,
            recent_daily=reference,
            highest_daily=reference * 2,
            own_share=np.full(lines, 0.9),
            most_daily=np.full(lines, np.inf),
        ),
        seed=seed,
    )


def _bends(rng: np.random.Generator, bend: float, draws: int, lines: int, spread: float) -> Floats:
    return np.clip(bend + rng.normal(0.0, 0.05, lines) + rng.normal(0.0, spread, (draws, lines)), 0.1, 0.95)


def todays(made: Response) -> dict[str, float]:
    """What the lines spend today over the window."""
    return dict(zip(made.line_ids, (float(one) * DAYS for one in made.reference), strict=True))


def with_revenue(made: Response, value: float) -> Response:
    """The response with revenue: every lead is worth `value`."""
    leads = made.stages["leads"]
    return replace(
        made,
        metrics=(*made.metrics, "revenue"),
        chains={**made.chains, "revenue": ("clicks", "revenue")},
        stages={**made.stages, "revenue": replace(leads, unit=value, binomial=False)},
    )


def expected(made: Response, budgets: dict[str, float], metric: str = "leads") -> float:
    """The expected outcome of a split."""
    spent = np.array([budgets.get(line, 0.0) for line in made.line_ids])
    return float(made.expected(spent, metric).sum(axis=1).mean())


def sigmoidal(made: Response, threshold: float = 0.6) -> Response:
    """The response with S-shaped leads on every line: next to nothing below a threshold of elasticity."""
    leads = made.stages["leads"]
    clicks = made.stages["clicks"]
    bent = replace(leads, family=np.full_like(leads.family, 4), elasticity=np.full_like(leads.elasticity, threshold))
    straight = replace(clicks, family=np.zeros_like(clicks.family), elasticity=np.full_like(clicks.elasticity, 0.95))
    return replace(made, stages={**made.stages, "leads": bent, "clicks": straight})


def with_late_leads(made: Response, decay: float = 0.8) -> Response:
    """The response with leads that come days after the spend, and a past at each line's reference."""
    way = Carry(decay, 0.5, delayed=True, steadied=0, prior=0.0)
    late = replace(made.stages["leads"], carry=CarryOver.alike(way, len(made.line_ids)))
    return replace(made, stages={**made.stages, "leads": late})
