"""What Google refuses of budgets and bids."""

from marketmover.sandbox.serving.google.rules import Complaints, Looked

_MOST_MICROS = 10**15
_ROAS = (0.01, 1000.0)
_TARGETS = {
    "targetCpa": "targetCpaMicros",
    "maximizeConversions": "targetCpaMicros",
    "targetRoas": "targetRoas",
    "maximizeConversionValue": "targetRoas",
    "targetSpend": "cpcBidCeilingMicros",
}
_OTHERS = ("manualCpc", "manualCpm", "manualCpv", "percentCpc", "targetImpressionShare", "commission",
           "biddingStrategy", "manualCpa", "fixedCpm", "targetCpm", "targetCpv", "targetCpc")  # fmt: skip
_MUST_HAVE = {"targetCpa": "targetCpaMicros", "targetRoas": "targetRoas"}
_FULLY_AUTOMATIC = {"maximizeConversions", "maximizeConversionValue"}


def budget_rules(looked: Looked) -> Complaints:
    """Amount, name, kind. Source: Google Ads API reference, CampaignBudget, CampaignBudgetError."""
    fields = looked.fields
    if fields.get("period") != "CUSTOM_PERIOD":
        yield from looked.required("amountMicros")
    if fields.get("deliveryMethod") == "ACCELERATED":
        words = "Accelerated delivery is not available any more."
        yield looked.complain("campaign_budget_error", "CANNOT_USE_ACCELERATED_DELIVERY_MODE", words, "deliveryMethod")
    if "amountMicros" in fields:
        yield from _amount(looked, int(fields["amountMicros"]))
    name = fields.get("name")
    own = looked.before.get("resourceName")
    if name and any(one.get("name") == name for key, one in looked.standing.live("budget") if key != own):
        words = "A campaign budget with this name already exists."
        yield looked.complain("campaign_budget_error", "DUPLICATE_NAME", words, "name", trigger=name)


def _amount(looked: Looked, micros: int) -> Complaints:
    least = looked.coin_micros
    code, words = "", ""
    if micros < 0:
        code, words = "NEGATIVE_MONEY_AMOUNT", "A money amount must not be negative."
    elif micros < least:
        code, words = (
            "MONEY_AMOUNT_LESS_THAN_CURRENCY_MINIMUM_CPC",
            "A money amount is less than the smallest there is.",
        )
    elif micros % least:
        code, words = "NON_MULTIPLE_OF_MINIMUM_CURRENCY_UNIT", "A money amount is no multiple of the smallest coin."
    elif micros > _MOST_MICROS:
        code, words = "MONEY_AMOUNT_TOO_LARGE", "A money amount is too large."
    if code:
        yield looked.complain("campaign_budget_error", code, words, "amountMicros", trigger=micros)


def bidding_rules(looked: Looked) -> Complaints:
    """The strategy, and its target. Source: Google Ads API guide, Bidding strategy types."""
    chosen = [name for name in (*_TARGETS, *_OTHERS) if name in looked.fields]
    if looked.creating and not chosen:
        yield looked.complain(
            "field_error", "REQUIRED", "The required field was not present.", "campaignBiddingStrategy"
        )
    channel = looked.after.get("advertisingChannelType")
    for name in chosen:
        if channel == "PERFORMANCE_MAX" and name not in _FULLY_AUTOMATIC:
            words = "The bidding strategy cannot be used with campaigns of this type."
            yield looked.complain("bidding_error", "CANNOT_ATTACH_BIDDING_STRATEGY_TO_CAMPAIGN", words, name)
        elif name in _TARGETS:
            yield from _target(looked, name, _TARGETS[name])


def _target(looked: Looked, name: str, leaf: str) -> Complaints:
    told = looked.fields[name] or {}
    value = told.get(leaf)
    if value is None:
        if name in _MUST_HAVE and (looked.creating or leaf in told):
            yield looked.complain("field_error", "REQUIRED", "The required field was not present.", name, leaf)
        return
    if leaf == "targetRoas":
        low, high = _ROAS
        if not low <= float(value) <= high:
            code = "TOO_LOW" if float(value) < low else "TOO_HIGH"
            words = f"Too {'low' if code == 'TOO_LOW' else 'high'}."
            yield looked.complain("range_error", code, words, name, leaf, trigger=value)
    elif int(value) < looked.coin_micros:
        yield looked.complain("bidding_error", "BID_TOO_SMALL", "The bid is too small.", name, leaf, trigger=value)
    elif int(value) % looked.coin_micros:
        words = "The bid is no multiple of the smallest coin."
        yield looked.complain("bidding_error", "BID_TOO_MANY_FRACTIONAL_DIGITS", words, name, leaf, trigger=value)
