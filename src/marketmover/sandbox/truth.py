"""The truth of a simulated market as arrays: what every line would do, whatever is spent on it."""

from dataclasses import dataclass

from marketmover.sandbox.arrays import Bools, Floats, Ints
from marketmover.sandbox.models.response import Curves


@dataclass(frozen=True)
class Truth:
    """Arrays of shape (lines,) unless said otherwise; money in account currency.

    The time axis covers the history and `FUTURE_DAYS` beyond it.

    Attributes:
        family, shape, unit, level: The response (`models.response.Curves`).
        scale: Spend a day at effort 1.
        yields: Conversions a day at effort 1, demand 1, all else plain.
        plain_yields: The same apart from what parameters do.
        cpm, price_elasticity, click_rate: Cost per thousand at effort 1, how it grows, clicks per impression.
        carried_share, decay, delayed: Carry-over.
        inventory: Spend a day that the line can deliver at most, at demand 1.
        overlap: Who takes from whom, shape (lines, lines).
        fatigue_rate, fatigue_floor: Creative fatigue.
        learning_loss, learning_days: Share lost in a learning phase, and how long it lasts.
        qualification, quality_drop, win_rate, deal_value: Quality of leads.
        lead_share, order_value: Share of conversions that are leads, value of a purchase (the rest).
        coverage: Share of leads that reach the CRM.
        audience: People that the line can reach.
        top_rank: Share of searches that are not lost to rank, on a mean day.
        dispersion: Variance of daily counts over their mean, less one, relative to the mean.
        capacity_growth: Power of demand by which scale and inventory grow, shape ().
        demand: Season, trend, weekday and holidays, mean about 1, shape (lines, all days).
        price: What a unit of spend buys less, rivals included, mean about 1, shape (lines, all days).
        shock: Drift and chance in effectiveness: as it came in the history, as is expected after, (lines, all days).
        refresh: Whether the line's creative is new on the day, shape (lines, all days).
        retargeted: Whether the line's targeting changed on the day, shape (lines, all days).
        platform_shock_sd, platform_shock_memory, line_shock_sd, line_shock_memory, drift_sd, drift_memory: The
            processes behind `shock` (log scale standard deviation, day-to-day autocorrelation), shape ().
        appeal, room, merit: What parameters do to yields, to scale and inventory, to the rate of qualification, over
            what they do at the end of the history, shape (lines, all days).
        rival_rate, rival_loss, rival_days: Rivals to come: arrivals a day, share lost, days, shape ().
        lag: Share of conversions known after 0, 1, 2, ... days, shape (lag days,).
    """

    family: Ints
    shape: Floats
    unit: Floats
    level: Floats
    scale: Floats
    yields: Floats
    plain_yields: Floats
    cpm: Floats
    price_elasticity: Floats
    click_rate: Floats
    carried_share: Floats
    decay: Floats
    delayed: Bools
    inventory: Floats
    overlap: Floats
    fatigue_rate: Floats
    fatigue_floor: Floats
    learning_loss: Floats
    learning_days: Floats
    qualification: Floats
    quality_drop: Floats
    win_rate: Floats
    deal_value: Floats
    lead_share: Floats
    order_value: Floats
    coverage: Floats
    audience: Floats
    top_rank: Floats
    dispersion: Floats
    capacity_growth: Floats
    demand: Floats
    price: Floats
    shock: Floats
    refresh: Bools
    retargeted: Bools
    appeal: Floats
    room: Floats
    merit: Floats
    platform_shock_sd: Floats
    platform_shock_memory: Floats
    line_shock_sd: Floats
    line_shock_memory: Floats
    drift_sd: Floats
    drift_memory: Floats
    rival_rate: Floats
    rival_loss: Floats
    rival_days: Floats
    lag: Floats

    @property
    def curves(self) -> Curves:
        """The lines' responses."""
        return Curves(self.family, self.shape, self.unit, self.level)

    @property
    def lines(self) -> int:
        """How many lines there are, ended ones included."""
        return len(self.family)
