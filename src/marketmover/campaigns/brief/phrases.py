"""Where a noun phrase that was begun ends, and lists of them taken apart."""

import re

from marketmover.campaigns.brief.vocabulary import phrases

_SAID = phrases("phrases")

_END = re.compile(
    rf"[.,;:()\n!?\x22]"
    rf"| - "
    rf"|(?<= ){_SAID['ends a noun phrase']}\b"
)
_LEAD = re.compile(
    (rf"^(?:{_SAID['begins a noun phrase']}\s+)+"),
    re.IGNORECASE,
)


def phrase_end(text: str, start: int, limit: int, most_words: int = 6) -> int:
    """Where the noun phrase that begins at `start` ends, at most at `limit`."""
    end = limit = min(limit, start + 160)
    for match in _END.finditer(text, start + 2, limit):
        end = match.start()
        break
    words = list(re.finditer(r"\S+", text[start:end]))
    if len(words) > most_words:
        end = start + words[most_words - 1].end()
    while end > start and text[end - 1] in " ,;:-'\"":
        end -= 1
    return end


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
