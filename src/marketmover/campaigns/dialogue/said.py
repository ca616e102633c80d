"""What a client settles in words that no field of a brief takes, so that it is not asked again."""

import re

_SETTLED = {
    "anywhere": (
        r"\b(?:world ?wide|global(?:ly)?|international(?:ly)?|anywhere|everywhere|nation ?wide"
        r"|country ?wide|all over|across europe"
        r"|europe(?:an)?|the eu|dach|benelux|nordics?|scandinavia|latam|apac|emea|mena|gcc|asia|africa"
        r"|america|same (?:area|region|place)s?)\b"
    ),
    "starts at once": (
        r"\b(?:asap|as soon as (?:possible|you can)|straight ?away|right away|immediately|at once|today"
        r"|tomorrow|now|urgent(?:ly)?"
        r"|next (?:week|monday|month)|when(?:ever)? you(?:'re| are) ready)\b"
    ),
    "goes on": (
        r"\b(?:ongoing|on-going|always[- ]on|until further notice|indefinite(?:ly)?|open[- ]ended"
        r"|evergreen|continuous(?:ly)?|all year"
        r"|year[- ]round|rolling|permanent(?:ly)?)\b"
    ),
    "any platform": (
        r"\b(?:any|all|whichever|whatever|every) (?:of the )?(?:platforms?|channels?|networks?)\b"
        r"|\bwherever\b|\byou (?:decide|choose|tell (?:us|me))\b"
        r"|\bup to you\b|\b(?:open|no preference)\b[^.\n]{0,30}\b(?:platforms?|channels?)\b"
        r"|\b(?:platforms?|channels?)\b[^.\n]{0,30}\b(?:open|up to you|no preference)\b"
    ),
    "a good lead": (
        r"\b(?:a )?(?:good|qualified|real|proper|genuine|serious|right) (?:leads?|enquir\w+|inquir\w+"
        r"|ones?|prospects?|customers?)\b"
        r"[^.\n]{0,20}\b(?:is|are|means?|=|who|that|with|being)\b|\bby qualified\b|\bcrm\b"
    ),
}
_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _SETTLED.items()}


def says(name: str, text: str) -> bool:
    """Whether the text settles a matter: `anywhere`, `starts at once`, `goes on`, `any platform`, `a good lead`."""
    return _PATTERNS[name].search(text) is not None
