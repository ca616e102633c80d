"""How the ads are to sound."""

import re
from collections.abc import Iterator

from marketmover.campaigns.brief.context import Found, is_denied
from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.phrases import items
from marketmover.campaigns.brief.vocabulary import phrases, words

_SAID = phrases("tone")

_ADJECTIVES = frozenset(words("tones"))
_WEAK = frozenset(words("tones_weak")) - _ADJECTIVES
_PATTERN = re.compile(
    rf"(?<![\w-])(?:{'|'.join(sorted(map(re.escape, _ADJECTIVES | _WEAK), key=len, reverse=True))})(?![\w-])"
)
_CUE = re.compile(rf"\b{_SAID['speaks of tone']}\b")
_NAMES_TONE = re.compile(rf"\b{_SAID['names the tone']}\b")
_WRONG = re.compile(rf"^ {_SAID['describes something else']}\b")
_TOO = re.compile(r"\b(?:too|less|overly|nothing|not) (?:\w+ (?:or|and) )?$")
_NO_TONES = frozenset(("contact", "past", "concerns", "product", "audience", "avoid", "industry", "location", "age"))
_BESIDE_TONES = frozenset(words("beside_tones"))
# `measured and courteous`, `plain. short. human.`: the next member of a list of tones
_JOINED = re.compile(
    r"(?:, (?:and |but )?| and | & | ?/ ?| \+ |\.[ \n]+|, a bit |, slightly | but )(?P<next>[a-z][a-z-]{3,})"
)
_CLOSES = re.compile(r"[.,;!\n)\"]| (?:tone|voice|wording|style|copy|language|please|and)\b")
_ADJECTIVE_ENDS = (
    "ful",
    "ous",
    "ive",
    "ic",
    "ical",
    "less",
    "ish",
    "able",
    "ible",
    "ant",
    "ent",
    "ing",
    "ed",
    "y",
    "al",
)
_ITEM = re.compile(
    r"(?:(?:a|an|very|quite|bit|little|rather|always|slightly|of|touch|fairly|please|and) )*"
    r"(?P<word>[a-z][a-z-]+(?: [a-z-]+)?)$"
)


def find_tone(document: Document) -> list[Found[str]]:
    """Words for the tone of voice, in order, each once; `not too formal` is no tone."""
    found: dict[str, Found[str]] = {}
    for one in (*_named(document), *_answered(document)):
        found.setdefault(one.value, one)
    for one in [other for known in found.values() for other in _beside(document, known)]:
        found.setdefault(one.value, one)
    return sorted(found.values(), key=lambda one: one.start)


def _named(document: Document) -> Iterator[Found[str]]:
    """Known words for a tone, where the sentence speaks of tone or says nothing else."""
    for match in _PATTERN.finditer(document.text):
        unit = document.unit_at(match.start())
        if (
            unit.field == "tone" or _stands_alone(document, match) or _is_spoken_of(document, unit, match)
        ) and _is_wanted(document, *match.span()):
            yield Found(match.group(), *match.span())


def _is_spoken_of(document: Document, unit: Unit, match: re.Match[str]) -> bool:
    if unit.field in _NO_TONES:
        return False
    around = max(unit.start, match.start() - 55), min(unit.end, match.end() + 30)
    cue = _NAMES_TONE if match.group() in _WEAK else _CUE
    return cue.search(document.text, *around) is not None


def _is_wanted(document: Document, start: int, end: int) -> bool:
    return not (
        is_denied(document, start, end)
        or _TOO.search(document.before(start, 20))
        or _WRONG.match(document.after(end, 16))
    )


def _answered(document: Document) -> Iterator[Found[str]]:
    """The members of an answer on tone, also those that no list knows: `Tone: sober, hand-made`."""
    for unit in document.units:
        if unit.field != "tone":
            continue
        for start, end in items(document.text, document.answer(unit), unit.end):
            item = _ITEM.match(document.text[start:end].rstrip(' .!"'))
            if item is None or " " in item["word"] or item["word"] in _BESIDE_TONES:
                continue
            at = start + item.start("word")
            if _is_wanted(document, at, at + len(item["word"])):
                yield Found(item["word"], at, at + len(item["word"]))


def _beside(document: Document, known: Found[str]) -> Iterator[Found[str]]:
    """Adjectives that stand in one list with a known tone."""
    at = known.end
    while match := _JOINED.match(document.text, at):
        word, at = match["next"], match.end()
        if (
            word in _BESIDE_TONES
            or not (word in _WEAK or word.endswith(_ADJECTIVE_ENDS))
            or not _CLOSES.match(document.text, at)
        ):
            return
        if not _is_wanted(document, *match.span("next")):
            return
        yield Found(word, *match.span("next"))


def _stands_alone(document: Document, match: re.Match[str]) -> bool:
    """Whether the clause is nothing but such words, as in `Fun and optimistic, please`."""
    unit = document.unit_at(match.start())
    if match.group() in _WEAK:
        return False
    spans = (document.clause(*match.span()), (unit.start, unit.end))
    return any(_only_tones(document.text[left:right]) for left, right in spans)


def _only_tones(text: str) -> bool:
    words = re.findall(r"[\w-]+", text)
    known = _ADJECTIVES | _WEAK | _BESIDE_TONES
    return any(word in _ADJECTIVES for word in words) and all(word in known for word in words)
