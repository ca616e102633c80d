"""Places and days that a text names for whatever reason, so that a question can ask what they are to the campaign."""

import re
from datetime import date

from marketmover.campaigns.brief import world
from marketmover.campaigns.brief.calendar import Span, spans
from marketmover.campaigns.brief.country_mentions import country_mentions
from marketmover.campaigns.brief.document import read_document
from marketmover.campaigns.brief.vocabulary import words

_NAMED = re.compile(
    r"(?:\b(?:in|around|near|across|within|from|of|and|for|to|at|city|town|region|area|hall)\b|[,:+&/>|(-])[ *]{0,4}"
    r"(?P<name>[A-Z][\w'-]{2,20}(?: [A-Z][\w'-]{2,20})?)"
)
_MOST = 3


def mentioned_places(text: str) -> list[str]:
    """Countries, regions and cities that a text names, as written, at most three; a signature is not read."""
    document = read_document(text)
    found = [(one.start, document.cased[one.start : one.end]) for one in country_mentions(document)]
    for match in _NAMED.finditer(document.cased):
        tried = (match["name"], match["name"].split()[0])
        place = next((name for name in tried if name.lower() not in words("not_places") and world.is_place(name)), "")
        found += [(match.start("name"), place)] if place else []
    return list(dict.fromkeys(name for _, name in sorted(found)))[:_MOST]


def mentioned_days(text: str) -> list[tuple[str, date]]:
    """Days with their year that a text names: as written, and the first day of what they name; at most three."""
    document = read_document(text)
    found = [one for one in spans(document.text, "dmy") if isinstance(one, Span)]
    return [(document.evidence(one.start, one.end), one.first) for one in found][:_MOST]
