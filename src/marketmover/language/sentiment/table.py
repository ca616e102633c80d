"""The learned weights, as they stand in `model.tsv`: a readable table, written by `scripts/train_sentiment.py`."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

MODEL = Path(__file__).with_name("model.tsv")
WORD_SCALE = 1000
"""Weights of words stand in the table as whole numbers, this many to one of score."""


@dataclass(frozen=True)
class Weights:
    """The model: a linear score, then a softmax over three labels.

    Attributes:
        figures: A weight for each of `features.FIGURES`.
        words: Weights of words and pairs.
        crowd: How many words and pairs make one full voice; more share it (see `model.score_of`).
        labels: For each label in order, a weight for each of `model.signs`.
    """

    figures: tuple[float, ...]
    words: dict[str, float]
    crowd: float
    labels: tuple[tuple[float, ...], ...]


@lru_cache(maxsize=1)
def load_weights() -> Weights:
    """The committed table, read once."""
    return parse(MODEL.read_text(encoding="utf-8").splitlines())


def parse(lines: Iterable[str]) -> Weights:
    """A table's lines as weights."""
    rows: dict[str, list[list[str]]] = {}
    words: dict[str, float] = {}
    for line in lines:
        name, *values = line.split("\t")
        if line.startswith("#") and not values:
            continue
        if name.startswith("=="):
            rows.setdefault(name.strip("= "), []).append(values)
        elif values:
            words[name] = int(values[0]) / WORD_SCALE
    return Weights(
        figures=tuple(float(value) for _, value in rows["figure"]),
        words=words,
        crowd=float(rows["crowd"][0][0]),
        labels=tuple(tuple(map(float, values[1:])) for values in rows["label"]),
    )
