"""What every form shares."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Platform = Literal["google_ads", "meta_ads"]
PLATFORM_NAMES = {"google_ads": "Google Ads", "meta_ads": "Meta Ads"}
"""As people say them."""


class Form(BaseModel):
    """A form that is written to and read from JSON: unknown keys are refused, so that a typo is found."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Range(Form):
    """10th, 50th and 90th percentile of what will be counted over the plan's dates, chance included."""

    low: float
    mid: float
    high: float
