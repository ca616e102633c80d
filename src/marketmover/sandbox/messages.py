"""What a text speaks of: the sandbox's own texts by heart, others by their words."""

import re
from collections import Counter
from collections.abc import Iterable

from marketmover.sandbox.words import BODIES, HEADLINES, MESSAGES

_WORDS = {
    "price": r"price|prices|pricing|saves?|savings?|cheap|cheaper|costs?|free|discount|deals?|offers?|sale|off|budget",
    "quality": r"quality|properly|best|premium|crafted|care|finest|rated|five[ -]star|last|lasting|excellent|detail",
    "speed": r"fast|quick|quickly|today|instant|instantly|minute|minutes|same day|now|hours?|this week|waiting|simple",
    "trust": r"trust|trusted|loved|honest|reliable|since|thousands|guaranteed?|reviews?|promise|certified|safe",
}


def message_of(texts: Iterable[str | None]) -> str | None:
    """What an ad's texts speak of, of `MESSAGES`; `None` where nothing tells.

    Args:
        texts: Headlines and descriptions; those left out may be `None`.
    """
    spoken = [text.strip() for text in texts if text and text.strip()]
    known = [message for text in spoken for message in MESSAGES if any(one.fullmatch(text) for one in _TEXTS[message])]
    counted = Counter(known) or Counter(
        message for text in spoken for message in MESSAGES for _ in _PATTERNS[message].findall(text)
    )
    return max(MESSAGES, key=lambda message: counted[message]) if counted else None


def _pattern(template: str) -> re.Pattern[str]:
    """A text with anything where the product stands, cut short where the platform's limit cut it."""
    head, _, tail = template.partition("{product}")
    return re.compile(re.escape(head) + (".+" if "{product}" in template else "") + re.escape(tail), re.IGNORECASE)


_TEXTS = {message: [_pattern(text) for text in (*HEADLINES[message], *BODIES[message])] for message in MESSAGES}
_PATTERNS = {message: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for message, words in _WORDS.items()}
