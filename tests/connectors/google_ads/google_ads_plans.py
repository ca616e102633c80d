"""Plans for a simulated Google Ads account, and the requests that compose writes of them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from google_sandbox import Sandbox
from tests.made_plans import made_line, made_plan

from marketmover.campaigns.platforms import google_request
from marketmover.history import GoogleAdGroup, GoogleResource
from marketmover.plans import (
    Audience,
    Bidding,
    Brief,
    Creative,
    LineAudience,
    PlanLine,
)

TEXTS = Creative(
    headlines=["Shoes that last", "Made for long runs", "Try them for a month"],
    descriptions=["Light, firm and quiet on every road.", "Send them back if they do not fit."],
    final_url="https://example.com/shoes",
)
MAXIMISE = Bidding(strategy="MAXIMIZE_CONVERSIONS")


def running(sandbox: Sandbox, channel: str, number: int = 0) -> tuple[str, GoogleResource]:
    """A line that runs in the account: its id in exports, and what an export would tell of it."""
    account = sandbox.servers.account
    campaigns = [
        row
        for row in account.google_rows("campaign")
        if row["campaign"]["advertisingChannelType"] == channel and row["campaign"]["status"] == "ENABLED"
    ]
    row = campaigns[number]
    campaign = row["campaign"]
    groups = [one["adGroup"] for one in account.google_rows("ad_group") if one["campaign"]["id"] == campaign["id"]]
    line_id = f"google_ads:{campaign['id']}:{groups[0]['id'] if len(groups) == 1 else '-'}"
    resource = GoogleResource(
        account.google_customer,
        campaign["resourceName"],
        row["campaignBudget"]["resourceName"],
        status="ENABLED",
        bidding_strategy=campaign["biddingStrategyType"],
        ad_groups=tuple(GoogleAdGroup(group["id"], "ENABLED") for group in groups),
    )
    return line_id, resource


def line(name: str, *, channel: str = "SEARCH", bidding: Bidding = MAXIMISE, daily: float = 25.0) -> PlanLine:
    reached = LineAudience(countries=["NL"], age_min=25, age_max=54, genders=["FEMALE"], keywords=["light shoes"])
    return made_line(name, daily, ad_type=channel, bidding=bidding, audience=reached, creative=TEXTS)


def request(sandbox: Sandbox, lines: Sequence[PlanLine], resources: dict[str, GoogleResource]) -> dict[str, Any]:
    """`google_ads.json` of a plan that starts tomorrow."""
    account = sandbox.servers.account
    brief = Brief(audience=Audience(countries=["NL"]), product="running shoes")
    starts = account.today + timedelta(1)
    plan = made_plan(lines, starts, brief=brief, objective="conversions", currency=account.currency)
    return google_request(plan, resources, customer_id=account.google_customer, api_version="v25").body
