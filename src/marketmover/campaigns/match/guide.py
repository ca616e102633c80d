"""What a match says to a plan: how new lines are opened, what they learn from, and what is told of all that."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from marketmover.budget import NewLine
from marketmover.campaigns.match.likeness import Match, subjects
from marketmover.campaigns.match.service import match_campaigns, similar_campaigns
from marketmover.campaigns.match.strategies import Account, Strategist
from marketmover.history import AdText, Line, Panel
from marketmover.language.embeddings import Embedder
from marketmover.plans import Brief, MatchedStrategy, Platform, SimilarCampaign

_RETURNING = re.compile(r"re-?target|re-?market|rmkt|\brlsa\b|abandon|visitors", re.IGNORECASE)


@dataclass(frozen=True)
class Guide:
    """The brief held against past campaigns and known strategies.

    Attributes:
        brief: What is asked for.
        matches: Past campaigns, the most similar first.
        similar: Those that may be called similar, as the plan tells of them.
        strategist: Scores strategies.
        likeness: Of lines whose campaign is similar, how similar, by line.
    """

    brief: Brief
    matches: Sequence[Match]
    similar: list[SimilarCampaign]
    strategist: Strategist
    likeness: Mapping[str, float] = field(default_factory=dict[str, float])

    @classmethod
    def of(cls, brief: Brief, panel: Panel, ads: Sequence[AdText], embedder: Embedder) -> "Guide":
        """Match a brief.

        Args:
            brief: What is asked for.
            panel: The history.
            ads: Texts of past ads.
            embedder: Tells which words are near in meaning.
        """
        matches = match_campaigns(brief, panel, ads, embedder)
        likeness = {line.id: one.similarity for one in matches if one.alike for line in one.campaign.lines}
        strategist = Strategist(brief, Account.of(panel), embedder)
        return cls(brief, matches, similar_campaigns(matches, panel), strategist, likeness)

    @property
    def sold(self) -> str:
        """What the brief says is sold, or else its line of business; empty where it says neither."""
        return next(iter(subjects(self.brief)), "")

    def new_line(self, platform: Platform, forms: Sequence[str], panel: Panel) -> NewLine:
        """A line to open: its form by strategy, its first figures by the lines that are most like it.

        Args:
            platform: Where.
            forms: Ad types that it may have, the usual one first.
            panel: The history.
        """
        mine = [line for line in panel.lines if line.platform == platform]
        form = self.strategist.form(platform, forms, self._forms_run(mine))
        mine.sort(key=lambda line: (line.ad_type != form, -self.likeness.get(line.id, 0.0)))
        return NewLine(
            id=f"{platform}:new:1",
            platform=platform,
            ad_type=form,
            like=tuple(line.id for line in mine),
            likeness={line.id: self.likeness[line.id] for line in mine if line.id in self.likeness},
        )

    def _forms_run(self, lines: Sequence[Line]) -> dict[str, float]:
        """Share of the similar lines that each ad type has, by likeness."""
        total = sum(self.likeness.get(line.id, 0.0) for line in lines)
        run: dict[str, float] = {}
        for line in lines:
            if line.id in self.likeness:
                run[line.ad_type] = run.get(line.ad_type, 0.0) + self.likeness[line.id] / total
        return run

    def strategy(self, platform: Platform, ad_type: str, name: str) -> MatchedStrategy | None:
        """The strategy that a line of the plan follows; one for past visitors only where its name says so."""
        return self.strategist.best(platform, [ad_type], new=not _RETURNING.search(name))

    def ads_of_similar(self, ads: Sequence[AdText]) -> list[AdText]:
        """The texts of similar campaigns."""
        return [ad for ad in ads if ad.line_id in self.likeness]

    def leans_on(self, platform: Platform) -> list[str]:
        """Names of the similar campaigns on a platform, the most similar first."""
        alike = (one.campaign for one in self.matches if one.alike)
        return [campaign.name for campaign in alike if campaign.platform == platform]

    def nothing_alike(self) -> str:
        """What is to be said where no past campaign is like the brief; empty where one is, or where there is none."""
        if self.similar or not self.matches:
            return ""
        sold = subjects(self.brief)
        if not sold and not self.brief.audience.interests:
            return (
                "The brief does not say what is sold or to whom, so no past campaign is called similar: all lines "
                "count alike."
            )
        what = f"“{sold[0]}”" if sold else "the brief's audience"
        nearest = self.matches[0].campaign.name
        return (
            f"No past campaign is like {what}; “{nearest}” comes nearest, and not near enough. What lines are expected "
            "to bring rests on what they brought for something else."
        )
