"""Days as people say them."""

from datetime import date


def spoken(day: date) -> str:
    """A day and its month in words; `2026-04-03` is 3 April."""
    return f"{day.day} {day:%B}"


def spoken_with_year(day: date) -> str:
    """The same with its year."""
    return f"{spoken(day)} {day.year}"
