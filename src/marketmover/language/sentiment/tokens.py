"""A text taken apart: words in plain form, emoji, emoticons and marks, and which of them are written loudly."""

import re
from collections.abc import Callable
from html import unescape
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<link>(?:https?://|www\.)\S+|[\w.+-]+@[\w-]+\.[\w.]+)
    |(?P<mention>@\w+)
    |(?P<tag>\#\w+)
    |(?P<emoticon>(?<!\w)(?:[:;=8xX]['^oc-]?[)(\]\[dDpP3/\\|*$@<>oO]+(?!\w)|[)(\]\[dD/\\|]+['^o-]?[:;=](?!\w)
        |</?3+|\^[_.-]?\^|-[_.]+-|[oO][_.][oO]|>[:.]<|\\o/|/s(?!\w)))
    |(?P<number>[$€£]?\d+(?:[.,:/]\d+)*(?:%|\w+)?)
    |(?P<word>[^\W\d_]+(?:['\-][^\W\d_]+)*)
    |(?P<marks>[!?]+|\.{2,}|…|[.,;:()"\-–—/\n*&%])
    |(?P<emoji>[^\w\s])
    """,
    re.VERBOSE,
)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "\ufe0f": None})
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


class Token(NamedTuple):
    """A piece of text.

    Attributes:
        form: Its plain form: lower case, drawn-out letters taken back (`sooo` is `so`).
        kind: `word`, `emoji`, `emoticon`, `mark`, `number`, `link` or `mention`.
        loud: Whether it is shouted or drawn out.
    """

    form: str
    kind: str
    loud: bool


def split(text: str, knows: Callable[[str], bool]) -> list[Token]:
    """The tokens of `text`; `knows` says whether a word means something, which decides between spellings."""
    found: list[Token] = []
    shouts = not text.isupper()
    for match in _TOKEN.finditer(unescape(text).translate(_QUOTES)):
        kind, form = match.lastgroup or "", match.group()
        if kind == "word":
            found += _words(form, knows, shouts=shouts)
        elif kind == "tag":
            found += _tag_words(form[1:], knows)
        elif kind == "marks":
            found.append(Token(form[:3], "mark", len(form) > 1))
        else:
            found.append(Token(form.lower() if kind == "number" else form, kind, loud=False))
    return found


def _words(form: str, knows: Callable[[str], bool], *, shouts: bool) -> list[Token]:
    loud = shouts and len(form) > 2 and form.isupper()
    word = form.lower()
    if _DRAWN_OUT.search(word):
        loud, word = True, _shortened(word, knows)
    if word.endswith("'s") and not knows(word):
        word = word[:-2]
    if "-" in word and not knows(word):
        return [Token(part, "word", loud) for part in word.split("-")]
    return [Token(word, "word", loud)]


def _shortened(word: str, knows: Callable[[str], bool]) -> str:
    """`gooood` is `good`, `sooo` is `so`: the form that is known, else one letter."""
    twice, once = _DRAWN_OUT.sub(r"\1\1", word), _DRAWN_OUT.sub(r"\1", word)
    return twice if knows(twice) and not knows(once) else once


def _tag_words(tag: str, knows: Callable[[str], bool]) -> list[Token]:
    """`#BestDayEver` is three words, `#servicefail` ends in one that is known."""
    parts = [part.lower() for part in _CAMEL.findall(tag)]
    if len(parts) == 1 and not knows(parts[0]):
        word = parts[0]
        cut = next((at for at in range(3, len(word) - 3) if knows(word[at:])), 0)
        parts = [word[:cut], word[cut:]] if cut else parts
    return [Token(part, "word", loud=False) for part in parts]
