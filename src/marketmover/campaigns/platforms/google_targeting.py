"""Google's targeting: countries, languages, ages, genders and keywords as criteria."""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from marketmover.campaigns.platforms.limits import KEYWORD_FORBIDDEN, KEYWORD_MOST_CHARACTERS, KEYWORD_MOST_WORDS

Json = dict[str, Any]

# Google Ads API reference, Codes and formats, Languages: `languageConstants/` ids by ISO 639-1.
LANGUAGE_CONSTANTS = {
    "ar": 1019, "bg": 1020, "bn": 1056, "ca": 1038, "cs": 1021, "da": 1009, "de": 1001, "el": 1022, "en": 1000,
    "es": 1003, "et": 1043, "fa": 1064, "fi": 1011, "fr": 1002, "gu": 1072, "he": 1027, "hi": 1023, "hr": 1039,
    "hu": 1024, "id": 1025, "is": 1026, "it": 1004, "ja": 1005, "kn": 1086, "ko": 1012, "lt": 1029, "lv": 1028,
    "ml": 1098, "mr": 1101, "ms": 1102, "nl": 1010, "no": 1013, "pa": 1110, "pl": 1030, "pt": 1014, "ro": 1032,
    "ru": 1031, "sk": 1033, "sl": 1034, "sr": 1035, "sv": 1015, "ta": 1130, "te": 1131, "th": 1044, "tl": 1042,
    "tr": 1037, "uk": 1036, "ur": 1041, "vi": 1040, "zh": 1017,
}  # fmt: skip

_OPEN = 200
# Google Ads API reference, AgeRangeTypeEnum: first and last year of each range.
_AGE_RANGES = (
    ("AGE_RANGE_18_24", 18, 24),
    ("AGE_RANGE_25_34", 25, 34),
    ("AGE_RANGE_35_44", 35, 44),
    ("AGE_RANGE_45_54", 45, 54),
    ("AGE_RANGE_55_64", 55, 64),
    ("AGE_RANGE_65_UP", 65, _OPEN),
)
_GENDERS = ("FEMALE", "MALE")
_PEOPLE = {"FEMALE": "women", "MALE": "men"}
# Google Ads API reference, Geo targets: a country's id is 2000 and its ISO 3166-1 number; Kosovo has none of its own,
# and these countries cannot be targeted.
_KOSOVO = {"XK": 2900}
_UNTARGETABLE = frozenset({"CU", "IR", "KP", "SY"})
_QUOTED = (("[", "]", "EXACT"), ('"', '"', "PHRASE"))
_UNDETERMINED = "people whose age or gender Google does not know stay in"


def geo_target(country: str) -> str | None:
    """The resource name of a country's geo target, `None` where Google has none.

    Args:
        country: ISO 3166-1 alpha-2.

    >>> geo_target("US"), geo_target("DE"), geo_target("ZZ")
    ('geoTargetConstants/2840', 'geoTargetConstants/2276', None)
    """
    import pycountry

    if country in _UNTARGETABLE:
        return None
    if country in _KOSOVO:
        return f"geoTargetConstants/{_KOSOVO[country]}"
    found = pycountry.countries.get(alpha_2=country)
    return f"geoTargetConstants/{2000 + int(found.numeric)}" if found else None


def location_criteria(countries: Iterable[str], warn: Callable[[str], None]) -> list[Json]:
    """One criterion a country; `warn` is told of countries that Google cannot target."""
    criteria: list[Json] = []
    for country in dict.fromkeys(countries):
        name = geo_target(country)
        if name is None:
            warn(f"Google Ads has no geo target for {country}: it is left out of the new campaigns.")
        else:
            criteria.append({"location": {"geoTargetConstant": name}})
    return criteria


def language_criteria(languages: Iterable[str], warn: Callable[[str], None]) -> list[Json]:
    """One criterion a language (ISO 639-1); `warn` is told of languages that Google does not target."""
    criteria: list[Json] = []
    for language in dict.fromkeys(languages):
        number = LANGUAGE_CONSTANTS.get(language.lower()[:2])
        if number is None:
            warn(f"Google Ads does not target the language {language!r}: it is left out of the new campaigns.")
        else:
            criteria.append({"language": {"languageConstant": f"languageConstants/{number}"}})
    return criteria


def age_exclusions(age_min: int | None, age_max: int | None, warn: Callable[[str], None]) -> list[Json]:
    """Negative criteria for the age ranges that lie wholly outside the audience's ages.

    Ranges that the audience's ages cut through stay in, and so do people of unknown age; `warn` is told.
    """
    low, high = age_min or 0, age_max if age_max is not None else _OPEN
    outside = [name for name, first, last in _AGE_RANGES if last < low or first > high]
    cut = [(first, last) for _, first, last in _AGE_RANGES if first < low <= last or first <= high < last]
    if low < 18 and age_min is not None:
        warn(f"Google Ads does not target people under 18 by age; ages from {age_min} are read as from 18.")
    if cut and (age_min or age_max is not None):
        spans = ", ".join(f"{first} to {last}" if last < _OPEN else f"{first} and over" for first, last in cut)
        warn(f"Google Ads knows ages by ranges only: {spans} stay in whole, and {_UNDETERMINED}.")
    if len(outside) == len(_AGE_RANGES):
        return []
    return [{"negative": True, "ageRange": {"type": name}} for name in outside]


def gender_exclusions(genders: Sequence[str]) -> list[Json]:
    """Negative criteria for the genders that the audience leaves out; none where it names neither or both."""
    wanted = {gender for gender in genders if gender in _GENDERS}
    if not wanted:
        return []
    return [{"negative": True, "gender": {"type": gender}} for gender in _GENDERS if gender not in wanted]


def leaves_nobody(excluded: Collection[str]) -> bool:
    """Whether all ages, or both genders, are among what is excluded: only people of whom neither is known are left."""
    return {name for name, _, _ in _AGE_RANGES} <= set(excluded) or set(_GENDERS) <= set(excluded)


def in_words(criteria: Iterable[Json]) -> str:
    """Ages and genders of criteria, as a person would say them.

    >>> in_words([{"ageRange": {"type": "AGE_RANGE_18_24"}}, {"gender": {"type": "MALE"}}])
    'ages 18 to 24 and men'
    """
    ages = {name: f"{first} to {last}" if last < _OPEN else f"{first} and over" for name, first, last in _AGE_RANGES}
    criteria = list(criteria)
    said = [ages[entry["ageRange"]["type"]] for entry in criteria if "ageRange" in entry]
    found = [f"ages {', '.join(said)}"] if said else []
    found += [_PEOPLE[entry["gender"]["type"]] for entry in criteria if "gender" in entry]
    return " and ".join(found)


def keyword_criteria(keywords: Iterable[str], warn: Callable[[str], None]) -> list[Json]:
    """One criterion a keyword, each once; phrase match unless it is written `[exact]`.

    Keywords that Google would refuse (more than 80 characters or 10 words, forbidden signs) are left out, and `warn` is
    told which.
    """
    criteria: dict[tuple[str, str], Json] = {}
    for raw in keywords:
        text, match_type = _match_type(" ".join(raw.split()))
        if text.startswith("-"):
            continue  # a negative keyword written in Google's own notation is none to bid on
        if not text or _refused(text):
            warn(f"Google Ads would refuse the keyword {raw!r}: it is left out.")
            continue
        found = {"keyword": {"text": text, "matchType": match_type}}
        criteria.setdefault((text.casefold(), match_type), found)
    return list(criteria.values())


def _match_type(text: str) -> tuple[str, str]:
    for opening, closing, match_type in _QUOTED:
        if len(text) > 2 and text.startswith(opening) and text.endswith(closing):
            return text[1:-1].strip(), match_type
    return re.sub(r"(?<!\S)\+", "", text), "PHRASE"  # `+word` was the broad match modifier


def _refused(text: str) -> bool:
    return (
        len(text) > KEYWORD_MOST_CHARACTERS
        or len(text.split()) > KEYWORD_MOST_WORDS
        or bool(KEYWORD_FORBIDDEN & set(text))
    )
