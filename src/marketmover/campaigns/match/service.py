"""Past campaigns that are like a brief, as a plan tells of them."""

from collections.abc import Sequence

from marketmover.campaigns.match.likeness import Match, held_against
from marketmover.campaigns.match.past import PastCampaign, past_campaigns
from marketmover.campaigns.match.results import results_of
from marketmover.campaigns.match.words import result_words, why_words
from marketmover.history import AdText, Panel
from marketmover.language.embeddings import Embedder
from marketmover.plans import Brief, SimilarCampaign

_SHOWN = 5
_META_GOALS = {
    "LEAD": "leads",
    "MESSAGES": "leads",
    "SALES": "sales",
    "CONVERSIONS": "sales",
    "PURCHASE": "sales",
    "CATALOG": "sales",
    "APP": "app_installs",
    "TRAFFIC": "traffic",
    "LINK_CLICKS": "traffic",
    "STORE": "traffic",
    "AWARENESS": "awareness",
    "REACH": "awareness",
    "ENGAGEMENT": "engagement",
    "VIDEO_VIEWS": "engagement",
    "LIKES": "engagement",
}


def match_campaigns(brief: Brief, panel: Panel, ads: Sequence[AdText], embedder: Embedder) -> list[Match]:
    """Every past campaign held against the brief, the most similar first; nothing where there is no history.

    Args:
        brief: What is asked for.
        panel: The history.
        ads: Texts of past ads.
        embedder: Tells which words are near in meaning.
    """
    campaigns = past_campaigns(panel, ads)
    goals = {id(campaign): _goal(campaign, panel) for campaign in campaigns}
    return held_against(brief, campaigns, embedder, lambda campaign: goals[id(campaign)])


def similar_campaigns(matches: Sequence[Match], panel: Panel) -> list[SimilarCampaign]:
    """The similar ones among them as the plan's form, at most five, with why and what they cost and brought."""
    return [_form(match, panel) for match in matches if match.alike][:_SHOWN]


def _form(match: Match, panel: Panel) -> SimilarCampaign:
    campaign = match.campaign
    results = results_of(panel, [line.id for line in campaign.lines])
    return SimilarCampaign(
        platform=campaign.platform,
        campaign_id=campaign.campaign_id,
        name=campaign.name,
        line_ids=[line.id for line in campaign.lines],
        ad_types=campaign.ad_types,
        similarity=round(match.similarity, 2),
        why=why_words(match),
        first_date=results.first,
        last_date=results.last,
        spend=results.spend,
        results=results.figures,
        words=result_words(campaign.name, results, panel.currency),
    )


def _goal(campaign: PastCampaign, panel: Panel) -> str | None:
    """A campaign's objective by the brief's names: Meta's own; on Google what most of its conversions are."""
    stated = " ".join(line.objective.upper() for line in campaign.lines)
    for sign, goal in _META_GOALS.items():
        if sign in stated:
            return goal
    rows = [row for row, line in enumerate(panel.lines) if line in campaign.lines]
    counted = {
        "leads": float(panel.leads[rows].sum()) if panel.lead_source != "none" else 0.0,
        "sales": float(panel.sales[rows].sum()),
        "app_installs": float(panel.installs[rows].sum()),
    }
    goal = max(counted, key=lambda name: counted[name])
    return goal if counted[goal] > 0 else None
