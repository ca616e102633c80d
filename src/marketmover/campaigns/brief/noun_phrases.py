"""Noun phrases of a brief, by a small lexicon of function words and verbs; every other word may be part of a name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from marketmover.campaigns.brief.vocabulary import lists

_TOKEN = re.compile(r"(?P<word>[^\W\d_](?:[\w]|['&+-](?=\w))*)|(?P<number>[\d][\w.,%-]*)|(?P<mark>[^\w\s])")
_CONTRACTED = re.compile(r"(?:n't|'ll|'ve|'re|'d|'m)$")
_PLURAL = re.compile(r"s$|^(?:people|men|women|children|anyone)$")
_MOST_WORDS = 6
_AFTER_SUBJECT = frozenset(("pronoun", "auxiliary"))
_BEFORE_PARTICIPLE = frozenset(("determiner", "function", "verb", "light", "number", "mark"))
_BEFORE_OBJECT = frozenset(("pronoun", "determiner"))


@dataclass(frozen=True)
class Token:
    """A word, number or mark, where it stands in `Document.text`, and its part in the sentence.

    `part` is one of determiner, function, pronoun, auxiliary, verb, adverb, light (an adjective that names nothing),
    time, number, mark, name (all the rest: nouns, and adjectives that tell one thing from another).
    """

    word: str
    start: int
    end: int
    part: str


@dataclass(frozen=True)
class NounPhrase:
    """Tokens `first` up to `last` (not included) of a sentence."""

    first: int
    last: int


@lru_cache(maxsize=1)
def _grammar() -> dict[str, str]:
    """Each word of the lexicon -> its part; `either` is a word that is a verb or a noun."""
    grammar = lists("grammar")
    parts: dict[str, str] = {}
    for name, part in (
        ("times", "time"),
        ("times that tell one kind from another", "season"),
        ("numbers and money", "number"),
        ("light adjectives", "light"),
        ("adverbs", "adverb"),
        ("function words", "function"),
        ("determiners", "determiner"),
        ("pronouns", "pronoun"),
        ("auxiliaries", "auxiliary"),
    ):
        parts.update(dict.fromkeys(grammar[name], part))
    nouns, ing = frozenset(grammar["also nouns"]), frozenset(grammar["also nouns in -ing"])
    for entry in grammar["verbs"]:
        base, *irregular = entry.split(" ")
        for form in (*_forms(base), *irregular):
            either = form in ing or (base in nouns and form in (base, base + "s", base + "es"))
            parts.setdefault(form, "either" if either else "verb")
    return parts


@lru_cache(maxsize=1)
def _lemmas() -> dict[str, str]:
    entries = [entry.split(" ") for entry in lists("grammar")["verbs"]]
    return {form: base for base, *irregular in entries for form in (*_forms(base), *irregular)}


def lemma(word: str) -> str:
    """A verb's base form; any other word as it is."""
    return _lemmas().get(word, word)


def _forms(base: str) -> tuple[str, ...]:
    if base.endswith("e"):
        return base, base + "s", base + "d", base[:-1] + "ing"
    if base.endswith("y") and base[-2] not in "aeou":
        return base, base[:-1] + "ies", base[:-1] + "ied", base + "ing"
    doubled = base + base[-1]
    return base, base + "s", base + "es", base + "ed", base + "ing", doubled + "ed", doubled + "ing"


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of a sentence, each with its part."""
    found = [
        Token(match.group(), *match.span(), "number" if match["number"] else "mark" if match["mark"] else _part(match))
        for match in _TOKEN.finditer(text, start, end)
    ]
    parts = [_settled(found, at) for at in range(len(found))]
    return [
        token if token.part == part else replace(token, part=part) for token, part in zip(found, parts, strict=True)
    ]


def _part(match: re.Match[str]) -> str:
    word = match.group()
    if (part := _grammar().get(word)) is not None:
        return part
    if _CONTRACTED.search(word):
        return "auxiliary"
    return "adverb" if word.endswith("ly") and len(word) > 5 else "name"


def _settled(line: list[Token], at: int) -> str:
    """What a word is here.

    `order` is a verb behind `we` or `to`, or first before `the` or `us`; `watching`, `managed` and `winter` belong to
    the name that they stand before (`whale watching trips`, `for managed hosting`, `winter tyres`).
    """
    part, named_next = line[at].part, at + 1 < len(line) and line[at + 1].part in ("name", "either")
    if part == "season":
        return "name" if named_next else "time"
    if part == "verb" and line[at].word.endswith("ing"):
        single = at > 0 and line[at - 1].part == "name" and not _PLURAL.search(line[at - 1].word)
        return "name" if single and named_next else "verb"
    if part == "verb" and line[at].word.endswith("ed") and at + 1 < len(line) and line[at + 1].part == "name":
        return "name" if at == 0 or line[at - 1].part in _BEFORE_PARTICIPLE else "verb"
    if part != "either":
        return part
    if line[at].word.endswith("ing"):
        return "name"
    if at and (line[at - 1].part in _AFTER_SUBJECT or line[at - 1].word in ("please", "pls")):
        return "verb"
    if at and line[at].word.endswith("s") and line[at - 1].part in ("name", "number") and _has_object(line, at):
        return "verb"
    opens = at == 0 or line[at - 1].word in ("and", "or") or line[at - 1].part == "mark"
    return "verb" if opens and at + 1 < len(line) and line[at + 1].part in _BEFORE_OBJECT else "name"


def _has_object(line: list[Token], at: int) -> bool:
    return at + 1 < len(line) and line[at + 1].part in ("name", "light", "either", *_BEFORE_OBJECT)


def noun_phrases(line: list[Token]) -> Iterator[NounPhrase]:
    """Longest runs of names, with light adjectives between them but not in front."""
    at = 0
    while at < len(line):
        if line[at].part != "name":
            at += 1
            continue
        last = at + 1
        while last < len(line) and _continues(line, last):
            last += 1
        yield NounPhrase(max(at, last - _MOST_WORDS), last)
        at = last


def _continues(line: list[Token], at: int) -> bool:
    token = line[at]
    if token.part == "name":
        return True
    if token.word == "&" or token.part == "light":
        return at + 1 < len(line) and line[at + 1].part == "name"
    return False
