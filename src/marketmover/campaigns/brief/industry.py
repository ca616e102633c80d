"""The client's line of business, where the text says it or the words for what it sells leave no doubt.

Every word of a line of business (`words/*/industries.txt`) in a noun phrase is a candidate, those of the product and of
what the firm says it is above all; `weights/industry.tsv` weighs their signs.
"""

import re
from collections.abc import Iterator

from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.phrase_signs import Phrase, said_phrases
from marketmover.campaigns.brief.trades import Trade, singular, trades
from marketmover.campaigns.brief.vocabulary import phrases, words
from marketmover.campaigns.brief.weighing import Candidate, Weights, weights

_ORGANISATION = re.compile(rf"(?:.* )?{phrases('product')['organisations']}s?")
_ANSWER = re.compile(r"(?:[^\n:=|?]{1,60}[:=|?] *)?(?P<what>[^\n,;.(]+)")
_PEOPLE = frozenset(words("roles_alone")) | frozenset(words("roles_generic"))
_PAIRED_AROUND = ("field", "article", "alone", "behind")
_NEAR = 60
_SURE_ENOUGH = 1.25  # as likely as this times that none is said


def find_industry(document: Document, product: Found[str] | None, by: Weights | None = None) -> Found[str] | None:
    """The industry: as a form names it, else the likeliest of those that words of the text belong to, if any is."""
    if (stated := stated_industry(document)) is not None:
        return stated
    candidates = industry_candidates(document, product)
    shares = (by or weights("industry")).shares([one.signs for one in candidates])
    totals: dict[str, float] = {}
    for one, share in zip(candidates, shares, strict=True):
        totals[one.value] = totals.get(one.value, 0.0) + share
    if not totals or max(totals.values()) < _SURE_ENOUGH * (1.0 - sum(shares)):
        return None
    chosen = max(totals, key=lambda name: totals[name])
    best, _ = max(
        (pair for pair in zip(candidates, shares, strict=True) if pair[0].value == chosen), key=lambda pair: pair[1]
    )
    return Found(chosen, best.start, best.end)


def stated_industry(document: Document) -> Found[str] | None:
    """What a form says under `Industry`."""
    for unit in document.units:
        if unit.field == "industry":
            match = _ANSWER.match(document.text, unit.start, unit.end)
            if match and match["what"].strip():
                start, end = match.span("what")
                return Found(document.evidence(start, end).lower(), start, end)
    return None


def industry_candidates(document: Document, product: Found[str] | None) -> list[Candidate]:
    """Every mention of a line of business, with its signs."""
    found: list[Candidate] = []
    for phrase in said_phrases(document):
        known = trades(phrase.line, phrase.at.first, phrase.at.last)
        for trade in known:
            start, end = phrase.line[trade.first].start, phrase.line[trade.last - 1].end
            own = (*_own(document, phrase, trade, known), *_beside(document, start, end, product))
            paired = (
                f"{around}, organisation"
                for around in phrase.signs
                if "organisation" in own and around.startswith(_PAIRED_AROUND)
            )
            signs = (*phrase.signs, *own, *paired, *_lexical(document.text[start:end], trade.industry, product))
            found.append(Candidate(trade.industry, start, end, signs))
    return found


def _lexical(words: str, industry: str, product: Found[str] | None) -> Iterator[str]:
    """The industry with the words that name it, and with those of the product: of two industries, which these mean."""
    yield f"is {industry}"
    yield f"{industry} by {words}"
    if product is not None:
        yield from (f"{industry} with {singular(word)}" for word in set(product.value.lower().split()))


def _own(document: Document, phrase: Phrase, trade: Trade, known: list[Trade]) -> Iterator[str]:
    """What the phrase itself says."""
    yield f"entry of {min(trade.last - trade.first, 3)}"
    if trade.last == phrase.at.last:
        yield "ends phrase"
        if trade.first == phrase.at.first:
            yield "is phrase"
    if sum(other.first == trade.first for other in known) > 1:
        yield "ambiguous"
    if any(other.first != trade.first for other in known):
        yield "among several"
    tokens = phrase.line[phrase.at.first : phrase.at.last]
    if _ORGANISATION.fullmatch(document.text, tokens[0].start, tokens[-1].end):
        yield "organisation"
    if tokens[-1].word in _PEOPLE:
        yield "of people"


def _beside(document: Document, start: int, end: int, product: Found[str] | None) -> Iterator[str]:
    """How the words stand to the product."""
    if product is None:
        return
    if start < product.end and product.start < end:
        yield "in product"
        if end >= product.end:
            yield "ends product"
            if start <= product.start:
                yield "is product"
        return
    yield "beside product" if product.start - _NEAR < start < product.end + _NEAR else "far from product"
    if document.text[start:end] == document.text[product.start : product.end]:
        yield "in product"
