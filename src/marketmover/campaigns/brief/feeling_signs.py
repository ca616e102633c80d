"""Which parts of a text judge past work or speak of a worry: the parts, and the signs by which they are told apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from marketmover.campaigns.brief.context import PAST
from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.language import sentiment

_SAID = phrases("feelings")

WORRY = re.compile(rf"\b{_SAID['worries']}\b")
SO_SO = re.compile(rf"\b{_SAID['so-so']}")
_IDIOMS = {
    "good results": re.compile(_SAID["good results"]),
    "bad results": re.compile(_SAID["bad results"]),
    "did not go well": re.compile(rf"\b{_SAID['not']}(?: really| even| quite| exactly)? {_SAID['went well']}\b"),
    "so-so": SO_SO,
    "complaint": re.compile(rf"\b{_SAID['complaints']}\b"),
    "worry": WORRY,
    "wish": re.compile(rf"\b{_SAID['about the future']}\b"),
    "few": re.compile(rf"\b{_SAID['fewer']}\b"),
    "promise": re.compile(rf"\b{_SAID['promised']}\b"),
    "pay": re.compile(rf"\b{_SAID['paid']}\b"),
    "somebody": re.compile(rf"\b{_SAID['who worked before']}\b"),
    "you": re.compile(r"\b(?:you|your|you've|you're)\b"),
    "own business": re.compile(r"^(?:we|i|our \w+)(?:'re|'m| are| am| make| sell| run| have been| help| love)\b"),
}
_ABOUT_PAST = re.compile(rf"\b{_SAID['about past work']}\b")
_DEED = re.compile(rf"\b(?:{_SAID['past deeds']}|[a-z]{{3,}}ed)\b")
_PERFECT = re.compile(
    rf"\b(?:has|have|had|hasn't|haven't|hadn't)(?: \w+)? (?:been|{_SAID['past deeds']}|\w+ed)\b|'ve (?:\w+ )?\w+"
)
_MEDIA = re.compile(rf"\b(?:{_SAID['media']}|{_SAID['what ads bring']}|{_SAID['our results']})\b")
_TURNS = re.compile(
    r";|: | - |\.\.+ | but | though | although | however "
    r"|, (?=(?:so|now|this time|while|and|they|it|we|i|nobody|no one|nothing|the|which|because|just|not|absolutely"
    r"|very|really|honestly|never|too|hardly|sadly|some|half)\b)"
    r"| (?=(?:and|so|because|which|then) (?:we|i|they|it|he|she|the|our|nobody|no one|nothing|now|then|that|you"
    r"|honestly|last|next|please|not)\b)"
)
_LEAST = 8


@dataclass(frozen=True)
class Part:
    """A part of a sentence with one judgement, and the signs that it shows.

    Attributes:
        start, end: Its place in `Document.text`.
        sound: How its words sound, -1 to 1.
        is_past: Whether the words before or in it speak of what was done.
        signs: What speaks for and against its being a judgement of past work or a worry.
    """

    unit: Unit
    start: int
    end: int
    sound: float
    is_past: bool
    signs: frozenset[str]

    def shows(self, idiom: str) -> bool:
        """Whether it holds an expression of a kind, such as `so-so`."""
        return f"says {idiom}" in self.signs


def parts(document: Document) -> list[Part]:
    """The parts of a text in its order."""
    spans = [(unit, *span) for unit in document.units for span in _spans(document, unit)]
    sounds = sentiment.score_many([document.text[start:end] for _, start, end in spans])
    made: list[Part] = []
    gates: dict[int, frozenset[str]] = {}
    for (unit, start, end), sound in zip(spans, sounds, strict=True):
        if unit.start not in gates:
            gates[unit.start] = _times(document, unit.start, unit.end)
        before = gates.get(document.unit_before(unit.start).start, frozenset())
        made.append(_part(document, unit, (start, end), sound.score, (gates[unit.start], before)))
    return made


def _spans(document: Document, unit: Unit) -> Iterator[tuple[int, int]]:
    at = document.answer(unit) if unit.field in ("past", "concerns") else unit.start
    for match in _TURNS.finditer(document.text, at, unit.end):
        if match.start() - at > _LEAST:
            yield at, match.start()
            at = match.end()
    if unit.end - at > 2:
        yield at, unit.end


def _times(document: Document, start: int, end: int) -> frozenset[str]:
    """What says that a stretch speaks of what was done, and of advertising."""
    cues = (("past", PAST), ("past", _ABOUT_PAST), ("deed", _DEED), ("deed", _PERFECT), ("media", _MEDIA))
    return frozenset(name for name, cue in cues if cue.search(document.text, start, end))


def _part(
    document: Document,
    unit: Unit,
    span: tuple[int, int],
    sound: float,
    around: tuple[frozenset[str], frozenset[str]],
) -> Part:
    text = document.text[slice(*span)].strip(" \n")
    times, here = _times(document, *span), around[0]
    idioms = {name for name, pattern in _IDIOMS.items() if pattern.search(text)}
    loudness = _loudness(sound, idioms)
    when = _when(unit, times, here, around[1])
    words = re.findall(r"[a-z']+", text)
    signs = {
        f"when {when}",
        f"sounds {loudness}",
        f"when {when} sounds {loudness}",
        *(f"says {name}" for name in idioms),
        *(f"says {name} when {when}" for name in idioms),
        *(f"time {name}" for name in times),
        "asks" if text.endswith("?") else "tells",
        "short" if len(words) < 4 else "long" if len(words) > 25 else "middling",
        *(f"word {word}" for word in words),
        *(f"pair {one} {two}" for one, two in pairwise(words)),
        f"field {unit.field}",
        *(f"asked {word}" for word in re.findall(r"[a-z']+", unit.asked)[-12:]),
        *_label(document, unit, span[0]),
    }
    return Part(unit, *span, sound, when not in ("never", "media"), frozenset(signs))


def _label(document: Document, unit: Unit, start: int) -> Iterator[str]:
    """The words of the label that stands before an answer."""
    answer = document.answer(unit)
    if unit.start < answer <= start or (unit.start == start and answer > start):
        yield from (f"label {word}" for word in re.findall(r"[a-z']+", document.text[unit.start : answer])[:8])


def _when(unit: Unit, times: frozenset[str], here: frozenset[str], before: frozenset[str]) -> str:
    """How plainly a part speaks of past work."""
    if unit.field == "past":
        return "asked"
    if "past" in times:
        return "past media" if "media" in times else "past"
    if {"deed", "media"} <= times:
        return "deed media"
    if "past" in here or {"deed", "media"} <= here:
        return "in a past sentence"
    if "past" in before and "media" in before:
        return "after a past sentence"
    return "deed" if "deed" in times else "media" if "media" in times else "never"


def _loudness(sound: float, idioms: set[str]) -> str:
    good, bad = "good results" in idioms, bool({"bad results", "did not go well"} & idioms)
    sound += 0.25 * (good - bad)
    size = sum(abs(sound) >= limit for limit in (0.1, 0.2, 0.35))
    return f"{'+' if sound > 0 else '-'}{size}" if size else "0"
