"""Requests as `compose` writes them, for a simulated Google Ads account."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from marketmover.campaigns.platforms import google_request
from marketmover.history import GoogleResource
from marketmover.plans import (
    Audience,
    Baseline,
    Bidding,
    Brief,
    Creative,
    HistoryNote,
    LineAudience,
    LineEvidence,
    Plan,
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
    _, campaign, group = name.split(":")
    new = campaign == "new"
    return PlanLine(
        id=name,
        platform="google_ads",
        campaign_id=None if new else campaign,
        ad_group_id=None if new or group == "-" else group,
        is_new=new,
        ad_type=ad_type,
        bidding=bidding or Bidding(strategy="MAXIMIZE_CONVERSIONS"),
        audience=LineAudience(countries=["US"], age_min=25, age_max=54, genders=["FEMALE"], keywords=["oak desks"]),
        creative=TEXTS if new else None,
        budget=round(daily * DAYS, 2),
        daily_budget=daily,
        expected={},
        reasons=[],
        evidence=LineEvidence(),
    )


def request(
    lines: Sequence[PlanLine], start: date, currency: str, resources: Mapping[str, GoogleResource], customer: str
) -> list[Json]:
    """The operations of `google_ads.json` for these lines."""
    plan = Plan(
        brief=Brief(audience=Audience(countries=["US"]), product="oak desks"),
        objective="leads",
        currency=currency,
        start_date=start,
        end_date=start + timedelta(DAYS - 1),
        total_budget=sum(entry.budget for entry in lines),
        lines=list(lines),
        expected={},
        baseline=Baseline(description="", expected={}, lines=[]),
        probability_better_than_baseline=None,
        assumptions=[],
        warnings=[],
        history=HistoryNote(
            first_date=None, last_date=None, rows=0, lines=0, quarantined=0, quarantine_reasons={}, flagged=0
        ),
    )
    return google_request(plan, resources, customer_id=customer, languages=["en"]).body["mutateOperations"]
