"""Names that may be places of the audience, with the signs for the learnt weights."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from marketmover.campaigns.brief import world
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.mention import mention_signs
from marketmover.campaigns.brief.place_neighbours import Neighbours
from marketmover.campaigns.brief.spans import Span
from marketmover.campaigns.brief.vocabulary import words


@dataclass(frozen=True)
class PlaceCandidate:
    """A name at `text[start:end]` that may be a place of the audience."""

    start: int
    end: int
    signs: frozenset[str]


_CAPITAL = (
    "[A-Z\u00c0-\u00de\u0106\u010c\u0110\u0118\u0130\u0141\u0147\u0150\u0158\u015a\u015e\u0160\u0164\u0170"
    "\u0179\u017b\u017d]"
)
_PARTICLE = r"(?:upon|on|de|del|do|da|of|op|am|an der|le|la|los) "
_CAPITALISED = re.compile(rf"(?<![\w.'-]){_CAPITAL}[\w'-]+(?: (?:{_PARTICLE})?{_CAPITAL}[\w-]+){{0,2}}")
_SMALL = re.compile(r"(?<![\w'-])[a-z\u00df-\u024f]{3,}(?: [a-z\u00df-\u024f]{3,})?(?![\w'-])")
_LINK = re.compile(r"(?:,? (?:and|or|plus|n|also) |, ?(?:also )?| ?[&+/] ?| \(|\n)")
_PART_BEFORE = re.compile(
    r"(?<![\w-])(?:(?:greater|mid|inner|outer|central|downtown|metro|rural|(?:north|south)(?:[- ]?(?:east|west))?"
    r"|east|west|(?:north|south|east|west)ern|upper|lower) |(?:canton|county|province|state|region|city|district) of )$"
)
_PART_BEHIND = re.compile(
    r"(?: (?:cbd|area|bay|county|district|province|region|city|valley|coast|suburbs|old town)(?!\w)"
    r"|-(?:noord|zuid|mitte|nord|s\u00fcd|ost|west))"
)
_LABEL = re.compile(r"(?:where|locations?|geo|areas?|regions?|cit(?:y|ies)|towns?|places?|target|markets?) ")
NOT_PLACES = frozenset(words("not_places"))
_NOT_SMALL = NOT_PLACES | frozenset(words("not_small_places"))


def place_candidates(document: Document, by_rules: list[Span], countries: list[Span]) -> list[PlaceCandidate]:
    """What the rules find, other known places, and unknown names that stand in a list beside known ones."""
    within = covered(countries)
    known = [_whole_name(document, span) for span in (*by_rules, *_others(_known(document, within), by_rules))]
    said = frozenset(_whole_name(document, span) for span in by_rules)
    beside = _others(_beside(document, known, within), known)
    found = sorted([*((span, True) for span in known), *((span, False) for span in beside)])
    spans = [span for span, _ in found]
    others = Neighbours(document, spans, countries)
    return [
        PlaceCandidate(*span, frozenset((*_signs(document, span, spans, said, is_known=is_known), *others.signs(span))))
        for span, is_known in found
    ]


def covered(spans: Iterable[Span]) -> set[int]:
    """The positions within any of the spans, so that overlaps are found without going through all of them."""
    return {position for span in spans for position in range(*span)}


def overlaps(span: Span, taken: set[int]) -> bool:
    """Whether a span has a position that is taken."""
    return not taken.isdisjoint(range(*span))


def _whole_name(document: Document, span: Span) -> Span:
    """A place with the words that make it a part or a kind of one: `mid Wales`, `canton of Fribourg`, `Tampa bay`."""
    before = _PART_BEFORE.search(document.text[max(span[0] - 20, 0) : span[0]])
    behind = _PART_BEHIND.match(document.text, span[1])
    return span[0] - (len(before.group()) if before else 0), behind.end() if behind else span[1]


def _others(spans: Iterator[Span], taken: list[Span]) -> list[Span]:
    kept: list[Span] = []
    positions = covered(taken)
    for span in spans:
        if not overlaps(span, positions):
            kept.append(span)
            positions |= set(range(*span))
    return kept


def _known(document: Document, countries: set[int]) -> Iterator[Span]:
    """Capitalised names of places; in sentences without capitals also names of large cities and regions."""
    for match in _CAPITALISED.finditer(document.cased):
        yield from _longest_place(document, match, countries)
    for match in _SMALL.finditer(document.cased):
        first = match.start(), match.start() + len(match.group().split()[0])
        for span in (match.span(), first):
            name = document.cased[slice(*span)]
            if name not in _NOT_SMALL and world.is_large_place(name) and not overlaps(span, countries):
                yield span
                break


def _longest_place(document: Document, match: re.Match[str], countries: set[int]) -> Iterator[Span]:
    parts = [part.span() for part in re.finditer(r"[^ ]+", match.group())]
    for size in range(len(parts), 0, -1):
        for at in range(len(parts) - size + 1):
            span = match.start() + parts[at][0], match.start() + parts[at + size - 1][1]
            name = document.text[slice(*span)].removesuffix("'s")
            if name not in NOT_PLACES and len(name) > 2 and world.is_place(name) and not overlaps(span, countries):
                yield span[0], span[0] + len(name)
                return


def _beside(document: Document, known: list[Span], countries: set[int]) -> Iterator[Span]:
    """Capitalised names right before or behind a known place of a list: `Brampton, Hallbankgate and Talkin`."""
    ends, starts, spans = {end for _, end in known}, {start for start, _ in known}, set(known)
    names = [match.span() for match in _CAPITALISED.finditer(document.cased)]
    for _ in range(2):
        for start, end in names:
            label = _LABEL.match(document.text, start, end)
            span = (label.end() if label else start), end
            before = _last_link(document.cased, span[0])
            after = _LINK.match(document.cased, span[1])
            linked = (before is not None and before in ends) or (after is not None and after.end() in starts)
            if linked and span not in spans and not overlaps(span, countries):
                ends.add(span[1])
                starts.add(span[0])
                yield span


def _last_link(text: str, end: int) -> int | None:
    match = re.search(rf"{_LINK.pattern}$", text[max(0, end - 8) : end])
    return end - len(match.group()) if match else None


def _is_said_again(text: str, name: str) -> bool:
    first = text.find(name)
    return first >= 0 and text.find(name, first + len(name)) >= 0


def _signs(
    document: Document, span: Span, found: list[Span], by_rules: frozenset[Span], *, is_known: bool
) -> Iterator[str]:
    yield from mention_signs(document, *span)
    name = document.cased[slice(*span)]
    unit = document.unit_at(span[0])
    window = found[bisect_left(found, (span[1] - 39, 0)) : bisect_left(found, (span[1] + 40, 0))]
    near = [other for other in window if other != span]
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
        "said again": _is_said_again(document.text, name.lower()),
    }
    signs = [sign for sign, true in holds.items() if true]
    yield from signs
    yield f"known {is_known}, rules {span in by_rules}"
