"""Limits on a split of the budget, as `--limits FILE` gives them. All are optional; money in account currency."""

from typing import Literal

from pydantic import Field, model_validator

from marketmover.plans.base import Form, Platform


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
    """A ceiling on cost per `metric`, in account currency."""

    metric: Literal["leads", "qualified_leads", "conversions"]
    at_most: float = Field(gt=0)


class Limits(Form):
    """Every limit that a person may set (contract: plan).

    `weekly_change` is the largest relative change of a line's budget from one week to the next; `risk_aversion` from 0
    (expected value) to 1 (the bad outcomes alone count); `margin` is profit before media per unit of revenue.
    """

    lines: dict[str, LineLimit] = {}
    campaigns: dict[str, CampaignLimit] = {}
    platforms: dict[Platform, PlatformLimit] = {}
    weekly_change: float | None = Field(default=None, gt=0)
    cost_per: CostLimit | None = None
    risk_aversion: float = Field(default=0.0, ge=0, le=1)
    margin: float | None = Field(default=None, gt=0, le=1)
