"""Phrases that may name whom a campaign is for, or what these people like, with the signs for the learnt weights."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from marketmover.campaigns.brief.context import is_denied, is_past
from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.noun_phrases import NounPhrase, Token, noun_phrases
from marketmover.campaigns.brief.phrase_signs import answer_tokens, line_sign, named, signs_around
from marketmover.campaigns.brief.spans import Span, Spans
from marketmover.campaigns.brief.vocabulary import lists, phrases, words
from marketmover.campaigns.brief.word_meaning import meaning, role_likeness
from marketmover.campaigns.brief.world import demonyms, is_place

_SAID = phrases("interests")
_LISTS = lists("interest_signs")
AIM = re.compile(rf"\b{_SAID['aims at people']}\b")
_OUR_OWN = re.compile(rf"\b{_SAID['our own people']} $")
_SENDER = re.compile(r"\b(?:we are|we're|i am|i'm|we run|i run|we sell|we make|we have|we do|our team)\b[^\n,;]{0,40}$")
_LIKES = re.compile(rf"\b{_SAID['likes']}\s+$")
VERB = re.compile(rf"\b{_SAID['verbs']}\b")
_ENDINGS = ("ers", "ors", "ists", "ents", "ants", "ians", "eers", "ees", "mums", "lovers", "fans", "owners")
_TIES = frozenset(_LISTS["ties a phrase to the next"])
_PEOPLE = frozenset(_LISTS["people"])
_WHO = frozenset(_LISTS["who"])
_LINKS = frozenset((",", "and", "or", "&", "/", "+", ";"))
_LONGEST = 8
_AUDIENCE = ("audience", "interests")  # fields of a brief that say whom it is for
_LIKE_A_ROLE = 4
_ROLE_LISTS = ("roles_alone", "roles_generic", "roles_never")


@dataclass(frozen=True)
class InterestCandidate:
    """A phrase at `text[start:end]` that may be an interest or a role of the audience."""

    start: int
    end: int
    signs: frozenset[str]


@dataclass(frozen=True)
class _Spoken:
    """A phrase of a sentence: its tokens, that of its head, and how it was cut out."""

    unit: Unit
    number: int
    line: Sequence[Token]
    at: NounPhrase
    head: int
    form: str

    @cached_property
    def span(self) -> Span:
        return self.line[self.at.first].start, self.line[self.at.last - 1].end


@dataclass(frozen=True)
class _Text:
    """What is the same for each phrase of a text: the tokens of its sentences, who is aimed at, what the rules find."""

    document: Document
    lines: Sequence[list[Token]]
    aimed: Spans
    by_rules: Spans

    @cached_property
    def length(self) -> int:
        """Sentences, in five steps."""
        return sum(len(self.document.units) > limit for limit in (2, 5, 10, 20))

    @cached_property
    def is_asked(self) -> bool:
        """Whether a question, a heading or a label asks for the audience."""
        return any(unit.field in _AUDIENCE for unit in self.document.units)


def interest_candidates(document: Document, by_rules: Sequence[Span]) -> list[InterestCandidate]:
    """Noun phrases, parts of them, and those that go on with `of`, `with`, `who`; what the rules find besides."""
    lines, rules = [answer_tokens(document, unit) for unit in document.units], Spans(by_rules)
    spoken = [
        one
        for number, (unit, line) in enumerate(zip(document.units, lines, strict=True))
        for one in _spoken(unit, number, line, rules)
    ]
    text = _Text(document, lines, Spans(one.span for one in spoken if _is_aimed(document, one)), rules)
    return [InterestCandidate(*one.span, frozenset((*_signs(text, one), *_whole(text, one)))) for one in spoken]


def _is_aimed(document: Document, one: _Spoken) -> bool:
    """Whether a phrase names people and stands where an audience stands."""
    if one.form != "whole" or role_likeness(one.line[one.head].word) < _LIKE_A_ROLE:
        return False
    return one.unit.field in _AUDIENCE or AIM.search(document.before(one.span[0], 40)) is not None


def _whole(text: _Text, one: _Spoken) -> Iterator[str]:
    """What the whole text says of a phrase: how long it is, who else is aimed at."""
    length = text.length
    here = bool(text.aimed.near(*one.span))
    others = "others aimed at" if len(text.aimed) > here else "no others aimed at"
    kind = "like a role" if role_likeness(one.line[one.head].word) >= _LIKE_A_ROLE else "unlike a role"
    yield f"text {length}"
    yield f"text {length}, {kind}"
    yield f"text {length}, {others}"
    yield f"{'aimed' if here else 'not aimed'}, {others}"
    yield f"{'aimed' if here else 'not aimed'}, {others}, {kind}"
    asked = "here" if one.unit.field in _AUDIENCE else "asked elsewhere" if text.is_asked else "never asked"
    yield f"audience {asked}"
    yield f"audience {asked}, {kind}"
    yield f"rules find {min(len(text.by_rules), 2)}, text {length}"


def _spoken(unit: Unit, number: int, line: list[Token], by_rules: Spans) -> Iterator[_Spoken]:
    """The stretches of a sentence that may name people or what they like, each once."""
    base = list(noun_phrases(line))
    held = {at for one in base for at in range(one.first, one.last)}
    base += [NounPhrase(at, at + 1) for at, token in enumerate(line) if token.word in _PEOPLE and at not in held]
    cut = [(form, at, one.last - 1) for one in base for form, at in _forms(line, one, base)]
    for left, right in by_rules.near(line[0].start, line[-1].end) if line else ():
        inside = [at for at, token in enumerate(line) if left <= token.start and token.end <= right]
        if inside:
            cut.append(("of rules", NounPhrase(inside[0], inside[-1] + 1), inside[-1]))
    seen: set[NounPhrase] = set()
    for form, at, head in cut:
        if at not in seen:
            seen.add(at)
            yield _Spoken(unit, number, line, at, head, form)


def _forms(line: Sequence[Token], one: NounPhrase, base: Sequence[NounPhrase]) -> Iterator[tuple[str, NounPhrase]]:
    """A noun phrase, its last words, and what it becomes with the words behind it."""
    yield "whole", one
    if one.last - one.first > 1:
        yield "last", NounPhrase(one.last - 1, one.last)
    if one.last - one.first > 2:
        yield "last two", NounPhrase(one.last - 2, one.last)
        yield "but first", NounPhrase(one.first + 1, one.last)
    yield from (("longer", NounPhrase(one.first, last)) for last in _further(line, one.last, base))


def _further(line: Sequence[Token], at: int, base: Sequence[NounPhrase]) -> Iterator[int]:
    """Where a phrase may end that goes on behind its head: `owners of sport horses`, `people who just moved`."""
    if at >= len(line):
        return
    token = line[at]
    if token.word in _TIES:
        following = next((one for one in base if at < one.first <= at + 3), None)
        if following and all(line[between].part != "mark" for between in range(at, following.first)):
            yield following.last
        number = next((k for k in (at + 1, at + 2) if k < len(line) and line[k].part == "number"), None)
        if number is not None:
            yield number + 1
    elif token.word in _WHO or token.part in ("verb", "either") or token.word.endswith("ing"):
        limit = min(len(line), at + _LONGEST)
        stop = next((k for k in range(at, limit) if line[k].part == "mark"), limit)
        yield stop
        following = next((one for one in base if at < one.first <= at + 4), None)
        if following and following.last < stop:
            yield following.last


def _signs(text: _Text, one: _Spoken) -> Iterator[str]:
    document, line, at = text.document, one.line, one.at
    word = line[one.head].word
    yield from signs_around(document, one.unit, list(line), at)
    yield line_sign(one.number)
    yield f"form {one.form}"
    yield f"words {min(at.last - at.first, 6)}"
    kinds = list(_kinds(word))
    yield from kinds
    yield from meaning(word)
    yield from (f"{kind}, {one.form}" for kind in kinds)
    yield f"head {word}"
    yield f"first {named(line[at.first]) if line[at.first].part == 'verb' else line[at.first].word}"
    by_rules = _by_rules(one.span, text.by_rules)
    yield by_rules
    yield from (f"{by_rules}, {kind}" for kind in kinds[:1])
    yield from _clause(document, one)
    yield from _beside(one, text.by_rules)
    yield from _asked(document, one, text.lines)
    yield from (f"near {token.word}" for token in line[max(0, at.first - 5) : at.first])
    yield from (f"behind it {token.word}" for token in line[at.last : at.last + 4])


def _kinds(word: str) -> Iterator[str]:
    yield f"like roles {role_likeness(word)}"
    ending = next((one for one in _ENDINGS if word.endswith(one)), "s" if word.endswith("s") else "other")
    yield f"ends {ending}"
    for name in _ROLE_LISTS:
        if word in _list(name):
            yield f"in {name}"
    if word in _demonyms():
        yield "demonym"
    elif is_place(word):
        yield "place"


def _by_rules(span: Span, by_rules: Spans) -> str:
    if span in by_rules:
        return "rules say it"
    if by_rules.near(*span):
        return "rules say part of it"
    return "rules say others" if by_rules else "rules say none"


def _clause(document: Document, one: _Spoken) -> Iterator[str]:
    start, end = one.span
    before = document.before(start, 70)
    left, right = document.clause(start, end)
    holds = {
        "denied": is_denied(document, start, end),
        "past": is_past(document, start, end),
        "aimed at": AIM.search(before) is not None,
        "our own": _OUR_OWN.search(before) is not None,
        "sender": _SENDER.search(before) is not None,
        "liked": _LIKES.search(before) is not None,
        "no verb": VERB.search(document.text, left, right) is None,
        "no verb in sentence": VERB.search(document.text, one.unit.start, one.unit.end) is None,
        "capital": document.cased[start].isupper() and start > one.unit.start,
        "said again": document.text.count(document.text[start:end]) > 1,
    }
    signs = [name for name, true in holds.items() if true]
    yield from signs
    yield f"field {one.unit.field}, {'like' if role_likeness(one.line[one.head].word) > 4 else 'unlike'} a role"


def _beside(one: _Spoken, by_rules: Spans) -> Iterator[str]:
    """What stands in one list with the phrase."""
    line, at = one.line, one.at
    sides = (
        ("before", range(at.first - 1, max(-1, at.first - 4), -1)),
        ("after", range(at.last, min(len(line), at.last + 3))),
    )
    for name, near in sides:
        links = 0
        while links < len(near) and line[near[links]].word in _LINKS:
            links += 1
        if not 0 < links < len(near) or line[near[links]].part != "name":
            continue
        other = line[near[links]]
        yield f"listed {name}"
        yield f"listed {name} with like roles {role_likeness(other.word)}"
        if by_rules.near(other.start, other.start + 1):
            yield f"listed {name} with what rules say"


def _asked(document: Document, one: _Spoken, lines: Sequence[list[Token]]) -> Iterator[str]:
    """What the sentence before asks, and its field."""
    yield from (f"asked {word}" for word in re.findall(r"[a-z']+", one.unit.asked)[-12:])
    if not one.number or one.unit.asked:
        return
    before = document.units[one.number - 1]
    text = document.text[before.start : before.end].strip()
    yield f"field before {before.field}"
    if text.endswith(("?", ":")):
        yield from (f"asked {token.word}" for token in lines[one.number - 1][-8:])


@lru_cache(maxsize=8)
def _list(name: str) -> frozenset[str]:
    return frozenset(words(name))


@lru_cache(maxsize=1)
def _demonyms() -> frozenset[str]:
    return frozenset(form for word in demonyms() for form in (word, word + "s"))
