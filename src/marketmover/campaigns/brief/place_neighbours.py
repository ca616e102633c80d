"""What the rest of a text says of a place or a country that it names.

A barber's town is where his customers are, unless the text says that they are elsewhere.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.mention import mention_signs
from marketmover.campaigns.brief.spans import Span
from marketmover.campaigns.brief.world import demonym_pattern

_SOLD_AFAR = re.compile(
    r"\b(?:online|web ?shops?|e-?shops?|e-?commerce|webstores?|ship(?:s|ped|ping)?|deliver\w*|exports?|exporting"
    r"|worldwide|nationwide|national(?:ly)?|international(?:ly)?|global(?:ly)?|abroad|remote(?:ly)?|b2b|saas|software"
    r"|app|downloads?)\b"
)
_PEOPLE_OF = re.compile(
    r"\b(?:people|residents|locals|families|customers|homeowners|owners|parents|businesses|companies|buyers|clients"
    r"|tourists|visitors|guests) (?:\w+ ){0,2}(?:in|from|of|around|near|across) (?:the )?$"
)
_LINK = re.compile(r",? (?:and|or|plus|n|also) |, ?(?:also )?| ?[&+/] ?| \(|\n")
_BESIDE = 12  # characters between `Georgia` and `USA`, `the US` and `around Austin`
_HOW_MANY = {1: "only one", 2: "one of two", 3: "one of some", 4: "one of some"}


class Neighbours:
    """All places, or all countries, that a text names; `spans` in order, `others` of the other kind."""

    def __init__(self, document: Document, spans: list[Span], others: list[Span]) -> None:
        self._document = document
        self._spans = spans
        self._names = Counter(document.text[slice(*span)] for span in spans)
        self._aimed = {span for span in spans if _PEOPLE_OF.search(document.before(span[0], 50))}
        self._others_aimed = any(_PEOPLE_OF.search(document.before(start, 50)) for start, _ in others)
        self._others = others
        self._sold_afar = _SOLD_AFAR.search(document.text) is not None

    def signs(self, span: Span) -> Iterator[str]:
        """What the others say of one."""
        many = self.how_many
        unit = self._document.unit_at(span[0])
        at = bisect_left(self._others, span)
        beside = [other for other in self._others[max(at - 1, 0) : at + 1] if _gap(span, other) <= _BESIDE]
        others = len(self._others) > len(beside)
        yield many
        yield f"{many}, others {others}"
        yield f"{many}, others {others}, sold afar {self._sold_afar}"
        yield f"{many}, beside another {bool(beside)}, others {others}"
        holds = {
            "aimed at": span in self._aimed,
            "another is aimed at": self._others_aimed or len(self._aimed) > (span in self._aimed),
            "others earlier": self._spans[0][0] < unit.start,
            "others later": self._spans[-1][0] >= unit.end,
        }
        yield from (sign for sign, true in holds.items() if true)
        yield from (f"{many}, {sign}" for sign, true in holds.items() if true)

    @property
    def how_many(self) -> str:
        """How many names there are in all."""
        return _HOW_MANY.get(len(self._names), "one of many")

    def linked(self, span: Span) -> list[Span]:
        """The neighbours in one list with it."""
        at = bisect_left(self._spans, span)
        near = [*self._spans[max(at - 1, 0) : at], *self._spans[at + 1 : at + 2]]
        return [other for other in near if _LINK.fullmatch(self._between(*sorted((span, other))))]

    def is_said_again(self, span: Span) -> bool:
        """Whether the text names it more than once."""
        return self._names[self._document.text[slice(*span)]] > 1

    def _between(self, first: Span, second: Span) -> str:
        return self._document.text[first[1] : second[0]] if second[0] - first[1] < 8 else "\0"


def _gap(one: Span, other: Span) -> int:
    first, second = sorted((one, other))
    return second[0] - first[1]


def country_signs(document: Document, span: Span, others: Neighbours, by_rules: frozenset[Span]) -> Iterator[str]:
    """The signs of one mention of a country: what stands around it, and what else the text names."""
    yield from mention_signs(document, *span)
    yield from others.signs(span)
    linked = others.linked(span)
    holds = {
        "rules say it": span in by_rules,
        "a people": demonym_pattern().fullmatch(document.text, *span) is not None,
        "rules say one beside it": any(other in by_rules for other in linked),
        "in a list": bool(linked),
        "said again": others.is_said_again(span),
        "first words": span[0] < 80,
        "last words": span[1] > len(document.text) - 60,
    }
    yield from (sign for sign, true in holds.items() if true)
