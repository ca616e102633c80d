"""When the campaign runs: only where the text fixes it to a year. The date of a mail fixes nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from marketmover.campaigns.brief.calendar import Span, Yearless, spans
from marketmover.campaigns.brief.context import Found, is_past
from marketmover.campaigns.brief.date_order import numeric_order, two_ways
from marketmover.campaigns.brief.date_signs import Days, chosen_days, length_signs
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.lengths import Length, lengths
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.campaigns.brief.weighing import weights

_SAID = phrases("dates")

_OTHER_BUSINESS = re.compile(
    rf"\b(?:{_SAID['dates of other business']}|(?:conference|event|fair|wedding"
    rf"|race|concert|festival|show|exam|exhibition|match|gala|book)(?: (?:itself"
    rf"|is|are|takes place|happens|on|runs|opens|starts|begins|comes out))+(?= on\b"
    rf"| in\b| from\b|$| \d| the))\b(?:[^\n:]{{0,45}}|:? ?)$"
)
_RUNS = re.compile(rf"\b{_SAID['campaign runs']}\b")
_STARTS = re.compile(
    r"\b(?:start\w*|begin\w*|launch\w*|go(?:es|ing)?[- ]live|live|kick\w*(?: ?-?off)?|from|commenc\w*|first day"
    r"|as of|w/c|opens?)\b[^\n]{0,40}$"
)
_ENDS = re.compile(rf"\b{_SAID['campaign ends']}\b[^\n]{{0,24}}$")
_LINK = re.compile(
    rf"^ ?(?:\(?(?:mon|tues?|wednes|thurs|fri|satur|sun)(?:day)?\)?)?,? ?"
    rf"{_SAID['joins first and last day']}(?: the)?(?: (?:mon|tues?|wednes|thurs"
    rf"|fri|satur|sun)day,?)? ?(?:the )?$"
)
_TO_ANOTHER = re.compile(
    r" ?(?:-|to|until|till|through|thru|bis|/) ?(?:the )?(?:(?:mon|tues?|wednes|thurs|fri|satur|sun)(?:day)? )?"
    r"(?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
_MONTH_LINK = re.compile(
    r"\b(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?: (?P<year>20\d\d))?"
    r"(?:, (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)* ?(?:-|to|until"
    r"|through|and|till|\+|&|/) ?$"
)
_RUN_LENGTH_BEFORE = re.compile(
    rf"\b{_SAID['before the length']}\b[ :=(-]*(?:about |around |roughly |approximately "
    rf"|exactly |just |maybe |the |first |an? |initial |up to )*$"
)
_RUN_LENGTH_AFTER = re.compile(
    rf"^[- ]*(?:long |test |pilot |initial |paid |ad |lead[- ]gen(?:eration)? )*"
    rf"{_SAID['after the length']}"
)
_NOT_LENGTH = re.compile(rf"\b{_SAID['other lengths before']}(?: first| next)? (?:about |around |roughly )?$")
_NOT_LENGTH_AFTER = re.compile(rf"^[ -]*{_SAID['other lengths after']}\b")


@dataclass
class Timing:
    """When the campaign runs, with the places it was read from."""

    start: Found[date] | None = None
    end: Found[date] | None = None
    duration: Found[int] | None = None
    warnings: list[str] = field(default_factory=list[str])


def find_timing(document: Document, countries: list[str], currencies: list[str]) -> Timing:
    """First and last day and the length, as far as the text fixes them.

    Args:
        document: The text.
        countries: ISO codes of all countries that the text names; they tell how 03/04/2026 is meant.
        currencies: ISO codes of the currencies in the text, the next best hint.
    """
    order, sure = numeric_order(document.text, countries, currencies)
    found = spans(document.text, order or "dmy")
    timing = Timing()
    ambiguous = [one for one in found if isinstance(one, Span) and one.ambiguous]
    if ambiguous and not sure:
        if any(_is_campaign(document, one) for one in ambiguous):
            timing.warnings.append(two_ways(document, ambiguous, order))
        if order is None:
            found = [one for one in found if one not in ambiguous]
    timing.start, timing.end = chosen_days(document, campaign_days(document, found))
    _fill(timing, campaign_length(document))
    _warn_of_missing_year(document, found, timing)
    return timing


def campaign_days(document: Document, found: list[Span | Yearless]) -> list[Days]:
    """The days and runs of days that may be the campaign's, with what the rules make of each."""
    by_rules = Timing()
    likely = [one for one in found if _is_campaign(document, one)]
    _read_range(document, likely, by_rules)
    campaign = {(one.start, one.end) for one in likely}
    days = [Days(one.start, one.end, one.first, one.last, one.is_day) for one in _with_years(document, found)]
    runs: list[Days] = []
    for at, one in enumerate(days):
        following = days[at + 1] if at + 1 < len(days) else None
        if following and _joined(document, one, following):
            runs.append(Days(one.start, following.end, one.first, following.last, is_day=False))
        elif not (runs and runs[-1].start < one.start < runs[-1].end):
            runs.append(one)
    return [replace(one, rules=frozenset(_rules_on(one, by_rules, campaign))) for one in runs]


def _joined(document: Document, one: Days, following: Days) -> bool:
    return (
        one.first <= following.last
        and document.unit_at(one.start) == document.unit_at(following.start)
        and _LINK.match(document.text[one.end : following.start]) is not None
    )


def _rules_on(one: Days, by_rules: Timing, campaign: set[tuple[int, int]]) -> Iterator[str]:
    if by_rules.start and by_rules.start.value == one.first and one.start <= by_rules.start.start <= one.end:
        yield "start"
    if by_rules.end and by_rules.end.value == one.last and one.start <= by_rules.end.start <= one.end:
        yield "end"
    if any(one.start <= start <= end <= one.end for start, end in campaign):
        yield "campaign"


def campaign_length(document: Document) -> Length | None:
    """The length of time that is likeliest the campaign's, by the learnt weights."""
    candidates = length_candidates(document)
    learnt = weights("duration_days")
    best = max(candidates, key=lambda one: learnt.log_odds(one[1]), default=None)
    return best[0] if best and learnt.log_odds(best[1]) > 0 else None


def length_candidates(document: Document) -> list[tuple[Length, list[str]]]:
    """Every length of time in the text, with its signs."""
    found, by_rules = lengths(document.text), _length(document)
    return [(one, [*length_signs(document, one.start, one.end, len(found), by_rules=one == by_rules)]) for one in found]


def _is_campaign(document: Document, one: Span | Yearless) -> bool:
    unit = document.unit_at(one.start)
    if unit.field in ("start", "end", "dates"):
        return True
    if unit.field in ("contact", "past", "age"):
        return False
    before = document.before(one.start, 70)
    if re.search(r"\b(?:instead of|rather than|not|no longer)(?: on| from)?(?: the)? $", before):
        return False
    later_wish = re.search(r"\b(?:start\w*|launch\w*|run\w*|live|campaign|from)\b[^\n]*$", before)
    other = _OTHER_BUSINESS.search(before)
    if other and not (later_wish and later_wish.start() > other.start()):
        return False
    if is_past(document, one.start, one.end) and not re.search(r"\b(?:until|before|start)\b[^\n]{0,12}$", before):
        return False
    around = document.text[max(unit.start, one.start - 80) : min(unit.end, one.end + 60)]
    return (
        _RUNS.search(around) is not None
        or re.search(r"\d{4}|[-:]", document.text[one.end : min(unit.end, one.end + 6)] + before[-3:]) is not None
        or isinstance(one, Span)
        or _TO_ANOTHER.match(document.after(one.end, 24)) is not None
    )


def _read_range(document: Document, found: list[Span | Yearless], timing: Timing) -> None:
    resolved = _with_years(document, found)
    ranges = [one for one in resolved if not one.is_day]
    for index, one in enumerate(resolved):
        following = resolved[index + 1] if index + 1 < len(resolved) else None
        if (
            following
            and one.first <= following.last
            and document.unit_at(one.start) == document.unit_at(following.start)
            and _LINK.match(document.text[one.end : following.start])
        ):
            timing.start, timing.end = (
                Found(one.first, one.start, one.end),
                Found(following.last, following.start, following.end),
            )
            continue
        _place(document, one, timing)
    if timing.start is None and timing.end is None and ranges:
        one = ranges[-1]
        timing.start, timing.end = Found(one.first, one.start, one.end), Found(one.last, one.start, one.end)


def _place(document: Document, one: Span, timing: Timing) -> None:
    unit = document.unit_at(one.start)
    before = document.before(one.start, 60)
    starts, ends = _STARTS.search(before), _ENDS.search(before)
    if timing.end and one.start == timing.end.start:
        return
    moved = re.search(
        (
            r"\b(?:start|launch|go-live|beginning)(?: date)?(?: (?:back|forward|moves?|is|now|stays|shifts?"
            r"|changes?))* (?:to|is|stays|now|:) ?(?:the )?$"
        ),
        before,
    )
    if one.is_day and not moved and (unit.field == "end" or (ends and (not starts or starts.start() < ends.start()))):
        timing.end = Found(one.last, one.start, one.end)
    elif one.is_day and (
        starts
        or unit.field in ("start", "dates")
        or re.search(r"\bon (?:the )?$", before)
        or re.match(r"^ ?(?:start|launch|kick|onwards?|for \w+ (?:weeks|days|months))", document.after(one.end, 20))
    ):
        timing.start = Found(one.first, one.start, one.end)
    elif not one.is_day:
        month_link = _MONTH_LINK.search(before)
        if month_link:
            _month_to_month(one, month_link, timing)
        elif (
            starts
            and not ends
            and re.search(r"\b(?:start\w*|begin\w*|launch\w*|kick\w*|from|go(?:es|ing)? live)\b[^\n]{0,18}$", before)
            and not re.search(r"\b(?:run|for|all|throughout|during)\b[^\n]{0,8}$", before)
        ):
            return
        elif (
            ends
            and unit.field != "dates"
            and re.search(r"\b(?:until|till|through|ends?|to|by|up to)(?: the)?(?: end of)? $", before)
        ):
            timing.end = Found(one.last, one.start, one.end)
        elif timing.start is None:
            timing.start, timing.end = Found(one.first, one.start, one.end), Found(one.last, one.start, one.end)


def _month_to_month(one: Span, link: re.Match[str], timing: Timing) -> None:
    from marketmover.campaigns.brief.calendar import MONTHS

    month = MONTHS[link["month"]]
    year = int(link["year"]) if link["year"] else one.first.year - (1 if month > one.first.month else 0)
    timing.start = Found(
        date(year, month, 1), one.start - (len(link.string) - link.start()) if link.string else one.start, one.end
    )
    timing.end = Found(one.last, one.start, one.end)


def _with_years(document: Document, found: list[Span | Yearless]) -> list[Span]:
    """Give a date without a year the year of the dated neighbour it forms a range with, or of its own sentence."""
    resolved: list[Span] = []
    for index, one in enumerate(found):
        if isinstance(one, Span):
            resolved.append(one)
            continue
        neighbour = next((other for other in found[index + 1 :] if isinstance(other, Span)), None)
        linked = (
            neighbour is not None
            and document.unit_at(one.start) == document.unit_at(neighbour.start)
            and len(document.text[one.end : neighbour.start]) < 40
        )
        if linked and neighbour is not None and (made := one.in_year(neighbour.first.year)):
            earlier = one.in_year(neighbour.first.year - 1)
            resolved.append(made if made.first <= neighbour.last or earlier is None else earlier)
        elif (
            (
                resolved
                and resolved[-1].first <= (made := one.in_year(resolved[-1].first.year) or resolved[-1]).last
                and made is not resolved[-1]
                and one.start - resolved[-1].end < 160
            )
            or (
                resolved
                and one.start - resolved[-1].end < 160
                and (made := one.in_year(resolved[-1].first.year + 1))
                and (made.last - resolved[-1].first).days < 300
            )
            or ((year := _year_of_sentence(document, one)) and (made := one.in_year(year)))
        ):
            resolved.append(made)
    return resolved


def _year_of_sentence(document: Document, one: Yearless) -> int | None:
    unit = document.unit_at(one.start)
    years = set(
        re.findall(r"(?<![\d$\u00a3\u20ac/.,-])20[2-9]\d(?![\d/.,-]\d|\d)", document.text[unit.start : unit.end])
    )
    return int(next(iter(years))) if len(years) == 1 else None


_SPEAKS_OF_THE_CAMPAIGN = re.compile(rf"\b(?:{_SAID['speaks of the campaign']}|\d{{4}})\b")


_ASKS_FOR_A_LENGTH = re.compile(rf"\b{_SAID['asks for a length']} (?:the )?$")


def _length(document: Document) -> Length | None:
    best: Length | None = None
    for one in lengths(document.text):
        unit = document.unit_at(one.start)
        before, after = document.before(one.start, 40), document.after(one.end, 30)
        if (
            unit.field in ("past", "contact", "product", "age", "targets")
            or _NOT_LENGTH_AFTER.match(after)
            or is_past(document, one.start, one.end)
        ):
            continue
        if _ASKS_FOR_A_LENGTH.search(
            before,
        ) and not re.search(
            r"\b(?:duration|period|flight|run|campaign|length) of $|\b(?:for|over|run) the first $", before
        ):
            continue
        word = document.text[one.start : one.end]
        if (
            re.match(r"(?:a|an|one) (?:day|week|month)$", word)
            and not re.search(
                r"\b(?:for|over|run(?:s|ning)?|last(?:s|ing)?|duration|just|only|about|exactly|than)[ :]+$", before
            )
            and unit.field != "dates"
        ):
            continue
        if _NOT_LENGTH.search(before) and not re.search(
            r"\b(?:for|over|run|lasting|runs|about|duration|(?:will|to|should|must|shall|would) last)\b[^\n]{0,14}$"
            r"|'ll last $",
            before,
        ):
            continue
        if (
            unit.field in ("dates", "start", "end")
            or _RUN_LENGTH_BEFORE.search(before)
            or _RUN_LENGTH_AFTER.match(after)
        ):
            context = document.text[unit.start : unit.end]
            clause = document.text[slice(*document.clause(one.start, one.end))]
            alone = clause.strip(" .,\n") == word
            if (
                alone
                or unit.field in ("dates", "start", "end")
                or _SPEAKS_OF_THE_CAMPAIGN.search(
                    context,
                )
            ):
                best = one
    return best


def _fill(timing: Timing, length: Length | None) -> None:
    """Let a missing end follow from start and length, a missing start from end and length, the length from both."""
    if length and timing.start and not timing.end:
        timing.end = Found(length.last_day(timing.start.value), length.start, length.end)
    elif length and timing.end and not timing.start:
        timing.start = Found(length.first_day(timing.end.value), length.start, length.end)
    if timing.start and timing.end and timing.end.value < timing.start.value:
        timing.warnings.append(
            f"the end {timing.end.value} lies before the start {timing.start.value}, so neither was taken"
        )
        timing.start = timing.end = None
    if timing.start and timing.end:
        days = (timing.end.value - timing.start.value).days + 1
        same = length is not None and length.last_day(timing.start.value) == timing.end.value
        place = length if same and length else timing.end
        if length and not same and abs(length.about_days - days) > 3 and length.about_days * 3 > days:
            timing.warnings.append(f"the dates span {days} days, but the text also speaks of {length.about_days} days")
        timing.duration = Found(days, place.start, place.end)
    elif length:
        timing.duration = Found(length.about_days, length.start, length.end)
        if length.months:
            timing.warnings.append(f"{length.months} month(s) without dates were read as {length.about_days} days")


def _warn_of_missing_year(document: Document, found: list[Span | Yearless], timing: Timing) -> None:
    if timing.start or timing.end:
        return
    for one in found:
        if isinstance(one, Yearless):
            timing.warnings.append(f"'{document.evidence(one.start, one.end)}' names no year, so it fixes no date")
            return
