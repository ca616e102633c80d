"""The parts that rows of Google Ads share: customer, campaign, budget, ad group."""

from typing import Any

from marketmover.kit import to_micros
from marketmover.sandbox.exports.account import Account, Pull, budget_at, run_at, runs_at
from marketmover.sandbox.exports.bidding import shown_target
from marketmover.sandbox.market import Market
from marketmover.sandbox.models.bid_targets import BY_RETURN

_GROUP_TYPES = {
    "SEARCH": "SEARCH_STANDARD",
    "DISPLAY": "DISPLAY_STANDARD",
    "VIDEO": "VIDEO_RESPONSIVE",
    "DEMAND_GEN": "UNSPECIFIED",
}
_STRATEGY_FIELDS = {
    "TARGET_CPA": "targetCpa",
    "MAXIMIZE_CONVERSIONS": "maximizeConversions",
    "TARGET_ROAS": "targetRoas",
    "MAXIMIZE_CONVERSION_VALUE": "maximizeConversionValue",
}


def customer(account: Account) -> dict[str, Any]:
    """The account."""
    return {
        "resourceName": f"customers/{account.customer_id}",
        "id": account.customer_id,
        "currencyCode": account.currency,
        "timeZone": account.time_zone,
    }


def campaign(market: Market, account: Account, place: int, pull: Pull) -> dict[str, Any]:
    """A line's campaign as it stood at the pull; up to v22 it has `startDate`, from v23 `startDateTime`."""
    line = market.lines[place]
    start = account.day(line.first_day)
    return {
        "resourceName": f"customers/{account.customer_id}/campaigns/{line.campaign_id}",
        "id": line.campaign_id,
        "name": line.campaign_name,
        "status": "ENABLED" if runs_at(line, pull.last) else "PAUSED",
        "advertisingChannelType": line.ad_type,
        "biddingStrategyType": run_at(line, pull.last).bidding,
        **_bidding(market, place, pull),
        **({"startDateTime": f"{start} 00:00:00"} if pull.modern else {"startDate": start}),
    }


def _bidding(market: Market, place: int, pull: Pull) -> dict[str, Any]:
    """The strategy's own field, with its target where it has one."""
    run = run_at(market.lines[place], pull.last)
    return bidding_field(run.bidding, shown_target(market, place, run))


def bidding_field(strategy: str, target: float | None) -> dict[str, Any]:
    """A strategy's own field of a campaign."""
    if target is None:
        told: dict[str, Any] = {}
    elif strategy in BY_RETURN:
        told = {"targetRoas": target}
    else:
        told = {"targetCpaMicros": str(to_micros(target))}
    return {_STRATEGY_FIELDS[strategy]: told}


def campaign_budget(market: Market, account: Account, place: int, pull: Pull) -> dict[str, Any]:
    """A line's budget as it stood at the pull; `explicitlyShared` is false and so left out."""
    line = market.lines[place]
    return {
        "resourceName": f"customers/{account.customer_id}/campaignBudgets/{line.budget_id}",
        "amountMicros": str(to_micros(budget_at(market, place, pull.last))),
    }


def ad_group(market: Market, account: Account, place: int, number: int) -> dict[str, Any]:
    """One of a line's ad groups."""
    line = market.lines[place]
    return {
        "resourceName": f"customers/{account.customer_id}/adGroups/{line.group_ids[number]}",
        "id": line.group_ids[number],
        "name": line.group_names[number],
        "status": "ENABLED",
        "type": _GROUP_TYPES[line.ad_type],
    }


def ad_group_part(market: Market, account: Account, place: int, number: int) -> dict[str, Any]:
    """The part of a row that names its ad group; nothing for campaigns without any."""
    return {"adGroup": ad_group(market, account, place, number)} if market.lines[place].group_ids else {}
