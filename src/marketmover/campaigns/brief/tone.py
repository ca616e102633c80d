"""How the ads are to sound."""

import re

from marketmover.campaigns.brief.context import Found, is_denied
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.vocabulary import phrases, words

_SAID = phrases("tone")

_ADJECTIVES = words("tones")
_PATTERN = re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(map(re.escape, _ADJECTIVES), key=len, reverse=True))})(?![\w])")
_CUE = re.compile(rf"\b{_SAID['speaks of tone']}\b")
_WRONG = re.compile(rf"^ {_SAID['describes something else']}\b")


_BESIDE_TONES = frozenset(
    ("and", "but", "or", "a", "bit", "very", "not", "please", "pls", "quite", "fairly", "rather", "always")
)


def find_tone(document: Document) -> list[Found[str]]:
    """Words for the tone of voice, in order, each once; `not too formal` is no tone."""
    found: dict[str, Found[str]] = {}
    for match in _PATTERN.finditer(document.text):
        unit = document.unit_at(match.start())
        if (
            unit.field == "tone"
            or _stands_alone(document, match)
            or (
                unit.field not in ("contact", "past", "concerns", "product", "audience")
                and _CUE.search(document.text, max(unit.start, match.start() - 55), min(unit.end, match.end() + 22))
            )
        ):
            if (
                is_denied(document, *match.span())
                or re.search(r"\b(?:too|less|overly) (?:\w+ (?:or|and) )?$", document.before(match.start(), 20))
                or _WRONG.match(document.after(match.end(), 16))
            ):
                continue
            found.setdefault(match.group(), Found(match.group(), *match.span()))
    return list(found.values())


def _stands_alone(document: Document, match: re.Match[str]) -> bool:
    """Whether the clause is nothing but such words, as in `Fun and optimistic, please`."""
    unit = document.unit_at(match.start())
    spans = (document.clause(*match.span()), (unit.start, unit.end))
    return any(_only_tones(document.text[left:right]) for left, right in spans)


def _only_tones(text: str) -> bool:
    words = re.findall(r"[\w-]+", text)
    return words != [] and all(word in _ADJECTIVES or word in _BESIDE_TONES for word in words)
