"""What Meta checks before it takes a write: each check raises the error that Meta answers, with the field to blame.

Source: Marketing API references of campaign, ad set, ad creative and ad (required parameters, and the changes of v23
and v24). Not all of Meta's rules are here: what passes here may still be refused there.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol, cast

from marketmover.sandbox.serving.meta.calls import Json
from marketmover.sandbox.serving.meta.objects import ObjectsAccount, objects_of
from marketmover.sandbox.serving.meta.refusing import invalid, not_imitated

_OBJECTIVES = frozenset({
    "OUTCOME_LEADS", "OUTCOME_SALES", "OUTCOME_TRAFFIC", "OUTCOME_AWARENESS", "OUTCOME_ENGAGEMENT",
    "OUTCOME_APP_PROMOTION",
})  # fmt: skip
_STATUSES = frozenset({"ACTIVE", "PAUSED"})
_STRATEGIES = frozenset({
    "LOWEST_COST_WITHOUT_CAP", "LOWEST_COST_WITH_BID_CAP", "COST_CAP", "LOWEST_COST_WITH_MIN_ROAS",
})  # fmt: skip
_CAPPED = frozenset({"COST_CAP", "LOWEST_COST_WITH_BID_CAP"})
_PIXEL_GOALS = frozenset({"OFFSITE_CONVERSIONS", "VALUE"})
_CATEGORIES = frozenset({
    "NONE", "HOUSING", "EMPLOYMENT", "CREDIT", "FINANCIAL_PRODUCTS_SERVICES", "ISSUES_ELECTIONS_POLITICS",
    "ONLINE_GAMBLING_AND_GAMING",
})  # fmt: skip
_LEAST_BUDGET = 100  # minor units: about one US dollar a day


class CheckedAccount(ObjectsAccount, Protocol):
    """What checks need of the served account."""

    @property
    def today(self) -> date:
        """The day after the last one lived."""
        ...


def check_campaign(account: CheckedAccount, fields: Json) -> None:
    """A new campaign."""
    del account
    _named(fields)
    _status(fields)
    if fields.get("objective") not in _OBJECTIVES:
        raise invalid("objective", f"The objective must be one of {', '.join(sorted(_OBJECTIVES))}.", subcode=1815433)
    categories = fields.get("special_ad_categories")
    if not isinstance(categories, list) or not _CATEGORIES.issuperset(map(str, cast("list[Any]", categories))):
        words = "Say which special ad categories the campaign falls into; an empty list or NONE if it is in none."
        raise invalid("special_ad_categories", words, subcode=1815857, title="Special ad categories are required")
    _budget(fields, "daily_budget")
    _budget(fields, "lifetime_budget")
    shared = isinstance(fields.get("is_adset_budget_sharing_enabled"), bool)
    if not shared and not {"daily_budget", "lifetime_budget"} & set(fields):
        words = "Where the budget stands on ad sets, say true or false in is_adset_budget_sharing_enabled."
        raise invalid("is_adset_budget_sharing_enabled", words, subcode=4834011)
    _bid(fields)


def check_ad_set(account: CheckedAccount, fields: Json) -> None:
    """A new ad set."""
    _named(fields)
    _status(fields)
    campaign = _above(account, "campaigns", fields, "campaign_id")
    for name in ("billing_event", "optimization_goal"):
        if not isinstance(fields.get(name), str):
            raise invalid(name, f"The field {name} is required.", subcode=1885024)
    _one_budget(campaign, fields)
    _bid(fields)
    _targeting(fields)
    _promoted(fields)
    _times(account.today, fields)


def check_creative(account: CheckedAccount, fields: Json) -> None:
    """A new creative."""
    del account
    story = fields.get("object_story_spec")
    if not isinstance(story, Mapping):
        if fields.get("object_story_id") or fields.get("asset_feed_spec"):
            return
        raise invalid("object_story_spec", "A creative needs a post: give object_story_spec.", subcode=1443048)
    spec = cast("Mapping[str, Any]", story)
    _number(spec.get("page_id"), "page_id", "The page that the ad is published for")
    link = _part(spec, "link_data") or _part(spec, "video_data")
    if not link:
        raise invalid("object_story_spec", "The post holds neither link_data nor video_data.", subcode=1443048)
    value = _part(_part(link, "call_to_action"), "value")
    if "lead_gen_form_id" in value:
        _number(value["lead_gen_form_id"], "lead_gen_form_id", "The lead form")
    for address in (link.get("link"), value.get("link")):
        if address is not None and not str(address).startswith(("http://", "https://")):
            raise invalid("link", f"{address} is not a web address.", subcode=1815520, title="Invalid link")


def check_ad(account: CheckedAccount, fields: Json) -> None:
    """A new ad."""
    _named(fields)
    _status(fields)
    _above(account, "adsets", fields, "adset_id")
    creative = fields.get("creative")
    name = str(cast("Mapping[str, Any]", creative).get("creative_id") or "") if isinstance(creative, Mapping) else ""
    if not any(row["id"] == name for row in objects_of(account, "adcreatives")):
        words = f"There is no creative {name or 'given'} in this account."
        raise invalid("creative", words, subcode=1815694, title="Creative is missing")


def check_change(account: CheckedAccount, edge: str, row: Json, fields: Json) -> None:
    """A change of what is there."""
    _status(fields)
    for name in ("daily_budget", "lifetime_budget"):
        if name in fields:
            if name not in row:
                words = f"The budget does not stand here as {name}: it stands above or below, or is of the other kind."
                raise invalid(name, words, subcode=1885621, title="The budget stands elsewhere")
            _budget(fields, name)
    if edge != "ads":
        _bid({"bid_strategy": row.get("bid_strategy"), **fields} if "bid_amount" in fields else fields)
    if "targeting" in fields:
        _targeting(fields)
    _times(account.today, fields)


def _named(fields: Json) -> None:
    if not str(fields.get("name") or "").strip():
        raise invalid("name", "The field name is required.", subcode=1487390)


def _status(fields: Json) -> None:
    status = fields.get("status", "PAUSED")
    if status in {"ARCHIVED", "DELETED"}:
        raise not_imitated(f"the status {status}; use PAUSED, or DELETE for what was made through the API")
    if status not in _STATUSES:
        raise invalid("status", "The status must be one of ACTIVE, PAUSED, DELETED, ARCHIVED.")


def _above(account: ObjectsAccount, edge: str, fields: Json, name: str) -> Json:
    found = next((row for row in objects_of(account, edge) if row["id"] == str(fields.get(name))), None)
    if found is None:
        raise invalid(name, f"There is no object {fields.get(name)} in this account.", subcode=1487851)
    return found


def _one_budget(campaign: Json, fields: Json) -> None:
    above = {"daily_budget", "lifetime_budget"} & set(campaign)
    own = [name for name in ("daily_budget", "lifetime_budget") if name in fields]
    if above and own:
        words = "The campaign has a budget of its own, so its ad sets can have none."
        raise invalid(own[0], words, subcode=1885621, title="Only one budget")
    if not above and len(own) != 1:
        words = "An ad set needs a daily or a lifetime budget, unless its campaign has one."
        raise invalid("daily_budget", words, subcode=1885272, title="Budget is required")
    for name in own:
        _budget(fields, name)


def _budget(fields: Json, name: str) -> None:
    if name not in fields:
        return
    amount = str(fields[name])
    if not amount.isdigit():
        raise invalid(name, f"{amount} is not a whole number of the currency's smallest unit.")
    if int(amount) < _LEAST_BUDGET:
        words = f"The budget must be at least {_LEAST_BUDGET} of the currency's smallest unit."
        raise invalid(name, words, subcode=1885272, title="Budget is too low")


def _bid(fields: Json) -> None:
    strategy = fields.get("bid_strategy")
    if strategy is not None and strategy not in _STRATEGIES:
        raise invalid("bid_strategy", f"The bid strategy must be one of {', '.join(sorted(_STRATEGIES))}.")
    amount = fields.get("bid_amount")
    if strategy in _CAPPED and amount is None:
        words = f"The bid strategy {strategy} needs a bid_amount."
        raise invalid("bid_amount", words, subcode=1815857, title="Bid amount required")
    if amount is not None and (not str(amount).isdigit() or int(str(amount)) < 1):
        raise invalid("bid_amount", f"{amount} is no bid in the currency's smallest unit.")
    if strategy == "LOWEST_COST_WITH_MIN_ROAS" and not fields.get("bid_constraints"):
        raise invalid("bid_constraints", "A least return needs roas_average_floor in bid_constraints.")


def _targeting(fields: Json) -> None:
    targeting = fields.get("targeting")
    if not isinstance(targeting, Mapping) or not _part(cast("Mapping[str, Any]", targeting), "geo_locations"):
        words = "An audience needs at least one place."
        raise invalid("targeting", words, subcode=1885364, title="Location is required")
    spec = cast("Mapping[str, Any]", targeting)
    if _part(spec, "targeting_automation").get("advantage_audience") not in (0, 1):
        words = "Say in targeting_automation whether the audience may be widened (advantage_audience 0 or 1)."
        raise invalid("targeting", words, subcode=1870227, title="Advantage audience flag required")
    ages = [str(spec.get(name) or usual) for name, usual in (("age_min", 18), ("age_max", 65))]
    low, high = (int(age) if age.isdigit() else 0 for age in ages)
    if not 13 <= low <= high <= 65:
        raise invalid("targeting", f"Ages {' to '.join(ages)} cannot be chosen.", subcode=1487079, title="Invalid ages")


def _promoted(fields: Json) -> None:
    promoted = cast("Mapping[str, Any]", fields.get("promoted_object") or {})
    if fields["optimization_goal"] in _PIXEL_GOALS:
        _number(promoted.get("pixel_id"), "promoted_object", "The pixel that counts conversions")
    for name in ("page_id", "application_id"):
        if name in promoted:
            _number(promoted[name], "promoted_object", f"The {name}")


def _part(spec: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object within one; empty where it is missing."""
    found = spec.get(name)
    if found is not None and not isinstance(found, Mapping):
        raise invalid(name, f"{name} must be an object.")
    return cast("Mapping[str, Any]", found or {})


def _number(value: Any, field: str, what: str) -> None:
    if not str(value or "").isdigit():
        raise invalid(field, f"{what} must be named by its id, not {value!r}.", subcode=1815089)


def _times(today: date, fields: Json) -> None:
    start, end = (_moment(fields, name) for name in ("start_time", "end_time"))
    if end is not None and (end.date() < today or (start is not None and end <= start)):
        words = "The end must lie in the future, and after the start."
        raise invalid("end_time", words, subcode=1487094, title="Invalid end time")


def _moment(fields: Json, name: str) -> datetime | None:
    text = fields.get(name)
    if text is None:
        return None
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        raise invalid(name, f"{text} is not a moment such as 2026-01-05T00:00:00+0100.") from None
