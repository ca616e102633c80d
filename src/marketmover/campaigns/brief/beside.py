"""What is read before the product and tells it from a buyer, from a worry, from what must not be shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from marketmover.campaigns.brief.constraints import find_constraints
from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.feeling_signs import Part, parts
from marketmover.campaigns.brief.feelings import find_concerns
from marketmover.campaigns.brief.interests import find_interests
from marketmover.campaigns.brief.places import find_places
from marketmover.campaigns.brief.spans import Spans
from marketmover.campaigns.brief.tone import find_tone
from marketmover.plans import BriefConstraint

_BEHIND, _AHEAD = 30, 12


@dataclass(frozen=True)
class Beside:
    """The fields whose words stand beside the product's."""

    interests: Sequence[Found[str]] = ()
    places: Sequence[Found[str]] = ()
    tone: Sequence[Found[str]] = ()
    constraints: Sequence[Found[BriefConstraint]] = ()
    concerns: Sequence[Found[str]] = ()

    def signs(self, start: int, end: int) -> Iterator[str]:
        """How `Document.text[start:end]` stands to what these fields were read from."""
        for name, spans in self._spans:
            for first, last in spans.near(start, end, _BEHIND, _AHEAD):
                yield from _stands(name, first, last, start, end)

    def of_text(self) -> Iterator[str]:
        """Which of the fields the text speaks of."""
        yield from (f"text with {name}" if found else f"text without {name}" for name, found in self._named())

    @cached_property
    def _spans(self) -> list[tuple[str, Spans]]:
        return [(name, Spans((one.start, one.end) for one in found)) for name, found in self._named()]

    def _named(self) -> tuple[tuple[str, Sequence[Found[str] | Found[BriefConstraint]]], ...]:
        return (
            ("interests", self.interests),
            ("places", self.places),
            ("tone", self.tone),
            ("constraints", self.constraints),
            ("concerns", self.concerns),
        )


def read_beside(document: Document, judged: Sequence[Part] | None = None) -> Beside:
    """Read these fields; `judged` are the parts of the text's sentences, where they are known already."""
    return Beside(
        interests=find_interests(document),
        places=find_places(document),
        tone=find_tone(document),
        constraints=find_constraints(document),
        concerns=find_concerns(document, parts(document) if judged is None else judged),
    )


def _stands(name: str, first: int, last: int, start: int, end: int) -> Iterator[str]:
    if first < end and start < last:
        yield f"in {name}"
        if first <= start and end <= last:
            yield f"within {name}"
        if (first, last) == (start, end):
            yield f"is {name}"
    elif 0 < start - last < _BEHIND:
        yield f"behind found {name}"
    elif 0 < first - end < _AHEAD:
        yield f"ahead of {name}"
