"""Noun phrases without the words that only lead up to them, and lists of them taken apart."""

import re

from marketmover.campaigns.brief.vocabulary import phrases

_SAID = phrases("phrases")

_LEAD = re.compile(
    (rf"^(?:{_SAID['begins a noun phrase']}\s+)+"),
    re.IGNORECASE,
)


def without_article(text: str, start: int, end: int) -> int:
    """Where a noun phrase starts without its articles and words of praise."""
    match = _LEAD.match(text[start:end])
    return start + match.end() if match and match.end() < end - start else start


def items(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The members of a list such as `yoga, pilates and running`, as places in the text."""
    spans: list[tuple[int, int]] = []
    at = start
    for match in re.finditer(r",? (?:and|or|&|plus) (?:also )?|, ?|/| ?; ?", text[start:end]):
        spans.append((at, start + match.start()))
        at = start + match.end()
    spans.append((at, end))
    return [(left, right) for left, right in spans if text[left:right].strip()]
