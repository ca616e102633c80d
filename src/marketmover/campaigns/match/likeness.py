"""How like a brief a past campaign is, facet by facet: what is sold, to whom, for what goal."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.match.past import PastCampaign, Phrase
from marketmover.language.embeddings import Embedder, Vectors
from marketmover.plans import Brief

Floats = NDArray[np.float64]

_SUBJECT, _AUDIENCE, _GOAL = 0.65, 0.15, 0.20
_HALF_ALIKE, _STEEP = 2.0, 1.6  # standard deviations over unrelated trades at which two phrases are half alike
_TOLD_BY = 3  # a campaign is about a thing when some of its phrases are, not all
_LEAST_SUBJECT = 0.35
_LEAST = 0.4
_KIND_WEIGHT = {"name": 1.0, "keyword": 1.0, "interest": 0.9, "headline": 0.95, "text": 0.9}
_RELATED_GOALS = {
    frozenset({"leads", "sales"}): 0.5,
    frozenset({"traffic", "engagement"}): 0.6,
    frozenset({"awareness", "engagement"}): 0.6,
    frozenset({"awareness", "traffic"}): 0.5,
    frozenset({"sales", "app_installs"}): 0.4,
    frozenset({"leads", "traffic"}): 0.4,
    frozenset({"sales", "traffic"}): 0.4,
}
_OTHER_GOAL = 0.15


@dataclass(frozen=True)
class Match:
    """A past campaign held against the brief; figures from 0 to 1, `None` where one of the two does not say.

    `told_by` are the campaign's phrases that come nearest to what is sold, with the brief's words that they are near.
    """

    campaign: PastCampaign
    similarity: float
    subject: float | None
    audience: float | None
    goal: float | None
    told_by: tuple[tuple[Phrase, str], ...]

    @property
    def alike(self) -> bool:
        """Whether the campaign may be called similar."""
        told = self.subject if self.subject is not None else self.audience
        return told is not None and told >= _LEAST_SUBJECT and self.similarity >= _LEAST


def subjects(brief: Brief) -> list[str]:
    """What the brief says is sold; where it names no product, its line of business."""
    return [brief.product] if brief.product else [brief.industry] if brief.industry else []


def held_against(
    brief: Brief, campaigns: Sequence[PastCampaign], embedder: Embedder, goal_of: Callable[[PastCampaign], str | None]
) -> list[Match]:
    """Each campaign beside the brief, the most similar first.

    Args:
        brief: What is asked for.
        campaigns: The history's.
        embedder: Tells which phrases are near.
        goal_of: A campaign's objective by the brief's names, `None` where it is unknown.
    """
    words = sorted({phrase.words for campaign in campaigns for phrase in campaign.phrases})
    place = {word: row for row, word in enumerate(words)}
    vectors = embedder.embed(words)
    sold = _Nearness.to(subjects(brief), vectors, embedder)
    wanted = _Nearness.to(brief.audience.interests, vectors, embedder)
    found = [_match(brief, campaign, place, sold, wanted, goal_of(campaign)) for campaign in campaigns]
    return sorted(found, key=lambda one: (-one.similarity, one.campaign.platform, one.campaign.campaign_id))


@dataclass(frozen=True)
class _Nearness:
    """How near each phrase is to each asked one, from 0 to 1, shape (asked, phrases)."""

    asked: Sequence[str]
    near: Floats

    @classmethod
    def to(cls, asked: Sequence[str], vectors: Vectors, embedder: Embedder) -> "_Nearness":
        """Cosines held against those of unrelated trades, so that any embedder's scale will do."""
        wanted = embedder.embed(asked)
        cosine = (wanted @ vectors.T).astype(np.float64)
        usual = (wanted @ _background(embedder).T).astype(np.float64)
        middle = np.median(usual, axis=1, keepdims=True) if len(asked) else np.zeros((0, 1))
        spread = 1.4826 * np.median(np.abs(usual - middle), axis=1, keepdims=True) if len(asked) else middle
        away = (cosine - middle) / np.maximum(spread, 1e-3)
        return cls(asked, np.where(cosine > 0, 1.0 / (1.0 + np.exp(-_STEEP * (away - _HALF_ALIKE))), 0.0))

    def of(self, phrases: Sequence[Phrase], place: dict[str, int]) -> tuple[float | None, list[tuple[Phrase, str]]]:
        """How near the nearest of some phrases are in the mean, and which; `None` where there is nothing to compare."""
        if not self.asked or not phrases:
            return None, []
        near = self.near[:, [place[phrase.words] for phrase in phrases]]
        near = near * np.array([_KIND_WEIGHT[phrase.kind] for phrase in phrases])
        best = near.max(axis=0)
        order = np.lexsort((np.arange(len(phrases)), -best))[:_TOLD_BY]
        told = [(phrases[at], self.asked[int(near[:, at].argmax())]) for at in order if best[at] >= _LEAST_SUBJECT]
        return float(best[order].mean()), told


def _match(
    brief: Brief, campaign: PastCampaign, place: dict[str, int], sold: _Nearness, wanted: _Nearness, goal: str | None
) -> Match:
    subject, told = sold.of(campaign.phrases, place)
    interests, _ = wanted.of([phrase for phrase in campaign.phrases if phrase.kind in ("interest", "keyword")], place)
    audience = _audience(brief, campaign, interests)
    goals = _goals(brief.objective, goal)
    facets = [(_SUBJECT, subject), (_AUDIENCE, audience), (_GOAL, goals)]
    weight = sum(share for share, value in facets if value is not None)
    total = sum(share * value for share, value in facets if value is not None)
    return Match(campaign, round(total / weight, 4) if weight else 0.0, subject, audience, goals, tuple(told))


def _audience(brief: Brief, campaign: PastCampaign, interests: float | None) -> float | None:
    """Mean over what both say of the audience: interests, countries, ages, genders."""
    asked = brief.audience
    said: list[float] = [] if interests is None else [interests]
    countries = {country for line in campaign.lines for country in line.countries}
    if asked.countries and countries:
        said.append(len(countries & set(asked.countries)) / len(set(asked.countries)))
    genders = {gender for line in campaign.lines for gender in line.genders}
    if asked.genders and genders:
        said.append(len(genders & set(asked.genders)) / len(genders | set(asked.genders)))
    ages = [
        _overlap((asked.age_min or 18, asked.age_max or 65), (line.age_min or 18, line.age_max or 65))
        for line in campaign.lines
        if (asked.age_min or asked.age_max) and (line.age_min or line.age_max)
    ]
    if ages:
        said.append(max(ages))
    return sum(said) / len(said) if said else None


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> float:
    both = min(one[1], other[1]) - max(one[0], other[0])
    either = max(one[1], other[1]) - min(one[0], other[0])
    return max(both, 0) / either if either > 0 else 1.0


def _goals(asked: str | None, had: str | None) -> float | None:
    if asked is None or had is None:
        return None
    return 1.0 if asked == had else _RELATED_GOALS.get(frozenset({asked, had}), _OTHER_GOAL)


def _background(embedder: Embedder) -> Vectors:
    return embedder.embed(unrelated_trades())


@cache
def unrelated_trades() -> tuple[str, ...]:
    """Things that are advertised, of many trades: what two phrases have in common by chance."""
    text = resources.files("marketmover.campaigns.match").joinpath("background.txt").read_text(encoding="utf-8")
    return tuple(text.splitlines())
