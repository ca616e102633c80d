"""Whether the words that a model gives stand in the text, what value follows from them, and whom they speak to."""

import re
from dataclasses import dataclass
from functools import cached_property

from marketmover.campaigns.brief.country_mentions import country_mentions
from marketmover.campaigns.brief.document import Document, read_document
from marketmover.campaigns.brief.money import Sum, sums

_LONGEST = 600
_ALIKE = {"'": "['\u2018\u2019\u02bc`]", '"': '["\u201c\u201d\u201e]', "-": "[-\u2010-\u2015\u2212]"}
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u02bc`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)
_TO_A_MACHINE = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b(?! (?:my|our)\b)[^.\n]{0,40}\b(?:instructions?|prompts?"
    r"|guidelines)\b"
    r"|\bsystem (?:prompt|message|override)\b"
    r"|\byou are (?:now )?(?:an? )?(?:ai|llm|language model|chatbot|gpt)\b|\bas an? (?:ai|language model|llm)\b"
    r"|\b(?:note|message|instructions?|attention) (?:to|for) (?:the |any |all )?(?:ai|llms?|language models?|bots?)\b"
    r"|</?(?:system|assistant|user|instructions?)>|\[/?inst\]|<\|\w+\|>"
    r"|\b(?:output|return|respond with|answer with|set) (?:\w+ ){0,4}json\b",
    re.IGNORECASE,
)
_SMALL = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "in",
        "is",
        "it",
        "its",
        "my",
        "no",
        "not",
        "of",
        "on",
        "or",
        "our",
        "that",
        "the",
        "their",
        "this",
        "to",
        "us",
        "we",
        "with",
        "your",
    ]
)


@dataclass(frozen=True)
class Stretch:
    """Words of the text, cut from it as they stand there."""

    start: int
    end: int
    words: str


class Source:
    """The client's text, and what the rules read in any stretch of it."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def document(self) -> Document:
        """The text in reading order."""
        return read_document(self.text)

    @cached_property
    def sums(self) -> list[Sum]:
        """Every sum in the text, in the currency that the whole text gives it."""
        return sums(self.document, [one.value for one in country_mentions(self.document)])

    def find(self, words: str) -> Stretch | None:
        """The words in the text; blanks, quotation marks and dashes may differ. `None` where they are not there."""
        parts = words.split()
        if not parts or len(words) > _LONGEST or not any(letter.isalnum() for letter in words):
            return None
        match = re.search(r"[\s>]+".join(_tolerant(part) for part in parts), self.text)
        return Stretch(match.start(), match.end(), match.group()) if match else None

    def sums_in(self, stretch: Stretch) -> list[Sum]:
        """The sums that lie within a stretch."""
        places = self.document.places
        return [
            one
            for one in self.sums
            if all(stretch.start <= place < stretch.end for place in places[one.start : one.end])
        ]

    @cached_property
    def to_a_machine(self) -> list[tuple[int, int]]:
        """Lines that speak to a machine that reads the text, rather than to the agency."""
        found: list[tuple[int, int]] = []
        for match in _TO_A_MACHINE.finditer(self.text):
            start = self.text.rfind("\n", 0, match.start()) + 1
            end = self.text.find("\n", match.end())
            found.append((start, end if end >= 0 else len(self.text)))
        return found

    def is_to_a_machine(self, stretch: Stretch) -> bool:
        """Whether a stretch touches such a line."""
        return any(start < stretch.end and stretch.start < end for start, end in self.to_a_machine)


def _tolerant(part: str) -> str:
    return "".join(_ALIKE.get(letter, re.escape(letter)) for letter in part.translate(_PLAIN))


def follows(value: str, words: str) -> bool:
    """Whether every word of a phrase, small ones apart, stands in the words it rests on; endings may differ."""
    said = {_stem(word) for word in _words(words)}
    asked = [word for word in _words(value) if word not in _SMALL]
    return bool(asked) and all(_stem(word) in said for word in asked)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.translate(_PLAIN).casefold())


def _stem(word: str) -> str:
    """A word without its plural: `clinics` and `clinic`, `agencies` and `agency` are one."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
