"""Ages of the audience."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.mention import mention_signs
from marketmover.campaigns.brief.numbers import numbers, parse_spelt
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.campaigns.brief.weighing import weights

_SAID = phrases("people")

_PEOPLE = _SAID["after ages"]
_AGE_WORD = (
    rf"(?:{_SAID['before ages']}|(?:[a-z]{{3,}}(?:ers|ors|ents|ians|ees|ists|asts"
    rf"|dies|letes)|[a-z]{{3,}}s(?= between)))"
)
_NUMBER_WORD = (
    r"(?:eighteen|twenty|thirty|forty|fifty|sixty|seventy)(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?"
)
_N = rf"(?:\d{{2}}|{_NUMBER_WORD})"
_RANGES = re.compile(
    # `women aged 25-54`, `people between 20 and 45`
    rf"(?:{_AGE_WORD}(?: group| range| bracket)?(?: {_SAID['between people and ages']}|[:,(])* ?\(?"
    rf"(?P<low>{_N})(?:s)? ?(?:-|to|and|through|until|/) ?(?P<high>{_N})(?![\d%k]|,\d|\.\d)"
    # `25-54 year olds`, `20 to 30s living in`
    rf"|(?<![\d$\u00a3\u20ac.,])(?P<low2>{_N}) ?(?:-|to|and) ?(?P<high2>{_N})"
    r"(?:s (?:who|that|in|with|living|across|around)\b"
    rf"|(?:[- ]| \w+ )?{_PEOPLE}(?! experience|of experience|in business|ago))"
    # `between 20 and 30 years`
    rf"|(?:between|from) (?P<low3>{_N}) (?:and|to) (?P<high3>{_N}) (?:years|yrs|year)(?! of experience))"
)
_FROM = re.compile(
    # `over 40s`, `aged 30 and up`, `from 25 years`
    rf"(?:(?:{_SAID['not younger than']})(?: the age of)?[- ]?(?P<over>{_N})"
    rf"(?:['-]?s\b|\+| ?{_SAID['after the youngest age']}"
    rf"|(?=[ ,.;)]*$|[,.;)\n]| {_SAID['after a youngest age that says no more']}))"
    # `50+`, `18 and over`
    rf"|(?<![\d$\u00a3\u20ac.,])(?P<plus>{_N}) ?(?:\+|plus\b|and (?:over|above|older|up)\b"
    r"|or (?:over|older)\b|years? and (?:over|above|older)\b))"
)
_UPTO = re.compile(
    rf"(?:under|below|younger than|up to(?: the age of)?|no older than)(?:[- ]"
    rf"| age )?(?:the age of )?(?P<under>{_N})(?:['-]?s\b| ?(?:years? old|yrs?\b|years? of age)|(?=[ ,.;)]*$"
    rf"|[,.;)\n]| (?:who|in|with|living|only|women|men)))"
)
_TENS = r"(?:20|30|40|50|60|70|twentie|thirtie|fortie|fiftie|sixtie|seventie)"
_PART = r"(?:early|mid|late)[- ]"
_DECADES = re.compile(
    # `women in their early thirties to mid forties`
    rf"\b(?:in (?:their|her|his)|{_SAID['before a decade']}(?: \w+)?(?: in)?(?: their)?)"
    rf" (?:(?P<part>early|mid|late)[- ])?(?P<first>{_TENS})'?s"
    rf"(?:(?: and|,| or|-| to) (?:{_PART})?(?P<second>{_TENS})'?s)?\b"
    # `..., 30s and 40s.`
    r"|(?<=[.;,:] )(?P<first2>[2-6]0)'?s(?:(?: and| to|-| or) (?P<second2>[2-7]0)'?s)?(?=[.,;\n])"
    # `thirty-somethings`
    r"|\b(?P<somethings>twenty|thirty|forty|fifty|[2-5]0)-?somethings\b"
)
_CHILDREN = re.compile(
    rf"\b{_SAID['ages of others']}(?: \w+){{0,3}} ?\(?(?:aged |ages |age |between "
    rf"|from |over |under |older than )?$"
)
_NOT_AGE_AFTER = re.compile(rf"^ ?{_SAID['counted instead of years']}")
_DECADE = {"twent": 20, "thirt": 30, "fort": 40, "fift": 50, "sixt": 60, "sevent": 70}


def find_ages(document: Document) -> tuple[Found[int] | None, Found[int] | None]:
    """Youngest and oldest age that the text asks for, by the learnt weights; several groups span to the widest."""
    youngest, oldest = weights("age_min"), weights("age_max")
    low = high = None
    best_low = best_high = 0.0
    for one in age_candidates(document):
        odds = youngest.log_odds(one.signs)
        if odds > best_low:
            low, best_low = one.age, odds
        odds = oldest.log_odds(one.signs)
        if odds > best_high:
            high, best_high = one.age, odds
    if low and high and low.value >= high.value:
        return (low, None) if best_low >= best_high else (None, high)
    return low, high


@dataclass(frozen=True)
class AgeCandidate:
    """A figure that may be the audience's youngest or oldest age."""

    age: Found[int]
    signs: frozenset[str]


def age_candidates(document: Document) -> list[AgeCandidate]:
    """Every figure from 13 to 90 that is no money, and what the rules find."""
    low, high = _ages_by_rules(document)
    by_rules = [(one, name) for one, name in ((low, "rules say youngest"), (high, "rules say oldest")) if one]
    found: list[AgeCandidate] = []
    for number in numbers(document.text):
        if not 13 <= number.value <= 90 or number.scaled or number.value % 1:
            continue
        if _MONEY_BEFORE.search(document.before(number.start, 4)) or _MONEY_AFTER.match(document.after(number.end, 24)):
            continue
        age = Found(int(number.value), number.start, number.end)
        said = [name for one, name in by_rules if one.value == age.value and one.start <= age.start < one.end]
        found.append(AgeCandidate(age, frozenset((*_age_signs(document, age, bool(by_rules)), *said))))
    for one, name in by_rules:
        if not any(name in other.signs for other in found):  # `in their thirties` is no figure
            found.append(AgeCandidate(one, frozenset((*_age_signs(document, one, has_rules=True), name, "no figure"))))
    return found


def _age_signs(document: Document, age: Found[int], has_rules: bool) -> Iterator[str]:
    yield from mention_signs(document, age.start, age.end)
    yield f"around {age.value // 10 * 10}"
    if has_rules:
        yield "rules find ages"
    before, after = document.before(age.start, 8), document.after(age.end, 8)
    if _SECOND_OF_RANGE.search(before):
        yield "second of a range"
    if _FIRST_OF_RANGE.match(after):
        yield "first of a range"


_MONEY_BEFORE = re.compile(r"[$\u00a3\u20ac\u20b9] ?$")
_MONEY_AFTER = re.compile(
    r" ?(?:(?:-|to|or) ?\d+(?:[.,]\d+)? ?)?"
    r"(?:k\b|thousand|grand|lakh|[$\u00a3\u20ac%]|euros?|dollars?|pounds?|quid|usd|eur|gbp)"
)
_FIRST_OF_RANGE = re.compile(r"s? ?(?:-|to|and|until|bis|/) ?\d\d(?!\d|[%k.,]\d)")
_SECOND_OF_RANGE = re.compile(r"(?<!\d)\d\ds? ?(?:-|to|and|until|bis|/) ?$")


def _ages_by_rules(document: Document) -> tuple[Found[int] | None, Found[int] | None]:
    """Youngest and oldest age that the text asks for; several groups together span from the youngest to the oldest."""
    lows: list[Found[int]] = []
    highs: list[Found[int]] = []
    taken: list[tuple[int, int]] = []
    for match in _RANGES.finditer(document.text):
        low = _age(match.group("low") or match.group("low2") or match.group("low3"))
        high = _age(match.group("high") or match.group("high2") or match.group("high3"))
        if low is None or high is None or not 10 <= low < high <= 99 or not _is_audience(document, match):
            continue
        if (
            re.match(r"\D*\ds", match.group())
            and high % 10 == 0
            and document.text[match.end() : match.end() + 1] == "s"
        ):
            high += 9
        lows.append(Found(low, *match.span()))
        highs.append(Found(high, *match.span()))
        taken.append(match.span())
    _field_ranges(document, lows, highs, taken)
    _fragments(document, lows, highs, taken)
    _decades(document, lows, highs, taken)
    for pattern, group, into in ((_FROM, ("over", "plus"), lows), (_UPTO, ("under",), highs)):
        for match in pattern.finditer(document.text):
            text = next((match.group(name) for name in group if match.group(name)), "")
            age = _age(text)
            if (
                age is not None
                and 13 <= age <= 90
                and _is_audience(document, match)
                and not _overlaps(match.span(), taken)
                and _speaks_of_age(document, match)
            ):
                into.append(Found(age, *match.span()))
    if not lows and not highs:
        return None, None
    open_top = [one for one in lows if not any(one.start == other.start for other in highs)]
    open_low = [one for one in highs if not any(one.start == other.start for other in lows)]
    low = (
        min(lows, key=lambda one: one.value)
        if lows and not (open_low and len(lows) < len(highs) and len(lows) > 0 and not open_top)
        else None
    )
    high = (
        max(highs, key=lambda one: one.value)
        if highs and not (open_top and any(one.value >= max(h.value for h in highs) for one in open_top))
        else None
    )
    return low, high


def _field_ranges(
    document: Document, lows: list[Found[int]], highs: list[Found[int]], taken: list[tuple[int, int]]
) -> None:
    """`Age: 25-54` and `Audience: W, 25 - 54`, where the label says what the figures are."""
    for unit in document.units:
        if unit.field not in ("age", "audience") or (lows and unit.field != "age"):
            continue
        for match in re.compile(
            r"(?<![\d$\u00a3\u20ac.,-])(\d{2}) ?(?:-|to|and|/|until) ?(\d{2})(?![\d%k,.-]\d|\d|k)"
        ).finditer(document.text, unit.start, unit.end):
            low, high = int(match.group(1)), int(match.group(2))
            if 13 <= low < high <= 99 and _is_audience(document, match) and not _overlaps(match.span(), taken):
                lows.append(Found(low, *match.span()))
                highs.append(Found(high, *match.span()))
                taken.append(match.span())


def _fragments(
    document: Document, lows: list[Found[int]], highs: list[Found[int]], taken: list[tuple[int, int]]
) -> None:
    """`Students, 18-24, in India`: a range of ages that stands alone between commas."""
    for match in re.finditer(
        rf"(?:(?<=[,;(/] )|(?<=\n)|^)(?:(?:i guess|i'd say|like|about|say|roughly|mostly|mainly|probably"
        rf"|maybe) )?({_N}) ?(?:-"
        rf"|to) ?({_N})(?=[,;)./\n]| (?:in|who|with)\b)",
        document.text,
    ):
        low, high = _age(match.group(1)), _age(match.group(2))
        if low is None or high is None or not 13 <= low < high <= 99:
            continue
        if _is_audience(document, match) and not _overlaps(match.span(), taken):
            lows.append(Found(low, *match.span()))
            highs.append(Found(high, *match.span()))
            taken.append(match.span())


def _decades(document: Document, lows: list[Found[int]], highs: list[Found[int]], taken: list[tuple[int, int]]) -> None:
    for match in _DECADES.finditer(document.text):
        if not _is_audience(document, match):
            continue
        first = _decade(match.group("first") or match.group("first2") or match.group("somethings"))
        second = match.group("second") or match.group("second2")
        last = _decade(second) if second else first
        low, high = first, last + 9
        if match.group("part") == "late":
            low += 5
        elif match.group("part") == "early" and not match.group("second"):
            high -= 5
        lows.append(Found(low, *match.span()))
        highs.append(Found(high, *match.span()))
        taken.append(match.span())


def _decade(text: str) -> int:
    return int(text) if text.isdigit() else next(value for stem, value in _DECADE.items() if text.startswith(stem))


def _age(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    value = parse_spelt(text)
    return int(value) if value is not None else None


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)


def _is_audience(document: Document, match: re.Match[str]) -> bool:
    if document.unit_at(match.start()).field in ("contact", "budget", "dates", "start", "end", "targets", "past"):
        return False
    owners = match.group().startswith(("owner", "holder", "buyer"))  # `house owners 30-60`
    if _CHILDREN.search(document.before(match.start(), 45)) and not owners:
        return False
    if _NOT_AGE_AFTER.match(document.after(match.end(), 24)) or re.match(
        r"(?:kids|children|parents) (?:of|with)", match.group()
    ):
        return False
    return not re.search(
        r"(?:[$\u00a3\u20ac\u20b9#]|\brs\.? ?|\bq)$", document.before(match.start(), 6)
    ) and not re.match(
        r"^[ -]?(?:year[- ]old )?(?:kids|children|babies|company|business|brand|warranty|house|homes)",
        document.after(match.end(), 24),
    )


_COUNTED_AFTER_OVER = re.compile(rf"^ ?{_SAID['counted after over']}")


def _speaks_of_age(document: Document, match: re.Match[str]) -> bool:
    """`over 40` is an age only beside people; `over 40s` and `18+` are by themselves, unless things are counted."""
    after = document.after(match.end(), 30)
    if _COUNTED_AFTER_OVER.match(
        after,
    ):
        return False
    if document.unit_at(match.start()).field == "age" or re.search(r"(?:s$|years? old|yrs|of age|age)", match.group()):
        return True
    left, right = document.clause(*match.span())
    if match.re is _FROM and match.group("plus") and document.text[left:right].strip(" .") == match.group().strip():
        return True
    around = document.before(match.start(), 60) + after
    return (
        re.search(
            rf"\b(?:{_AGE_WORD}|target\w*|only|retire\w*|drivers|golfers|drinkers|legal)\b",
            re.sub(r"\b[fmwa]\b", "", around),
        )
        is not None
    )
