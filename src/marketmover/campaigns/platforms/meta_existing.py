"""Running Meta lines: their budgets, their bids, and whether they run."""

from collections.abc import Callable
from typing import Any

from marketmover.campaigns.platforms.amounts import whole_or_cents
from marketmover.campaigns.platforms.meta_operations import MetaOperations
from marketmover.campaigns.platforms.meta_targeting import knows_zone, schedule
from marketmover.history import MetaResource
from marketmover.plans import Bidding, Plan, PlanLine

Json = dict[str, Any]
Warn = Callable[[str], None]

_UNSAID = frozenset({"", "UNKNOWN", "UNSPECIFIED"})
_GONE = frozenset({"DELETED", "ARCHIVED"})
_CAPPED = frozenset({"COST_CAP", "LOWEST_COST_WITH_BID_CAP"})
_RETURN = "LOWEST_COST_WITH_MIN_ROAS"


def change_existing(
    operations: MetaOperations,
    line: PlanLine,
    resource: MetaResource,
    units: int,
    plan: Plan,
    *,
    whole: bool,
    warn: Warn,
) -> bool:
    """Append what one running line needs: its budget where the budget stands, its bid, a pause or a start.

    Args:
        operations: Takes the operations.
        line: The plan's line.
        resource: What is known of it.
        units: Its daily budget in the currency's minor unit.
        plan: The plan, for its dates.
        whole: Whether the currency has no minor unit.
        warn: Is told in words what a person should know.

    Returns:
        Whether the line runs under the plan.
    """
    holder = resource.campaign_id if resource.budget_level == "campaign" else resource.ad_set_id
    if holder is None:
        warn(f"The exports do not name the ad set of {line.id}: its budget is to be set in Meta Ads Manager.")
        return units > 0
    if _GONE & {resource.status, resource.campaign_status}:
        if units > 0:
            warn(f"{line.id} was archived or deleted and cannot run again: its budget is not among the operations.")
        return False
    kind = "campaign" if resource.budget_level == "campaign" else "adset"
    if units == 0:
        operations.post(holder, {"status": "PAUSED"}, f"{kind}-{holder}", line.id)
        return False
    params = _budget(line, resource, units, plan, whole=whole, warn=warn)
    params |= _bid(line, resource, whole=whole, warn=warn)
    if resource.status == "PAUSED":
        params["status"] = "ACTIVE"
        warn(f"{line.id} is paused today and has a budget in the plan: the operations switch it on.")
    if params:
        operations.post(holder, params, f"{kind}-{holder}", line.id)
    if resource.budget_level == "ad_set" and resource.campaign_status == "PAUSED":
        warn(f"{line.id} runs in campaign {resource.campaign_id}, which is paused today: switch it on in Ads Manager.")
    return True


def _budget(line: PlanLine, resource: MetaResource, units: int, plan: Plan, *, whole: bool, warn: Warn) -> Json:
    if resource.budget_kind == "daily":
        return {"daily_budget": units}
    if resource.spent is None:
        warn(
            f"{line.id} has a budget for its whole life, and what it has spent of it is not known: "
            f"raise it by {line.budget:,.2f} in Meta Ads Manager."
        )
        return {}
    warn(
        f"{line.id} has a budget for its whole life: it becomes what was spent until now and the plan's "
        f"{line.budget:,.2f}. Send it on the plan's first day."
    )
    params: Json = {"lifetime_budget": whole_or_cents(resource.spent + line.budget, whole=whole)}
    if knows_zone(resource.time_zone):
        params["end_time"] = schedule(plan.start_date, plan.end_date, resource.time_zone)[1]
    return params


def _bid(line: PlanLine, resource: MetaResource, *, whole: bool, warn: Warn) -> Json:
    """The bid where the plan's differs; a strategy without a target never clears one that stands."""
    wanted = line.bidding
    if resource.bid_strategy in _UNSAID or wanted.strategy in _UNSAID:
        return {}
    if wanted.strategy == resource.bid_strategy and wanted.target in (None, resource.bid_target):
        return {}
    if resource.budget_level == "campaign":
        warn(f"{line.id}: its budget stands on the campaign, so set its bid on its ad sets in Meta Ads Manager.")
        return {}
    return bid_params(wanted, whole=whole)


def bid_params(bidding: Bidding, *, whole: bool) -> Json:
    """A bid as an ad set's parameters; a cap or a return without a value is the lowest cost.

    Source: Marketing API, Bid strategies (`roas_average_floor` is the return times 10,000).
    """
    if bidding.target is not None and bidding.strategy in _CAPPED:
        return {"bid_strategy": bidding.strategy, "bid_amount": whole_or_cents(bidding.target, whole=whole)}
    if bidding.target is not None and bidding.strategy == _RETURN:
        return {"bid_strategy": _RETURN, "bid_constraints": {"roas_average_floor": round(bidding.target * 10_000)}}
    return {"bid_strategy": "LOWEST_COST_WITHOUT_CAP"}
