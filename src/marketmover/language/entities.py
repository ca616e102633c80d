"""What a text names: e-mails, phones, links, money, dates, countries, places, organisations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from marketmover.language.gazetteer import is_city

EntityKind = Literal["email", "phone", "url", "money", "date", "country", "place", "organisation"]


@dataclass(frozen=True)
class Entity:
    """A mention: `text[start:end]` is `words`; `value` its plain form (E.164, ISO code, lower case, words)."""

    kind: EntityKind
    start: int
    end: int
    words: str
    value: str


EMAIL = re.compile(
    r"(?<![\w.+-])[\w][\w.+%'-]*\s?(?:@|\(at\)|\[at\]|\s\bat\b\s(?=[\w-]+\s(?:\(dot\)|\[dot\]|dot)\s))\s?"
    r"[\w-]+(?:\s?(?:\.|\(dot\)|\[dot\]|\sdot\s)\s?[A-Za-z][\w-]*)+(?<![.-])"
)
URL = re.compile(r"(?<![\w@])(?:https?://|www\.)[^\s<>\"'\u201d)\]}]*[^\s<>\"'\u201d)\]}.,;:!?]", re.IGNORECASE)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
DATE = re.compile(
    r"(?<![\w/.-])(?:20\d{2}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}([/.-])\d{1,2}\1(?:20)?\d{2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b\.?(?:,? 20\d{{2}})?|{_MONTH}\b\.? \d{{1,2}}(?:st|nd|rd"
    rf"|th)?(?!\d)(?:,? 20\d{{2}})?"
    rf"|{_MONTH} 20\d{{2}}|q[1-4] 20\d{{2}})(?![\w/])",
    re.IGNORECASE,
)
_SCALE = r"(?: ?(?:k|m|mn|bn|million|billion|thousand|grand|lakhs?|crores?)\b)?"
_AMOUNT = rf"\d+(?:[.,' \u00a0]\d{{2,3}})*(?:[.,]\d{{1,2}})?{_SCALE}"
_ORGANISATION = re.compile(
    r"\b(?:[A-Z0-9][\w&'\u2019.-]*(?: (?:&|and|of) | )){1,5}"
    r"(?:Ltd|Limited|LLC|LLP|Inc|PLC|plc|Corp|Corporation|GmbH|AG|KG|UG|SAS|SARL|S\.A\.|SA|BV|B\.V\.|NV|AB|Oy|ApS|"
    r"S\.r\.l\.|Srl|SpA|S\.p\.A\.|Pvt\.? Ltd|Pty\.? Ltd|Foundation|University|Bank|Hospital|Council)\b\.?"
)
_NEAR_PLACE = re.compile(
    r"\b(?:[Ii]n|[Nn]ear|[Aa]round|[Aa]cross|[Ff]rom|[Ww]ithin|[Aa]t|[Tt]o|[Gg]reater|[Oo]f|and|or|,)[ \n]"
    r"(?P<name>[A-Z\u00c0-\u017d][\w\u00c0-\u017f'\u2019-]+(?:[ -](?:(?:de|la|am|an|der|upon"
    r"|on) )?[A-Z\u00c0-\u017d][\w\u00c0-\u017f'\u2019-]+){0,3})"
)


def find_entities(text: str, *, regions: tuple[str, ...] = ()) -> list[Entity]:
    """The mentions in a text, in order; where two overlap, the one of the kind named first in the module's line stays.

    Args:
        text: Any text.
        regions: ISO 3166-1 alpha-2 codes whose national phone numbers are known; without them, those of the countries
            that the text names.

    >>> [(one.kind, one.value) for one in find_entities("Write to Jo@Acme.com, EUR 5k, in Austria")]
    [('email', 'jo@acme.com'), ('money', 'EUR 5k'), ('country', 'AT')]
    """
    countries = list(_countries(text))
    found = [
        *_matches("email", EMAIL, text),
        *_matches("url", URL, text),
        *phones(text, regions or tuple(dict.fromkeys(one.value for one in countries))),
        *_matches("money", _money_pattern(), text),
        *_matches("date", DATE, text),
        *countries,
        *_matches("organisation", _ORGANISATION, text),
        *_places(text),
    ]
    return sorted(_apart(found), key=lambda one: one.start)


def phones(text: str, regions: tuple[str, ...] = ()) -> Iterator[Entity]:
    """Phone numbers, by Google's libphonenumber: international ones, and national ones of the regions."""
    from phonenumbers import Leniency, PhoneNumberFormat, PhoneNumberMatcher, format_number

    seen: set[tuple[int, int]] = set()
    for region in (None, *regions):
        leniency = Leniency.VALID if region else Leniency.POSSIBLE
        for match in PhoneNumberMatcher(text, region, leniency):
            place = match.start, match.end
            if place in seen or sum(map(str.isdigit, match.raw_string)) < _FEWEST_DIGITS or _is_amount(text, *place):
                continue
            seen.add(place)
            value = format_number(match.number, PhoneNumberFormat.E164)
            yield Entity("phone", *place, text[match.start : match.end], value)


_FEWEST_DIGITS = 7  # shorter ones are numbers of emergency and service lines, and in a brief an age or a year


def _is_amount(text: str, start: int, end: int) -> bool:
    """Whether digits are a grouped sum or a date rather than a number to call."""
    words = text[start:end]
    grouped = re.fullmatch(r"[1-9]\d{0,2}(?:[ .]\d{3})+", words) is not None
    money = re.search(r"(?:[$\u00a3\u20ac\u20b9]|\b[A-Z]{3}) ?$", text[max(0, start - 5) : start]) is not None
    return grouped or money or DATE.search(words) is not None


def _matches(kind: EntityKind, pattern: re.Pattern[str], text: str) -> Iterator[Entity]:
    for match in pattern.finditer(text):
        words = match.group()
        yield Entity(kind, *match.span(), words, words.lower() if kind in ("email", "url") else words)


def _apart(found: list[Entity]) -> Iterator[Entity]:
    taken: list[tuple[int, int]] = []
    for one in found:
        if not any(start < one.end and one.start < end for start, end in taken):
            taken.append((one.start, one.end))
            yield one


@lru_cache(maxsize=1)
def _money_pattern() -> re.Pattern[str]:
    from babel import Locale

    locale = Locale("en")
    signs = {sign for sign in locale.currency_symbols.values() if not sign.isalnum() or len(sign) < 4}
    codes = [code for code in map(str, locale.currencies) if re.fullmatch("[A-Z]{3}", code)]
    sign = "|".join(map(re.escape, sorted({*signs, "\u20b9", "Rs.", "Rs", "$"}, key=len, reverse=True)))
    code = "|".join(codes)
    return re.compile(
        rf"(?<![\w.])(?:(?:{sign}|(?:{code})\b) ?{_AMOUNT}(?: (?:{code})\b)?"
        rf"|{_AMOUNT} ?(?:(?:{code})\b|[$\u00a3\u20ac\u20b9]|dollars?|pounds?|euros?|rupees?|francs?)(?!\w))(?!\d)"
    )


def _countries(text: str) -> Iterator[Entity]:
    names = _country_names()
    for match in _country_pattern().finditer(text):
        yield Entity("country", *match.span(), match.group(), names[match.group().casefold()])


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    from babel import Locale

    named = Locale("en").territories.items()
    names = {
        name.casefold(): code for code, name in named if re.fullmatch("[A-Z]{2}", code) and code not in _NO_COUNTRY
    }
    return {**names, "uk": "GB", "u.k.": "GB", "usa": "US", "u.s.": "US", "uae": "AE", "britain": "GB", "holland": "NL"}


_NO_COUNTRY = frozenset(("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"))


@lru_cache(maxsize=1)
def _country_pattern() -> re.Pattern[str]:
    """Country names as they are written, with a capital: `turkey` may be a bird."""
    names = sorted(_country_names(), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?=[A-Z\u00c5])(?:(?i:{'|'.join(map(re.escape, names))}))(?!\w)")


def _places(text: str) -> Iterator[Entity]:
    """Cities of GeoNames (15,000 people or more), capitalised and where a place may stand."""
    for match in _NEAR_PLACE.finditer(text):
        name = match["name"]
        while name and not is_city(name.lower()):
            name = name.rpartition(" ")[0]
        if name:
            start = match.start("name")
            yield Entity("place", start, start + len(name), name, name)


def is_place(name: str) -> bool:
    """Whether a country, or a city of 15,000 people or more, has this name."""
    return is_city(name.lower()) or name.casefold() in _country_names()
