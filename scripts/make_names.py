"""The tables of people's names of `marketmover.language.given_names`, from Faker (MIT), which keeps names by country.

Usage: `python -m scripts.make_names`, where Faker is installed (it is in no extra: 40.54.0 made what is committed).
Only names in Latin letters are taken. Of surnames, only those that are English words as well are needed: they tell
`Emma Stone` from an `Emma Mattress`.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LANGUAGE = Path(__file__).parent.parent / "src" / "marketmover" / "language"
_NAME = re.compile(r"[A-Z\u00c0-\u017f][^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_LAST_LATIN = "\u024f"


def main() -> None:
    """Write the tables."""
    words = frozenset((LANGUAGE / "embeddings" / "table" / "words.txt").read_text(encoding="utf-8").split())
    given = _lower("first_names")
    surnames = {name for name in _lower("last_names") if name in words}
    for name, found in (("given", given), ("surnames", surnames)):
        text = "".join(f"{one}\n" for one in sorted(found))
        (LANGUAGE / "names" / f"{name}.txt").write_text(text, encoding="utf-8")


def _lower(kind: str) -> set[str]:
    return {name.lower() for name in _names(kind) if _NAME.fullmatch(name) and max(name) <= _LAST_LATIN}


def _names(kind: str) -> Iterator[str]:
    person: Any = importlib.import_module("faker.providers.person")
    for module in pkgutil.iter_modules(person.__path__):
        provider: Any = importlib.import_module(f"faker.providers.person.{module.name}").Provider
        for attribute in dir(provider):
            if attribute.startswith(kind) and not isinstance(getattr(provider, attribute), property):
                yield from getattr(provider, attribute)


if __name__ == "__main__":
    main()
