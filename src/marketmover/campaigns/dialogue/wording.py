"""The words of a question, for a formal client, an informal one and one of few words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from marketmover.campaigns.dialogue.manner import Manner

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@dataclass(frozen=True)
class Wording:
    """One question said in three manners, why it is asked, and what is assumed where it goes unanswered."""

    formal: str
    informal: str
    terse: str
    why: str
    assumed: str


def choose(wording: Wording, manner: Manner) -> str:
    """The question as this client would put it."""
    if manner.formal:
        return wording.formal
    return wording.terse if manner.terse else wording.informal


def day_words(day: date, *, british: bool) -> str:
    """`3 April 2026`, or `April 3, 2026` for Americans."""
    month = _MONTHS[day.month - 1]
    return f"{day.day} {month} {day.year}" if british else f"{month} {day.day}, {day.year}"


def the_day(today: date, *, british: bool) -> str:
    """The first Monday after `today`, in words: where a plan starts that nobody gave a start."""
    return day_words(today + timedelta(days=7 - today.weekday()), british=british)


def either(names: Sequence[str], word: str) -> str:
    """Names as a person lists them: `a, b and c`, with `word` before the last."""
    return f" {word} ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
