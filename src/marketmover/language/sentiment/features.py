"""What the learned model sees of a text: a few figures from the rules, and the words and pairs of words themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import copysign, sqrt

from marketmover.language.sentiment.rules import Weighed, bounded, valence, weigh
from marketmover.language.sentiment.tokens import Token, split

FIGURES = (
    "total",
    "pointed",
    "praise",
    "blame",
    "last sentence",
    "last clause",
    "last word",
    "first word",
    "exclaimed",
    "asked",
    "contrasts",
    "negated",
)
_STANDS_FOR = {"number": "<number>", "link": "<link>", "mention": "<mention>"}
_MOST_TOKENS = 60  # a longer text is read in stretches of whole sentences


@dataclass(frozen=True, slots=True)
class Features:
    """One stretch of a text.

    Attributes:
        figures: In the order of `FIGURES`, each from -1 to 1.
        words: Words (`~` before a negated one) and pairs of neighbours, each once.
    """

    figures: tuple[float, ...]
    words: frozenset[str]


def features(text: str) -> list[Features]:
    """The features of a text, stretch by stretch; none for an empty text."""
    tokens = split(text, _is_known)
    return [_of(stretch) for stretch in _stretches(tokens)]


def _is_known(word: str) -> bool:
    return valence(word) != 0.0


def _stretches(tokens: list[Token]) -> Iterator[list[Token]]:
    start = last_end = 0
    for at, token in enumerate(tokens):
        if token.kind == "mark" and token.form[0] in ".!?\n…":
            last_end = at + 1
        if at - start >= _MOST_TOKENS:
            end = last_end if last_end > start else at
            yield tokens[start:end]
            start = end
    if start < len(tokens):
        yield tokens[start:]


def _of(tokens: list[Token]) -> Features:
    weighed = weigh(tokens)
    return Features(_figures(tokens, weighed), frozenset(_words(tokens, weighed)))


def _figures(tokens: list[Token], weighed: Weighed) -> tuple[float, ...]:
    values = weighed.values
    praise, blame = sum(one for one in values if one > 0), sum(one for one in values if one < 0)
    spoken = [one for one in values if one]
    total = praise + blame
    last = weighed.sentence[-1]
    clause = _last_clause(tokens)
    return (
        bounded(total),
        bounded(4 * total / sqrt(len(tokens))),
        bounded(praise),
        bounded(blame),
        bounded(sum(one for one, number in zip(values, weighed.sentence, strict=True) if number == last)),
        bounded(sum(values[clause:])),
        bounded(spoken[-1]) if spoken else 0.0,
        bounded(spoken[0]) if spoken else 0.0,
        copysign(weighed.exclaimed / 3, total) if total else 0.0,
        -float(weighed.asked),
        -min(weighed.contrasts, 2) / 2,
        -sum(weighed.negated) / len(tokens),
    )


def _last_clause(tokens: list[Token]) -> int:
    return max((at for at, one in enumerate(tokens[:-2]) if one.kind == "mark" and one.form in ",;-:"), default=0)


def _words(tokens: list[Token], weighed: Weighed) -> Iterator[str]:
    before = "<start>"
    for token, negated in zip(tokens, weighed.negated, strict=True):
        form = _STANDS_FOR.get(token.kind, token.form)
        yield f"~{form}" if negated and token.kind == "word" else form
        yield f"{before} {form}"
        before = form
