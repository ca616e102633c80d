"""Where the audience is: cities and regions that the text names for it, not where the sender sits."""

import re
from collections.abc import Iterator

from marketmover.campaigns.brief import currencies, world
from marketmover.campaigns.brief.context import Found, is_denied
from marketmover.campaigns.brief.country_mentions import country_mentions
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.place_candidates import NOT_PLACES, PlaceCandidate, covered, overlaps, place_candidates
from marketmover.campaigns.brief.vocabulary import phrases, words
from marketmover.campaigns.brief.weighing import weights
from marketmover.campaigns.brief.whose_place import for_audience, is_fragment
from marketmover.language import gazetteer

_SAID = phrases("places")
_LOCATIVE = re.compile(
    rf"\b{_SAID['before places']}[ :]+(?:the )?(?:(?:greater|central|downtown|north"
    rf"|south|east|west|northern|southern|eastern|western|inner) )?$"
    rf"|[,/&+:(] ?(?:the )?$"
    rf"|^\W*$"
)
_NAME = re.compile(
    rf"(?<![\w.'-])(?:{_SAID['first words of names']}[ -])?[A-Z\u00c0-\u00de][\w\u00c0-\u024f'-]+"
    rf"(?:[ -](?:(?:upon|on|am|an der|de|del|do|da|of|le|la|los)[ -])?[A-Z\u00c0-\u00de]"
    rf"[\w\u00c0-\u024f-]+){{0,3}}"
)
_ALSO_PLACES = frozenset(["reading", "nice", "bath", "mobile", "male", "split", "orange"])
_SHORT_PLACES = frozenset(name for name in words("regions") if len(name) < 3)
_IN = re.compile(r"(?:\b(?:in|a?round|near|from|of|across|at|and|or)|[+&]) $")


_LEAST_ODDS = 0.25  # as for countries


def find_places(document: Document) -> list[Found[str]]:
    """Cities and regions that the text names for the audience, as written, in order, each once; by learnt weights."""
    learnt = weights("places")
    found: dict[str, Found[str]] = {}
    for one in candidate_places(document):
        if learnt.log_odds(one.signs) > _LEAST_ODDS:
            name = document.text[one.start : one.end]
            found.setdefault(name, Found(document.evidence(one.start, one.end), one.start, one.end))
    dropped = [name for name in found if _is_dropped(document, name)]
    return [one for name, one in found.items() if name not in dropped]


def candidate_places(document: Document) -> list[PlaceCandidate]:
    """Names that may be places of the audience."""
    countries = [(one.start, one.end) for one in country_mentions(document)]
    return place_candidates(document, _places_by_rules(document, countries), countries)


def _places_by_rules(document: Document, countries: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: dict[tuple[int, int], None] = {}
    within = covered(countries)
    for match in _NAME.finditer(document.cased):
        span = _place_in(document, match, within)
        if span is not None and not is_denied(document, *span):
            found[span] = None
    return [*found, *(span for span in _small_letters(document) if span not in found)]


def _is_dropped(document: Document, name: str) -> bool:
    """Whether any mention of a place says that it is no longer wanted: `Houston is out`."""
    return any(is_denied(document, start, start + len(name)) for start in _mentions(document.text, name))


def _mentions(text: str, name: str) -> Iterator[int]:
    """Where a name stands as a whole word; a plain search, as each of the names goes through all of the text."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not (_is_letter(text[at - 1 : at]) or _is_letter(text[end : end + 1])):
            yield at
        at = text.find(name, end)


def _is_letter(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _place_in(document: Document, match: re.Match[str], countries: set[int]) -> tuple[int, int] | None:
    """The longest run of words in a capitalised phrase that is a known place of the audience.

    The words around are looked at first: they are cheap, while the list of the world's cities takes a while to load.
    """
    words = [word.span() for word in re.finditer(r"[^ ]+", match.group())]
    for size in range(len(words), 0, -1):
        for at in range(len(words) - size + 1):
            start, end = match.start() + words[at][0], match.start() + words[at + size - 1][1]
            end -= 2 if document.text[end - 2 : end] == "'s" else 0
            if _overlaps_country(document, start, end, countries) or not _is_audience_place(document, start, end):
                continue
            if _is_known(document, start, end):
                return start, end
    return None


def _overlaps_country(document: Document, start: int, end: int, countries: set[int]) -> bool:
    return overlaps((start, end), countries) and document.text[start:end] not in ("new england", "new south wales")


def _is_known(document: Document, start: int, end: int) -> bool:
    name = document.text[start:end]
    located = _IN.search(document.text[max(0, start - 8) : start]) is not None
    if (
        (len(name) < 3 and name not in _SHORT_PLACES)
        or (" " not in name and currencies.from_name(name) is not None)
        or (name in NOT_PLACES and not (name in _ALSO_PLACES and located))
        or name.split()[0] in ("hi", "dear")
    ):
        return False
    if name.endswith((" county", " district", " province", " valley")) and " " in name:
        return True
    return world.is_place(name) or (
        located and len(name) > 3 and gazetteer.is_other_city_name(document.cased[start:end])
    )


def _is_audience_place(document: Document, start: int, end: int) -> bool:
    unit = document.unit_at(start)
    before = document.before(start, 60)
    if unit.field == "location":
        return True
    if not _LOCATIVE.search(before) and not _before_people(document, end):
        return False
    if re.search(
        r"\b(?:spoke|spoken|talked|speak(?:ing)?|talk(?:ing)?|chat(?:ted)?|thanks|love|copied) (?:to|with|from) $",
        before,
    ):
        return False
    if before.strip() == "" and not _before_people(document, end):
        return is_fragment(document, start, end)
    return for_audience(document, start, end)


_PEOPLE_AFTER_A_PLACE = re.compile(rf"^(?:[- ]based|[- ]area)? (?:\w+ )?{_SAID['people after a place']}\b")


def _before_people(document: Document, end: int) -> bool:
    return (
        _PEOPLE_AFTER_A_PLACE.match(
            document.after(end, 40),
        )
        is not None
    )


_BEFORE_PLACES_IN_SMALL_LETTERS = re.compile(
    rf"\b{_SAID['before places in small letters']}(?: \w+)? (?:in |around |near "
    rf"|of |from )(?:the )?([a-z]{{3,}}(?: [a-z]{{3,}})?)"
)


def _small_letters(document: Document) -> list[tuple[int, int]]:
    """Places in a text without capitals: `people in austin`."""
    if re.search(r"[a-z] [A-Z][a-z]", document.cased):
        return []
    spans: list[tuple[int, int]] = []
    for match in _BEFORE_PLACES_IN_SMALL_LETTERS.finditer(
        document.text,
    ):
        for name in (match.group(1), match.group(1).split()[0]):
            start = match.start(1)
            end = start + len(name)
            known = name not in NOT_PLACES and name not in world.countries() and world.is_place(name)
            if known and for_audience(document, start, end) and not is_denied(document, start, end):
                spans.append((start, end))
                break
    return spans
