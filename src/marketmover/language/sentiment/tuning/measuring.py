"""How well an engine agrees with people's labels, and whether one is better than another."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.language.sentiment.engine import LABELS, Label, SentimentEngine

_RESAMPLES = 2000
_BINS = 10
BETTER_FROM = 0.95
"""An engine is better where at least this share of the resamples says so."""


@dataclass(frozen=True)
class Measured:
    """What an engine did on labelled texts.

    Attributes:
        name: The engine's.
        texts: How many were labelled.
        macro_f1: The mean of the labels' F1, each label counting the same; with the range that holds it in 90 of 100
            resamples of the texts.
        low: The range's lower end.
        high: The range's upper end.
        accuracy: The share of texts with the right label.
        calibration_error: How far confidence and accuracy lie apart, averaged over ten equal groups of texts by
            confidence (Naeini and others, 2015): 0 is perfect.
        texts_per_second: Read in one call.
    """

    name: str
    texts: int
    macro_f1: float
    low: float
    high: float
    accuracy: float
    calibration_error: float
    texts_per_second: float


@dataclass(frozen=True)
class Better:
    """How far a second engine's macro F1 lies above the first one's on the same texts: 90% range, and P(above 0)."""

    low: float
    mid: float
    high: float
    probability: float

    @property
    def holds(self) -> bool:
        """Whether the second is better by the test."""
        return self.mid > 0 and self.probability >= BETTER_FROM


@dataclass(frozen=True)
class Answers:
    """An engine's answers on labelled texts, as places in `LABELS`, with its confidence in each."""

    name: str
    truth: NDArray[np.int64]
    said: NDArray[np.int64]
    confidence: NDArray[np.float64]
    seconds: float


def ask(engine: SentimentEngine, texts: Sequence[str], labels: Sequence[Label]) -> Answers:
    """Let an engine read labelled texts, and take the time."""
    engine.score_many(texts[:1])  # what is loaded at first use is no part of its speed
    started = time.perf_counter()
    answers = engine.score_many(texts)
    seconds = time.perf_counter() - started
    said = np.array([LABELS.index(one.label) for one in answers], dtype=np.int64)
    confidence = np.array([one.confidence for one in answers])
    return Answers(engine.name, places_of(labels), said, confidence, seconds)


def places_of(labels: Sequence[Label]) -> NDArray[np.int64]:
    """Labels as their places in `LABELS`, shape (texts,)."""
    return np.array([LABELS.index(label) for label in labels], dtype=np.int64)


def measure(answers: Answers, seed: int = 0) -> Measured:
    """What the answers are worth."""
    low, high = np.quantile(_resampled(answers.truth, [answers.said], seed)[0], [0.05, 0.95])
    right = answers.truth == answers.said
    return Measured(
        name=answers.name,
        texts=len(right),
        macro_f1=macro_f1(answers.truth, answers.said),
        low=float(low),
        high=float(high),
        accuracy=float(right.mean()),
        calibration_error=_calibration_error(right, answers.confidence),
        texts_per_second=len(right) / max(answers.seconds, 1e-9),
    )


def compare_answers(first: Answers, second: Answers, seed: int = 0) -> Better:
    """How far the second lies above the first: a paired bootstrap over the texts (Efron and Tibshirani 1993)."""
    resampled = _resampled(first.truth, [first.said, second.said], seed)
    gains = resampled[1] - resampled[0]
    low, high = np.quantile(gains, [0.05, 0.95])
    mid = macro_f1(first.truth, second.said) - macro_f1(first.truth, first.said)
    return Better(float(low), mid, float(high), float((gains > 0).mean()))


def beats_chance(answers: Answers, seed: int = 0) -> float:
    """The probability that an engine agrees with people by more than chance: Cohen's kappa (1960) above 0.

    Random answers have a better macro F1 than an engine that always says neutral, and are no engine.
    """
    tables = _tables(answers.truth, [answers.said], seed)[0]
    agreed = np.diagonal(tables, axis1=1, axis2=2).sum(axis=1) * tables.sum(axis=(1, 2))
    by_chance = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1)
    return float((agreed > by_chance).mean())


def macro_f1(truth: NDArray[np.int64], said: NDArray[np.int64]) -> float:
    """The mean F1 of the labels that people gave: shapes (texts,), places in `LABELS`."""
    table = _cells(truth, said).sum(axis=0).reshape(1, len(LABELS), len(LABELS))
    return float(_f1_of(table, np.unique(truth))[0])


def _cells(truth: NDArray[np.int64], said: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each text's cell of the confusion table (true by said), one-hot: shape (texts, 9)."""
    return np.eye(len(LABELS) ** 2)[truth * len(LABELS) + said]


def _resampled(truth: NDArray[np.int64], said: Sequence[NDArray[np.int64]], seed: int) -> list[NDArray[np.float64]]:
    """The macro F1 of several answers to the same texts in the same resamples, shape (resamples,) each."""
    present = np.unique(truth)
    return [_f1_of(tables, present) for tables in _tables(truth, said, seed)]


def _tables(truth: NDArray[np.int64], said: Sequence[NDArray[np.int64]], seed: int) -> list[NDArray[np.float64]]:
    """Confusion tables (true by said) in the same resamples, shape (resamples, 3, 3) for each of several answers."""
    kinds, counts = np.unique(np.column_stack([truth, *said]), axis=0, return_counts=True)
    drawn = np.random.default_rng(seed).multinomial(len(truth), counts / len(truth), size=_RESAMPLES)
    size = len(LABELS)
    return [(drawn @ _cells(kinds[:, 0], kinds[:, 1 + index])).reshape(-1, size, size) for index in range(len(said))]


def _f1_of(tables: NDArray[np.float64], present: NDArray[np.int64]) -> NDArray[np.float64]:
    right = np.diagonal(tables, axis1=1, axis2=2)
    both = tables.sum(axis=2) + tables.sum(axis=1)
    f1 = np.divide(2 * right, both, out=np.zeros_like(right), where=both > 0)
    return f1[:, present].mean(axis=1)


def _calibration_error(right: NDArray[np.bool_], confidence: NDArray[np.float64]) -> float:
    groups = np.array_split(np.argsort(confidence, kind="stable"), min(_BINS, len(right)))
    gaps = [len(group) * abs(right[group].mean() - confidence[group].mean()) for group in groups]
    return float(sum(gaps) / len(right))
