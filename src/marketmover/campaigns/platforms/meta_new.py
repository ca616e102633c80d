"""New Meta lines: a campaign, an ad set that holds the budget, a creative and an ad, all paused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from marketmover.campaigns.platforms.limits import NAME_MOST_CHARACTERS
from marketmover.campaigns.platforms.meta_creatives import create_ad
from marketmover.campaigns.platforms.meta_existing import bid_params
from marketmover.campaigns.platforms.meta_goals import (
    EU_COUNTRIES,
    FIXED_AUDIENCE_CATEGORIES,
    VERIFIED_COUNTRIES,
    MetaGoal,
    goal_of,
    promoted_object,
    special_categories,
)
from marketmover.campaigns.platforms.meta_operations import MetaOperations
from marketmover.campaigns.platforms.meta_targeting import schedule, targeting
from marketmover.history import AdText
from marketmover.plans import Bidding, Plan, PlanLine

Json = dict[str, Any]
Warn = Callable[[str], None]


@dataclass(frozen=True)
class NewAdSetContext:
    """What the new lines of one account share: the plan, the account's parts, and the past ads by id."""

    plan: Plan
    whole: bool
    time_zone: str | None
    promoted: Mapping[str, str]
    interest_ids: Mapping[str, str]
    beneficiary: str | None
    payor: str | None
    ads: Mapping[str, AdText]


def create_line(operations: MetaOperations, line: PlanLine, units: int, context: NewAdSetContext, warn: Warn) -> None:
    """Append all that a new line needs, in the order of sending.

    Args:
        operations: Takes the operations.
        line: The new line.
        units: Its daily budget in the currency's minor unit.
        context: What the account's new lines share.
        warn: Is told in words what is missing.
    """
    countries = line.audience.countries or context.plan.brief.audience.countries
    if not countries:
        warn(f"{line.id} names no country, and Meta takes no ad set without a place: it is not among the operations.")
        return
    goal = goal_of(line, context.plan)
    categories = special_categories(context.plan.brief)
    campaign = operations.create(
        "campaigns", _campaign(line, goal, categories, countries, context.plan), f"campaign-{line.id}", line.id
    )
    params = _ad_set(line, units, campaign, goal, countries, categories, context, warn)
    ad_set = operations.create("adsets", params, f"adset-{line.id}", line.id)
    source = context.ads.get(line.creative.source_ad_id or "") if line.creative else None
    mark = context.plan.mark_of(line)
    create_ad(operations, line, ad_set, mark, source, context.promoted.get("page_id"), warn)
    _remark_declarations(line, categories, countries, context, warn)


def _campaign(line: PlanLine, goal: MetaGoal, categories: list[str], countries: list[str], plan: Plan) -> Json:
    params: Json = {
        "name": _name(line, plan),
        "objective": goal.objective,
        "status": "PAUSED",
        "buying_type": "AUCTION",
        "special_ad_categories": categories or ["NONE"],
        "is_adset_budget_sharing_enabled": False,  # must be said since v24 where the budget stands on ad sets
    }
    if categories:
        params["special_ad_category_country"] = countries
    return params


def _ad_set(
    line: PlanLine,
    units: int,
    campaign: str,
    goal: MetaGoal,
    countries: list[str],
    categories: list[str],
    context: NewAdSetContext,
    warn: Warn,
) -> Json:
    plan = context.plan
    start, end = schedule(plan.start_date, plan.end_date, context.time_zone)
    params: Json = {
        "name": _name(line, plan),
        "campaign_id": campaign,
        "status": "PAUSED",
        "daily_budget": units,
        "billing_event": "IMPRESSIONS",
        "optimization_goal": goal.optimization_goal,
        **bid_params(_allowed(line.bidding, goal), whole=context.whole),
        "start_time": start,
        "end_time": end,
        "targeting": targeting(
            line.audience,
            countries,
            line.ad_type,
            context.interest_ids,
            fixed_audience=bool(FIXED_AUDIENCE_CATEGORIES & set(categories)),
            warn=lambda text: warn(f"{line.id}: {text}."),
        ),
    }
    if goal.destination_type is not None:
        params["destination_type"] = goal.destination_type
    if goal.promoted:
        params["promoted_object"] = promoted_object(goal, dict(context.promoted))
    if EU_COUNTRIES & set(countries):
        known = {"dsa_beneficiary": context.beneficiary, "dsa_payor": context.payor or context.beneficiary}
        params |= {name: value for name, value in known.items() if value}
    return params


def _allowed(bidding: Bidding, goal: MetaGoal) -> Bidding:
    """A least return is for the goal VALUE alone (Marketing API, Bid strategies)."""
    if bidding.strategy == "LOWEST_COST_WITH_MIN_ROAS" and goal.optimization_goal != "VALUE":
        return Bidding(strategy="LOWEST_COST_WITHOUT_CAP")
    return bidding


def _name(line: PlanLine, plan: Plan) -> str:
    words = line.name or f"{plan.brief.product or 'New campaign'} {line.ad_type.replace('_', ' ').title()}"
    tail = f" {plan.mark_of(line)}"
    return " ".join(words.split())[: NAME_MOST_CHARACTERS - len(tail)] + tail


def _remark_declarations(
    line: PlanLine, categories: list[str], countries: list[str], context: NewAdSetContext, warn: Warn
) -> None:
    if categories:
        warn(
            f"meta_ads.json declares the special ad category {', '.join(categories)} for {line.id}, read from the "
            "brief's words: take it out if it does not apply."
        )
    else:
        warn(
            "meta_ads.json declares no special ad category (housing, employment, financial products, politics, "
            "gambling) for the new campaigns: correct it if one applies."
        )
    if EU_COUNTRIES & set(countries) and not context.beneficiary:
        warn(
            f"{line.id} reaches the European Union, where Meta asks for whom an ad speaks and who pays: set "
            "`dsa_beneficiary` and `dsa_payor`, unless the account has defaults."
        )
    asking = sorted(VERIFIED_COUNTRIES & set(countries))
    if asking:
        warn(f"{line.id} reaches {', '.join(asking)}, where Meta asks for a verified advertiser: declare it first.")
