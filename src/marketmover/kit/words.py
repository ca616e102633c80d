"""Counts in words that agree with them."""


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
