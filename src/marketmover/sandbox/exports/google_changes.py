"""Google's log of changes and its simulations of other budgets."""

from pathlib import Path
from typing import Any

from marketmover.kit import to_micros
from marketmover.sandbox.exports import google_rows
from marketmover.sandbox.exports.account import Account, Pull, places
from marketmover.sandbox.exports.changes import Change, changes_of
from marketmover.sandbox.exports.curves import predicted
from marketmover.sandbox.exports.files import text, write_search_stream
from marketmover.sandbox.exports.google_structure import ids_of
from marketmover.sandbox.exports.ids import numeric_id
from marketmover.sandbox.market import Market

_CHANGE_FIELDS = "changeEvent.changeDateTime,changeEvent.changedFields,changeEvent.oldResource,changeEvent.newResource"
_SIMULATION_FIELDS = "campaignSimulation.startDate,campaignSimulation.endDate,campaignSimulation.budgetPointList.points"


def write_changes(market: Market, account: Account, folder: Path, pull: Pull) -> dict[str, int]:
    """The change log of the whole history, and simulations for some campaigns; how many rows of each."""
    changes = (text(_change(market, account, change)) for change in changes_of(market, "google_ads"))
    last = market.setting.days - 1
    wanted = [
        place
        for place in places(market, "google_ads")
        if market.lines[place].has_curve and market.lines[place].last_day >= last
    ]
    curves = (text(_simulation(market, account, place, pull)) for place in wanted)
    return {
        "change_events": write_search_stream(folder, "change_events", _CHANGE_FIELDS, changes),
        "campaign_simulations": write_search_stream(folder, "campaign_simulations", _SIMULATION_FIELDS, curves),
    }


def _change(market: Market, account: Account, change: Change) -> dict[str, Any]:
    line = market.lines[change.place]
    campaign = f"customers/{account.customer_id}/campaigns/{line.campaign_id}"
    kind, fields, old, new = _changed(change)
    budget = f"customers/{account.customer_id}/campaignBudgets/{line.budget_id}"
    key = numeric_id(line.id, str(change.day), change.kind, digits=16)
    moment = f"{account.day(change.day)} {9 + int(key[-2:]) % 9:02d}:{int(key[-4:-2]) % 60:02d}:00"
    event: dict[str, Any] = {
        "resourceName": f"customers/{account.customer_id}/changeEvents/{key}~0~0",
        "changeDateTime": moment,
        "changeResourceType": kind,
        "changeResourceName": budget if change.kind == "budget" else campaign,
        "campaign": campaign,
        "clientType": "GOOGLE_ADS_WEB_CLIENT",
        "resourceChangeOperation": "UPDATE",
        "changedFields": fields,
    }
    if old:
        event |= {"oldResource": old, "newResource": new}
    return {"customer": google_rows.customer(account), "changeEvent": event}


def _changed(change: Change) -> tuple[str, str, dict[str, Any], dict[str, Any]]:
    """Resource type, changed fields, the old and the new resource."""
    if change.kind == "budget":
        old, new = (
            {"campaignBudget": {"amountMicros": str(to_micros(amount))}} for amount in (change.before, change.after)
        )
        return "CAMPAIGN_BUDGET", "amountMicros", old, new
    if change.kind == "status":
        states = ("PAUSED", "ENABLED")
        old, new = ({"campaign": {"status": states[int(state)]}} for state in (change.before, change.after))
        return "CAMPAIGN", "status", old, new
    return "CAMPAIGN_CRITERION", "location.geoTargetConstant", {}, {}


def _simulation(market: Market, account: Account, place: int, pull: Pull) -> dict[str, Any]:
    """The budget simulation of the last seven days: figures are sums of these days, budgets are daily."""
    line, seen = market.lines[place], predicted(market, place)
    start, end = account.day(max(pull.last - 6, 0)), account.day(pull.last)
    points = [
        {
            "budgetAmountMicros": str(to_micros(account.rounded(float(seen.budget[at])))),
            "impressions": str(round(7 * float(seen.impressions[at]))),
            "clicks": str(round(7 * float(seen.clicks[at]))),
            "costMicros": str(to_micros(account.rounded(7 * float(seen.spend[at])))),
            "biddableConversions": round(7 * float(seen.conversions[at]), 4),
        }
        for at in range(len(seen.budget))
    ]
    name = f"{line.campaign_id}~BUDGET~UNIFORM~{start}~{end}"
    simulation = {
        "resourceName": f"customers/{account.customer_id}/campaignSimulations/{name}",
        "campaignId": line.campaign_id,
        "type": "BUDGET",
        "modificationMethod": "UNIFORM",
        "startDate": start,
        "endDate": end,
        "budgetPointList": {"points": points},
    }
    base = {key: value for key, value in ids_of(market, account, place, 0).items() if key != "adGroup"}
    return {**base, "campaignSimulation": simulation}
