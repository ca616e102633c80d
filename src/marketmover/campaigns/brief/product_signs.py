"""Phrases that may name the product, and the signs for and against each."""

import re
from collections import Counter
from collections.abc import Iterator

from marketmover.campaigns.brief.choice import Candidate
from marketmover.campaigns.brief.context import PAST
from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.noun_phrases import NounPhrase, Token, lemma, noun_phrases, tokens
from marketmover.campaigns.brief.trades import trades
from marketmover.campaigns.brief.vocabulary import phrases, words
from marketmover.campaigns.brief.world import is_place

_SAID = phrases("product")
_PROMOTES = re.compile(rf"\b{_SAID['promotes']} $")
_ORGANISATION = re.compile(rf"(?:^|.* ){_SAID['organisations']}s?")
_FIRM = re.compile(rf"(?:^|.* ){_SAID['firms']}s?")
_COUNTED = re.compile(rf"{_SAID['counted, not sold']}")
_ORDERS = re.compile(rf"{_SAID['orders']}")
_GOODS = re.compile(rf"\b{_SAID['goods and services of any industry']}\b")
_NO_PRODUCT = re.compile(rf"{_SAID['no product']}")
_OURS = re.compile(rf"{_SAID['ours but no product']}")
_KIND = re.compile(rf"(?:^|.* ){_SAID['kinds that need a word more']}s?")
_THING = re.compile(rf"(?:^|.* ){_SAID['things by name']}")
_PRICE = re.compile(r" ?(?:\(|, |for |at |from |costs? |= |: |- )*(?:[$\u20ac\u00a3\u20b9]|rs\.? ?|eur |usd )\d")
_POSSESSIVE = re.compile(r"(?<!women)(?<!men)(?<!kid)(?<!children)(?<!girl)(?<!boy)(?<!ladie)'s?$")
_MARKS = {".": "stop", "!": "stop", "?": "asked", ",": "comma", ";": "comma", ":": "colon", "=": "colon", "|": "colon",
          "(": "open", ")": "close", '"': "quote", "-": "dash", "/": "slash"}  # fmt: skip
_ROLES = frozenset(word for word in words("roles_alone"))


CROSS_A = ("field", "alone", "article")
CROSS_B = ("known", "not known", "organisation", "head known")


def candidates(document: Document) -> list[Candidate[str]]:
    """Every noun phrase of the text, whole and in the parts that may name what is sold."""
    found: list[Candidate[str]] = []
    lines = [_line(document, unit) for unit in document.units]
    heads = Counter(line[one.last - 1].word for line in lines for one in noun_phrases(line))
    for at, (unit, line) in enumerate(zip(document.units, lines, strict=True)):
        place = f"line {at if at < 2 else '2-4' if at < 5 else 'later'}"
        for one in noun_phrases(line):
            for form, first, last in _forms(line, one):
                start, end = line[first].start, line[last - 1].end
                if end - start > 2:
                    around = tuple(_signs(document, unit, line, one, heads))
                    own = tuple(_own(document, line, first, last))
                    both = tuple(f"{one}, {two}" for one in around if one.startswith(CROSS_A) for two in own if two in CROSS_B)
                    signs = (*around, *own, *both, place, form)
                    found.append(Candidate(document.text[start:end], start, end, signs))
    return found


def _line(document: Document, unit: Unit) -> list[Token]:
    start = document.answer(unit) if unit.field else unit.start
    return tokens(document.text, start if start < unit.end else unit.start, unit.end)


def _forms(line: list[Token], one: NounPhrase) -> Iterator[tuple[str, int, int]]:
    """The phrase itself; without the word for a firm or an order at its end; with `of`, `for` or `and` more."""
    yield "form whole", one.first, one.last
    last = line[one.last - 1].word
    if one.last - one.first > 1:
        if _FIRM.fullmatch(last):
            yield "form without firm", one.first, one.last - 1
        elif _ORDERS.fullmatch(last) or _COUNTED.fullmatch(last):
            yield "form without order", one.first, one.last - 1
    if _ORDERS.fullmatch(last) or _COUNTED.fullmatch(last) or _NO_PRODUCT.fullmatch(last):
        return
    if one.last + 1 < len(line) and line[one.last].word in ("of", "for", "about", "and", "from"):
        at = one.last + 1
        while at < len(line) and line[at].part in ("determiner", "light"):
            at += 1
        if at < len(line) and line[at].part == "name":
            more = next(noun_phrases(line[at:]))
            yield f"form with {line[one.last].word}", one.first, at + more.last


def _signs(
    document: Document, unit: Unit, line: list[Token], one: NounPhrase, heads: Counter[str]
) -> Iterator[str]:
    """What the words around say."""
    before = one.first - 1
    article = ""
    while before >= 0 and line[before].part in ("determiner", "light", "number"):
        article = line[before].word if line[before].part == "determiner" else article
        before -= 1
    yield f"field {unit.field}"
    if unit.field and one.first == 0:
        yield f"answers {unit.field}"
    yield f"article {article}" if article in ("the", "a", "an", "our", "my", "your", "this", "") else "article other"
    yield f"behind {_named(line[before]) if before >= 0 else 'start'}"
    verb = next((token for token in reversed(line[max(0, before - 4) : before + 1]) if token.part == "verb"), None)
    yield f"verb {lemma(verb.word)}" if verb else "no verb"
    lead = line[before].end + 1 if before >= 0 else unit.start
    if _PROMOTES.search(document.text, max(unit.start, lead - 40), lead):
        yield "promoted"
    if before >= 1:
        yield f"behind two {_named(line[before - 1])} {_named(line[before])}"
    ours = article in ("our", "my")
    after = line[one.last] if one.last < len(line) else None
    yield f"before {_named(after) if after else 'end'}"
    if ours:
        yield f"ours before {after.part if after else 'end'}"
    alone = (before < 0 or line[before].part == "mark") and (after is None or after.part == "mark")
    if alone:
        yield "alone in its line" if before < 0 and after is None else "alone in its clause"
    if PAST.search(document.text, unit.start, line[one.last - 1].end):
        yield "past"
    yield f"said {min(heads[line[one.last - 1].word], 3)} times"


def _named(token: Token) -> str:
    if token.part == "mark":
        return _MARKS.get(token.word, "mark")
    if token.part == "verb":
        return lemma(token.word)
    return token.part if token.part in ("number", "name", "time") else token.word


def _own(document: Document, line: list[Token], first: int, last: int) -> Iterator[str]:
    """What the phrase itself says."""
    start, end = line[first].start, line[last - 1].end
    phrase, head = document.text[start:end], line[last - 1].word
    yield f"words {min(last - first, 5)}"
    known = trades(line, first, last)
    yield "known" if known else "not known"
    if known and known[-1][2] == last:
        yield "head known"
        if last - first > 1 and known[-1][1] == first:
            yield "known in full"
    for sign, pattern in _OWN:
        if pattern.fullmatch(phrase):
            yield sign
    for sign, pattern in _HEAD:
        if pattern.fullmatch(head):
            yield f"head {sign}"
    if head in _ROLES:
        yield "people"
    if is_place(phrase) or is_place(head):
        yield "place"
    if _PRICE.match(document.text, end):
        yield "priced"
    if any(_POSSESSIVE.search(token.word) for token in line[first:last]):
        yield "possessive"
    if document.cased[start:end] != phrase:
        yield "capital at start" if document.cased[start + 1 : end] == phrase[1:] else "capitals inside"
    yield f"head {head}"
    yield f"ends in {_ending(head)}"


_OWN = (("organisation", _ORGANISATION), ("firm", _FIRM), ("no product", _NO_PRODUCT), ("ours", _OURS), ("kind", _KIND),
        ("thing", _THING))  # fmt: skip
_HEAD = (("counted", _COUNTED), ("order", _ORDERS), ("no product", _NO_PRODUCT))


def _ending(head: str) -> str:
    for ending in ("ing", "ers", "er", "ion", "ions", "s", "ed", "y"):
        if head.endswith(ending) and len(head) > len(ending) + 2:
            return ending
    return "other"
