"""Names of cities (GeoNames, 15,000 people or more), as tables that are quick to ask: `scripts/make_gazetteer.py`.

The library's own file of 17 MB takes longer to scan than a brief takes to read. Names in small letters, with and
without accents, are a set; other names of cities, which are seldom asked for, are looked up in their sorted file.
"""

import mmap
from functools import lru_cache
from pathlib import Path

__all__ = ["is_city", "is_large_city", "is_other_city_name"]

_FOLDER = Path(__file__).parent


def is_city(name: str) -> bool:
    """Whether a name in small letters is that of a city, with its accents or without.

    >>> is_city("sao paulo"), is_city("budget")
    (True, False)
    """
    return name in _names("cities")


def is_large_city(name: str) -> bool:
    """Whether a name in small letters is that of a city of 100,000 people or more."""
    return name in _names("large_cities")


@lru_cache(maxsize=8192)
def is_other_city_name(name: str) -> bool:
    """Whether a name, spelt with its capitals, is another name of a city (`Anvers`, `Firenze`), in Latin letters."""
    wanted = name.encode()
    with (
        (_FOLDER / "other_names.txt").open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines,
    ):
        low, high = 0, len(lines)
        while low < high:  # the lines are sorted by their bytes
            start = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = lines.find(b"\n", start)
            line = lines[start:end]
            if line == wanted:
                return True
            low, high = (end + 1, high) if line < wanted else (low, start)
    return False


@lru_cache(maxsize=2)
def _names(table: str) -> frozenset[str]:
    return frozenset((_FOLDER / f"{table}.txt").read_text(encoding="utf-8").splitlines())
