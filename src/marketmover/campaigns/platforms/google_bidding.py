"""Google's bidding: which strategies a channel takes, and how a strategy and its target are written."""

from collections.abc import Callable
from typing import Any

from marketmover.campaigns.platforms.amounts import whole_or_cents
from marketmover.history import GoogleResource
from marketmover.plans import Bidding

_UNSAID = frozenset({"", "UNKNOWN", "UNSPECIFIED"})

# Strategy: its field on a campaign, and the field of its target. Google Ads API guide, Bidding strategy types.
_SCHEMES: dict[str, tuple[str, str | None]] = {
    "MAXIMIZE_CONVERSIONS": ("maximizeConversions", "targetCpaMicros"),
    "MAXIMIZE_CONVERSION_VALUE": ("maximizeConversionValue", "targetRoas"),
    "TARGET_CPA": ("targetCpa", "targetCpaMicros"),
    "TARGET_ROAS": ("targetRoas", "targetRoas"),
    "TARGET_SPEND": ("targetSpend", "cpcBidCeilingMicros"),
}

# Channel: the strategies that a new campaign may have without bids set by hand. Google Ads API guides on each channel.
_ALLOWED: dict[str, frozenset[str]] = {
    "SEARCH": frozenset(_SCHEMES),
    "DISPLAY": frozenset(_SCHEMES),
    "PERFORMANCE_MAX": frozenset({"MAXIMIZE_CONVERSIONS", "MAXIMIZE_CONVERSION_VALUE"}),
    "DEMAND_GEN": frozenset(_SCHEMES),
}
_SAME_THING = {"TARGET_CPA": "MAXIMIZE_CONVERSIONS", "TARGET_ROAS": "MAXIMIZE_CONVERSION_VALUE"}
_BY_OBJECTIVE = {
    "revenue": "MAXIMIZE_CONVERSION_VALUE",
    "profit": "MAXIMIZE_CONVERSION_VALUE",
    "clicks": "TARGET_SPEND",
    "impressions": "TARGET_SPEND",
    "reach": "TARGET_SPEND",
}


def new_bidding(
    bidding: Bidding, channel: str, objective: str, *, whole: bool, warn: Callable[[str], None]
) -> dict[str, Any]:
    """The bidding fields of a new campaign: the plan's strategy where the channel takes it, else the nearest one.

    Args:
        bidding: The plan's.
        channel: Google's `advertisingChannelType`.
        objective: The plan's metric, which chooses where the plan's strategy is of no use.
        whole: Whether the currency is charged in whole units.
        warn: Is told in words what was replaced.
    """
    strategy, target = bidding.strategy, bidding.target
    allowed = _ALLOWED[channel]
    if strategy in _SAME_THING and (target is None or strategy not in allowed):
        strategy = _SAME_THING[strategy]  # a target strategy without a target is the maximise one
    if strategy not in allowed:
        chosen = _BY_OBJECTIVE.get(objective, "MAXIMIZE_CONVERSIONS")
        chosen = chosen if chosen in allowed else "MAXIMIZE_CONVERSIONS"
        if strategy not in _UNSAID:
            warn(f"A new {channel} campaign cannot bid by {strategy}; {chosen} takes its place.")
        strategy, target = chosen, None
    field, leaf = _SCHEMES[strategy]
    return {field: {} if target is None or leaf is None else {leaf: _target(leaf, target, whole=whole)}}


def bidding_changes(
    bidding: Bidding, resource: GoogleResource, line_id: str, *, whole: bool, warn: Callable[[str], None]
) -> dict[str, Any]:
    """What to change in a running campaign's bidding, by field path; empty where nothing differs.

    A target that the plan does not state is left as it is. A campaign that follows a portfolio strategy shares its
    target with others, so it is left alone, and said so.
    """
    strategy = resource.bidding_strategy if bidding.strategy in _UNSAID else bidding.strategy
    same_strategy = strategy == resource.bidding_strategy
    if same_strategy and (bidding.target is None or bidding.target == resource.bidding_target):
        return {}
    if resource.bidding_strategy in _UNSAID:
        return {}  # what the exports do not say cannot be seen to differ
    if resource.portfolio_strategy is not None:
        warn(
            f"{line_id} follows a portfolio bidding strategy that other campaigns may share: "
            "change its target in Google Ads."
        )
        return {}
    if strategy not in _SCHEMES:
        warn(f"{line_id}: bidding by {strategy} is to be set in Google Ads; this request leaves it as it is.")
        return {}
    field, leaf = _SCHEMES[strategy]
    value = None if bidding.target is None or leaf is None else _target(leaf, bidding.target, whole=whole)
    return {f"{field}.{leaf}" if leaf else field: value}


def _target(leaf: str, target: float, *, whole: bool) -> str | float:
    if not leaf.endswith("Micros"):
        return target
    return str(whole_or_cents(target, whole=whole) * (1_000_000 if whole else 10_000))
