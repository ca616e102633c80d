"""The books of the history: what happened, and what was known of it when the history was exported."""

from dataclasses import dataclass

import numpy as np

from marketmover.sandbox.arrays import Bools, Floats, Ints
from marketmover.sandbox.models.counts import gamma_multipliers
from marketmover.sandbox.models.market_day import Flow
from marketmover.sandbox.streams import stream
from marketmover.sandbox.truth import Truth


@dataclass(frozen=True)
class Ledger:
    """Counts by line and day of the click, shape (lines, days).

    Attributes:
        cost_cents: Spend in hundredths of the currency.
        impressions, clicks: Counts.
        leads, sales: What happened in all, late ones included.
        qualified, won: Of the leads that reach the CRM; `crm_leads` is how many do.
        reported_leads, reported_sales: What the platform shows on the last day: late ones and lost ones missing.
        sales_cents: Value of the reported purchases in hundredths.
        tracking_lost: Days on which the platform's counting of conversions was broken.
    """

    cost_cents: Ints
    impressions: Ints
    clicks: Ints
    leads: Ints
    sales: Ints
    crm_leads: Ints
    qualified: Ints
    won: Ints
    reported_leads: Ints
    reported_sales: Ints
    sales_cents: Ints
    tracking_lost: Bools


def keep_books(truth: Truth, flow: Flow, platform: Ints, seed: int, unit: int = 1) -> Ledger:
    """Draw counts around the flow of the history, shape (lines, days); sums are multiples of `unit` cents."""
    rng = stream(seed, "counts")
    shape = flow.spend.shape
    cost = booked(flow.spend * np.exp(rng.normal(0.0, 0.05, shape) - 0.00125), unit)
    impressions = rng.poisson(flow.impressions * np.exp(rng.normal(0.0, 0.06, shape) - 0.0018))
    impressions = np.where(cost > 0, np.maximum(impressions, 1), 0)
    clicks = np.minimum(rng.poisson(flow.clicks * gamma_multipliers(0.01, shape, rng)), impressions)
    rate = flow.conversions * gamma_multipliers(float(truth.dispersion[()]), shape, rng)
    happened = np.where(cost > 0, np.minimum(rng.poisson(rate), np.maximum(clicks, 0)), 0)
    leads = rng.binomial(happened, np.broadcast_to(truth.lead_share[:, None], shape))
    crm_leads = rng.binomial(leads, float(truth.coverage[()]))
    qualified = rng.binomial(crm_leads, np.clip(flow.qualification, 0.0, 1.0))
    lost = tracking_outages(platform, shape[1], stream(seed, "outages"))
    known = np.ones(shape[1])
    known[-len(truth.lag) :] = truth.lag[::-1][-shape[1] :]
    seen = np.where(lost, 0.0, known)
    reported_sales = rng.binomial(happened - leads, seen)
    value = truth.order_value[:, None] * np.exp(
        rng.normal(0.0, 1.0, shape) * 0.55 / np.sqrt(np.maximum(reported_sales, 1))
    )
    return Ledger(
        cost_cents=cost,
        impressions=impressions,
        clicks=clicks,
        leads=leads,
        sales=happened - leads,
        crm_leads=crm_leads,
        qualified=qualified,
        won=rng.binomial(qualified, np.broadcast_to(truth.win_rate[:, None], shape)),
        reported_leads=rng.binomial(leads, seen),
        reported_sales=reported_sales,
        sales_cents=booked(reported_sales * value, unit),
        tracking_lost=lost,
    )


def booked(amounts: Floats, unit: int) -> Ints:
    """Sums in cents, rounded to multiples of `unit`."""
    return unit * np.round(100.0 / unit * amounts).astype(np.int64)


def tracking_outages(platform: Ints, days: int, rng: np.random.Generator) -> Bools:
    """Spells in which conversions are not counted while clicks go on: of a whole platform, or of one line."""
    lost = np.zeros((len(platform), days), np.bool_)
    for side in range(2):
        for _ in range(rng.poisson(days / 600.0)):
            start = int(rng.integers(0, days))
            lost[platform == side, start : start + int(rng.integers(2, 8))] = True
    for line in range(len(platform)):
        for _ in range(rng.poisson(days / 1500.0)):
            start = int(rng.integers(0, days))
            lost[line, start : start + int(rng.integers(2, 10))] = True
    return lost
