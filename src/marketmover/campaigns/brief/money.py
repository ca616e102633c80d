"""Sums of money in the text, each with its currency where it is said; of a range, the upper bound."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from marketmover.campaigns.brief import currencies, world
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.numbers import Number, numbers
from marketmover.campaigns.brief.vocabulary import phrases

_SAID = phrases("money")

_NOT_MONEY = re.compile(rf"^ ?(?:{_SAID['counted after a number']}|-\d{{1,2}}-|[a-z]*-?{_SAID['counted things']})")
_JOINER = re.compile(r"^ ?(?:-|to|and|or|/|up to|bis|till|until) ?$")


@dataclass(frozen=True)
class Sum:
    """An amount in the text. `currency` is `None` where it is not said; `sure` tells money from a bare number."""

    start: int
    end: int
    amount: float
    currency: str | None
    sure: bool
    low: float | None = None
    dollar: bool = False
    """Whether the currency rests on a bare `$` or `dollars`, which the text may say to be another country's."""


def sums(document: Document, countries: list[str]) -> list[Sum]:
    """Every amount of money, ranges joined, and bare numbers that could be one (`sure` is false)."""
    found = [one for number in numbers(document.text) if (one := _sum(document, number, countries))]
    return _owned(document, _joined(document, found), countries)


def _sum(document: Document, number: Number, countries: list[str]) -> Sum | None:
    text, cased = document.text, document.cased
    before = _before_pattern().search(text, max(0, number.start - 8), number.start)
    code = currencies.from_sign(before.group(), cased[before.start() : before.end()]) if before else None
    if code is None and (before := _name_before_pattern().search(text, max(0, number.start - 24), number.start)):
        code = currencies.from_name(before.group(1), cased[before.start(1) : before.end(1)], countries)
    start = before.start() if before and code else number.start
    after = _after_pattern().match(text, number.end)
    named = currencies.from_name(after.group(1), cased[after.start(1) : after.end(1)], countries) if after else None
    if after and not named and (short := _SHORT_NAME.match(text, number.end)):
        after, named = short, currencies.from_name(short.group(1), cased[short.start(1) : short.end(1)], countries)
    end = after.end(1) if after and named else number.end
    money_word = after is not None and named is None and _bare_noun(after.group(1))
    dollar = (before is not None and before.group().strip() == "$" and not named) or (
        after is not None and re.fullmatch(r"dollars?|bucks?", after.group(1)) is not None
    )
    if code and named and code != named:
        code = named if dollar or before is None or before.group().strip() in ("$", "rs", "r") else code
        dollar = False
    currency = code or named
    if (
        currency is None
        and not money_word
        and (
            (number.value < 50 and not _is_small_budget(document, number))
            or _NOT_MONEY.match(text[number.end : number.end + 24])
            or _is_date_or_phone(text, number)
        )
    ):
        return None
    return Sum(start, end, number.value, currency, currency is not None or money_word, dollar=dollar)


_A_DAY = re.compile(r" ?(?:(?:a|an|per|each|every) |/ ?|p/)(?:day|d\b|week|wk)|,? (?:daily|weekly)\b")


def _is_small_budget(document: Document, number: Number) -> bool:
    """Whether a small bare number may be money all the same: `15` to a question on the budget, `twenty a day`."""
    unit = document.unit_at(number.start)
    return number.value >= 3 and (unit.field == "budget" or _A_DAY.match(document.text, number.end) is not None)


def _bare_noun(name: str) -> bool:
    return (
        re.search(
            r"(?:dollar|pound|peso|krona|kroner|kronor|kr|dirham|dinar|franc|rupee|riyal|shilling|crown|lira)s?$",
            name.strip(),
        )
        is not None
    )


_LABELS_OF_OTHER_NUMBERS = re.compile(rf"{_SAID['labels of other numbers']}\W*(?:us |me )?(?:on |at )?$")


def _is_date_or_phone(text: str, number: Number) -> bool:
    value = number.value
    year = (
        1900 <= value <= 2100 and not number.scaled and not number.spelt and text[number.start : number.end].isdigit()
    )
    before = text[max(0, number.start - 24) : number.start]
    around = text[max(0, number.start - 3) : number.end + 8]
    budgetary = (
        re.search(r"(?:budget|spend|have|is|(?:budget|total|sum|up to|max\w*) of|:|=)\W{0,3}$", before) is not None
    )
    phone = re.search(r"\+?\d[\d ()-]{8,}\d", around) is not None and not number.scaled and "," not in around
    labelled = (
        _LABELS_OF_OTHER_NUMBERS.search(
            before,
        )
        is not None
    )
    return (year and not budgetary) or phone or labelled or text[number.start - 1 : number.start] in ("/", "#")


def _joined(document: Document, found: list[Sum]) -> list[Sum]:
    """Join `20k to 25k`, `between 20 and 25k`, `$20-25k` into one sum, the upper bound."""
    joined: list[Sum] = []
    for one in found:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.low is None
            and _JOINER.match(document.text[last.end : one.start])
            and _is_range(document, last, one)
        ):
            scale = (
                1000.0
                if last.amount < 1000 <= one.amount
                and one.amount % 1000 in (0, 500)
                and last.amount * 1000 <= one.amount
                else 1.0
            )
            joined[-1] = replace(
                one,
                start=last.start,
                low=last.amount * scale,
                currency=one.currency or last.currency,
                sure=one.sure or last.sure,
                dollar=one.dollar or last.dollar,
            )
        else:
            joined.append(one)
    return [_with_small_lower_bound(document, one) for one in joined]


def _is_range(document: Document, low: Sum, high: Sum) -> bool:
    between = document.text[low.end : high.start].strip()
    if high.amount <= low.amount or (high.currency and low.currency and high.currency != low.currency):
        return False
    before = document.before(low.start, 24)
    if between == "and":
        return re.search(r"between (?:about |around |roughly )?$", before) is not None
    return not (between == "to" and _is_change(document, low.start))


def _is_change(document: Document, start: int) -> bool:
    """Whether two sums are the old and the new one: `increase it from 8k to 11k`."""
    return (
        re.search(
            r"\b(?:up|down|increas\w+|rais\w+|bump\w*|chang\w+|cut|reduc\w+|lower\w*|go|mov\w+)\b[^\n]{0,40}\bfrom\b",
            document.before(start, 70),
        )
        is not None
    )


def _with_small_lower_bound(document: Document, one: Sum) -> Sum:
    """`20-25k` and `between 20 and 25k`: the lower bound is a small bare number that is no sum by itself."""
    if one.low is not None or _is_change(document, one.start):
        return one
    match = re.search(
        (
            r"(?:[$\u00a3\u20ac\u20b9]|\brs\.? ?)?(\d{1,3}(?:[.,]\d)?) ?(?:k ?)?(?:-|to|or) ?$"
            r"|between (?:[$\u00a3\u20ac\u20b9] ?)?(\d{1,3}(?:[.,]\d)?) ?(?:k )?and $"
        ),
        document.before(one.start, 24),
    )
    if not match:
        return one
    start = one.start - len(match.group())
    sign = match.group().strip()[:1]
    code = one.currency or (currencies.from_sign(sign) if sign in "$\u00a3\u20ac\u20b9" else None)
    return replace(
        one, start=start, low=0.0, currency=code, sure=one.sure or code is not None, dollar=one.dollar or sign == "$"
    )


def _owned(document: Document, found: list[Sum], countries: list[str]) -> list[Sum]:
    """Give bare dollars the owner that the text names: `all figures in AUD`, or another sum in that currency."""
    owner = _dollars_owner(document, found)
    if owner:
        return [replace(one, currency=owner) if one.dollar else one for one in found]
    local = _local_dollars(countries)
    return [replace(one, currency=local) if local and _in_words(document, one) else one for one in found]


def _local_dollars(countries: list[str]) -> str | None:
    """The dollars of the countries that the text names, where all who have dollars share them: of Canada alone, CAD."""
    theirs = {currencies.of_country(country) for country in countries} & _DOLLARS
    return theirs.pop() if len(theirs) == 1 else None


def _in_words(document: Document, one: Sum) -> bool:
    """Whether the sum says `dollars`; by the contract a bare `$` stays USD unless the text says whose it is."""
    words = document.text[one.start : one.end]
    return one.dollar and "$" not in words and re.search(r"\b(?:dollars?|bucks?)$", words) is not None


def _dollars_owner(document: Document, found: list[Sum]) -> str | None:
    match = _owner_pattern().search(document.text)
    if match:
        named = match.group(1)
        code = currencies.from_name(named, document.cased[match.start(1) : match.end(1)])
        if code:
            return code
    others = {one.currency for one in found if one.currency and not one.dollar} & _DOLLARS
    return next(iter(others)) if len(others) == 1 else None


_DOLLARS = {"AUD", "CAD", "NZD", "SGD", "HKD", "USD", "TWD", "JMD", "TTD", "BSD", "BBD", "FJD", "NAD", "BZD"}


def stated_currency(document: Document) -> tuple[str, int, int] | None:
    """A currency that the text states by itself (`Currency: AUD`, `all figures in Canadian dollars`), and its place."""
    if owner := _after_dollars(document):
        return owner
    match = _owner_pattern().search(document.text)
    if not match:
        return None
    code = currencies.from_name(match.group(1), document.cased[match.start(1) : match.end(1)])
    return (code, match.start(), match.end(1)) if code else None


def _after_dollars(document: Document) -> tuple[str, int, int] | None:
    """`12 grand Aussie`, `20 thousand dollars (Australian)`, `dollars obviously, Canadian ones`."""
    match = _nationality_pattern().search(document.text)
    code = currencies.of_country(world.demonyms()[match["whose"]]) if match else None
    return (code, match.start(), match.end()) if match and code in _DOLLARS else None


@lru_cache(maxsize=1)
def _nationality_pattern() -> re.Pattern[str]:
    whose = "|".join(map(re.escape, world.demonyms()))
    return re.compile(
        rf"(?:dollars?\b(?: obvs| obviously)?|\bbucks|\bgrand|\d ?k|\d)[ ,(?]+(?P<whose>{whose})(?: ones?| dollars)?"
        r"(?=[ ]?[.,;!)\n]|$| for\b| total| in total| all in)"
    )


_SHORT_NAME = re.compile(r" ?([a-z]{3}|\S)(?![a-z])")


@lru_cache(maxsize=1)
def _before_pattern() -> re.Pattern[str]:
    return re.compile(rf"{currencies.sign_pattern()} ?$")


@lru_cache(maxsize=1)
def _name_before_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w])({currencies.name_pattern()}) $")


@lru_cache(maxsize=1)
def _after_pattern() -> re.Pattern[str]:
    return re.compile(rf"\.?(?:,-|,--|\.-{{1,2}})? ?(?:of )?({currencies.name_pattern()})")


_ALSO_WORDS = {"ALL", "TRY", "TOP"}


@lru_cache(maxsize=1)
def _owner_pattern() -> re.Pattern[str]:
    name = (
        r"((?:(?:us|u\.s\.|canadian|australian|american|hong kong|new zealand|singapore|swiss|british|indian) )?"
        r"(?:dollars?|pounds?|rupees?|francs?|euros?)\b|(?:"
        + "|".join(sorted(currencies.codes() - _ALSO_WORDS)).lower()
        + r")\b)"
    )
    what = (
        r"(?:all|our|the|these|my)? ?(?:figures|amounts|prices|numbers|sums|budgets?|everything|dollars?|money|\$)"
        r"(?: (?:here|below|above|quoted))?(?: (?:is|are|'s))?(?: all)? (?:in|as)"
    )
    said = r"(?:that'?s|this is|i mean|meaning|these are|dollars are|all in)(?: in)?"
    alone = r"(?:^|(?<=\n)|(?<=, )|(?<=\())(?:yes,? |yep,? |ok,? |still )?(?:in )?(?=[^\n,.]{2,22}(?:,|\.|\n|\)|\?|$))"
    return re.compile(rf"(?:{alone}|currency|{what}|{said})(?: is| are)?\W{{0,3}}{name}")
