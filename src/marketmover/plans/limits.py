"""Limits on a split of the budget, as `--limits FILE` gives them. All are optional; money in account currency."""

from typing import Literal

from pydantic import Field, model_validator

from marketmover.plans.base import Form, Platform
from marketmover.plans.brief import Mix, Outcome


class LineLimit(Form):
    """Bounds of one line's budget over the plan's dates; `locked` fixes it."""

    min: float | None = Field(default=None, ge=0)
    max: float | None = Field(default=None, ge=0)
    locked: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _in_order(self) -> "LineLimit":
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError(f"min {self.min} is above max {self.max}")
        return self


class CampaignLimit(LineLimit):
    """Bounds of the sum of a campaign's lines."""


class PlatformLimit(Form):
    """Bounds of a platform's share of the total, from 0 to 1."""

    min_share: float | None = Field(default=None, ge=0, le=1)
    max_share: float | None = Field(default=None, ge=0, le=1)


class CostLimit(Form):
    """A ceiling on cost per `metric`, in account currency.

    `judged_by` says of what: of the whole (`average`, as clients and the platforms' own bidding mean it), or of the
    next one (`marginal`), which counts only where as much is spent as pays.
    """

    metric: Literal["leads", "qualified_leads", "conversions", "sales", "installs", "clicks"]
    at_most: float = Field(gt=0)
    judged_by: Literal["average", "marginal"] = "average"


class ReturnLimit(Form):
    """A least revenue per unit of money spent (ROAS); `judged_by` as in `CostLimit`."""

    at_least: float = Field(gt=0)
    judged_by: Literal["average", "marginal"] = "average"


class Limits(Form):
    """Every limit that a person may set (contract: plan).

    Attributes:
        lines, campaigns, platforms: Bounds.
        weekly_change: The largest relative change of a line's budget from one week to the next.
        cost_per, roas: What an outcome may cost, what money must bring back.
        spend: `all` spends the whole budget; `as_much_as_pays` only what keeps to `cost_per` or `roas`, or what earns
            its money back where the objective is profit. By default the whole of a budget that is stated.
        smallest_daily: By platform: a line gets nothing or at least this much a day.
        weekly_results: A line gets nothing or what is expected to bring so many leads (conversions, sales, installs) a
            week; 0 for never.
        risk_aversion: From 0 (expected value) to 1 (the bad outcomes alone count).
        margin: Profit before media per unit of revenue.
        agency_fee: What the agency charges on top of media, as a share of the media spend.
        tax_rate: Tax on media and fee that the client cannot claim back, as a share of both.
        sureness: How likely it must be that moved money earns more than today's split; 0.9, in tuning 0.7.
        even_platforms: Share of the outcome that may be given up so that an outcome costs the same on each platform.
        objective: A mix to maximise, in the place of one metric.
        settings: `advise` changes audience, bidding and message where the history speaks for it; `keep` leaves them.
        exploration: Share of the budget that may run with settings on trial.
    """

    lines: dict[str, LineLimit] = {}
    campaigns: dict[str, CampaignLimit] = {}
    platforms: dict[Platform, PlatformLimit] = {}
    weekly_change: float | None = Field(default=None, gt=0)
    cost_per: CostLimit | None = None
    roas: ReturnLimit | None = None
    spend: Literal["all", "as_much_as_pays"] | None = None
    smallest_daily: dict[Platform, float] = {}
    weekly_results: float | None = Field(default=None, ge=0)
    risk_aversion: float = Field(default=0.0, ge=0, le=1)
    margin: float | None = Field(default=None, gt=0, le=1)
    agency_fee: float | None = Field(default=None, ge=0, le=1)
    tax_rate: float | None = Field(default=None, ge=0, le=1)
    sureness: float | None = Field(default=None, ge=0.5, le=0.99)
    even_platforms: float | None = Field(default=None, ge=0, le=0.2)
    objective: Outcome | Mix | None = None
    settings: Literal["advise", "keep"] = "advise"
    exploration: float = Field(default=0.1, ge=0, le=0.5)
