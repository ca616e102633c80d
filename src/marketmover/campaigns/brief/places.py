"""Where the audience is: countries and places that the text names for it, not where the sender sits."""

import re
from collections.abc import Iterator
from functools import lru_cache

from marketmover.campaigns.brief import currencies, world
from marketmover.campaigns.brief.context import Found, is_denied, is_past
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.place_candidates import PlaceCandidate, covered, overlaps, place_candidates
from marketmover.campaigns.brief.vocabulary import phrases, words
from marketmover.campaigns.brief.weighing import weights
from marketmover.language import gazetteer

_SAID = phrases("places")

# Ways in which a text says where the sender is, each up to the place itself.
_SENDER_WAYS = (
    rf"\b{_SAID['where the sender is']}\b[^\n,;]{{0,40}}$",  # based in, founded in, brewed in
    rf"\b(?:i|we) {_SAID['has a place']}\b[^\n,;]{{0,60}}\b(?:in|near|from|outside) (?:\w+ )?$",
    rf"\b{_SAID['greets']} from (?:\w+ )?$",
    rf"\b(?:our|my) (?:\w+ ){{0,2}}{_SAID['firm of the sender']}\b[^\n,;]{{0,50}}\b(?:in|from|near) (?:\w+ )?$",
    rf"\b(?:our|my) (?:\w+ ){{0,3}}{_SAID['premises of the sender']} (?:is |are )?(?:in|near|outside) (?:\w+ )?$",
    (
        rf"\b{_SAID['we are']}\b(?! {_SAID['aims all the same']}\b)"
        r"[^\n,;]{0,60}\b(?:in|from|of|near|outside|at) (?:\w+ )?$"
    ),
)
_SENDER = re.compile("|".join(_SENDER_WAYS))
_SENDER_AFTER = re.compile(
    rf"^[- ]based\b(?! {_SAID['people after based']})"
    rf"|^ {_SAID['firms after a place']}\b"
)
_AIM = re.compile(rf"\b{_SAID['aims at people']}\b")
_ELSEWHERE = re.compile(
    rf"\b{_SAID['somewhere else']}\b[^\n,;]{{0,30}}$"
    rf"|\b(?:conference|trade fair|exhibition|festival|event)\b[^\n,;]{{0,48}}$"
)
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
_NOT_PLACES = frozenset(words("not_places"))
_SHORT_PLACES = frozenset(name for name in words("regions") if len(name) < 3)


def find_countries(document: Document) -> list[Found[str]]:
    """ISO codes of the countries that the text names for the audience, in order, each once."""
    found: dict[str, Found[str]] = {}
    denied: set[str] = set()
    for mention in country_mentions(document):
        if not _for_audience(document, mention.start, mention.end):
            continue
        if is_denied(document, mention.start, mention.end):
            denied.add(mention.value)
        elif mention.value not in found:
            found[mention.value] = mention
    return [one for code, one in found.items() if code not in denied]


def country_mentions(document: Document) -> list[Found[str]]:
    """Every country that the text names, for whatever reason."""
    found: list[Found[str]] = []
    for match in world.country_pattern().finditer(document.text):
        name = match.group()
        cased = document.cased[match.start() : match.end()]
        if name in world.AMBIGUOUS and not (
            cased[0].isupper()
            and re.search(r"\b(?:in|to|across|of|from|throughout|and|or|,|the) ?$", document.before(match.start(), 12))
        ):
            continue
        if document.text[max(0, match.start() - 4) : match.start()] == "new " and name == "mexico":
            continue
        if name == "georgia" and re.match(r",? (?:usa|us\b|u\.s|united states)", document.after(match.end(), 16)):
            continue
        if document.text[match.end() : match.end() + 7] == " street" or re.match(
            r"^ ?(?:dollars?|pounds?)\b", document.text[match.end() : match.end() + 9]
        ):
            continue
        found.append(Found(world.countries()[name], *match.span()))
    for match in re.finditer(r"(?<![\w$\u20ac\u00a3])(?:US|U\.S\.A?\.?)(?![\w$])(?! ?(?:\$|dollars?))", document.cased):
        if not any(one.start <= match.start() < one.end for one in found):
            found.append(Found("US", *match.span()))
    found += [
        Found("US", *match.span())
        for match in _SMALL_US.finditer(document.text)
        if not any(one.start <= match.start() < one.end for one in found)
    ]
    found += _codes(document, found)
    found += [
        Found(world.demonyms()[match.group("demonym")], *match.span())
        for match in world.demonym_pattern().finditer(document.text)
        if _is_about_people(document, match)
    ]
    return sorted(found, key=lambda one: one.start)


def _codes(document: Document, named: list[Found[str]]) -> list[Found[str]]:
    """ISO codes in a list of countries: `NL, UK, DE`."""
    known = set(world.countries().values())
    ends = {one.end for one in named} | {match.end() for match in _CODE.finditer(document.cased)}
    starts = {one.start for one in named} | {match.start() for match in _CODE.finditer(document.cased)}
    found: list[Found[str]] = []
    for match in _CODE.finditer(document.cased):
        before, after = (
            _LISTED_BEFORE.search(document.cased, max(match.start() - 5, 0), match.start()),
            _LISTED_AFTER.match(document.cased, match.end()),
        )
        listed = (before and before.start() in ends) or (after and after.end() in starts)
        listed = (
            listed or document.unit_at(match.start()).field == "location" or _ONLY.match(document.cased, match.end())
        )
        if (
            listed
            and match.group() in known
            and match.group() != "LA"
            and not any(one.start <= match.start() < one.end for one in named)
        ):
            found.append(Found(match.group(), *match.span()))
    return found


# `us` in small letters is a country only beside another: `us, canada`
_OTHER_COUNTRY = r"(?:canada|uk|mexico|australia|nz|ireland|europe|india)\b"
_SMALL_US = re.compile(
    rf"(?:^|(?<=\n)|(?<=: )|(?<=, )|(?<=\bin )|(?<=the )|(?<=\())us(?=(?:, | and | & | ?\+ ?| ?/ ?){_OTHER_COUNTRY})"
    r"|(?:(?<=canada, )|(?<=canada and )|(?<=uk, )|(?<=uk and )|(?<=uk & )|(?<=uk \+ ))us\b"
)
_CODE = re.compile(r"(?<![\w.&-])[A-Z]{2}(?![\w&-])")
_ONLY = re.compile(r" only\b")
_LISTED_BEFORE = re.compile(r"(?:, ?| ?/ ?| and | & | \+ )$")
_LISTED_AFTER = re.compile(r"(?:, ?| ?/ ?| and | & | \+ )")


_PEOPLE_AFTER_A_NATIONALITY = re.compile(rf"s?(?: \w+){{0,2}}? {_SAID['people after a nationality']}\b")


def _is_about_people(document: Document, match: re.Match[str]) -> bool:
    """`German customers`, `the French market`; not `German cars`, `French lessons`, `Canadian dollars`."""
    unit = document.unit_at(match.start())
    return _PEOPLE_AFTER_A_NATIONALITY.match(
        document.text[match.end("demonym") : match.end("demonym") + 50],
    ) is not None or (
        document.text[match.end("demonym") : match.end()] == "s"
        and (
            _AIM.search(document.before(match.start(), 40)) is not None
            or _only_peoples().fullmatch(document.text, unit.start, unit.end) is not None
        )
    )


@lru_cache(maxsize=1)
def _only_peoples() -> re.Pattern[str]:
    people = "|".join(map(re.escape, world.demonyms()))
    return re.compile(rf"(?:(?:{people})s(?:, | and | & )?)+[ .]*")


def _for_audience(document: Document, start: int, end: int) -> bool:
    """Whether a place is said of the audience; by default it is, unless it is the sender's, the product's or past."""
    unit = document.unit_at(start)
    if unit.field in ("location", "audience"):
        return True
    if unit.field in ("contact", "past", "product", "industry", "concerns") or is_past(document, start, end):
        return False
    left, _ = document.clause(start, end)
    before, after = document.text[max(left, start - 90) : start], document.after(end, 50)
    if _SENDER_AFTER.match(after[:30]) or _is_elsewhere(before) or _is_senders(before):
        return False
    if _PRODUCTS_PLACE.match(after):
        return False
    if _AIM.search(before) or _AIM.search(after[:40]) or _is_fragment(document, start, end):
        return True
    return _SENDER.search(document.before(start, 200)) is None


def _is_elsewhere(before: str) -> bool:
    """Whether the place belongs to something else than the audience: a rival, a fair, a journey."""
    other = _ELSEWHERE.search(before)
    return other is not None and not re.search(
        r"\b(?:public|people|residents|locals) (?:of|in) ", before[other.start() :]
    )


def _is_senders(before: str) -> bool:
    sender = _SENDER.search(before)
    if not sender or _WISH.search(before, sender.start()):
        return False
    aims = [match.start() for match in _AIM.finditer(before)]
    return not aims or aims[-1] < sender.start() or _SENDER_OWN.search(before) is not None


_WISH = re.compile(
    r"\b(?:want|need|target\w*|reach|looking (?:for|to)|aim|hope|customers|sell to|enquiries from|leads from"
    r"|would like|put (?:us|our|\w+) on)\b"
)
_IN = re.compile(r"(?:\b(?:in|a?round|near|from|of|across|at|and|or)|[+&]) $")
_PRODUCTS_PLACE = re.compile(r" (?:to|for) (?:\w+ ){0,3}(?:from|in|based in|living in)\b")
_SENDER_OWN = re.compile(
    rf"\b{_SAID['we are or run']}\b(?! {_SAID['wishes to']})[^\n]{{0,60}}$"
    rf"|\b(?:our|my) (?:\w+ )?{_SAID['our own premises']}s? (?:is |are )?in (?:the )?$"
)


_CONJUNCT = re.compile(r"(?<![\w-])(?P<name>[A-Z\u00c0-\u00de][\w'-]+(?: [A-Z][\w'-]+)?)")


def _is_fragment(document: Document, start: int, end: int) -> bool:
    """Whether the clause is the place alone, as in `ROAS 4 min, Germany + Austria`."""
    left, right = document.clause(start, end)
    rest = document.cased[left:start] + document.cased[end:right]
    rest = _CONJUNCT.sub(lambda one: " " if world.is_place(one["name"]) else one.group(), rest).lower()
    return (
        re.fullmatch(
            r"(?:\W|\b(?:only|and|in|the|just|all|us|uk|or|part|area|\d+|miles|km|around|mainly|also|both)\b|"
            + world.country_pattern().pattern
            + ")*",
            rest,
        )
        is not None
    )


def find_places(document: Document) -> list[Found[str]]:
    """Cities and regions that the text names for the audience, as written, in order, each once; by learnt weights."""
    learnt = weights("places")
    found: dict[str, Found[str]] = {}
    for one in candidate_places(document):
        if learnt.log_odds(one.signs) > 0:
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
        or (name in _NOT_PLACES and not (name in _ALSO_PLACES and located))
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
        return _is_fragment(document, start, end)
    return _for_audience(document, start, end)


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
            known = name not in _NOT_PLACES and name not in world.countries() and world.is_place(name)
            if known and _for_audience(document, start, end) and not is_denied(document, start, end):
                spans.append((start, end))
                break
    return spans
