"""What a form's label, a heading or a question asks for: `Monthly budget`, `## Timing`, `Who do you want to reach?`."""

import re
from functools import lru_cache

from marketmover.campaigns.brief.vocabulary import phrases

_SAID = phrases("labels")

# The first pattern that matches wins, so the narrow ones stand first.
_FIELDS: tuple[tuple[str, str], ...] = (
    (
        "contact",
        (
            rf"^(?:{_SAID['about the firm']}|(?:{_SAID['before contact details']} )?(?:"
            rf"{_SAID['contact details']}|utm[ \w]*)(?: size)?|how did you (?:hear|find "
            rf"(?:us|out|our))[^\n]*)$"
        ),
    ),
    (
        "past",
        (rf"\b{_SAID['past']}\b"),
    ),
    (
        "avoid",
        (
            rf"^(?:please )?(?:not|no|don'?t|do not|dont)$"
            rf"|\b{_SAID['avoid']}\b"
        ),
    ),
    (
        "concerns",
        rf"\b{_SAID['concerns']}\b",
    ),
    ("budget", r"\b(?:budget|spend|investment|funds?|how much|money|figure in mind)\b"),
    (
        "targets",
        (rf"\b{_SAID['targets']}"),
    ),
    ("age", r"\b(?:age|ages|age (?:range|group)|how old)\b"),
    ("gender", r"\b(?:gender|sex)\b"),
    ("interests", r"\b(?:interests?|hobbies|behaviou?rs?)\b"),
    (
        "start",
        (
            r"^(?:(?:campaign |preferred |desired |proposed )?(?:start|launch|go[- ]live|begins?|kick[- ]?off)(?:s|ing"
            r"|ing on)?(?: date)?)$"
        ),
    ),
    ("end", r"^(?:(?:campaign )?(?:end|finish|stop)(?:s|ing)?(?: date)?|until)$"),
    ("tone", r"\b(?:tone|tonality|voice|style|feel|personality|mood|vibe)\b"),
    (
        "require",
        (
            r"^do$|\b(?:must[- ]haves?|must|mandator\w+|requirements?|required?|requires|dos|non[- ]negotiables?"
            r"|compliance)\b"
        ),
    ),
    ("industry", r"\b(?:industry|sector|vertical|type of business|business type|line of business)\b"),
    (
        "platforms",
        (rf"\b{_SAID['platforms']}\b"),
    ),
    ("location", r"\b(?:locations?|regions?|geo\w*|countr(?:y|ies)|areas?|cit(?:y|ies)|territor\w+|markets?|where)\b"),
    (
        "objective",
        (rf"\b{_SAID['objective']}\b"),
    ),
    (
        "audience",
        (rf"\b{_SAID['audience']}\b"),
    ),
    (
        "dates",
        (
            rf"\b{_SAID['dates']}\b"
            rf"|^(?:start|launch)$"
        ),
    ),
    (
        "product",
        (
            rf"^(?:what|shop|store|business|brand|client|advertiser|app)$"
            rf"|\b{_SAID['product']}\b"
        ),
    ),
)


# A salutation, and what a client asks of the agency.
_NO_LABEL = re.compile(r"to whom it may|(?:can|could|would|will) (?:you|we|u) (?!tell|say|share|describe|name)")


@lru_cache(maxsize=1)
def _compiled() -> list[tuple[str, re.Pattern[str]]]:
    return [(field, re.compile(pattern)) for field, pattern in _FIELDS]


@lru_cache(maxsize=4096)
def field_of(label: str) -> str:
    """The field that a label, heading or question asks for; empty where it asks for none of them."""
    text = re.sub(r"[_*#`?]+", " ", label.lower()).strip(" :-.()")
    text = re.sub(r"\s+", " ", text).replace("\u2019", "'")
    if _NO_LABEL.match(text):
        return ""
    return next((field for field, pattern in _compiled() if pattern.search(text)), "")
