"""Words of the trade that a page uses, in plain words: only those that stand on it."""

from dataclasses import dataclass

from marketmover.plans import Plan


@dataclass(frozen=True)
class Entry:
    """A word and what it means here."""

    word: str
    meaning: str


_ALWAYS = (
    Entry(
        "Line",
        "The smallest part of a plan with a budget of its own: a campaign on Google Ads, an ad set (or a campaign that "
        "holds the budget) on Meta Ads.",
    ),
    Entry(
        "540 to 690",
        "A range. If plans like this ran ten times, the count should fall inside about eight times, once above and "
        "once below.",
    ),
    Entry("Today's split", "How the money is divided now, scaled to the same total, so that the comparison is fair."),
)
_METRICS = {
    "leads": Entry("Lead", "Someone who left their details, as the platforms count it."),
    "qualified_leads": Entry("Qualified lead", "A lead that the sales team found worth pursuing."),
    "conversions": Entry(
        "Conversion", "An action on the site or in the app that was chosen to count, such as a purchase."
    ),
    "revenue": Entry("Revenue", "The value of the sales that the platforms, or the sales records, trace to an ad."),
    "reach": Entry("Reach", "How many different people see an ad at least once."),
    "impressions": Entry("Views", "How often an ad is shown; one person may see it several times."),
}
_CURVE = Entry(
    "Response curve",
    "What a line brings at each budget. It bends because the likeliest people come first, and each further "
    "one costs more.",
)
_AD_TYPES = {
    "PERFORMANCE_MAX": Entry(
        "Performance Max", "Google chooses where the ads appear: search, video, mail, maps, sites."
    ),
    "DEMAND_GEN": Entry("Demand Gen", "Google's picture and video ads in YouTube, Discover and Gmail."),
    "LEAD_FORM": Entry("Lead form", "People leave their details inside the ad, without visiting a site."),
    "REELS": Entry("Reels", "Short upright videos on Instagram and Facebook."),
}
_TRIAL = Entry("On trial", "A line with little history that gets a modest budget in order to learn what it can do.")
_SETTING_ON_TRIAL = Entry(
    "Message, kind of ads, audience or bidding on trial",
    "Part of a line's money runs with another setting beside today's, so that the two can be compared.",
)


def glossary(plan: Plan) -> list[Entry]:
    """The words that this plan's page uses."""
    entries = [*_ALWAYS, *(entry for metric, entry in _METRICS.items() if metric in plan.expected)]
    entries += [_CURVE] if any(line.curve for line in plan.lines) else []
    kinds = {line.ad_type for line in plan.lines}
    entries += [entry for kind, entry in _AD_TYPES.items() if kind in kinds]
    entries += [_TRIAL] if any(line.on_trial for line in plan.lines) else []
    return entries + ([_SETTING_ON_TRIAL] if plan.exploration else [])
