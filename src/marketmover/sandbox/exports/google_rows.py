"""The parts that rows of Google Ads share: customer, campaign, budget, ad group."""

from typing import Any

from marketmover.kit import to_micros
from marketmover.sandbox.exports.account import Account, Pull, bidding_at, budget_at, runs_at
from marketmover.sandbox.market import Market

_GROUP_TYPES = {
    "SEARCH": "SEARCH_STANDARD",
    "DISPLAY": "DISPLAY_STANDARD",
    "VIDEO": "VIDEO_RESPONSIVE",
    "DEMAND_GEN": "UNSPECIFIED",
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
        "biddingStrategyType": bidding_at(line, pull.last),
        **_bidding(market, place, pull),
        **({"startDateTime": f"{start} 00:00:00"} if pull.modern else {"startDate": start}),
    }


def _bidding(market: Market, place: int, pull: Pull) -> dict[str, Any]:
    """The strategy's own field: a target near what the line pays, or none for an unbounded strategy."""
    truth, strategy = market.truth, bidding_at(market.lines[place], pull.last)
    price = float(truth.scale[place] / truth.yields[place])
    if strategy == "TARGET_CPA":
        return {"targetCpa": {"targetCpaMicros": str(to_micros(round(price, 0) or 1.0))}}
    if strategy == "TARGET_ROAS":
        return {"targetRoas": {"targetRoas": round(float(truth.order_value[place]) / price, 1)}}
    name = "maximizeConversionValue" if strategy == "MAXIMIZE_CONVERSION_VALUE" else "maximizeConversions"
    return {name: {}}


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
