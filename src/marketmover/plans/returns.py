"""What each campaign type returns, as a plan carries it. Money in major units of the plan's currency."""

from typing import Literal

from marketmover.plans.base import Form, Platform, Range


class ReturnEstimate(Form):
    """What money on a campaign type brings, by one method, at one set of budgets.

    `average` and `marginal` are amounts of `metric` for one unit of media spend: of all of it, and of the next. `roi`
    is what comes back less what it costs, over what it costs; `profit` is the difference in money. Both need revenue,
    and count the margin where one is given, the agency's fee and the tax.
    """

    method: Literal["regression", "model"]
    budgets: Literal["present", "planned"]
    metric: str
    average: Range
    marginal: Range
    roi: Range | None = None
    profit: Range | None = None


class TypeReturn(Form):
    """A campaign type: its platform and kind of ads, what was spent on it and is planned, and what that returns.

    `present` is the media spend of the last 28 days, scaled to the plan's dates; `planned` is `None` without a plan.
    """

    platform: Platform
    ad_type: str
    name: str
    lines: int
    present: float
    planned: float | None
    estimates: list[ReturnEstimate]
    agree: bool | None
    words: str


class Returns(Form):
    """Returns by campaign type, and what the plan costs the client in all.

    `cost` has `media`, `agency_fee`, `tax` and `total` over the plan's dates, at the planned budgets, else at the
    present ones. `margin`, `agency_fee` and `tax_rate` are shares as the limits give them.
    """

    metric: str
    days: int
    margin: float | None
    agency_fee: float | None
    tax_rate: float | None
    types: list[TypeReturn]
    cost: dict[str, float]
    profit: Range | None
    remarks: list[str]
