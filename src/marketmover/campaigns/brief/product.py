"""What is sold or shown, in the client's own words.

Every noun phrase of the text is a candidate, whole and in the parts that may name the thing. What the words around it
and the phrase itself say is weighed by `weights/product.tsv`.
"""

import re
from collections.abc import Iterator

from marketmover.campaigns.brief.beside import Beside
from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.noun_phrases import Token, noun_phrases
from marketmover.campaigns.brief.phrase_signs import Phrase, said_phrases
from marketmover.campaigns.brief.text_signs import Repeats, asked, labelled, of_text
from marketmover.campaigns.brief.trades import trades
from marketmover.campaigns.brief.vocabulary import phrases, words
from marketmover.campaigns.brief.weighing import Candidate, Weights, weights, words_around
from marketmover.campaigns.brief.world import is_place

_SAID = phrases("product")
_FIRM = re.compile(rf"{_SAID['firms']}s?")
_COUNTED = re.compile(_SAID["counted, not sold"])
_ORDERS = re.compile(_SAID["orders"])
_NO_PRODUCT = re.compile(_SAID["no product"])
_OF_PHRASE = (
    ("organisation", re.compile(rf"(?:.* )?{_SAID['organisations']}s?")),
    ("firm", re.compile(rf"(?:.* )?{_SAID['firms']}s?")),
    ("no product", _NO_PRODUCT),
    ("ours", re.compile(_SAID["ours but no product"])),
    ("kind", re.compile(rf"(?:.* )?{_SAID['kinds that need a word more']}s?")),
    ("thing", re.compile(rf"(?:.* )?{_SAID['things by name']}")),
)
_OF_HEAD = (("counted", _COUNTED), ("order", _ORDERS), ("no product", _NO_PRODUCT))
_PRICE = re.compile(r" ?(?:\(|, |for |at |from |costs? |= |: |- )*(?:[$\u20ac\u00a3\u20b9]|rs\.? ?|eur |usd )\d")
_POSSESSIVE = re.compile(r"(?<!women)(?<!men)(?<!kid)(?<!children)(?<!girl)(?<!boy)(?<!ladie)'s?$")
_ENDINGS = ("ing", "ers", "er", "ion", "ions", "s", "ed", "y")
_PEOPLE = frozenset(words("roles_alone"))
_MOST_COMPARED = 40
_SURE_ENOUGH = 0.6  # what is not said is left open rather than guessed
_JOINS = ("of", "for", "about", "and", "from")
# Signs that mean something else with each other than alone: a firm's kind alone in a line, or behind `our`.
_PAIRED_AROUND = ("field", "alone", "article")
_PAIRED_OWN = ("known", "not known", "organisation", "head known")


def find_product(document: Document, beside: Beside, by: Weights | None = None) -> Found[str] | None:
    """The product or service, as written; `None` where it is not clearly likelier than not that one is named.

    Phrases of half the same words back each other (`free lessons`, `lessons of swimming`).
    """
    candidates = product_candidates(document, beside)
    shares = (by or weights("product")).shares([one.signs for one in candidates])
    if not candidates or sum(shares) < _SURE_ENOUGH:
        return None
    ranked = sorted(zip(candidates, shares, strict=True), key=lambda pair: pair[1], reverse=True)
    likely = ranked[:_MOST_COMPARED]
    best, _ = max(likely, key=lambda pair: (_backing(pair[0], likely), pair[1]))
    return Found(document.evidence(best.start, best.end), best.start, best.end)


def product_candidates(document: Document, beside: Beside) -> list[Candidate]:
    """Every phrase that may name the product, with its signs."""
    places = [
        (phrase, form, first, last, phrase.line[first].start, phrase.line[last - 1].end)
        for phrase in said_phrases(document)
        for form, first, last in _forms(phrase)
    ]
    places = [place for place in places if place[5] - place[4] > 2]
    repeats, text = Repeats(document), (*of_text(document, len(places)), *beside.of_text())
    return [
        Candidate(
            document.text[start:end],
            start,
            end,
            (
                *_signs(document, phrase, form, first, last),
                *words_around(document.text, start, end, phrase.unit.start, phrase.unit.end),
                *beside.signs(start, end),
                *repeats.signs(document.text[start:end], start),
                *asked(phrase.unit, start),
                *labelled(document, phrase.unit),
                *text,
            ),
        )
        for phrase, form, first, last, start, end in places
    ]


def _backing(one: Candidate, likely: list[tuple[Candidate, float]]) -> float:
    return sum(share for other, share in likely if alike(one.value, other.value))


def alike(one: str, two: str) -> bool:
    """Whether two phrases share at least half of their words."""
    first, second = set(one.split()), set(two.split())
    return 2 * len(first & second) >= max(len(first), len(second))


def _forms(phrase: Phrase) -> Iterator[tuple[str, int, int]]:
    """The phrase itself; without the word for a firm or an order at its end; with `of ...` or `for ...` behind it."""
    line, first, last = phrase.line, phrase.at.first, phrase.at.last
    head = line[last - 1].word
    ordered = _ORDERS.fullmatch(head) is not None or _COUNTED.fullmatch(head) is not None
    if last - first == 1 or not ordered:
        yield "form whole", first, last
    if last - first > 1 and (ordered or _FIRM.fullmatch(head)):
        yield "form without order" if ordered else "form without firm", first, last - 1
    if ordered or _NO_PRODUCT.fullmatch(head) or last + 1 >= len(line) or line[last].word not in _JOINS:
        return
    at = last + 1
    while at < len(line) and line[at].part in ("determiner", "light"):
        at += 1
    more = next(noun_phrases(line[at:]), None)
    if more is not None and more.first == 0:
        yield f"form with {line[last].word}", first, at + more.last


def _signs(document: Document, phrase: Phrase, form: str, first: int, last: int) -> tuple[str, ...]:
    own = tuple(_own(document, phrase.line, first, last))
    paired = (
        f"{around}, {one}"
        for around in phrase.signs
        if around.startswith(_PAIRED_AROUND)
        for one in own
        if one in _PAIRED_OWN
    )
    return (*phrase.signs, *own, *paired, form)


def _own(document: Document, line: list[Token], first: int, last: int) -> Iterator[str]:
    """What the phrase itself says."""
    start, end = line[first].start, line[last - 1].end
    phrase, head = document.text[start:end], line[last - 1].word
    yield f"words {min(last - first, 5)}"
    yield from _known(line, first, last)
    yield from (sign for sign, pattern in _OF_PHRASE if pattern.fullmatch(phrase))
    yield from (f"head {sign}" for sign, pattern in _OF_HEAD if pattern.fullmatch(head))
    yield f"head {head}"
    if head in _PEOPLE:
        yield "people"
    if is_place(phrase) or is_place(head):
        yield "place"
    if _PRICE.match(document.text, end):
        yield "priced"
    if any(_POSSESSIVE.search(token.word) for token in line[first:last]):
        yield "possessive"
    if document.cased[start:end] != phrase:
        yield "capital at start" if document.cased[start + 1 : end] == phrase[1:] else "capitals inside"
    yield f"ends in {next((one for one in _ENDINGS if head.endswith(one) and len(head) > len(one) + 2), 'other')}"


def _known(line: list[Token], first: int, last: int) -> Iterator[str]:
    """Whether the words, or the last of them, belong to a line of business."""
    known = trades(line, first, last)
    yield "known" if known else "not known"
    if known and known[-1].last == last:
        yield "head known"
        if last - first > 1 and known[-1].first == first:
            yield "known in full"
