"""A plan's terms in a client's words: platforms, kinds of ads, bidding, metrics, audiences."""

from collections.abc import Iterable, Sequence

from marketmover.charts import Formats
from marketmover.kit import counted
from marketmover.plans import Audience, Bidding, LineAudience, Range

OBJECTIVES = {
    "leads": "Get leads",
    "sales": "Sell",
    "traffic": "Bring visitors to the website",
    "awareness": "Be seen by new people",
    "engagement": "Get people to respond",
    "app_installs": "Get the app installed",
}
_AD_TYPES = {
    "SEARCH": "Search ads",
    "DISPLAY": "Display ads",
    "SHOPPING": "Shopping ads",
    "VIDEO": "Video ads",
    "PERFORMANCE_MAX": "Performance Max",
    "DEMAND_GEN": "Demand Gen ads",
    "DISCOVERY": "Demand Gen ads",
    "MULTI_CHANNEL": "App ads",
    "IMAGE": "Image ads",
    "CAROUSEL": "Carousel ads",
    "STORIES": "Story ads",
    "REELS": "Reels",
    "LEAD_FORM": "Lead forms",
    "UNKNOWN": "Ads",
}
_BIDDING = {
    "TARGET_CPA": ("aims at {money} per conversion", "aims at a set cost per conversion"),
    "TARGET_ROAS": ("aims at {ratio} back per {one} spent", "aims at a set return"),
    "MAXIMIZE_CONVERSIONS": ("as many conversions as it can, near {money} each", "as many conversions as it can"),
    "MAXIMIZE_CONVERSION_VALUE": ("as much value as it can, near {ratio} per {one}", "as much value as it can"),
    "MANUAL_CPC": ("bids set by hand, {money} a click", "bids set by hand"),
    "TARGET_SPEND": ("as many clicks as it can, {money} a click at most", "as many clicks as it can"),
    "TARGET_IMPRESSION_SHARE": ("aims at a share of views", "aims at a share of views"),
    "LOWEST_COST_WITHOUT_CAP": ("lowest cost", "lowest cost"),
    "LOWEST_COST_WITH_BID_CAP": ("bids {money} at most", "bids up to a cap"),
    "COST_CAP": ("about {money} a result", "keeps the cost of a result near a cap"),
    "LOWEST_COST_WITH_MIN_ROAS": ("at least {ratio} back per {one} spent", "keeps a least return"),
}
NEW_SETTING = {
    "audience": "new audience",
    "bidding": "new bidding",
    "message": "new message",
    "ad_type": "new kind of ads",
}
TRIED_SETTING = {
    "audience": "audience on trial",
    "bidding": "bidding on trial",
    "message": "message on trial",
    "ad_type": "kind of ads on trial",
}
TODAYS_ADS = "today's ads"
"""What a line's ads say where the exports do not tell."""
_COUNTED = {
    "leads": "leads",
    "qualified_leads": "qualified leads",
    "conversions": "conversions",
    "sales": "sales",
    "clicks": "clicks",
    "impressions": "views of the ads",
    "reach": "people reached",
    "installs": "app installs",
}
_PRICED = {
    "cost_per_lead": "Cost per lead",
    "cost_per_qualified_lead": "Cost per qualified lead",
    "cost_per_acquisition": "Cost per conversion",
    "cost_per_conversion": "Cost per conversion",
    "cost_per_click": "Cost per click",
    "revenue": "Revenue",
    "profit": "Profit",
}
_FIRST = ("qualified_leads", "leads", "conversions", "revenue", "profit")
_COST_OF = {
    "leads": "cost_per_lead",
    "qualified_leads": "cost_per_qualified_lead",
    "conversions": "cost_per_acquisition",
    "sales": "cost_per_acquisition",
    "revenue": "roas",
    "profit": "roas",
}


def plainly(term: str) -> str:
    """An enum or key that has no word of its own here: `NEW_THING` is `New thing`."""
    words = term.replace("_", " ").strip().lower()
    return words[:1].upper() + words[1:]


def ad_type_words(ad_type: str) -> str:
    """A kind of ads."""
    return _AD_TYPES.get(ad_type, plainly(ad_type))


def bidding_words(bidding: Bidding, formats: Formats) -> str:
    """How a line bids, with its target where it has one."""
    if bidding.strategy not in _BIDDING:
        return plainly(bidding.strategy)
    with_target, without = _BIDDING[bidding.strategy]
    if bidding.target is None:
        return without
    values = {
        "money": formats.money(bidding.target),
        "ratio": formats.per_unit(bidding.target),
        "one": formats.money(1),
    }
    return with_target.format(**values).replace(formats.money(1), formats.short_money(1))


def metric_name(metric: str, formats: Formats) -> str:
    """A metric as the head of a row: `Cost per lead`."""
    if metric == "ctr":
        return "Clicks per view"
    if metric == "roas":
        return f"Revenue per {formats.short_money(1)} spent"
    return _PRICED.get(metric) or plainly(_COUNTED.get(metric, metric))


def metric_value(metric: str, value: float, formats: Formats) -> str:
    """A metric's value as its row writes it."""
    if is_money(metric):
        return formats.money(value)
    if metric == "ctr":
        return f"{formats.ratio(value)}%"
    if metric == "roas":
        return formats.per_unit(value)
    return formats.count(round(value) if abs(value) >= 1 else value)  # ranges end between whole counts: 6.1 leads are 6


def metric_phrase(metric: str, value: float, formats: Formats) -> str:
    """A metric's value within a sentence: `612 leads`, `$12,000 in revenue`."""
    written = metric_value(metric, value, formats)
    if metric in _COUNTED:
        return f"{written} {_COUNTED[metric]}"
    return f"{written} in {metric_name(metric, formats).lower()}"


def in_order(metrics: Iterable[str], main: str | None) -> list[str]:
    """Metrics in the order that a client asks for them: the main one and its price, other results, other prices."""
    price = cost_metric(main) if main else None
    return sorted(metrics, key=lambda metric: (metric != main, metric != price, _rank(metric), metric))


def is_money(metric: str) -> bool:
    """Whether a metric is an amount of money."""
    return metric in {"revenue", "profit", "cost"} or metric.startswith("cost_per")


def cost_metric(metric: str) -> str | None:
    """The price of a metric: `cost_per_lead` of `leads`; `None` where it has none."""
    return _COST_OF.get(metric)


def setting_words(parameter: str, text: str) -> str:
    """A setting within a sentence: what an ad says stands in quotation marks."""
    return f"“{text}”" if parameter == "message" and text != TODAYS_ADS else text


def range_of_changes(gain: Range, formats: Formats) -> str:
    """A relative gain with its range: `+3% to +20% (most likely +11%)`."""
    mid = formats.change(gain.mid)
    between = formats.between(gain.low, gain.high, formats.change)
    return mid if between == mid else f"{between} (most likely {mid})"


def audience_words(audience: Audience | LineAudience, formats: Formats) -> str:
    """Whom to reach, in one phrase; empty where nothing narrows it."""
    who = _people(audience.genders, audience.age_min, audience.age_max)
    places = [shortened(place, 40) for place in audience.places[:6]]
    countries = listed([country_name(code, formats) for code in audience.countries])
    where = ", ".join(part for part in (listed(places), countries) if part)
    interests = _interest_words(audience.interests)
    parts = [who or ("People" if where or interests else "")]
    parts += [f"in {where}"] if where else []
    parts += [f"interested in {interests}"] if interests else []
    return " ".join(part for part in parts if part)


def country_name(code: str, formats: Formats) -> str:
    """A country's name in the page's language; the code itself where it is none."""
    from babel import Locale

    return Locale.parse(formats.language).territories.get(code, code)


def shortened(text: str, most: int) -> str:
    """`text` in at most that many characters, with an ellipsis where something was left out."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "\N{HORIZONTAL ELLIPSIS}"


def listed(items: Sequence[str]) -> str:
    """Items in a sentence: `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def _rank(metric: str) -> int:
    if metric in _FIRST:
        return _FIRST.index(metric)
    return 20 if metric.startswith("cost") or metric == "roas" else 10


def _interest_words(interests: Sequence[str]) -> str:
    """Interests by name; Google exports its own groups without names, as resources, which are counted."""
    named = [shortened(interest, 40) for interest in interests if not interest.startswith("customers/")]
    unnamed = len(interests) - len(named)
    more = [f"{counted(unnamed, 'group')} of Google's own"] if unnamed else []
    return listed([*named[:6], *more, *([f"{len(named) - 6} more"] if len(named) > 6 else [])])


def _people(genders: Sequence[str], age_min: int | None, age_max: int | None) -> str:
    anyone = "People" if age_min or age_max else ""
    who = {"FEMALE": "Women", "MALE": "Men"}.get(genders[0], anyone) if len(genders) == 1 else anyone
    if age_min and age_max:
        return f"{who} aged {age_min} to {age_max}"
    if age_min:
        return f"{who} aged {age_min} and over"
    return f"{who} up to {age_max}" if age_max else who


def sentence(text: str) -> str:
    """A remark as a sentence of its own.

    >>> sentence("the budget's currency is not said")
    "The budget's currency is not said."
    """
    ended = text if text.endswith((".", "!", "?", ":")) else f"{text}."
    return ended[:1].upper() + ended[1:]
