"""Lists of words that rules use; they stand in `words/`, one a line, so that anyone can add to them."""

from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=32)
def words(name: str) -> tuple[str, ...]:
    """The entries of `words/NAME.txt`, without its comment lines."""
    text = (Path(__file__).parent / "words" / f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


def pairs(name: str) -> dict[str, str]:
    """The entries of `words/NAME.txt` as key and value, parted by a tab."""
    return dict(line.split("\t") for line in words(name))
