"""What a plan says of past campaigns that are like it, and of the strategy that each line follows."""

from datetime import date

from marketmover.plans.base import Form, Platform, Range


class SimilarCampaign(Form):
    """A past campaign that is like what the brief asks for, why, and what it cost and brought.

    `similarity` is from 0 to 1: 0.5 and over is clearly alike. `results` are what the campaign brought over its days:
    counts as they are, and for each cost (in account currency) the 80% range of what it would be counted as again.
    """

    platform: Platform
    campaign_id: str
    name: str
    line_ids: list[str]
    ad_types: list[str]
    similarity: float
    why: list[str]
    first_date: date | None
    last_date: date | None
    spend: float
    results: dict[str, Range]
    words: str


class MatchedStrategy(Form):
    """The strategy of the catalogue that a line follows, or for a new line the one that it was opened by.

    `score` is from 0 to 1, the product of its three parts: `fit` by rule (objective, outcome, what the account has),
    `likeness` of the brief to what the strategy is for, and `measured`, what lines of that kind returned (0.5: as
    others).
    """

    id: str
    name: str
    purpose: str
    audience: str
    bidding: str
    message: str
    score: float
    fit: float
    likeness: float
    measured: float
    why: list[str]
    source: str
