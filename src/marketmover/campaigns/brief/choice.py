"""A choice among candidates by what speaks for each, with weights learned from labelled briefs.

The model is the conditional logit (McFadden 1974, Conditional Logit Analysis of Qualitative Choice Behavior): each
candidate's score is the sum of the weights of its signs, and "none of them" is a candidate of its own. Several
candidates may stand for the same value; their chances add up. The weights stand in `weights/NAME.txt`, a sign a line, and are
fitted on the development half by `scripts/fit_brief_choices.py`.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

V = TypeVar("V", bound=Hashable)

WEIGHTS = Path(__file__).parent / "weights"


@dataclass(frozen=True)
class Candidate(Generic[V]):
    """A value that may be meant, where in `Document.text` it is said, and the signs that speak for or against it."""

    value: V
    start: int
    end: int
    signs: tuple[str, ...]


@lru_cache(maxsize=8)
def weights(name: str) -> dict[str, float]:
    """The learned weights of `weights/NAME.txt`: sign -> weight; `none` is that of choosing nothing."""
    lines = (WEIGHTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("# "))
    return {sign: float(weight) for sign, weight in rows}


def score(candidate: Candidate[V], known: dict[str, float]) -> float:
    """The sum of the weights of a candidate's signs; a sign that was never met weighs nothing."""
    return sum(known.get(sign, 0.0) for sign in candidate.signs)


def chances(candidates: Sequence[Candidate[V]], known: dict[str, float]) -> tuple[list[float], float]:
    """The probability of each candidate, and that of none; together 1."""
    scores = [score(one, known) for one in candidates]
    nothing = known.get("none", 0.0)
    top = max([*scores, nothing])
    raised = [math.exp(one - top) for one in scores]
    empty = math.exp(nothing - top)
    total = sum(raised) + empty
    return [one / total for one in raised], empty / total
