"""Requests as `compose` writes them, for a simulated Google Ads account."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tests.made_plans import made_line, made_plan

from marketmover.campaigns.platforms import google_request
from marketmover.history import GoogleResource
from marketmover.plans import (
    Audience,
    Bidding,
    Brief,
    Creative,
    LineAudience,
    PlanLine,
)

Json = dict[str, Any]
DAYS = 28
TEXTS = Creative(
    headline="Desks that last",
    body="Made to measure.",
    headlines=["Desks that last", "Ask for a quote", "Made to measure"],
    descriptions=["Made to measure, in oak.", "Delivered in two weeks."],
    final_url="https://example.com/desks",
)


def line(name: str, daily: float, *, ad_type: str = "SEARCH", bidding: Bidding | None = None) -> PlanLine:
    """A line by its id; `google_ads:new:1` is new, for women from 25 to 54."""
    return made_line(
        name,
        daily,
        ad_type=ad_type,
        bidding=bidding or Bidding(strategy="MAXIMIZE_CONVERSIONS"),
        audience=LineAudience(countries=["US"], age_min=25, age_max=54, genders=["FEMALE"], keywords=["oak desks"]),
        creative=TEXTS if ":new:" in name else None,
    )


def request(
    lines: Sequence[PlanLine], start: date, currency: str, resources: Mapping[str, GoogleResource], customer: str
) -> list[Json]:
    """The operations of `google_ads.json` for these lines."""
    brief = Brief(audience=Audience(countries=["US"]), product="oak desks")
    plan = made_plan(lines, start, brief=brief, currency=currency)
    return google_request(plan, resources, customer_id=customer, languages=["en"]).body["mutateOperations"]
