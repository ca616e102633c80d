"""Past campaigns that are like what the brief asks for, as the page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from marketmover.campaigns.page.words import ad_type_words, listed
from marketmover.charts import Formats, name_of
from marketmover.plans import PLATFORM_NAMES, Plan, SimilarCampaign

_CLEARLY = 0.75
_SHOWN_OPEN = 4


@dataclass(frozen=True)
class Similar:
    """A similar campaign: its name, where and how it ran, how like it is, why, and what it brought."""

    name: Markup
    kind: str
    likeness: str
    why: Sequence[str]
    words: str


@dataclass(frozen=True)
class SimilarPart:
    """The page's part on them: those shown, those folded, and what is said where there are none."""

    shown: Sequence[Similar]
    more: Sequence[Similar]
    none: str


def similar(plan: Plan, formats: Formats) -> SimilarPart | None:
    """What the page says of similar campaigns; `None` where there is no history to compare with."""
    if not plan.history.rows or plan.history.first_date is None:
        return None
    rows = [_row(campaign, formats) for campaign in plan.similar_campaigns]
    none = "" if rows else "No past campaign is clearly like what the brief asks for; all lines count alike."
    return SimilarPart(rows[:_SHOWN_OPEN], rows[_SHOWN_OPEN:], none)


def _row(campaign: SimilarCampaign, formats: Formats) -> Similar:
    clear = "very like it" if campaign.similarity >= _CLEARLY else "much like it"
    kinds = listed([ad_type_words(form) for form in campaign.ad_types])
    return Similar(
        name=name_of(campaign.name),
        kind=f"{PLATFORM_NAMES[campaign.platform]}: {kinds}",
        likeness=f"{clear} ({formats.share(campaign.similarity)})",
        why=campaign.why,
        words=_without_name(campaign),
    )


def _without_name(campaign: SimilarCampaign) -> str:
    """The sentence on its results without the name, which stands above it."""
    words = campaign.words.removeprefix(f"“{campaign.name}” ")
    return words[:1].upper() + words[1:]
