"""The countries of the audience, by learnt weights over every mention of a country."""

from marketmover.campaigns.brief import world
from marketmover.campaigns.brief.context import Found, is_denied
from marketmover.campaigns.brief.country_mentions import country_mentions
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.place_company import Company, country_signs
from marketmover.campaigns.brief.weighing import Candidate, weights
from marketmover.campaigns.brief.whose_place import for_audience


def find_countries(document: Document) -> list[Found[str]]:
    """ISO codes of the countries that the text names for the audience, in order, each once; by learnt weights."""
    learnt = weights("countries")
    found: dict[str, Found[str]] = {}
    denied: set[str] = set()
    for one in candidate_countries(document):
        if learnt.log_odds(one.signs) <= 0:
            continue
        if is_denied(document, one.start, one.end):
            denied.add(one.value)
        else:
            found.setdefault(one.value, Found(one.value, one.start, one.end))
    return [one for code, one in found.items() if code not in denied]


def candidate_countries(document: Document) -> list[Candidate]:
    """Every mention of a country, with the signs that it is said of the audience."""
    named = country_mentions(document)
    taken = {one.start for one in named}
    peoples = [
        Found(world.demonyms()[match["demonym"]], *match.span())
        for match in world.demonym_pattern().finditer(document.text)
        if match.start() not in taken
    ]
    mentions = sorted([*named, *peoples], key=lambda one: one.start)
    spans = [(one.start, one.end) for one in mentions]
    said = frozenset(
        (one.start, one.end)
        for one in named
        if for_audience(document, one.start, one.end) and not is_denied(document, one.start, one.end)
    )
    company = Company(document, spans, [])
    signs = [frozenset(country_signs(document, span, company, said)) for span in spans]
    return [Candidate(one.value, one.start, one.end, tuple(its)) for one, its in zip(mentions, signs, strict=True)]
