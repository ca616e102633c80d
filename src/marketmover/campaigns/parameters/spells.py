"""When a line's ads said what: by the days on which ads were made, else by the days with figures of single ads."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from marketmover.campaigns.parameters.settings import Values, message_of
from marketmover.history import AdText, Panel, Part


@dataclass(frozen=True)
class Spell:
    """Columns `first` to before `after` of the panel's days, and what the ads said then (`theme`, `text`)."""

    first: int
    after: int
    message: Values


def spells_of(panel: Panel, ads: Sequence[AdText], parts: Sequence[Part], groups: Mapping[str, str]) -> list[Spell]:
    """The spells of one line, oldest first; days of which the exports do not say what ads said are in none.

    Args:
        panel: The history.
        ads: The line's ads.
        parts: What its single ads did.
        groups: Ad id to what it says.
    """
    worded = [ad for ad in ads if ad.id in groups]
    if worded and all(ad.created_on is not None for ad in worded):
        return _by_days_made(panel, worded, groups)
    return _by_figures(panel, worded, parts, groups)


def _by_days_made(panel: Panel, ads: Sequence[AdText], groups: Mapping[str, str]) -> list[Spell]:
    """A new set of ads replaces the one before, but for those that still run today."""
    made = {ad.id: int(np.searchsorted(panel.dates, np.datetime64(ad.created_on))) for ad in ads if ad.created_on}
    starts = sorted({min(column, len(panel.dates)) for column in made.values()})
    ends = [*starts[1:], len(panel.dates)]
    spells: list[Spell] = []
    for first, after in zip(starts, ends, strict=True):
        shown = [ad for ad in ads if made[ad.id] == first or (ad.running and made[ad.id] < first)]
        if after > first:
            spells.append(Spell(first, after, message_of([_even(ad) for ad in shown], groups)))
    return spells


def _even(ad: AdText) -> AdText:
    """Figures of ads cover the last weeks alone, so that over the years ads count alike."""
    return replace(ad, impressions=1.0)


def _by_figures(panel: Panel, ads: Sequence[AdText], parts: Sequence[Part], groups: Mapping[str, str]) -> list[Spell]:
    texts = {ad.id: ad for ad in ads}
    known = [part for part in parts if part.values[0] in texts and len(part.dates)]
    if not known:
        return []
    starts, ends = ([int(np.searchsorted(panel.dates, part.dates[end])) for part in known] for end in (0, -1))
    edges = sorted({*starts, *(end + 1 for end in ends)})
    spells: list[Spell] = []
    for first, after in itertools.pairwise(edges):
        shown = [
            part for part, start, end in zip(known, starts, ends, strict=True) if start <= first and end + 1 >= after
        ]
        if shown:
            spells.append(
                Spell(first, after, message_of([_shown(part, texts, panel, first, after) for part in shown], groups))
            )
    return spells


def _shown(part: Part, texts: Mapping[str, AdText], panel: Panel, first: int, after: int) -> AdText:
    within = (part.dates >= panel.dates[first]) & (part.dates <= panel.dates[after - 1])
    return replace(texts[part.values[0]], impressions=float(part.impressions[within].sum()))
