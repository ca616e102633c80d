"""What is sold or shown, in the client's own words."""

import re

from marketmover.campaigns.brief.context import PAST, Found
from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.industry import trade_of
from marketmover.campaigns.brief.phrases import phrase_end, without_article
from marketmover.campaigns.brief.vocabulary import phrases

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
_FIRM_LABEL = re.compile(r"(?:shop|store|business|brand|client|advertiser) ?[:=]")
_PRICED = re.compile(
    r"(?P<what>(?:[a-z][a-z'-]+ ){0,3}[a-z][a-z'-]{2,})(?: \((?:costs? |from |at )?|, (?:at |from )?| from | at | )"
    r"(?:[$\u00a3\u20ac\u20b9]|rs\.? ?)\d[\d.,]*(?: ?(?:each\b|a night|per (?:night|person|pair|bottle|box|month)|\)|,)"
    r"| ?- ?[$\u00a3\u20ac\u20b9]\d)"
)
_COUNTED = re.compile(rf"\b{_SAID['counted, not sold']}\b")
_IN_FRONT = re.compile(r"\b(?:get|put|bring) (?:our|the|my) (?P<what>[a-z-]+(?: [a-z-]+){0,3}) in front of\b")
_THING = re.compile(
    r"(?:(?<=\n)|(?<=[,;:.(] )|\b(?:an?|our|my|the|new) )(?P<what>(?:(?!the|an?|our|my|this|your|new|free"
    r"|of|for|in|on|to"
    r"|and|or|with|by|online|mobile \w+ app|is|are|we|i)[a-z-]+ ){1,2}"
    r"(?:apps?|games?|software|courses?|classes|newsletter|magazine|podcast|cottages?|subscriptions?"
    r"|kits?))(?=[.,;:!)\n]| (?:for|in|at|to|on|with|and|,)\b|$)"
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


def find_product(document: Document) -> Found[str] | None:
    """The product or service, as written."""
    for unit in document.units:
        if unit.field == "product" and not _FIRM_LABEL.match(document.text, unit.start):
            start = document.answer(unit)
            if start < unit.end and not any(pattern.search(document.text, start, unit.end) for pattern in _SIGNS[1:]):
                end = phrase_end(document.text, start, unit.end, most_words=7)
                start = without_article(document.text, start, end)
                words = document.text[start:end]
                if len(words) > 2 and not _BAD.match(words) and not _ORGANISATION.search(words):
                    return Found(document.evidence(start, end), start, end)
    for pattern in _SIGNS:
        for match in pattern.finditer(document.text):
            one = _phrase(document, match)
            if one is not None:
                return one
    if thing := _IN_FRONT.search(document.text) or _priced(document) or _THING.search(document.text):
        start = without_article(document.text, *thing.span("what"))
        return Found(document.evidence(start, thing.end("what")), start, thing.end("what"))
    if app := _APP.search(document.text):
        return Found(document.evidence(*app.span()), *app.span())
    return _by_trade(document)


def _priced(document: Document) -> re.Match[str] | None:
    """What stands beside a price: `cookery courses, 145 pounds each`, `standing desks ($549)`."""
    for match in _PRICED.finditer(document.text):
        unit, words = document.unit_at(match.start()), match["what"]
        plain = not (_COUNTED.search(words) or _BAD.match(words) or _NOT_A_NAME.search(words))
        if (
            unit.field in ("", "objective", "product")
            and plain
            and not PAST.search(document.text, unit.start, unit.end)
        ):
            return match
    return None


def _by_trade(document: Document) -> Found[str] | None:
    """The first `our ...` or `a ...` whose words name a line of business."""
    for match in re.finditer(r"\b(?:our|my|an?|the new|the) (?=[a-z])", document.text):
        one = _phrase(document, match)
        if (
            one is not None
            and trade_of(document, one.start, one.end)
            and not _ORGANISATION.search(document.text[one.start : one.end])
        ):
            return one
    for unit in document.units:
        if unit.field in ("", "objective", "product") and (one := _fragment(document, unit)) is not None:
            return one
    return None


def _fragment(document: Document, unit: Unit) -> Found[str] | None:
    """A clause of few words that only names a trade: `loft conversions, London`."""
    for match in re.finditer(r"(?:(?! (?:for|in|from) )[^,.;:()/\n])+", document.text[unit.start : unit.end]):
        start = unit.start + match.start() + len(match.group()) - len(match.group().lstrip())
        end = unit.start + match.end() - len(match.group()) + len(match.group().rstrip())
        words = document.text[start:end]
        few = 1 <= len(words.split()) <= 4 and not _NOT_A_NAME.search(words)
        if few and trade_of(document, start, end) and not _ORGANISATION.search(words) and not _BAD.match(words):
            start = without_article(document.text, start, end)
            return Found(document.evidence(start, end), start, end)
    return None


def _phrase(document: Document, match: re.Match[str]) -> Found[str] | None:
    unit = document.unit_at(match.start())
    if unit.field in (
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
    ) or PAST.search(document.text, max(unit.start, match.start() - 30), match.end()):
        return None
    end = phrase_end(document.text, match.end(), unit.end)
    start = without_article(document.text, match.end(), end)
    counted = re.compile(r"\d{1,3} (?=[a-z])").match(document.text, start, end)  # `we run 12 escape rooms`
    start = counted.end() if counted else start
    words = document.text[start:end]
    if re.search(r"\b(?:run|runs|own|owns|operate|open|opening)\b", match.group()) and _ORGANISATION.search(words):
        return None
    if (
        len(words) < 3
        or re.search(r"(?<!kids)(?<!girls)(?<!boys)(?<!children)(?<!men)'s? ", words)
        or _BAD.match(words)
        or re.match(r"\d", words)
        or re.search(r"\b(?:pages?|sites?|money|price|cost)$", words)
    ):
        return None
    return Found(document.evidence(start, end), start, end)
