"""Stretches of a text that may name what is to be avoided or what must be there, with the signs for learnt weights."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from marketmover.campaigns.brief.context import is_past
from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.noun_phrases import Token
from marketmover.campaigns.brief.phrase_signs import answer_tokens, line_sign
from marketmover.campaigns.brief.spans import Span
from marketmover.campaigns.brief.vocabulary import lists
from marketmover.campaigns.brief.word_meaning import meaning

Ruled = tuple[int, int, str]  # where a rule finds something, and of which kind
Stretch = tuple[int, int, str]  # the first token, the one behind the last, and how it was cut out

_WORDS = lists("constraint_signs")
_CUES = frozenset(_WORDS["orders or forbids"])
_STARTERS = _CUES | frozenset((*_WORDS["also stands before a stretch"], *_WORDS["no part of a stretch it begins"]))
_SKIPPED = frozenset(_WORDS["no part of a stretch it begins"])
_TAILS = frozenset(_WORDS["may end a stretch"])
# What words have in common, for patterns that hold for words seldom seen
_CLASSES = {
    word: name.removeprefix("alike: ").upper()
    for name, entries in _WORDS.items()
    if name.startswith("alike: ")
    for word in entries
}
PLATFORMS = "google|facebook|fb|instagram|insta|meta|youtube|tik ?tok|linkedin"
METRIC = re.compile(r"\b(?:cost|cp[aclim]|cac|roas|price per|budget|spend|leads?|sales|ctr|return|clicks)\b")
_CHANNEL = re.compile(rf"\b(?:{PLATFORMS}|ig|social media|search|networks?)\b")
_BREAKS = frozenset(",;:()!?.|=\u2013\u2192")
_JOINS = frozenset(("and", "or", "but", "&", "/", "+"))
_LONGEST = 10
_MOST_ENDS = 3
_GATE_FIELDS = ("avoid", "require")


@dataclass(frozen=True)
class ConstraintCandidate:
    """A stretch `text[start:end]` that may say what to avoid or what must be there."""

    start: int
    end: int
    signs: frozenset[str]

    def is_ruled(self, kind: str) -> bool:
        """Whether it is just what a rule finds, as one of a kind."""
        return f"rules say {kind}" in self.signs


@dataclass(frozen=True)
class _Line:
    unit: Unit
    number: int
    tokens: list[Token]
    asked: tuple[str, ...]
    before: str
    ruled: Sequence[Ruled]
    """What the rules find in the sentence."""
    ruled_in_all: int


def constraint_candidates(document: Document, by_rules: Sequence[Ruled]) -> list[ConstraintCandidate]:
    """Stretches of the sentences that hold a word of ordering or forbidding, or answer a question that does.

    Args:
        document: The text.
        by_rules: What the rules find, which is a sign and a stretch among others.
    """
    lines = [answer_tokens(document, unit) for unit in document.units]
    by_unit = _by_unit(document, by_rules)
    found: list[ConstraintCandidate] = []
    whole = tuple(_whole(document, by_rules))
    for number, (unit, line) in enumerate(zip(document.units, lines, strict=True)):
        asked = _asked(document, number, lines)
        ruled = by_unit.get(number, [])
        if line and (unit.field in _GATE_FIELDS or any(map(_is_cue, line)) or _CUES & set(asked) or ruled):
            before = document.units[number - 1].field if number else ""
            here = _Line(unit, number, line, asked, before, ruled, len(by_rules))
            common = (*whole, *_common(document, here))
            for stretch in _stretches(here):
                signs = frozenset((*common, *_signs(document, here, stretch)))
                found.append(ConstraintCandidate(line[stretch[0]].start, line[stretch[1] - 1].end, signs))
    return found


def _whole(document: Document, by_rules: Sequence[Ruled]) -> Iterator[str]:
    """What the whole text says: its length, whether it has a place for constraints, how many the rules find."""
    length = sum(len(document.units) > limit for limit in (2, 5, 10, 20))
    asked = any(unit.field in _GATE_FIELDS for unit in document.units)
    yield f"text {length}"
    yield f"text {'asks' if asked else 'does not ask'} for constraints"
    yield f"rules find {min(len(by_rules), 3)}"
    yield f"rules find {min(len(by_rules), 3)}, text {length}"


def _by_unit(document: Document, by_rules: Sequence[Ruled]) -> dict[int, list[Ruled]]:
    """What the rules find in each unit, by its number."""
    starts = [unit.start for unit in document.units]
    found: dict[int, list[Ruled]] = {}
    for one in by_rules:
        found.setdefault(bisect_right(starts, one[0]) - 1, []).append(one)
    return found


def _asked(document: Document, number: int, lines: Sequence[list[Token]]) -> tuple[str, ...]:
    """The words of the question or heading that a sentence answers, or of the sentence before that announces it."""
    unit = document.units[number]
    if unit.asked:
        return tuple(re.findall(r"[a-z']+", unit.asked))[-12:]
    if number:
        before = document.units[number - 1]
        if document.text[before.start : before.end].rstrip().endswith(("?", ":")):
            return tuple(token.word for token in lines[number - 1][-10:])
    return ()


def _stretches(here: _Line) -> Iterator[Stretch]:
    line = here.tokens
    seen: set[tuple[int, int]] = set()
    for left, right, _ in here.ruled:
        inside = [at for at, token in enumerate(line) if left <= token.start and token.end <= right]
        if inside and (inside[0], inside[-1] + 1) not in seen:
            seen.add((inside[0], inside[-1] + 1))
            yield inside[0], inside[-1] + 1, "rules"
    for first, begins in _starts(line):
        for last, ends in _ends(line, first):
            if (first, last) not in seen:
                seen.add((first, last))
                yield first, last, f"{begins} {ends}"


def _starts(line: Sequence[Token]) -> Iterator[tuple[int, str]]:
    given: set[int] = set()
    for at, token in enumerate(line):
        if token.part == "mark" and token.word not in ('"', "#", "@"):
            continue
        opens = at == 0 or line[at - 1].part == "mark" or line[at - 1].word in _JOINS
        cued = at > 0 and (line[at - 1].word in _STARTERS or line[at - 1].part in ("verb", "auxiliary"))
        if not (opens or cued):
            continue
        first = at
        while first + 1 < len(line) and line[first].word in _SKIPPED:
            first += 1
        if first not in given and line[first].part != "mark":
            given.add(first)
            yield first, "open" if opens else "cued"


def _ends(line: Sequence[Token], first: int) -> Iterator[tuple[int, str]]:
    """Where a stretch may end: before a tail, at a joining word or a quote, at the end of the clause."""
    ends = 0
    for at in range(first + 1, min(len(line), first + _LONGEST + 1)):
        token = line[at]
        if token.part == "mark" and token.word in _BREAKS:
            yield at, "clause"
            return
        kind = "quote" if token.word == '"' else "join" if token.word in _JOINS else ""
        if not kind and (token.word in _TAILS or token.part in ("verb", "auxiliary")):
            kind = "tail"
        if kind:
            yield at, kind
            ends += 1
        if ends > _MOST_ENDS:
            return
    if len(line) - first <= _LONGEST:
        yield len(line), "clause"


def _common(document: Document, here: _Line) -> Iterator[str]:
    """What holds of a whole sentence."""
    yield line_sign(here.number)
    yield f"field {here.unit.field}"
    yield f"field before {here.before}"
    yield from (f"asked {word}" for word in here.asked)
    yield from {f"asked {_CLASSES[word]}" for word in here.asked if word in _CLASSES}
    text = document.text[here.unit.start : here.unit.end].rstrip()
    label = re.findall(r"[a-z']+", document.text[here.unit.start : here.tokens[0].start])
    yield from (f"label {word}" for word in label)
    yield from (f"label {_CLASSES[word]}" for word in label if word in _CLASSES)
    yield f"says {' '.join(sorted({_CLASSES[token.word] for token in here.tokens if token.word in _CLASSES}))}"
    yield "asks" if text.endswith("?") else "tells"
    yield f"opens {here.tokens[0].word}"
    yield f"opens {' '.join(token.word for token in here.tokens[:2])}"
    yield f"length {min(len(here.tokens) // 5, 5)}"


def _signs(document: Document, here: _Line, at: Stretch) -> Iterator[str]:
    line, (first, last, form) = here.tokens, at
    start, end = line[first].start, line[last - 1].end
    yield f"form {form}"
    yield f"words {min(last - first, 8)}"
    yield from _around(line, first, last)
    yield from _inside(document.text[start:end], line[first:last])
    cues = list(_nearest_cue(line, first))
    yield from cues
    yield f"{cues[0]}, {form}"
    yield from _rule_signs((start, end), here)
    if is_past(document, start, end):
        yield "past"
    left, right = document.clause(start, end)
    if document.text[left:right].strip() == document.text[start:end]:
        yield "whole clause"
    extent = "whole" if first == 0 and last >= len(line) - 1 else "part"
    yield f"{extent} of a sentence, field {here.unit.field}"


def _around(line: Sequence[Token], first: int, last: int) -> Iterator[str]:
    """The words before and behind a stretch, as they are and by what they have in common."""
    before = ["^", *(token.word for token in line[max(0, first - 4) : first])]
    after = [*(token.word for token in line[last : last + 3]), "$"]
    yield from (f"before {' '.join(before[-size:])}" for size in (1, 2, 3) if size <= len(before))
    yield from (f"after {' '.join(after[:size])}" for size in (1, 2, 3) if size <= len(after))
    yield f"between {before[-1]} {after[0]}"
    pattern = ["^", *(_class(token) for token in line[max(0, first - 5) : first])]
    behind = [*(_class(token) for token in line[last : last + 3]), "$"]
    yield from (f"pattern {' '.join(pattern[-size:])}" for size in (1, 2, 3, 4) if size <= len(pattern))
    yield from (f"behind {' '.join(behind[:size])}" for size in (1, 2, 3) if size <= len(behind))
    yield f"around {' '.join(pattern[-2:])} _ {' '.join(behind[:2])}"


def _inside(text: str, tokens: Sequence[Token]) -> Iterator[str]:
    """The words of a stretch, and what they name."""
    parts = [token.part for token in tokens]
    yield f"first {tokens[0].word}"
    yield f"first {parts[0]}"
    yield f"last {tokens[-1].word}"
    yield f"last {parts[-1]}"
    yield from (f"holds {token.word}" for token in tokens)
    yield from (f"holds {one.word} {two.word}" for one, two in pairwise(tokens))
    yield f"names {parts.count('name')}"
    if "verb" in parts or "auxiliary" in parts:
        yield "holds a verb"
    if "number" in parts:
        yield "holds a number"
    if _CHANNEL.search(text):
        yield "names a platform"
    if METRIC.search(text):
        yield "names a metric"
    yield from meaning(tokens[-1].word)


def _class(token: Token) -> str:
    if token.word in _CLASSES:
        return _CLASSES[token.word]
    return token.part if token.part in ("name", "number", "verb", "time", "light") else token.word


def _is_cue(token: Token) -> bool:
    return token.word in _CUES or token.word.endswith("n't")


def _nearest_cue(line: Sequence[Token], first: int) -> Iterator[str]:
    """The nearest word of ordering or forbidding before a stretch, and what stands between."""
    for at in range(first - 1, -1, -1):
        if _is_cue(line[at]):
            word = line[at].word
            between = line[at + 1 : first]
            marks = sum(token.part == "mark" for token in between)
            verbs = sum(token.part in ("verb", "auxiliary") for token in between)
            yield f"cue {word}, {min(len(between), 4)} off"
            yield f"cue {word}, {min(marks, 2)} marks, {min(verbs, 2)} verbs"
            yield f"cue {word}"
            return
    yield "no cue"


def _rule_signs(span: Span, here: _Line) -> Iterator[str]:
    for start, end, kind in here.ruled:
        if (start, end) == span:
            yield f"rules say {kind}"
            yield f"rules say {kind}, field {here.unit.field}"
            yield f"rules say {kind} of {min(here.ruled_in_all, 3)}"
        elif start < span[1] and span[0] < end:
            yield f"rules say {'more' if start <= span[0] and span[1] <= end else 'other'} {kind}"
        else:
            yield f"rules say beside {kind}"
