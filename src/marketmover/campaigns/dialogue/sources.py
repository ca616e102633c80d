"""The texts that a brief was read from, each with the words of it that count."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A text that a brief was read from: the client's, or answers that came later.

    Attributes:
        title: What it is called on the page.
        text: As it stands.
        evidence: The words in it by the field that rests on them.
    """

    title: str
    text: str
    evidence: Mapping[str, str]
