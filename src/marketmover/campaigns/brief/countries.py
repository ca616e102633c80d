"""The countries of the audience, by learnt weights over every mention of a country."""

from collections.abc import Iterator

from marketmover.campaigns.brief import world
from marketmover.campaigns.brief.context import Found, is_denied
from marketmover.campaigns.brief.country_mentions import country_mentions
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.place_neighbours import Neighbours, country_signs
from marketmover.campaigns.brief.weighing import Candidate, weights
from marketmover.campaigns.brief.whose_place import for_audience

# A country that is made up costs a plan more than one that is asked for again.
_LEAST_ODDS = 0.25


def find_countries(document: Document) -> list[Found[str]]:
    """ISO codes of the countries that the text names for the audience, in order, each once; by learnt weights."""
    learnt = weights("countries")
    return [
        Found(one.value, one.start, one.end)
        for one in candidate_countries(document)
        if learnt.log_odds(one.signs) > _LEAST_ODDS
    ]


def candidate_countries(document: Document) -> list[Candidate]:
    """Every country that the text names, with the signs that it is one of the audience, from all of its mentions.

    Its place is the first mention that the rules take for one of the audience, else the first of all.
    """
    named = country_mentions(document)
    taken = {one.start for one in named}
    peoples = [
        Found(world.demonyms()[match["demonym"]], *match.span())
        for match in world.demonym_pattern().finditer(document.text)
        if match.start() not in taken
    ]
    mentions = sorted([*named, *peoples], key=lambda one: one.start)
    denied = {one.value for one in mentions if is_denied(document, one.start, one.end)}
    said = [one for one in named if for_audience(document, one.start, one.end) and one.value not in denied]
    by_rules = frozenset((one.start, one.end) for one in said)
    others = Neighbours(document, [(one.start, one.end) for one in mentions], [])
    by_code: dict[str, list[Found[str]]] = {}
    for one in mentions:
        by_code.setdefault(one.value, []).append(one)
    return [
        Candidate(code, *_place(ones, by_rules), tuple(_signs(document, ones, others, by_rules, code in denied)))
        for code, ones in by_code.items()
    ]


def _place(ones: list[Found[str]], by_rules: frozenset[tuple[int, int]]) -> tuple[int, int]:
    best = next((one for one in ones if (one.start, one.end) in by_rules), ones[0])
    return best.start, best.end


def _signs(
    document: Document, ones: list[Found[str]], others: Neighbours, by_rules: frozenset[tuple[int, int]], denied: bool
) -> Iterator[str]:
    places = [(one.start, one.end) for one in ones]
    said = sum(place in by_rules for place in places)
    verdict = "rules: denied" if denied else "rules: yes" if said else "rules: others" if by_rules else "rules: none"
    yield verdict
    yield f"{verdict}, {others.how_many}"
    yield f"{verdict}, said {min(len(ones), 3)} times"
    for place in places:
        yield from country_signs(document, place, others, by_rules)
