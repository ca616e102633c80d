"""What makes an object one that the simulated platforms take."""

from collections.abc import Mapping
from typing import Any

from marketmover.sandbox.exports.account import Account
from marketmover.sandbox.models.parameters import TYPES
from marketmover.sandbox.serving.dialect import (
    GOOGLE_BIDDING,
    PARENTS,
    bid_of,
    budget_of,
    day_in,
    meta_audience,
    parent,
)
from marketmover.sandbox.serving.places import Places
from marketmover.sandbox.serving.refusal import ServingRefusal, mapping_in
from marketmover.sandbox.serving.registry import Registry
from marketmover.sandbox.serving.starting import past_ad
from marketmover.sandbox.serving.things import Key

STATE_WORDS = {"ENABLED": 0, "ACTIVE": 0, "PAUSED": 1, "REMOVED": 2, "DELETED": 2, "ARCHIVED": 2}
"""States by their words: 0 on, 1 off, 2 gone."""

_REQUIRED = {
    ("google_ads", "budget"): ("amountMicros",),
    ("google_ads", "campaign"): ("name", "advertisingChannelType", "campaignBudget"),
    ("google_ads", "group"): ("name", "campaign"),
    ("google_ads", "ad"): ("adGroup", "ad"),
    ("google_ads", "ad_group_criterion"): ("adGroup",),
    ("google_ads", "campaign_criterion"): ("campaign",),
    ("meta_ads", "campaign"): ("name", "objective"),
    ("meta_ads", "group"): ("name", "campaign_id", "targeting"),
    ("meta_ads", "creative"): (),
    ("meta_ads", "ad"): ("name", "adset_id", "creative"),
}
_NAMED_ONCE = {("google_ads", "campaign"), ("google_ads", "budget")}

FIXED = {"campaign": {"advertisingChannelType", "objective"}, "group": {"campaign", "campaign_id"},
          "ad": {"adGroup", "adset_id", "ad", "creative"}}  # fmt: skip
"""Fields that cannot be changed once an object was made."""

CHANGEABLE: Mapping[str, Mapping[str, frozenset[str]]] = {
    "google_ads": {
        "budget": frozenset({"amountMicros", "name"}),
        "campaign": frozenset({"status", "name", "campaignBudget", *GOOGLE_BIDDING}),
        "group": frozenset({"status", "name"}),
        "ad": frozenset({"status"}),
    },
    "meta_ads": {
        "campaign": frozenset({"status", "name", "daily_budget", "lifetime_budget", "bid_strategy"}),
        "group": frozenset(
            {"status", "name", "daily_budget", "lifetime_budget", "bid_strategy", "bid_amount", "targeting"}
        ),
        "ad": frozenset({"status", "name"}),
    },
}
"""What the sandbox can change on the market's own objects."""


def check_required(platform: str, what: str, fields: Mapping[str, Any]) -> None:
    """Fields without which an object is none are there.

    Raises:
        ServingRefusal: One is not.
    """
    for name in _REQUIRED[platform, what]:
        if fields.get(name) is None or fields[name] in ("", [], {}):
            raise ServingRefusal("required", name, "is required.")


def check_parents(registry: Registry, places: Places, platform: str, what: str, fields: Mapping[str, Any]) -> None:
    """What an object hangs on is there.

    Raises:
        ServingRefusal: It is not, or was removed.
    """
    for name, above in PARENTS[platform][what].items():
        owner = parent(platform, name, fields)
        key = Key(platform, above, owner)
        known = key in registry.things or places.lines(platform, above, owner)
        if not known or registry.is_gone(key):
            raise ServingRefusal("not_found", name, f"there is no {above} '{owner}'.")
    creative = fields.get("creative") if (platform, what) == ("meta_ads", "ad") else None
    if isinstance(creative, Mapping) and creative.get("creative_id"):
        name = str(creative["creative_id"])
        if Key(platform, "creative", name) not in registry.things and past_ad(places, name) is None:
            raise ServingRefusal("not_found", "creative.creative_id", f"there is no creative '{name}'.")


def check_name(registry: Registry, places: Places, platform: str, what: str, name: Any, mine: str | None) -> None:
    """Google has no two campaigns, and no two budgets, of one name.

    Raises:
        ServingRefusal: Another has it.
    """
    if (platform, what) not in _NAMED_ONCE or not name:
        return
    taken = any(thing.fields.get("name") == name and thing.key.id != mine for thing in registry.of(platform, what))
    if what == "campaign" and not taken:
        taken = any(
            line.campaign_name == name and line.campaign_id != mine
            for line in places.market.lines
            if line.platform == platform and line.id not in places.made
        )
    if taken:
        raise ServingRefusal("duplicate_name", "name", f"another {what} is called '{name}'.")


def check_values(account: Account, platform: str, what: str, fields: Mapping[str, Any]) -> None:
    """States, money, bids, dates and audiences can be what they are.

    Raises:
        ServingRefusal: One cannot, or the simulated market has none such.
    """
    status = fields.get("status")
    if status is not None and str(status) not in STATE_WORDS:
        raise ServingRefusal("invalid", "status", f"'{status}' is no state.")
    money = what == "budget" or (platform == "meta_ads" and what in {"campaign", "group"})
    if money and budget_of(platform, fields, account) == 0.0:
        raise ServingRefusal("invalid", "amountMicros" if what == "budget" else "daily_budget", "must be more than 0.")
    if what == "campaign" or (platform == "meta_ads" and what == "group"):
        bid_of(platform, fields, account)
    if platform == "meta_ads" and what == "group":
        meta_audience(mapping_in(fields, "targeting"))
    channel = str(fields.get("advertisingChannelType") or "")
    if platform == "google_ads" and what == "campaign" and channel not in TYPES[platform]:
        raise ServingRefusal("unsupported", "advertisingChannelType", f"the simulated market has no '{channel}'.")
    for name in ("startDateTime", "startDate", "start_time", "endDateTime", "endDate", "end_time"):
        day_in(fields.get(name), name, end=name.startswith("end"))
