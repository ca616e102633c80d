"""Signs weighed together: how probable a candidate is, by weights that were learnt from labelled briefs.

A reader collects the signs of a candidate (words around it, what the rules say of it) as short texts; the table of
weights says how much each speaks for or against it. `scripts/train_brief.py` writes the tables, from the development
half of our own briefs.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "weights"


@dataclass(frozen=True)
class Weights:
    """A logistic model over signs: log odds of a candidate without any, and what each sign adds to them."""

    bias: float
    by_sign: dict[str, float]

    def log_odds(self, signs: Iterable[str]) -> float:
        """The log odds that a candidate with these signs is what is looked for; a sign without a weight adds none.

        The sum is exact, so that it is the same in whatever order a set has its members: ties stay ties.
        """
        return math.fsum((self.bias, *(self.by_sign[sign] for sign in set(signs) if sign in self.by_sign)))

    def probability(self, signs: Iterable[str]) -> float:
        """The probability that a candidate with these signs is what is looked for."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.log_odds(signs)))))

    def shares(self, candidates: Sequence[Iterable[str]]) -> list[float]:
        """The probability of each of several candidates where one at most is right; what is missing to 1 is "none".

        The conditional logit (McFadden 1974, Conditional Logit Analysis of Qualitative Choice Behavior), with log odds
        of 0 for none of them.
        """
        odds = [math.exp(max(-30.0, min(30.0, self.log_odds(signs)))) for signs in candidates]
        total = sum(odds) + 1.0
        return [one / total for one in odds]


@dataclass(frozen=True)
class Candidate:
    """A value that may be meant, its place in `Document.text`, and the signs that speak for or against it."""

    value: str
    start: int
    end: int
    signs: tuple[str, ...]


@cache
def weights(name: str) -> Weights:
    """The learnt weights of a name, as `weights/NAME.tsv` holds them: a sign and its weight a line, tab between."""
    rows = (_FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    table = dict(row.rsplit("\t", 1) for row in rows if row and not row.startswith("# "))
    bias = float(table.pop("(bias)"))
    return Weights(bias, {sign: float(weight) for sign, weight in table.items()})


def words_around(text: str, start: int, end: int, left: int, right: int) -> list[str]:
    """Signs from the words around `text[start:end]`, within `text[left:right]`: three on each side, and pairs of them.

    Digits become `#`, so that no figure is learnt by heart. Where the stretch begins or ends stands `^` or `$`.
    """
    before = ["^", *_tokens(text[max(left, start - 60) : start])][-3:]
    after = [*_tokens(text[end : min(right, end + 60)]), "$"][:3]
    return [
        *(f"before:{word}" for word in before),
        f"just before:{' '.join(before[-2:])}",
        *(f"after:{word}" for word in after),
        f"just after:{' '.join(after[:2])}",
        f"between:{before[-1]} {after[0]}",
    ]


def _tokens(text: str) -> list[str]:
    return [re.sub(r"\d", "#", word) for word in re.findall(r"[^\W\d_]+(?:'[a-z]+)?|\d[\d.,]*|[^\w\s]", text)]
