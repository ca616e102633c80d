"""Long texts are read in time that grows as they do: what is counted is work, not seconds."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import pytest

from marketmover.campaigns.brief import read_brief

SAID = (
    "We need more leads for our garden sheds in Kent, Leeds and Hallbankgate, budget 5,000 GBP a month.",
    "Last year the agency got us 40 enquiries at 90 pounds each, and we were not happy with that.",
    "Please no TikTok, and enquiries must cost less than 45 pounds. People aged 30 to 55 who like gardening.",
    "Actually make that 6,000 GBP a month from 2 March 2026, 120 sales and a ROAS of 4, in Lyon or Bath.",
)


def one_line(sentences: int) -> str:
    return " ".join(SAID[at % 4] for at in range(sentences))


def one_sentence(sentences: int) -> str:
    return one_line(sentences).replace(".", "").replace(",", "")


def short_lines(sentences: int) -> str:
    return "\n".join(part for at in range(sentences) for part in SAID[at % 4].split(", "))


def chat(sentences: int) -> str:
    names = "Ana", "Tom"
    return "\n".join(
        f"[{at % 28 + 1:02}/03/2026, 09:14:{at % 60:02}] {names[at % 2]}: {SAID[at % 4]}" for at in range(sentences)
    )


def ever_new_people(sentences: int) -> str:
    letters = "bdfgklmnprstvz"
    made = [f"{one}o{two}{end}" for one in letters for two in letters for end in ("erers", "ists")]
    return " ".join(
        f"We want to reach {made[3 * at]}, {made[3 * at + 1]} and garden owners who like {made[3 * at + 2][:3]}ing."
        for at in range(sentences)
    )


@contextmanager
def counted_lines(counts: dict[str, int]) -> Generator[None]:
    """Count the lines of our code that run, each turn of a loop anew, by function."""

    def within(frame: FrameType, event: str, _given: Any) -> Any:
        if event == "line":
            name = f"{frame.f_code.co_filename.rpartition('/')[2]}:{frame.f_code.co_qualname}"
            counts[name] = counts.get(name, 0) + 1
        return within

    def entered(frame: FrameType, _event: str, _given: Any) -> Any:
        return within if "marketmover" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        yield
    finally:
        sys.settrace(before)


@pytest.mark.parametrize("text", [one_line, one_sentence, short_lines, chat, ever_new_people])
def test_four_times_the_text_is_about_four_times_the_work(text: Callable[[int], str]) -> None:
    read_brief(one_line(8))  # tables are loaded once
    short: dict[str, int] = {}
    long: dict[str, int] = {}
    with counted_lines(short):
        read_brief(text(16))
    with counted_lines(long):
        read_brief(text(64))
    grown = {
        name: (short.get(name, 0), lines) for name, lines in long.items() if lines > 8 * short.get(name, 0) + 2_000
    }
    assert grown == {}
    assert sum(long.values()) < 5 * sum(short.values())
