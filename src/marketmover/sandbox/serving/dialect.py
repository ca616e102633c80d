"""How each platform writes what the simulation needs to know of an object."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from marketmover.sandbox.exports.account import Account
from marketmover.sandbox.models.parameters import GENDERS, STRATEGIES
from marketmover.sandbox.serving.refusal import ServingRefusal, mapping_in, number_in
from marketmover.sandbox.serving.things import tail

Fields = Mapping[str, Any]


class Bid(NamedTuple):
    """A strategy, and its target in major units or as a return."""

    strategy: str
    target: float | None

    @property
    def told(self) -> dict[str, Any]:
        """As `plan.json` writes it."""
        return {"strategy": self.strategy, "target": self.target}


PARENTS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "google_ads": {
        "budget": {},
        "campaign": {"campaignBudget": "budget"},
        "group": {"campaign": "campaign"},
        "ad": {"adGroup": "group"},
        "ad_group_criterion": {"adGroup": "group"},
        "campaign_criterion": {"campaign": "campaign"},
    },
    "meta_ads": {"campaign": {}, "group": {"campaign_id": "campaign"}, "creative": {}, "ad": {"adset_id": "group"}},
}
"""What each platform's objects hang on: by field, what it names."""

COLLECTIONS = {
    "budget": "campaignBudgets",
    "campaign": "campaigns",
    "group": "adGroups",
    "ad": "adGroupAds",
    "ad_group_criterion": "adGroupCriteria",
    "campaign_criterion": "campaignCriteria",
}
"""Google's collections in resource names."""

STATES = {"google_ads": ("ENABLED", "PAUSED", "REMOVED"), "meta_ads": ("ACTIVE", "PAUSED", "DELETED")}
"""The platforms' words for on, off and gone."""

_SCHEMES = {
    "targetCpa": ("TARGET_CPA", "targetCpaMicros"),
    "maximizeConversions": ("MAXIMIZE_CONVERSIONS", "targetCpaMicros"),
    "targetRoas": ("TARGET_ROAS", "targetRoas"),
    "maximizeConversionValue": ("MAXIMIZE_CONVERSION_VALUE", "targetRoas"),
}
_OTHER_SCHEMES = frozenset({
    "targetSpend", "manualCpc", "manualCpm", "manualCpv", "percentCpc", "targetImpressionShare", "commission",
    "biddingStrategy", "fixedCpm", "targetCpm", "targetCpv",
})  # fmt: skip
GOOGLE_BIDDING = frozenset({*_SCHEMES, *_OTHER_SCHEMES, "biddingStrategyType"})
"""Fields of a Google campaign of which one stands for all."""


def what_of(platform: str, name: Any) -> str:
    """An object's kind by the name that a change gives it; Meta's ad sets are groups here.

    Raises:
        ServingRefusal: The platform has no such kind.
    """
    what = {"adset": "group", "adsets": "group"}.get(str(name), str(name))
    if what not in PARENTS[platform]:
        raise ServingRefusal("unsupported", "what", f"the sandbox has no '{name}' on {platform}.")
    return what


def parent(platform: str, field: str, fields: Fields) -> str:
    """The id that a field names."""
    return tail(fields.get(field)) if platform == "google_ads" else str(fields.get(field) or "")


def budget_of(platform: str, fields: Fields, account: Account) -> float | None:
    """The daily budget in major units, of a Google budget, a Meta campaign or ad set; `None` where it has none."""
    if platform == "meta_ads":
        if number_in(fields, "lifetime_budget"):
            raise ServingRefusal("unsupported", "lifetime_budget", "the sandbox has daily budgets only.")
        minor = number_in(fields, "daily_budget")
        return None if minor is None else account.rounded(minor * account.unit / 100.0)
    if fields.get("explicitlyShared") is True:
        raise ServingRefusal("unsupported", "explicitlyShared", "the sandbox has no shared budgets.")
    if fields.get("totalAmountMicros") or fields.get("period") == "CUSTOM_PERIOD":
        raise ServingRefusal("unsupported", "period", "the sandbox has daily budgets only.")
    micros = number_in(fields, "amountMicros")
    return None if micros is None else account.rounded(micros / 1e6)


def budget_fields(platform: str, amount: float, account: Account) -> dict[str, Any]:
    """A daily budget as the platform writes it."""
    if platform == "google_ads":
        return {"amountMicros": str(round(amount * 1e6))}
    return {"daily_budget": str(account.minor(amount))}


def bid_of(platform: str, fields: Fields, account: Account) -> Bid | None:
    """How a Google campaign, a Meta campaign or ad set bids; `None` where it does not say.

    Raises:
        ServingRefusal: No line of the simulated market can bid so.
    """
    unknown = "no line of the simulated market can bid so"
    if platform == "google_ads":
        for name in sorted(_OTHER_SCHEMES):
            if fields.get(name) is not None:
                raise ServingRefusal("unsupported", name, f"{unknown}; it knows {', '.join(STRATEGIES[platform])}.")
        for name, (strategy, leaf) in _SCHEMES.items():
            if fields.get(name) is not None:
                target = number_in(mapping_in(fields, name), leaf, f"{name}.{leaf}")
                return Bid(strategy, (target / 1e6 if leaf.endswith("Micros") else target) if target else None)
        return None
    strategy, amount = fields.get("bid_strategy"), number_in(fields, "bid_amount")
    if strategy is None and amount is None:
        return None
    if strategy is not None and strategy not in STRATEGIES[platform]:
        raise ServingRefusal("unsupported", "bid_strategy", f"{unknown}; it knows {', '.join(STRATEGIES[platform])}.")
    named = str(strategy or "COST_CAP")
    return Bid(named, account.rounded(amount * account.unit / 100.0) if amount and named == "COST_CAP" else None)


def bid_fields(platform: str, bid: Bid, account: Account) -> dict[str, Any]:
    """A bid as the platform writes it."""
    if platform == "meta_ads":
        cap = {"bid_amount": str(account.minor(bid.target))} if bid.target is not None else {}
        return {"bid_strategy": bid.strategy, **cap}
    name, leaf = next((name, leaf) for name, (strategy, leaf) in _SCHEMES.items() if strategy == bid.strategy)
    if bid.target is None:
        return {name: {}}
    return {name: {leaf: str(round(bid.target * 1e6)) if leaf.endswith("Micros") else bid.target}}


def meta_audience(targeting: Fields) -> dict[str, Any]:
    """A Meta targeting in the form of `plan.json`; what it leaves open is open to all."""
    named = {1: "MALE", 2: "FEMALE", "1": "MALE", "2": "FEMALE"}
    chosen = {named[one] for one in targeting.get("genders") or () if one in named}
    places = mapping_in(targeting, "geo_locations", "targeting.geo_locations")
    interests = [
        str(one.get("name"))
        for spec in targeting.get("flexible_spec") or ()
        for one in mapping_in({"spec": spec}, "spec").get("interests") or ()
    ]
    return {
        "countries": [str(country) for country in places.get("countries") or ()],
        "age_min": int(number_in(targeting, "age_min", "targeting.age_min") or 18),
        "age_max": int(number_in(targeting, "age_max", "targeting.age_max") or 65),
        "genders": [one for one in GENDERS if one in chosen or not chosen],
        "interests": interests,
    }


def day_in(value: Any, field: str, *, end: bool = False) -> date | None:
    """The day of a platform's moment: ISO 8601, or Unix seconds; an end at midnight is the day before's.

    Raises:
        ServingRefusal: It is none.
    """
    text = str(value or "")
    if text in {"", "0"}:
        return None
    try:
        whole = text.isdecimal() and len(text) > 8
        moment = datetime.fromtimestamp(int(text), UTC) if whole else datetime.fromisoformat(text)
    except (ValueError, OverflowError) as error:
        raise ServingRefusal("invalid", field, f"{text!r} is no day or moment.") from error
    if end and len(text) > 10 and (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        moment -= timedelta(seconds=1)
    return moment.date()
