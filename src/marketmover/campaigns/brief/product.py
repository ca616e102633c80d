"""What is sold or shown, in the client's own words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from marketmover.campaigns.brief.context import PAST, Found
from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.industry import trade_of
from marketmover.campaigns.brief.phrases import phrase_end, without_article
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.campaigns.brief.world import is_place

_SAID = phrases("product")

# The first kind of sign that is found wins: a label, what is to be promoted, what is sold, what the firm is.
_SIGNS = (
    re.compile(rf"\b{_SAID['promotes']} (?!{_SAID['promotes no product']})"),
    re.compile(
        rf"\b(?:we|i|who|they|company|client|business|shop|brand|which|that|(?:agency"
        rf"|firm|company) and)(?:'re| are| is|'m| am)? (?:also |mainly |only |mostly "
        rf"|currently |now |just |basically |primarily |proudly )?(?:{_SAID['sells']}"
        rf"|specialis[es]+ in|specializ[es]+ in) (?!{_SAID['sells no product']})"
    ),
    re.compile(
        rf"\b(?:our|my) (?!{_SAID['ours but no product']})(?=(?:[a-z-]+ ){{1,3}}(?:in [a-z]+ )?"
        rf"(?:has|is|needs|offers|helps|opens|launches|lets)\b)"
    ),
    re.compile(
        rf"\b(?:(?:for|to|at|with|about) (?:our|my)(?: new| own)?|of our new) (?!"
        rf"{_SAID['for our, but no product']})(?=[a-z])"
    ),
)
_ORGANISATION = re.compile(rf"\b{_SAID['organisations']}s?$")
_FIRM_LABEL = re.compile(r"(?:shop|store|business|brand|client|advertiser) ?[:=|]")
_SIGN = r"(?:[$\u20ac\u00a3\u20b9]|rs\.? ?)"
_PRICED = re.compile(
    r"(?P<what>(?:[a-z][a-z'-]+ ){0,3}[a-z][a-z'-]{2,})(?: \((?:costs? |from |at )?|, (?:at |from )?| from | at | )"
    rf"{_SIGN}\d[\d.,]*(?: ?(?:{_SAID['price of each']}|\)|,)| ?- ?{_SIGN}\d)"
)
_COUNTED = re.compile(rf"\b{_SAID['counted, not sold']}\b")
_WEIGHTS = (5.0, 4.5, 3.0, 3.5)
_OPEN_FIELDS = frozenset(("", "objective", "product"))
_OTHER_FIELDS = frozenset(
    (
        "contact",
        "past",
        "budget",
        "dates",
        "start",
        "end",
        "platforms",
        "location",
        "tone",
        "avoid",
        "concerns",
        "audience",
    )
)
_ORDERED = re.compile(
    rf"(?P<what>(?:[a-z][a-z'-]+ ){{1,4}})(?:(?P<itself>{_SAID['booked as such']})|{_SAID['orders']})\b(?! of\b)"
)
_GOODS = re.compile(rf"\b{_SAID['goods and services of any industry']}\b")
_SAYS_NOTHING = re.compile(_SAID["says nothing of the product"])
_JOINED = re.compile(r"\b(?:and|or) $")
_DETERMINED = re.compile(rf"\b(?:{_SAID['we are']}(?: an?)?|our|my|an?|the new|the) (?=[a-z])")
_FIRM = re.compile(rf"\b{_SAID['firms']}s?$")
_HOW_MANY = re.compile(r"(?:(?:small |regional |local )?(?:chain|group|network) of )?(?:\d{1,3} )?(?=[a-z])")
_RUNS_A = re.compile(r"\b(?:run|runs|own|owns|operate|open|opening)\b")
_POSSESSIVE = re.compile(r"(?<!kids)(?<!girls)(?<!boys)(?<!children)(?<!men)'s? ")
_BAD_END = re.compile(r"\b(?:pages?|sites?|money|price|cost)$")
_KIND = re.compile(rf"\b{_SAID['kinds that need a word more']}s?$")
_WHICH = re.compile(
    r" (?:about|for) (?!ads|the\b|our|a\b|an\b|\d|more|all|sale)(?:[a-z-]+ ){0,2}?[a-z-]+"
    r"(?=[.,;:!)\n]| (?:in|for|and|from|on|at|with)\b)"
)
_IN_FRONT = re.compile(r"\b(?:get|put|bring) (?:our|the|my) (?P<what>[a-z-]+(?: [a-z-]+){0,3}) in front of\b")
_THING = re.compile(
    r"(?:(?<=\n)|(?<=[,;:.(] )|\b(?:an?|our|my|the|new) )"
    rf"(?P<what>(?:(?!{_SAID['never in the name of a thing']})[a-z-]+ ){{1,2}}{_SAID['things by name']})"
    r"(?=[.,;:!)\n]| (?:for|in|at|to|on|with|and|,)\b|$)"
)
_APP = re.compile(
    r"\b(?:app|tool|software|platform|course|marketplace) for (?!ios|android|both|the|your|our|us|more|free|all|any)"
    r"(?:(?!with|and|in|on|at|from|by|that|which|we|so|but)[a-z-]+ ?){1,3}(?=[ .,;\n])"
)
_NOT_A_NAME = re.compile(rf"\b{_SAID['not in a name']}\b")
_BAD = re.compile(
    rf"^(?:{_SAID['no product']}|(?:[a-z ]+ )?(?:number|logo|name|address)|app store.*"
    rf"|managing.*|small.*here)$"
)


@dataclass(frozen=True)
class _Candidate:
    """A phrase that may name the product, and how much speaks for it."""

    start: int
    end: int
    weight: float


def find_product(document: Document) -> Found[str] | None:
    """The product or service, as written: the phrase that most speaks for, the earlier of two alike.

    A form's own answer counts first; then what is to be promoted or is sold; then what is booked or ordered, stands
    beside a price, or names a line of business; last what the client says to be.
    """
    candidates = [*_answers(document), *_named(document), *_compounds(document), *_things(document), *_trades(document)]
    if not candidates:
        return None
    best = max(candidates, key=lambda one: (_worth(document, one), -one.start))
    return Found(document.evidence(best.start, best.end), best.start, best.end)


def _worth(document: Document, one: _Candidate) -> float:
    """The weight with what the words themselves add: a known trade, or only the kind of thing (`app`, `game`)."""
    bare = _KIND.fullmatch(document.text, one.start, one.end) is not None
    return one.weight + (1.0 if _is_known(document, one.start, one.end) else 0.0) - (3.5 if bare else 0.0)


def _is_known(document: Document, start: int, end: int) -> bool:
    """Whether the words name goods, a service or a line of business."""
    return _GOODS.search(document.text, start, end) is not None or trade_of(document, start, end) is not None


def _answers(document: Document) -> Iterator[_Candidate]:
    """`Product: vitamin C serum`, `What do you sell? Solar panels`."""
    for unit in document.units:
        if unit.field != "product" or _FIRM_LABEL.match(document.text, unit.start):
            continue
        start = document.answer(unit)
        if start >= unit.end or any(pattern.search(document.text, start, unit.end) for pattern in _SIGNS[1:]):
            continue
        end = phrase_end(document.text, start, unit.end, most_words=7)
        start = without_article(document.text, start, end)
        words = document.text[start:end]
        if len(words) > 2 and not _BAD.match(words) and not _ORGANISATION.search(words):
            yield _Candidate(start, end, 10.0)


def _named(document: Document) -> Iterator[_Candidate]:
    """What is to be promoted, what is sold, `our ...` that has or needs something, `for our ...`."""
    for pattern, weight in zip(_SIGNS, _WEIGHTS, strict=True):
        for match in pattern.finditer(document.text):
            span = _phrase(document, match)
            runs = span and _RUNS_A.search(match.group()) and _ORGANISATION.search(document.text[slice(*span)])
            if span and not runs:
                yield _Candidate(*span, weight)
                break


def _compounds(document: Document) -> Iterator[_Candidate]:
    """What stands before a word for an order: `auto loan applications`; lessons and tours are the product."""
    for match in _ORDERED.finditer(document.text):
        unit = document.unit_at(match.start())
        if unit.field not in _OPEN_FIELDS or PAST.search(document.text, unit.start, match.end()):
            continue
        words = [one for one in re.finditer(r"[^ ]+", match["what"]) if one]
        first = len(words)
        while first > 0 and not _SAYS_NOTHING.fullmatch(words[first - 1].group()):
            first -= 1
        while first < len(words) and words[first].group() == "and":
            first += 1
        if first == len(words) or _JOINED.search(match["what"][: words[first].start()]):
            continue
        start = match.start("what") + words[first].start()
        end = match.end("itself") if match["itself"] else match.start("what") + words[-1].end()
        phrase = document.text[start:end]
        known = _is_known(document, start, end)
        if (known or " " in phrase) and not (_BAD.match(phrase) or is_place(phrase)):
            yield _Candidate(start, end, 2.5)


def _things(document: Document) -> Iterator[_Candidate]:
    """What is put in front of people, what has a price beside it, apps and courses by their name."""
    thing = _IN_FRONT.search(document.text) or _priced(document)
    if thing:
        yield _Candidate(without_article(document.text, *thing.span("what")), thing.end("what"), 3.0)
    for match in (_THING.search(document.text), _APP.search(document.text)):
        if match:
            span = match.span("what") if "what" in match.re.groupindex else match.span()
            yield _Candidate(without_article(document.text, *span), span[1], 2.0)


def _priced(document: Document) -> re.Match[str] | None:
    """What stands beside a price: `cookery courses, 145 pounds each`, `standing desks ($549)`."""
    for match in _PRICED.finditer(document.text):
        unit, words = document.unit_at(match.start()), match["what"]
        plain = not (_COUNTED.search(words) or _BAD.match(words) or _NOT_A_NAME.search(words))
        if unit.field in _OPEN_FIELDS and plain and not PAST.search(document.text, unit.start, unit.end):
            return match
    return None


def _trades(document: Document) -> Iterator[_Candidate]:
    """Phrases that name a line of business: `our night cream`, `loft conversions, London`, `we are a dog hotel`."""
    for match in _DETERMINED.finditer(document.text):
        span = _phrase(document, match)
        if span and _is_known(document, *span):
            organisation = _ORGANISATION.search(document.text[slice(*span)])
            if not organisation:
                yield _Candidate(*span, 1.5)
            elif not _FIRM.search(document.text[slice(*span)]):
                yield _Candidate(*span, 0.5)
            else:
                yield from _without_firm(document, *span)
    for unit in document.units:
        if unit.field in _OPEN_FIELDS and not _FIRM_LABEL.match(document.text, unit.start):
            yield from _fragments(document, unit)


def _without_firm(document: Document, start: int, end: int) -> Iterator[_Candidate]:
    """`a conveyancing firm` and `a tattoo studio` say what they do before what they are."""
    firm = _FIRM.search(document.text[start:end])
    shorter = start + firm.start() - 1 if firm else start
    if shorter > start + 2 and _is_known(document, start, shorter):
        yield _Candidate(start, shorter, 0.0)


def _fragments(document: Document, unit: Unit) -> Iterator[_Candidate]:
    """Clauses of few words that only name a trade: `loft conversions, London`."""
    for match in re.finditer(
        r"(?:(?! (?:for|in|from|at|near|with) )[^,.;:()/\n])+", document.text[unit.start : unit.end]
    ):
        left, right = unit.start + match.start(), unit.start + match.end()
        start = left + len(match.group()) - len(match.group().lstrip())
        end = right - len(match.group()) + len(match.group().rstrip())
        words = document.text[start:end]
        few = 1 <= len(words.split()) <= 4 and not _NOT_A_NAME.search(words) and not _BAD.match(words)
        if few and _is_known(document, start, end):
            start = without_article(document.text, start, end)
            if not _ORGANISATION.search(words):
                yield _Candidate(start, end, 1.0)
            elif not _FIRM.search(words):
                yield _Candidate(start, end, 0.0)
            else:
                yield from _without_firm(document, start, end)


def _phrase(document: Document, match: re.Match[str]) -> tuple[int, int] | None:
    """The noun phrase right behind `match`, if it can be a product."""
    unit = document.unit_at(match.start())
    if unit.field in _OTHER_FIELDS or PAST.search(document.text, max(unit.start, match.start() - 30), match.end()):
        return None
    end = phrase_end(document.text, match.end(), unit.end)
    start = without_article(document.text, match.end(), end)
    many = _HOW_MANY.match(document.text, start, end)
    start = many.end() if many else start
    end = _extended(document, start, end)
    words = document.text[start:end]
    bad = _POSSESSIVE.search(words) or _BAD.match(words) or re.match(r"\d", words) or is_place(words)
    bad = bad or (_BAD_END.search(words) and not _is_known(document, start, end))
    return None if len(words) < 3 or bad else (start, end)


def _extended(document: Document, start: int, end: int) -> int:
    """`a podcast about history`, `a card game for children`: words that say which of its kind it is."""
    more = _WHICH.match(document.text, end, document.unit_at(start).end)
    return more.end() if more and _KIND.search(document.text[start:end]) else end
