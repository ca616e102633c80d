"""Days and spans of days in a text: `12 January 2026`, `Q1 2026`, `the first two weeks of March 2026`, `03/04/2026`."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from marketmover.campaigns.brief.vocabulary import phrases

_SAID = phrases("calendar")

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS.update({name.lower(): number for number, name in enumerate(calendar.month_abbr) if name})
MONTHS["sept"] = 9
_MONTH = r"(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_SPELT_YEARS = {
    f"{begin} {unit}": 2020 + number
    for number, unit in enumerate(("five", "six", "seven", "eight", "nine"), start=5)
    for begin in ("two thousand twenty", "two thousand and twenty", "twenty twenty")
}
_YEAR = (
    r"(?:20\d{2}(?!\d)|'\d{2}(?!\d)|(?:two thousand (?:and )?twenty|twenty twenty)[- ](?:five|six|seven|eight|nine))"
)
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    *(
        f"twenty-{unit}"
        for unit in ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
    ),
    "thirtieth",
    "thirty-first",
]
_ORDINAL = {word: number for number, word in enumerate(_ORDINALS, start=1)} | {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_ORDINAL_WORDS = "|".join(word.replace("-", "[- ]") for word in reversed(_ORDINALS))
_COUNTED_DAYS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_ORDINAL_WORDS})(?![\d:])"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? (?:the )?)?"

# Each way in which people write days, and the groups that its reader below uses; the first that fits wins.
_FORMS = {
    # 2026-03-05
    "iso": (
        r"(?<!\d)(?P<iy>20\d{2})[-/.](?P<im>\d{1,2})[-/.](?P<id>\d{1,2})"
        r"(?!\d)"
    ),
    # 05/03/2026, 5.3.26
    "num": (
        r"(?<![\d/.])(?<!(?<!\d{4})-)(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})"
        r"(?P=sep)(?P<ny>20\d{2}|\d{2})(?![\d/])"
    ),
    # 15.01. to 28.02.2026
    "dotted": (
        r"(?<![\d/.])(?P<dd>\d{1,2})\.(?P<dm>\d{1,2})\.(?= ?(?:-|to|until"
        r"|till|bis|and) ?\d{1,2}\.\d{1,2}\.20)"
    ),
    # 2 XI 2026
    "roman": (
        rf"(?<!\d)(?P<xd>\d{{1,2}})\.? (?P<xm>{'|'.join(sorted(_ROMAN, key=len, reverse=True))})\.? "
        r"(?P<xy>20\d{2})(?!\d)"
    ),
    # calendar week 10 to 12, 2026; KW 10/2026
    "numbered": (
        r"\b(?:kw|cw|calendar weeks?|weeks?) (?P<w1>\d{1,2})"
        r"(?: ?(?:-|to|until|and|/|bis) ?(?:kw |cw )?(?P<w2>\d{1,2}))?"
        r"(?:,| of|/| in)? ?(?P<ny2>20\d{2})(?!\d)"
    ),
    # the first two weeks of March 2026
    "part": (
        rf"\b(?:the )?(?P<which>first|last|second|final|1st|2nd|beginning|start"
        rf"|end|middle|mid|opening)(?: (?P<count>two|three|2|3)(?= (?:weeks|days)))? ?"
        rf"(?P<unit>weeks?|fortnight|half|days?|-)? ?(?:of |in )?(?:the )?(?:month of )?"
        rf"(?P<pm>{_MONTH})(?! \d{{1,2}}(?!\d)),? ?(?:of )?(?P<py>{_YEAR})?"
    ),
    # 3 to 28 March 2026
    "range": (
        rf"{_WEEKDAY}(?P<rd1>{_DAY}) ?(?:-|to|until|till|through|and) ?(?:the )?{_WEEKDAY}"
        rf"(?P<rd2>{_DAY}) (?:of )?(?P<rm>{_MONTH}),? ?(?P<ry>{_YEAR})?"
    ),
    # March 3-28, 2026
    "mrange": (
        rf"(?P<mm>{_MONTH}) (?P<md1>\d{{1,2}})(?:st|nd|rd|th)? ?(?:-|to|through"
        rf"|until) ?(?P<md2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]),? ?(?P<my>{_YEAR})?"
    ),
    # 3 March 2026
    "dmy": (
        rf"{_WEEKDAY}(?:the )?(?P<d>{_DAY})(?: of|-)? ?(?P<m>{_MONTH})(?:,|-| of)? ?"
        rf"(?P<y>{_YEAR})?"
    ),
    # March 3, 2026
    "mdy": (
        rf"{_WEEKDAY}(?P<m2>{_MONTH})[ -](?:the )?(?P<d2>\d{{1,2}}(?:st|nd|rd|th)?"
        rf"(?![\d:,]\d)(?!\d)|{_ORDINAL_WORDS}|(?:{'|'.join(_COUNTED_DAYS)})(?=,? 20)),? ?(?P<y2>{_YEAR})?"
    ),
    # Q1 2026, the second quarter of 2026
    "quarter": (
        rf"\bq(?P<q>[1-4])(?: of| in|,|/)? ?(?P<qy>{_YEAR})|\b(?P<oq>first|second"
        rf"|third|fourth|last|final) quarter(?: of| in|,)? (?P<oqy>{_YEAR})|(?P<qy2>20\d{{2}})[ -/]?q"
        rf"(?P<q2>[1-4])"
    ),
    # H1 2026
    "half": (
        rf"\bh(?P<h>[12])(?: of|/)? ?(?P<hy>{_YEAR})|\b(?P<oh>first|second) half of "
        rf"(?P<ohy>{_YEAR})"
    ),
    # week of 5 March 2026
    "week": (
        rf"\bweek (?:of|commencing|beginning|starting) (?:the )?(?:monday,? )?"
        rf"(?P<wd>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<wm>{_MONTH}),? (?P<wy>{_YEAR})"
    ),
    # the January to March quarter 2026, January to March 2026
    "months": (
        rf"(?P<mo1>{_MONTH}) ?(?:-|to|until|till|through|and|&|\+|/) ?(?P<mo2>{_MONTH})"
        rf"(?: quarter)?,? ?(?:of )?(?P<moy>{_YEAR})"
    ),
    # March 2026
    "my_": rf"(?P<om>{_MONTH})(?: of|,)? ?(?P<oy>{_YEAR})",
    # all of 2026
    "year": (
        r"\b(?:all of|all through|the whole of|throughout|(?:full|entire|whole|complete"
        r"|calendar) year(?: of)?) (?P<whole>20\d{2})(?![\d/-])"
    ),
    # Christmas 2026
    "named": rf"\b(?P<feast>{_SAID['feasts']})(?: of| in|,)? (?P<fy>{_YEAR})",
}
_PATTERN = re.compile("|".join(f"(?P<{name}>{form})" for name, form in _FORMS.items()))


@dataclass(frozen=True)
class Span:
    """A day or run of days in the text; `ambiguous` ones could be read with day and month the other way round."""

    start: int
    end: int
    first: date
    last: date
    is_day: bool
    ambiguous: bool = False


@dataclass(frozen=True)
class Yearless:
    """A date without its year: months and days of the first and last day."""

    start: int
    end: int
    first: tuple[int, int]
    last: tuple[int, int]
    is_day: bool

    def in_year(self, year: int) -> Span | None:
        """The span in a given year; `None` where there is no such day."""
        first, last = _make(year, *self.first), _make(year, *self.last)
        if not first or not last:
            return None
        return Span(self.start, self.end, first, max(first, last), self.is_day)


def spans(text: str, order: str) -> list[Span | Yearless]:
    """Dates in a lower-case text, in order. `order` is `dmy` or `mdy`, how ambiguous numeric dates are read."""
    found: list[Span | Yearless] = []
    for match in _PATTERN.finditer(text):
        if (
            match.group("mdy")
            and match.group("m2").strip(". ") == "may"
            and re.search(r"\b(?:we|you|it|i|they|that|this) $", text[max(0, match.start() - 6) : match.start()])
        ):
            continue
        one = _read(match, order)
        if one is not None:
            found.append(one)
    return found


def _read(match: re.Match[str], order: str) -> Span | Yearless | None:
    kind = next(name for name in _FORMS if match.group(name))
    return _READERS[kind](match, order)


def _iso(match: re.Match[str], _order: str) -> Span | None:
    day = _make(int(match["iy"]), int(match["im"]), int(match["id"]))
    return Span(*match.span(), day, day, is_day=True) if day else None


def _numeric(match: re.Match[str], order: str) -> Span | None:
    a, b, year = int(match["a"]), int(match["b"]), _year(match["ny"])
    as_dmy, as_mdy = _make(year, b, a), _make(year, a, b)
    ambiguous = as_dmy is not None and as_mdy is not None and as_dmy != as_mdy
    day = (as_mdy or as_dmy) if order == "mdy" else (as_dmy or as_mdy)
    return Span(*match.span(), day, day, is_day=True, ambiguous=ambiguous) if day else None


def _dotted(match: re.Match[str], _order: str) -> Yearless | None:
    """`15.01. to 28.02.2026`: the first day of a range leaves its year to the second."""
    month, day = int(match["dm"]), int(match["dd"])
    return Yearless(*match.span(), (month, day), (month, day), is_day=True) if _make(2024, month, day) else None


def _part(match: re.Match[str], _order: str) -> Span | Yearless | None:
    month, unit = _month(match["pm"]), match["unit"] or ""
    if match["which"] in ("1st", "2nd", "first", "second") and not unit:
        return _one_day(match, month, _ORDINAL[match["which"]], match["py"])
    year = _year(match["py"]) if match["py"] else 2025
    edges = _edges(match, unit, calendar.monthrange(year, month)[1])
    if edges is None:
        return None
    begin, finish = edges
    if not match["py"]:
        return Yearless(*match.span(), (month, begin), (month, finish), begin == finish)
    return Span(*match.span(), date(year, month, begin), date(year, month, finish), begin == finish)


def _edges(match: re.Match[str], unit: str, length: int) -> tuple[int, int] | None:
    """First and last day of a part of a month of `length` days; `None` for vague parts (`mid-March`)."""
    which, late = match["which"], match["which"] in ("last", "final", "end")
    second = which in ("second", "2nd")
    if unit.startswith("week") or unit == "fortnight":
        weeks = {"two": 2, "three": 3, "2": 2, "3": 3}.get(match["count"] or "", 2 if unit == "fortnight" else 1)
        return (length - 7 * weeks + 1, length) if late else (8, 14) if second else (1, 7 * weeks)
    if unit == "half":
        return (16, length) if late or second else (1, 15)
    if unit.startswith("day") and which in ("last", "final", "first"):
        return (length, length) if late else (1, 1)
    if unit == "" and which == "end":
        return length, length
    if unit == "" and which in ("beginning", "start") and " of " in match.group():
        return 1, 1
    return None


def _day_range(match: re.Match[str], _order: str) -> Span | Yearless | None:
    return _between(match, _month(match["rm"]), _day(match["rd1"]), _day(match["rd2"]), match["ry"])


def _month_range(match: re.Match[str], _order: str) -> Span | Yearless | None:
    return _between(match, _month(match["mm"]), int(match["md1"]), int(match["md2"]), match["my"])


def _between(match: re.Match[str], month: int, first: int, last: int, year_text: str | None) -> Span | Yearless | None:
    if not 1 <= first < last <= 31:
        return None
    if not year_text:
        return Yearless(*match.span(), (month, first), (month, last), is_day=False)
    begin, finish = _make(_year(year_text), month, first), _make(_year(year_text), month, last)
    return Span(*match.span(), begin, finish, is_day=False) if begin and finish else None


def _day_first(match: re.Match[str], _order: str) -> Span | Yearless | None:
    return _one_day(match, _month(match["m"]), _day(match["d"]), match["y"])


def _month_first(match: re.Match[str], _order: str) -> Span | Yearless | None:
    return _one_day(match, _month(match["m2"]), _day(match["d2"]), match["y2"])


def _one_day(match: re.Match[str], month: int, day: int, year_text: str | None) -> Span | Yearless | None:
    if not 1 <= day <= 31:
        return None
    if not year_text:
        return Yearless(*match.span(), (month, day), (month, day), is_day=True)
    made = _make(_year(year_text), month, day)
    return Span(*match.span(), made, made, is_day=True) if made else None


def _quarter(match: re.Match[str], _order: str) -> Span:
    ordinal = match["oq"]
    number = int(match["q"] or match["q2"] or {"last": 4, "final": 4}.get(ordinal or "", 0) or _ORDINAL[ordinal])
    year = _year(match["qy"] or match["qy2"] or match["oqy"])
    return Span(*match.span(), date(year, 3 * number - 2, 1), _month_end(year, 3 * number), is_day=False)


def _half(match: re.Match[str], _order: str) -> Span:
    number = int(match["h"] or _ORDINAL[match["oh"]])
    year = _year(match["hy"] or match["ohy"])
    return Span(*match.span(), date(year, 6 * number - 5, 1), _month_end(year, 6 * number), is_day=False)


def _week(match: re.Match[str], _order: str) -> Span | None:
    day = _make(_year(match["wy"]), _month(match["wm"]), int(match["wd"]))
    return Span(*match.span(), day, day + timedelta(days=6), is_day=False) if day else None


def _whole_year(match: re.Match[str], _order: str) -> Span:
    year = int(match["whole"])
    return Span(*match.span(), date(year, 1, 1), date(year, 12, 31), is_day=False)


def _whole_month(match: re.Match[str], _order: str) -> Span:
    year, month = _year(match["oy"]), _month(match["om"])
    return Span(*match.span(), date(year, month, 1), _month_end(year, month), is_day=False)


def _feast(match: re.Match[str], _order: str) -> Span:
    year, name = _year(match["fy"]), match["feast"].replace("'", "")
    thanksgiving = 22 + (3 - date(year, 11, 22).weekday()) % 7
    black_friday = date(year, 11, 1) + timedelta(days=thanksgiving)
    days = {
        "black friday": black_friday,
        "cyber monday": black_friday + timedelta(days=3),
        "christmas day": date(year, 12, 25),
        "christmas": date(year, 12, 25),
        "christmas eve": date(year, 12, 24),
        "halloween": date(year, 10, 31),
        "new years eve": date(year, 12, 31),
        "new years day": date(year, 1, 1),
    }
    day = days.get(name, date(year, 2, 14))
    return Span(*match.span(), day, day, is_day=True)


def _roman(match: re.Match[str], _order: str) -> Span | None:
    day = _make(int(match["xy"]), _ROMAN.index(match["xm"]) + 1, int(match["xd"]))
    return Span(*match.span(), day, day, is_day=True) if day else None


def _numbered_weeks(match: re.Match[str], _order: str) -> Span | None:
    """Weeks by their number in ISO 8601: the first has the year's first Thursday."""
    year, first, last = int(match["ny2"]), int(match["w1"]), int(match["w2"] or match["w1"])
    if not 1 <= first <= last <= 52:
        return None
    begin, finish = date.fromisocalendar(year, first, 1), date.fromisocalendar(year, last, 7)
    return Span(*match.span(), begin, finish, is_day=False)


def _months(match: re.Match[str], _order: str) -> Span:
    """Whole months from one to another; where the first comes later in the year, it is that of the year before."""
    year, first, last = _year(match["moy"]), _month(match["mo1"]), _month(match["mo2"])
    return Span(*match.span(), date(year - (first > last), first, 1), _month_end(year, last), is_day=False)


_READERS = {
    "iso": _iso, "dotted": _dotted, "num": _numeric, "part": _part, "range": _day_range, "mrange": _month_range,
    "dmy": _day_first, "mdy": _month_first, "quarter": _quarter,
    "roman": _roman, "numbered": _numbered_weeks,
    "months": _months, "half": _half, "week": _week, "my_": _whole_month, "year": _whole_year, "named": _feast,
}  # fmt: skip


def _month(text: str) -> int:
    return MONTHS[text.strip(". ").lower()]


def _day(text: str) -> int:
    return _ORDINAL.get(text.replace(" ", "-")) or _COUNTED_DAYS.get(text) or int(re.sub(r"\D", "", text))


def _year(text: str) -> int:
    if spelt := _SPELT_YEARS.get(text.replace("-", " ")):
        return spelt
    bare = text.strip("'")
    return int(bare) if len(bare) == 4 else 2000 + int(bare)


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
