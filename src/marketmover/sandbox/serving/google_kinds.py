"""The kinds of rows that the simulated Google Ads account answers with, each in the REST form of `GoogleAdsRow`."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from marketmover.sandbox.countries import USUAL
from marketmover.sandbox.exports import google, google_breakdowns, google_changes, google_rows, google_structure
from marketmover.sandbox.exports.account import places
from marketmover.sandbox.exports.changes import changes_of
from marketmover.sandbox.exports.ids import numeric_id
from marketmover.sandbox.serving.seen import Part, Seen

Row = dict[str, Any]
_PLATFORM = "google_ads"
_ADDED = ("impressions", "clicks", "costMicros", "conversions", "conversionsValue")
_WHOLE = {"impressions", "clicks", "costMicros"}
_BUDGET_LOST = "searchBudgetLostImpressionShare"


def daily_by_device(seen: Seen) -> Iterator[Row]:
    """Facts by ad group and day, and by device in accounts that have it."""
    for row in _facts(seen):
        if "adGroup" in row:
            row["metrics"].pop(_BUDGET_LOST, None)  # Google counts it by campaign alone
            yield row


def daily(seen: Seen) -> Iterator[Row]:
    """Facts by ad group and day, devices added up; campaigns without ad groups have none."""
    return _added_up(daily_by_device(seen), lambda row: row["adGroup"]["id"], "segments")


def campaigns(seen: Seen) -> Iterator[Row]:
    """Facts by campaign and day."""
    return _added_up(_facts(seen), lambda row: row["campaign"]["id"], "segments", leave="adGroup")


def actions(seen: Seen) -> Iterator[Row]:
    """Conversions by ad group, action and day."""
    return (row for row in _action_rows(seen) if "adGroup" in row)


def campaign_actions(seen: Seen) -> Iterator[Row]:
    """Conversions by campaign, action and day."""
    return _added_up(
        _action_rows(seen),
        lambda row: (row["campaign"]["id"], row["segments"]["conversionActionName"]),
        "segments",
        leave="adGroup",
    )


def ad_performance(seen: Seen) -> Iterator[Row]:
    """Facts by ad and day of the last weeks of the history and of the window."""
    for part, place, first in _detailed(seen):
        yield from google_structure.ad_fact_rows(part.market, part.account, place, part.pull, first)


def gender_view(seen: Seen) -> Iterator[Row]:
    """Facts by gender, days as `ad_performance`."""
    for part, place, first in _detailed(seen):
        yield from google_breakdowns.demographic_rows(part.market, part.account, place, part.pull, first, "gender")


def age_range_view(seen: Seen) -> Iterator[Row]:
    """Facts by age, days as `ad_performance`."""
    for part, place, first in _detailed(seen):
        yield from google_breakdowns.demographic_rows(part.market, part.account, place, part.pull, first, "age")


def geographic_view(seen: Seen) -> Iterator[Row]:
    """Facts by region, days as `ad_performance`."""
    for part, place, first in _detailed(seen):
        yield from google_breakdowns.geography_rows(part.market, part.account, place, part.pull, first)


def customer(seen: Seen) -> Iterator[Row]:
    """The account."""
    told = google_rows.customer(seen.window.account)
    yield {"customer": {**told, "descriptiveName": NAME, "testAccount": True, "status": "ENABLED"}}


NAME = "SIMULATED by marketmover"
"""What the simulated accounts are called."""


def campaign(seen: Seen) -> Iterator[Row]:
    """All campaigns with their budgets, as they stand."""
    part = seen.window
    for place in places(part.market, _PLATFORM):
        yield {
            "customer": google_rows.customer(part.account),
            "campaign": google_rows.campaign(part.market, part.account, place, part.pull),
            "campaignBudget": _budget(part, place),
        }


def campaign_budget(seen: Seen) -> Iterator[Row]:
    """All budgets, as they stand."""
    part = seen.window
    for place in places(part.market, _PLATFORM):
        yield {"customer": google_rows.customer(part.account), "campaignBudget": _budget(part, place)}


def ad_group(seen: Seen) -> Iterator[Row]:
    """All ad groups with their campaigns, as they stand."""
    part = seen.window
    for row, place in ((row, place) for row, place in zip(campaign(seen), places(part.market, _PLATFORM), strict=True)):
        for number in range(len(part.market.lines[place].group_ids)):
            yield {**row, "adGroup": google_rows.ad_group(part.market, part.account, place, number)}


def ad_group_ad(seen: Seen) -> Iterator[Row]:
    """All ads, as they stand."""
    part = seen.window
    for place in places(part.market, _PLATFORM):
        yield from google_structure.ad_rows(part.market, part.account, place, part.pull)


def ad_group_criterion(seen: Seen) -> Iterator[Row]:
    """Keywords, ages, genders and interests, as they stand."""
    part = seen.window
    for place in places(part.market, _PLATFORM):
        yield from google_structure.criteria_rows(part.market, part.account, place)


def campaign_criterion(seen: Seen) -> Iterator[Row]:
    """Places, as they stand."""
    part = seen.window
    for place in places(part.market, _PLATFORM):
        yield from google_structure.campaign_criteria_rows(part.market, part.account, place)


def campaign_simulation(seen: Seen) -> Iterator[Row]:
    """Google's own curves, as it saw them at the end of the history."""
    part = seen.history
    last = part.market.setting.days - 1
    for place in places(part.market, _PLATFORM):
        line = part.market.lines[place]
        if line.has_curve and line.last_day >= last:
            yield google_changes.simulation_row(part.market, part.account, place, part.pull)


def change_event(seen: Seen) -> Iterator[Row]:
    """What was changed, in the history and since."""
    for part in (seen.past, seen.window):
        begin = part.pull.first
        for change in changes_of(part.market, _PLATFORM):
            if begin <= change.day <= part.pull.last:
                yield from google_changes.change_rows(part.market, part.account, change)


def geo_target_constant(_seen: Seen) -> Iterator[Row]:
    """Every country, and the places of the usual ones, under the numbers that the account's figures name them by."""
    import pycountry

    for country in pycountry.countries:
        yield _place(str(2000 + int(country.numeric)), country.name, country.name, country.alpha_2, "Country")
        for city in USUAL[country.alpha_2].cities if country.alpha_2 in USUAL else ():
            number = numeric_id(f"{country.alpha_2}/{city}", digits=5)
            yield _place(number, city, f"{city},{country.name}", country.alpha_2, "City")


def _place(number: str, name: str, canonical: str, country: str, kind: str) -> Row:
    told = {"id": number, "name": name, "canonicalName": canonical, "countryCode": country, "targetType": kind}
    return {"geoTargetConstant": {"resourceName": f"geoTargetConstants/{number}", **told, "status": "ENABLED"}}


FACTS: Mapping[str, Callable[[Seen], Iterable[Row]]] = {
    "daily": daily, "daily_by_device": daily_by_device, "campaigns": campaigns, "actions": actions,
    "campaign_actions": campaign_actions, "ad_performance": ad_performance, "gender_view": gender_view,
    "age_range_view": age_range_view, "geographic_view": geographic_view, "change_event": change_event,
}  # fmt: skip
"""Kinds that have days."""

STRUCTURE: Mapping[str, Callable[[Seen], Iterable[Row]]] = {
    "customer": customer, "campaign": campaign, "campaign_budget": campaign_budget, "ad_group": ad_group,
    "ad_group_ad": ad_group_ad, "ad_group_criterion": ad_group_criterion, "campaign_criterion": campaign_criterion,
    "campaign_simulation": campaign_simulation, "geo_target_constant": geo_target_constant,
}  # fmt: skip
"""Kinds that are as they stand today."""


def day_of(row: Row) -> str:
    """The day of a row, ISO 8601."""
    segments = row.get("segments")
    return str(segments["date"] if segments else row["changeEvent"]["changeDateTime"][:10])


def _facts(seen: Seen) -> Iterator[Row]:
    for part in seen.parts:
        for place in places(part.market, _PLATFORM):
            yield from map(json.loads, google.fact_rows(part.market, part.account, place, part.pull))


def _action_rows(seen: Seen) -> Iterator[Row]:
    for part in seen.parts:
        for place in places(part.market, _PLATFORM):
            yield from map(json.loads, google.action_rows(part.market, part.account, place, part.pull))


def _detailed(seen: Seen) -> Iterator[tuple[Part, int, int]]:
    """Parts and lines, and the first day of which there are details."""
    for part in seen.parts:
        first = max(part.pull.last - google_structure.DETAIL_DAYS + 1, 0) if part is seen.history else part.pull.first
        for place in places(part.market, _PLATFORM):
            yield part, place, first


def _budget(part: Part, place: int) -> Row:
    told = google_rows.campaign_budget(part.market, part.account, place, part.pull)
    line = part.market.lines[place]
    more = {"id": line.budget_id, "name": line.campaign_name, "status": "ENABLED", "period": "DAILY"}
    return {**told, **more, "deliveryMethod": "STANDARD", "explicitlyShared": False}


def _added_up(rows: Iterable[Row], key: Callable[[Row], Any], segments: str, leave: str = "") -> Iterator[Row]:
    """Rows of one key and day as one: counts added, rates anew, shares as of the first."""
    found: dict[Any, Row] = {}
    for row in rows:
        name = (key(row), row[segments]["date"])
        first = found.get(name)
        if first is None:
            row.pop(leave, None)
            row[segments].pop("device", None)
            found[name] = row
        else:
            _add(first["metrics"], row["metrics"])
    return iter(found.values())


def _add(metrics: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name in _ADDED:
        if name in more:
            total = float(metrics.get(name, 0)) + float(more[name])
            metrics[name] = str(int(total)) if name in _WHOLE else round(total, 2)
    if "ctr" in metrics or "ctr" in more:
        shown, clicks = int(metrics.get("impressions", 0)), int(metrics.get("clicks", 0))
        metrics["ctr"] = clicks / shown if shown else 0.0
        if clicks:
            metrics["averageCpc"] = int(metrics.get("costMicros", 0)) / clicks
