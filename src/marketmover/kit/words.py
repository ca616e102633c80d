"""Counts in words that agree with them, and names that were meant."""

from collections.abc import Sequence
from difflib import get_close_matches


def plural(count: float, noun: str, many: str = "") -> str:
    """The form of `noun` that goes with `count`; `many` where an added `s` does not make the plural.

    >>> plural(1, "line"), plural(0, "line"), plural(2, "time series", "time series")
    ('line', 'lines', 'time series')
    """
    return noun if count == 1 else many or f"{noun}s"


def counted(count: int, noun: str, many: str = "") -> str:
    """A count, grouped by thousands, with its noun.

    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{count:,} {plural(count, noun, many)}"


def did_you_mean(name: str, known: Sequence[str], most: int = 8) -> str:
    """A sentence on what to write instead of `name`: the nearest of `known` whatever their case, else the first `most`.

    >>> did_you_mean("contct form", ["Contact form", "Phone call"])
    "Did you mean 'Contact form'?"
    >>> did_you_mean("x", ["Contact form", "Phone call"])
    "There are: 'Contact form', 'Phone call'."
    """
    folded = {one.casefold(): one for one in known}
    near = [folded[one] for one in get_close_matches(name.casefold(), folded, n=3, cutoff=0.6)]
    if near:
        return f"Did you mean {' or '.join(map(repr, near))}?"
    end = ", ..." if len(known) > most else "."
    return f"There are: {', '.join(map(repr, known[:most]))}{end}" if known else "There is none."
