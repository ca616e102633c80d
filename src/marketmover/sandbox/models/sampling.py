"""Draws of what a plan earns: the same chance whatever the plan (common random numbers)."""

from typing import NamedTuple

import numpy as np

from marketmover.sandbox.arrays import Floats, Ints
from marketmover.sandbox.models.counts import gamma_multipliers, poisson_from_uniform
from marketmover.sandbox.models.rivals import draw_rivals
from marketmover.sandbox.models.shocks import Process, draw_after
from marketmover.sandbox.streams import stream
from marketmover.sandbox.truth import Truth

_CHUNK = 64
_VALUE_SPREAD = 0.6


class Window(NamedTuple):
    """Expected figures a day, shape (lines, days).

    `ahead` counts the days from the history's end to the window's: more than the window has where it begins later,
    fewer where it begins within the history.
    """

    spend: Floats
    impressions: Floats
    clicks: Floats
    leads: Floats
    sales: Floats
    qualification: Floats
    ahead: int


def draw(truth: Truth, platform: Ints, window: Window, samples: int, seed: int) -> dict[str, Floats]:
    """Sampled figures over the window by name, shape (samples, lines)."""
    parts = [
        _draw_chunk(truth, platform, window, min(_CHUNK, samples - start), (seed, start // _CHUNK))
        for start in range(0, samples, _CHUNK)
    ]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _draw_chunk(truth: Truth, platform: Ints, window: Window, samples: int, key: tuple[int, int]) -> dict[str, Floats]:
    lines, days = window.spend.shape
    rng = stream(key[0], "outcome", str(key[1]))
    chance = _future(truth, platform, (samples, lines, days), window.ahead, rng)
    chance *= gamma_multipliers(float(truth.dispersion[()]), (samples, lines, days), rng)
    uniform = rng.random((8, samples, lines))
    pace = np.exp(rng.normal(0.0, 0.012, (samples, lines)) - 0.5 * 0.012**2)
    busy = np.exp(rng.normal(0.0, 0.02, (samples, lines)) - 0.5 * 0.02**2)
    leads = np.einsum("sld,ld->sl", chance, window.leads)
    good = truth.coverage * np.einsum("sld,ld->sl", chance, window.leads * window.qualification)
    sales = np.einsum("sld,ld->sl", chance, window.sales)
    won = poisson_from_uniform(good * truth.win_rate, uniform[0])
    lost = poisson_from_uniform(good * (1.0 - truth.win_rate), uniform[1])
    poor = poisson_from_uniform(np.maximum(leads - good, 0.0), uniform[2])
    bought = poisson_from_uniform(sales, uniform[3])
    spread = np.sqrt(np.log1p(_VALUE_SPREAD**2))
    width = spread / np.sqrt(np.maximum(won + bought, 1.0))
    value = np.exp(rng.normal(0.0, 1.0, (samples, lines)) * width - 0.5 * width**2)
    return {
        "cost": window.spend.sum(axis=1) * pace,
        "impressions": np.round(window.impressions.sum(axis=1) * pace * busy),
        "clicks": np.maximum(
            poisson_from_uniform(window.clicks.sum(axis=1) * pace * busy, uniform[4]), won + lost + poor
        ),
        "leads": won + lost + poor,
        "qualified_leads": won + lost,
        "purchases": bought,
        "won": won,
        "value": value,
    }


def _future(truth: Truth, platform: Ints, shape: tuple[int, int, int], ahead: int, rng: np.random.Generator) -> Floats:
    """Multipliers of outcomes by chance not yet known, mean 1; ones on days within the history, which is known."""
    samples, lines, days = shape
    multipliers = np.ones(shape)
    if ahead <= 0:
        return multipliers
    shared = draw_after(_process(truth.platform_shock_sd, truth.platform_shock_memory), (samples, 2, ahead), rng)
    rate, loss, lasts = (float(value[()]) for value in (truth.rival_rate, truth.rival_loss, truth.rival_days))
    shared *= draw_rivals(rate, loss, lasts, (samples, 2), ahead, rng)
    own = draw_after(_process(truth.line_shock_sd, truth.line_shock_memory), (samples, lines, ahead), rng)
    own *= draw_after(_process(truth.drift_sd, truth.drift_memory), (samples, lines, ahead), rng)
    known = max(days - ahead, 0)
    multipliers[..., known:] = (own * shared[:, platform])[..., -(days - known) :]
    return multipliers


def _process(sd: Floats, memory: Floats) -> Process:
    return Process(float(sd[()]), float(memory[()]))
