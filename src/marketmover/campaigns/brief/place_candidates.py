"""Names that may be places of the audience, with the signs for the learnt weights."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from marketmover.campaigns.brief import world
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.mention import mention_signs
from marketmover.campaigns.brief.vocabulary import words


@dataclass(frozen=True)
class PlaceCandidate:
    """A name at `text[start:end]` that may be a place of the audience."""

    start: int
    end: int
    signs: frozenset[str]


Span = tuple[int, int]

_CAPITAL = "[A-Z\u00c0-\u00de\u0106\u010c\u0110\u0118\u0130\u0141\u0147\u0150\u0158\u015a\u015e\u0160\u0164\u0170\u0179\u017b\u017d]"
_CAPITALISED = re.compile(
    rf"(?<![\w.'-]){_CAPITAL}[\w'-]+(?: (?:(?:upon|on|de|del|do|da|of|op|am|an der|le|la|los) )?{_CAPITAL}[\w-]+){{0,2}}"
)
_SMALL = re.compile(r"(?<![\w'-])[a-z\u00df-\u024f]{3,}(?: [a-z\u00df-\u024f]{3,})?(?![\w'-])")
_LINK = re.compile(r"(?:,? (?:and|or|plus|n|also) |, ?(?:also )?| ?[&+/] ?| \(|\n)")
_PART_BEFORE = re.compile(
    r"(?<![\w-])(?:(?:greater|mid|inner|outer|central|downtown|metro|rural|(?:north|south)(?:[- ]?(?:east|west))?|east|west"
    r"|(?:north|south|east|west)ern|upper|lower) |(?:canton|county|province|state|region|city|district) of )$"
)
_PART_BEHIND = re.compile(r"(?: (?:cbd|area|bay|county|district|province|region|city|valley|coast|suburbs|old town)(?!\w)|-(?:noord|zuid|mitte|nord|s\u00fcd|ost|west))")
_LABEL = re.compile(r"(?:where|locations?|geo|areas?|regions?|cit(?:y|ies)|towns?|places?|target|markets?) ")
_NOT_PLACES = frozenset(words("not_places"))
_NOT_SMALL = _NOT_PLACES | frozenset(words("not_small_places"))


def place_candidates(document: Document, by_rules: list[Span], countries: list[Span]) -> list[PlaceCandidate]:
    """What the rules find, other known places, and unknown names that stand in a list beside known ones."""
    known = [*by_rules, *_others(_known(document, countries), by_rules)]
    known = [_whole_name(document, span) for span in known]
    by_rules = [_whole_name(document, span) for span in by_rules]
    beside = _others(_beside(document, known, countries), known)
    found = sorted([*((span, True) for span in known), *((span, False) for span in beside)])
    return [
        PlaceCandidate(*span, frozenset([*_signs(document, span, found, by_rules, is_known=is_known), *_signs_of_rest(document, span, found, countries)]))
        for span, is_known in found
    ]


def _whole_name(document: Document, span: Span) -> Span:
    """A place with the words that make it a part or a kind of one: `mid Wales`, `canton of Fribourg`, `Tampa bay`."""
    before = _PART_BEFORE.search(document.text[max(span[0] - 20, 0) : span[0]])
    behind = _PART_BEHIND.match(document.text, span[1])
    return span[0] - (len(before.group()) if before else 0), behind.end() if behind else span[1]


def _others(spans: Iterator[Span], taken: list[Span]) -> list[Span]:
    kept: list[Span] = []
    for start, end in spans:
        if not any(start < right and left < end for left, right in (*taken, *kept)):
            kept.append((start, end))
    return kept


def _known(document: Document, countries: list[Span]) -> Iterator[Span]:
    """Capitalised names of places; in sentences without capitals also names of large cities and regions."""
    for match in _CAPITALISED.finditer(document.cased):
        yield from _longest_place(document, match, countries)
    for match in _SMALL.finditer(document.cased):
        first = match.start(), match.start() + len(match.group().split()[0])
        for span in (match.span(), first):
            name = document.cased[slice(*span)]
            if name not in _NOT_SMALL and world.is_large_place(name) and not _overlaps(span, countries):
                yield span
                break


def _longest_place(document: Document, match: re.Match[str], countries: list[Span]) -> Iterator[Span]:
    parts = [part.span() for part in re.finditer(r"[^ ]+", match.group())]
    for size in range(len(parts), 0, -1):
        for at in range(len(parts) - size + 1):
            span = match.start() + parts[at][0], match.start() + parts[at + size - 1][1]
            name = document.text[slice(*span)].removesuffix("'s")
            if name not in _NOT_PLACES and len(name) > 2 and world.is_place(name) and not _overlaps(span, countries):
                yield span[0], span[0] + len(name)
                return


def _beside(document: Document, known: list[Span], countries: list[Span]) -> Iterator[Span]:
    """Capitalised names right before or behind a known place of a list: `Brampton, Hallbankgate and Talkin`."""
    ends, starts = {end for _, end in known}, {start for start, _ in known}
    names = [match.span() for match in _CAPITALISED.finditer(document.cased)]
    for _ in range(2):
        for start, end in names:
            label = _LABEL.match(document.text, start, end)
            span = (label.end() if label else start), end
            before = _last_link(document.cased[: span[0]])
            after = _LINK.match(document.cased, span[1])
            linked = (before is not None and before in ends) or (after is not None and after.end() in starts)
            if linked and span not in known and not _overlaps(span, countries):
                ends.add(span[1])
                starts.add(span[0])
                yield span


def _last_link(text: str) -> int | None:
    match = re.search(rf"{_LINK.pattern}$", text[-8:])
    return len(text) - len(match.group()) if match else None


def _overlaps(span: Span, others: list[Span]) -> bool:
    return any(left < span[1] and span[0] < right for left, right in others)


def _signs(
    document: Document, span: Span, found: list[tuple[Span, bool]], by_rules: list[Span], *, is_known: bool
) -> Iterator[str]:
    yield from mention_signs(document, *span)
    name = document.cased[slice(*span)]
    unit = document.unit_at(span[0])
    near = [other for other, _ in found if other != span and abs(other[0] - span[1]) < 40]
    listed = [other for other in near if unit.start <= other[0] < unit.end]
    holds = {
        "known": is_known,
        "large": world.is_large_place(name.lower()),
        "unknown name": not is_known,
        "rules say it": span in by_rules,
        "rules say others": span not in by_rules and bool(by_rules),
        "rules say one beside it": any(other in by_rules for other in listed),
        "others near": bool(listed),
        "small letters": name[0].islower(),
        "capitals": name.isupper(),
        "capitals in capitals": name.isupper() and document.cased[unit.start : unit.end].isupper(),
        "two words": " " in name,
        "first words": span[0] < 80,
        "last words": span[1] > len(document.text) - 60,
        "said again": document.text.count(name.lower()) > 1,
    }
    signs = [sign for sign, true in holds.items() if true]
    yield from signs
    yield f"known {is_known}, rules {span in by_rules}"


_SOLD_AFAR = re.compile(
    r"\b(?:online|web ?shops?|e-?shops?|e-?commerce|webstores?|ship(?:s|ped|ping)?|deliver\w*|exports?|exporting|worldwide"
    r"|nationwide|national(?:ly)?|international(?:ly)?|global(?:ly)?|abroad|remote(?:ly)?|b2b|saas|software|app|downloads?)\b"
)
_PEOPLE_OF = re.compile(
    r"\b(?:people|residents|locals|families|customers|homeowners|owners|parents|businesses|companies|buyers|clients|tourists"
    r"|visitors|guests) (?:\w+ ){0,2}(?:in|from|of|around|near|across) (?:the )?$"
)


def _signs_of_rest(
    document: Document, span: Span, found: list[tuple[Span, bool]], countries: list[Span]
) -> Iterator[str]:
    """What the rest of the text says: whether it names other places for the audience, and whether it sells from afar.

    A barber's town is where his customers are, unless the text says that they are elsewhere.
    """
    names = {document.text[slice(*other)] for other, _ in found}
    aimed = any(_PEOPLE_OF.search(document.before(other[0], 50)) for other, _ in found if other != span)
    aimed = aimed or any(_PEOPLE_OF.search(document.before(left, 50)) for left, _ in countries)
    sold_afar = _SOLD_AFAR.search(document.text) is not None
    only = "only place" if len(names) == 1 else "one of many places" if len(names) > 4 else "one of some places"
    country = "with country" if countries else "without country"
    yield only
    yield country
    yield f"{only}, {country}"
    yield f"{only}, {country}, sold afar {sold_afar}"
    if aimed:
        yield "another is aimed at"
    if any(other[0] < span[0] and document.unit_at(other[0]) != document.unit_at(span[0]) for other, _ in found):
        yield "others earlier"
    if any(other[0] > span[0] and document.unit_at(other[0]) != document.unit_at(span[0]) for other, _ in found):
        yield "others later"


def country_signs(document: Document, span: Span, mentions: list[Span], by_rules: list[Span]) -> Iterator[str]:
    """The signs that a country is said of the audience: around it, and by what else the text names."""
    yield from mention_signs(document, *span)
    name = document.text[slice(*span)]
    names = {document.text[slice(*other)] for other in mentions}
    unit = document.unit_at(span[0])
    linked = [other for other in mentions if other != span and _LINK.fullmatch(_between(document, span, other))]
    aimed = [other for other in mentions if _PEOPLE_OF.search(document.before(other[0], 50))]
    many = "only" if len(names) == 1 else "one of two" if len(names) == 2 else "one of many"
    holds = {
        "rules say it": span in by_rules,
        "people": world.demonym_pattern().fullmatch(name) is not None,
        "rules say others": span not in by_rules and bool(by_rules),
        "rules say one beside it": any(other in by_rules for other in linked),
        "in a list": bool(linked),
        "people there": span in aimed,
        "people of another": bool(aimed) and span not in aimed and not linked,
        "said again": sum(document.text[slice(*other)] == name for other in mentions) > 1,
        "others later": any(other[0] > unit.end for other in mentions),
        "others earlier": any(other[1] < unit.start for other in mentions),
        "first words": span[0] < 80,
        "last words": span[1] > len(document.text) - 60,
    }
    signs = [sign for sign, true in holds.items() if true]
    yield from signs
    yield from (f"{many}, {sign}" for sign in signs)
    yield f"{many}, sold afar {_SOLD_AFAR.search(document.text) is not None}"


def _between(document: Document, one: Span, other: Span) -> str:
    first, second = sorted((one, other))
    return document.text[first[1] : second[0]] if second[0] - first[1] < 8 else "\0"
