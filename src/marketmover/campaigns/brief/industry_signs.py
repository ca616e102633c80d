"""Lines of business that a brief names, and the signs for and against each being the client's."""

import re
from collections import Counter
from collections.abc import Iterator

from marketmover.campaigns.brief.choice import Candidate
from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.noun_phrases import NounPhrase, Token, noun_phrases
from marketmover.campaigns.brief.product_signs import _line, _signs, _ORGANISATION, _ROLES
from marketmover.campaigns.brief.trades import trades
from marketmover.campaigns.brief.vocabulary import words

_ROLE_WORDS = frozenset(words("roles_alone")) | frozenset(words("roles_generic"))


def candidates(document: Document, product: Found[str] | None) -> list[Candidate[str]]:
    found: list[Candidate[str]] = []
    lines = [_line(document, unit) for unit in document.units]
    heads = Counter(line[one.last - 1].word for line in lines for one in noun_phrases(line))
    for at, (unit, line) in enumerate(zip(document.units, lines, strict=True)):
        place = f"line {at if at < 2 else '2-4' if at < 5 else 'later'}"
        for one in noun_phrases(line):
            named = trades(line, one.first, one.last)
            if not named:
                continue
            around = tuple(_signs(document, unit, line, one, heads))
            for industry, first, last in named:
                start, end = line[first].start, line[last - 1].end
                own = tuple(_own(document, line, one, first, last, product, len({n for n, f, _ in named if f == first}), len({f for _, f, _ in named})))
                both = tuple(f"{one}, {two}" for one in around if one.startswith(("field", "article", "alone", "behind")) for two in own if two.startswith(("organisation",)))
                found.append(Candidate(industry, start, end, (*around, *own, *both, place, f"is {industry}")))
    return found


def _own(document: Document, line: list[Token], one: NounPhrase, first: int, last: int, product: Found[str] | None, ambiguous: int, several: int) -> Iterator[str]:
    start, end = line[first].start, line[last - 1].end
    if product is not None and start < product.end and product.start < end:
        yield "in product"
        if end >= product.end:
            yield "ends product"
        if start <= product.start and end >= product.end:
            yield "is product"
    elif product is not None:
        yield "beside product" if product.start - 60 < start < product.end + 60 else "far from product"
        if document.text[start:end] == document.text[product.start:product.end]: yield "in product"
    yield f"entry of {min(last - first, 3)}"
    if last == one.last:
        yield "ends phrase"
        if first == one.first: yield "is phrase"
    if ambiguous > 1: yield "ambiguous"
    if several > 1: yield "among several" 
    if _ORGANISATION.fullmatch(document.text[line[one.first].start:line[one.last-1].end]): yield "organisation"
    if line[one.last-1].word in _ROLE_WORDS: yield "of people"
