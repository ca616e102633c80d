"""Past campaigns as texts: what their names, keywords, audiences and ads speak of."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from marketmover.history import AdText, Line, Panel
from marketmover.plans import Platform

_MOST_OF_A_KIND = 12  # phrases of one kind that a campaign is judged by
_SPLIT = re.compile(r"[|/_–—:>\[\]()+]+|\s-\s|\s{2,}")
_TECHNICAL = re.compile(
    r"\b(?:campaign|ad ?set|ad ?group|google|meta|facebook|instagram|youtube|search|display|video|shopping|pmax|"
    r"performance max|demand gen|brand(?:ed)?|non-?brand|generic|prospecting|retargeting|remarketing|lookalike|lal|"
    r"broad|exact|phrase|interests?|carousel|image|reels?|stories|story|lead ?forms?|leads?|sales|traffic|awareness|"
    r"conversions?|tof|mof|bof|abo|cbo|core|evergreen|always on|copy|test|new|v\d+|q[1-4]|\d+)\b",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True)
class Phrase:
    """A few words of a campaign, and what they are: `name`, `keyword`, `interest`, `headline` or `text`."""

    words: str
    kind: str


@dataclass(frozen=True)
class PastCampaign:
    """A campaign of the history: its lines and what it speaks of."""

    platform: Platform
    campaign_id: str
    name: str
    lines: tuple[Line, ...]
    phrases: tuple[Phrase, ...]

    @property
    def ad_types(self) -> list[str]:
        """Its ad types, each once."""
        return sorted({line.ad_type for line in self.lines})


def past_campaigns(panel: Panel, ads: Sequence[AdText]) -> list[PastCampaign]:
    """Every campaign of the history that ever spent, in the panel's order."""
    spent = dict(zip(panel.line_ids, panel.cost.sum(axis=1) > 0, strict=True))
    lines: dict[tuple[Platform, str], list[Line]] = {}
    for line in panel.lines:
        if spent[line.id]:
            lines.setdefault((line.platform, line.campaign_id), []).append(line)
    texts: dict[str, list[AdText]] = {}
    for ad in ads:
        texts.setdefault(ad.line_id or "", []).append(ad)
    return [
        PastCampaign(
            platform,
            campaign,
            _name(own),
            tuple(own),
            _phrases(own, [ad for one in own for ad in texts.get(one.id, ())]),
        )
        for (platform, campaign), own in lines.items()
    ]


def _name(lines: Sequence[Line]) -> str:
    """The name that the campaign's lines share: their common beginning, or the first line's."""
    names = [line.name for line in lines]
    shared = names[0]
    for name in names[1:]:
        while shared and not name.startswith(shared):
            shared = shared[:-1]
    shared = shared.rstrip(" -–—|/:,_")
    return shared if len(shared) >= 4 else names[0]


def _phrases(lines: Sequence[Line], ads: Sequence[AdText]) -> tuple[Phrase, ...]:
    shown = sorted(ads, key=lambda ad: (-ad.impressions, ad.id))
    kinds: list[tuple[str, Iterable[str]]] = [
        ("name", (part for line in lines for part in name_words(line.name))),
        ("keyword", (word for line in lines for word in line.keywords)),
        ("interest", (word for line in lines for word in line.interests)),
        ("headline", (text for ad in shown for text in ad.headlines)),
        ("text", (text for ad in shown for text in ad.descriptions)),
    ]
    found: dict[str, Phrase] = {}
    for kind, texts in kinds:
        for words in _distinct(texts):
            found.setdefault(words.casefold(), Phrase(words, kind))
    return tuple(found.values())


def name_words(name: str) -> list[str]:
    """What a campaign's name says beside its technical parts: `DE | Search | Running shoes` says `Running shoes`."""
    parts = (_TECHNICAL.sub(" ", part) for part in _SPLIT.split(name))
    return [words for part in parts if len(words := " ".join(part.split())) > 3]


def _distinct(texts: Iterable[str]) -> list[str]:
    found: dict[str, str] = {}
    for raw in texts:
        words = " ".join(_PLACEHOLDER.sub(" ", raw).split())
        if words:
            found.setdefault(words.casefold(), words)
        if len(found) == _MOST_OF_A_KIND:
            break
    return list(found.values())
