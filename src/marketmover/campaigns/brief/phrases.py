"""Where a noun phrase that was begun ends, and lists of them taken apart."""

import re

_END = re.compile(
    r"[.,;:()\n!?\"]| - |(?<= )(?:for|in|to|on|at|with|from|across|around|near|by|through|via|via|using|over"
    r"|until|and (?:last|this|that|we|our|i|are|is|have|want|need|would|run|deliver|ship|now|it|they|the|so"
    r"|also|were|this)"
    r"|that|which|who|where|when|because|so|but|since|as|is|are|was|were|has|have|had|we|our|they|it|i|this"
    r"|these|aged|ages|between|within|during|before|after|today|please|starting|based|ideally|mainly|mostly"
    r"|only|all|online\b(?= (?:and|to|in))|runs|sells|makes|offers|helps|needs|does|gets|wants|opens?|opened"
    r"|supports?|brings?|called|named|made by|whose|while|would|will|can|could|should|want|need|about|under"
    r"|than|per|due|without|into|right|now|direct|directly|everywhere|worldwide|nationwide)\b"
)
_LEAD = re.compile(
    (
        r"^(?:(?:the|a|an|our|my|some|their|its|all|new|brand[- ]new|any|more|own|lots of|many|various|other|really"
        r"|very|mostly|mainly|both|a range of|a line of|range of|high[- ]quality|quality|great|beautiful|best|finest"
        r"|amazing|lovely)\s+)+"
    ),
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
