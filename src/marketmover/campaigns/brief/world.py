"""Countries, regions and cities by name: CLDR's country names, ISO 3166, and GeoNames' cities.

Hand-made are only what those lack: short names, nicknames and demonyms.
"""

import json
import re
from functools import lru_cache
from pathlib import Path

from marketmover.campaigns.brief.vocabulary import pairs, words
from marketmover.language import gazetteer

_NICKNAMES = pairs("country_names")
_DEMONYMS = pairs("demonyms")
# Names of countries that are commoner as something else; they count only with capitals and a preposition.
AMBIGUOUS = frozenset(
    {
        "georgia",
        "jordan",
        "chad",
        "jersey",
        "turkey",
        "guinea",
        "niger",
        "mali",
        "oman",
        "togo",
        "cuba",
        "china",
        "america",
        "korea",
        "world",
    }
)


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """Lower-case English name or nickname -> ISO 3166-1 alpha-2."""
    from babel import Locale

    names = {
        name.lower(): code
        for code, name in Locale("en").territories.items()
        if len(code) == 2 and code not in ("EU", "EZ", "UN", "QO", "XA", "XB", "ZZ")
    }
    names.update({name.replace("&", "and"): code for name, code in list(names.items()) if "&" in name})
    return {**names, **_NICKNAMES}


@lru_cache(maxsize=1)
def country_pattern() -> re.Pattern[str]:
    """Any country name or nickname, in lower case text; the longest first."""
    names = sorted((name for name in countries() if len(name) > 2), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))}|uk|u\.k\.?|nz)(?![\w])")


def demonyms() -> dict[str, str]:
    """Lower-case demonym -> ISO 3166-1 alpha-2."""
    return _DEMONYMS


@lru_cache(maxsize=1)
def demonym_pattern() -> re.Pattern[str]:
    """Any demonym, with a plural."""
    return re.compile(rf"(?<![\w-])(?P<demonym>{'|'.join(sorted(demonyms(), key=len, reverse=True))})s?(?!\w)")


def is_large_place(name: str) -> bool:
    """Whether a name in small letters is that of a large city or a well-known region."""
    return gazetteer.is_large_city(name) or name in _well_known_regions()


@lru_cache(maxsize=1)
def _well_known_regions() -> frozenset[str]:
    """Those of countries in which English is written, and those that people name."""
    english = ("US-", "GB-", "IE-", "CA-", "AU-", "NZ-", "IN-", "ZA-")
    named = [name for code, name in _subdivisions() if code.startswith(english)]
    return gazetteer.plain([*named, *_REGIONS_BY_CUSTOM])


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    return gazetteer.plain(name for _, name in _subdivisions())


@lru_cache(maxsize=1)
def _subdivisions() -> list[tuple[str, str]]:
    """ISO 3166-2: codes and names."""
    import pycountry

    data = (Path(pycountry.__file__).parent / "databases" / "iso3166-2.json").read_text(encoding="utf-8")
    return [(str(entry["code"]), str(entry["name"])) for entry in json.loads(data)["3166-2"]]


# Regions that people name and ISO 3166-2 does not list under that name.
_REGIONS_BY_CUSTOM = frozenset(words("regions"))


@lru_cache(maxsize=8192)
def is_place(name: str) -> bool:
    """Whether a name is a city of GeoNames (15,000 people or more) or a region."""
    bare = re.sub(
        r"^(?:the |greater |downtown |central |north |south |east |west |northern |southern |inner |metro )+",
        "",
        name.lower(),
    )
    spellings = {name.lower(), bare, gazetteer.bare_letters(bare)}
    return any(gazetteer.is_city(one) or one in _REGIONS_BY_CUSTOM or one in _regions() for one in spellings)
