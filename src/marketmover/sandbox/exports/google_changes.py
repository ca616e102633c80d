"""Google's log of changes and its simulations of other budgets."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from marketmover.kit import to_micros
from marketmover.sandbox.exports import google_rows
from marketmover.sandbox.exports.account import Account, Pull, places
from marketmover.sandbox.exports.bidding import shown_target
from marketmover.sandbox.exports.changes import Change, changes_of
from marketmover.sandbox.exports.curves import predicted
from marketmover.sandbox.exports.files import text, write_search_stream
from marketmover.sandbox.exports.google_structure import AGES, ids_of
from marketmover.sandbox.exports.ids import numeric_id
from marketmover.sandbox.market import Market
from marketmover.sandbox.models.parameters import GENDERS

_CHANGE_FIELDS = "changeEvent.changeDateTime,changeEvent.changedFields,changeEvent.oldResource,changeEvent.newResource"
_SIMULATION_FIELDS = "campaignSimulation.startDate,campaignSimulation.endDate,campaignSimulation.budgetPointList.points"


def write_changes(market: Market, account: Account, folder: Path, pull: Pull) -> dict[str, int]:
    """The change log of the whole history, and simulations for some campaigns; how many rows of each."""
    last = market.setting.days - 1
    wanted = [
        place
        for place in places(market, "google_ads")
        if market.lines[place].has_curve and market.lines[place].last_day >= last
    ]
    curves = (text(simulation_row(market, account, place, pull)) for place in wanted)
    return {
        "change_events": write_change_events(market, account, folder, changes_of(market, "google_ads")),
        "campaign_simulations": write_search_stream(folder, "campaign_simulations", _SIMULATION_FIELDS, curves),
    }


def write_change_events(market: Market, account: Account, folder: Path, changes: Iterable[Change]) -> int:
    """The change log of `changes`; how many rows."""
    rows = (text(row) for change in changes for row in change_rows(market, account, change))
    return write_search_stream(folder, "change_events", _CHANGE_FIELDS, rows)


def change_rows(market: Market, account: Account, change: Change) -> Iterator[dict[str, Any]]:
    """A row a resource: other people asked for are a criterion each."""
    if change.kind != "targeting":
        yield _change(market, account, change, _changed(market, change), change.kind)
        return
    kind = "AD_GROUP_CRITERION" if market.lines[change.place].group_ids else "CAMPAIGN_CRITERION"
    field = "adGroupCriterion" if kind == "AD_GROUP_CRITERION" else "campaignCriterion"
    for what, out_before, out_after in _criteria_changes(change):
        old, new = ({field: {**what, "negative": out}} for out in (out_before, out_after))
        yield _change(market, account, change, (kind, "negative", old, new), text(what))


def _criteria_changes(change: Change) -> Iterator[tuple[dict[str, Any], bool, bool]]:
    """Ages and genders that are left out now and were not, or the other way round."""
    for name, (youngest, oldest) in AGES.items():
        before, after = (oldest < run.age_min or youngest > run.age_max for run in (change.old, change.new))
        if before != after:
            yield {"ageRange": {"type": name}}, before, after
    for gender in GENDERS:
        before, after = (gender not in run.genders for run in (change.old, change.new))
        if before != after:
            yield {"gender": {"type": gender}}, before, after


_Changed = tuple[str, str, dict[str, Any], dict[str, Any]]


def _change(market: Market, account: Account, change: Change, changed: _Changed, name: str) -> dict[str, Any]:
    line = market.lines[change.place]
    campaign = f"customers/{account.customer_id}/campaigns/{line.campaign_id}"
    kind, fields, old, new = changed
    budget = f"customers/{account.customer_id}/campaignBudgets/{line.budget_id}"
    key = numeric_id(line.id, str(change.day), name, digits=16)
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


def _changed(market: Market, change: Change) -> _Changed:
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
    if change.kind == "target":
        told = [
            google_rows.bidding_field(run.bidding, shown_target(market, change.place, run))
            for run in (change.old, change.new)
        ]
        name, field = next((name, field) for one in told for name, value in one.items() for field in value)
        return "CAMPAIGN", f"{name}.{field}", {"campaign": told[0]}, {"campaign": told[1]}
    old, new = ({"campaign": {"biddingStrategyType": run.bidding}} for run in (change.old, change.new))
    return "CAMPAIGN", "biddingStrategyType", old, new


def simulation_row(market: Market, account: Account, place: int, pull: Pull) -> dict[str, Any]:
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
