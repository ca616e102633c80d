"""A correction of another engine's answers, learnt from a user's labels: small, fast, and without torch.

logits = a log p + b + V s + W z, where p are the engine's probabilities, s its score, the score's strength and its
confidence, and z the weights of a text's words and pairs of words (TF-IDF, unit length). The penalty draws a to 1 and
b, V and W to 0, so that few labels leave the engine nearly as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketmover.language.sentiment.engine import LABELS, Sentiment

_CLASSES = len(LABELS)
_SURELY = 0.02
_SIGNS = 3
_FAR = 0.2
_STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0)
_FEW_STRENGTH = 1.0
_FOLDS = 4

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Correction:
    """What was learnt.

    Attributes:
        scale: The factor of the log-probabilities.
        offset: Added to each class, shape (3,).
        by_signs: Added by the answer's signs, shape (3, 3).
        by_words: Added by words, shape (words, 3).
    """

    scale: float
    offset: Floats
    by_signs: Floats
    by_words: Floats

    def apply(self, answers: Sequence[Sentiment], words: Any) -> Floats:
        """Corrected probabilities, shape (texts, 3), from answers, and sparse words of shape (texts, words)."""
        return self.of(log_shares(shares_of(answers)), signs_of(answers), words)

    def of(self, logs: Floats, signs: Floats, words: Any) -> Floats:
        """The same from log-probabilities and signs, shape (texts, 3) each."""
        return _softmax(self.scale * logs + self.offset + signs @ self.by_signs + np.asarray(words @ self.by_words))


def shares_of(answers: Sequence[Sentiment]) -> Floats:
    """Probabilities that fit answers, shape (texts, 3) in the order of `LABELS`.

    The label has its confidence. Of what is left, neutral has most where the label is another; where it is neutral,
    the score tells the two sides apart.
    """
    shares = np.zeros((len(answers), _CLASSES))
    for row, answer in enumerate(answers):
        sure, rest = answer.confidence, 1.0 - answer.confidence
        if answer.label == "neutral":
            positive = rest * (1 + answer.score) / 2
            shares[row] = rest - positive, sure, positive
        else:
            ends = (_FAR * rest, (1 - _FAR) * rest, sure)
            shares[row] = ends if answer.label == "positive" else ends[::-1]
    return shares


def signs_of(answers: Sequence[Sentiment]) -> Floats:
    """What an answer says besides its label: score, strength, confidence; shape (texts, 3)."""
    return np.array([(one.score, abs(one.score), one.confidence) for one in answers]).reshape(-1, _SIGNS)


def log_shares(shares: Floats) -> Floats:
    """Log-probabilities that no certainty of an engine makes infinite."""
    return np.log((1 - _SURELY) * shares + _SURELY / _CLASSES)


def fit(answers: Sequence[Sentiment], words: Any, truth: NDArray[np.int64], seed: int = 0) -> Correction:
    """Learn a correction; how much words may say is chosen by cross-validated log-loss.

    Args:
        answers: The engine's.
        words: Sparse, shape (texts, words).
        truth: Right classes, shape (texts,).
        seed: Of the folds.
    """
    weight = class_weights(truth)[truth]
    folds = np.random.default_rng(seed).permutation(len(truth)) % _FOLDS
    given = _Given(log_shares(shares_of(answers)), signs_of(answers), words, truth, weight)

    def loss(strength: float) -> float:
        total = 0.0
        for fold in range(_FOLDS):
            out = given.at(np.flatnonzero(folds == fold))
            found = _fit(given.at(np.flatnonzero(folds != fold)), strength)
            total -= out.log_likelihood(found.of(out.logs, out.signs, out.words))
        return total

    return _fit(given, min(_STRENGTHS, key=loss))


def class_weights(truth: NDArray[np.int64]) -> Floats:
    """What a text of each class counts: rare classes more, by the root of their rarity; 1 on average, shape (3,).

    The full inverse would make an engine cry out the rare class, and its confidence wrong.
    """
    counts = np.bincount(truth, minlength=_CLASSES)
    raw = np.divide(1.0, np.sqrt(counts), out=np.zeros(_CLASSES), where=counts > 0)
    return raw * len(truth) / float(raw @ counts)


@dataclass(frozen=True)
class _Given:
    """What a correction is learnt from, row by row."""

    logs: Floats
    signs: Floats
    words: Any
    truth: NDArray[np.int64]
    weight: Floats

    def at(self, rows: NDArray[np.int64]) -> "_Given":
        return _Given(self.logs[rows], self.signs[rows], self.words[rows], self.truth[rows], self.weight[rows])

    def log_likelihood(self, said: Floats) -> float:
        right = said[np.arange(len(self.truth)), self.truth]
        return float(self.weight @ np.log(np.maximum(right, 1e-12)))


def _fit(given: _Given, strength: float) -> Correction:
    """The least penalised loss by L-BFGS; `strength` is the inverse of the words' penalty, as scikit-learn's C."""
    from scipy.optimize import minimize

    target = np.eye(_CLASSES)[given.truth]
    few = 1 + _CLASSES * (1 + _SIGNS)
    many = _CLASSES * given.words.shape[1]
    start = np.concatenate([[1.0], np.zeros(few - 1 + many)])
    penalty = np.concatenate([np.full(few, 1 / _FEW_STRENGTH), np.full(many, 1 / strength)])

    def loss(parameters: Floats) -> tuple[float, Floats]:
        said = _unpacked(parameters).of(given.logs, given.signs, given.words)
        errors = given.weight[:, None] * (said - target)
        away = parameters - start
        parts = [[np.sum(errors * given.logs)], errors.sum(axis=0), given.signs.T @ errors, given.words.T @ errors]
        gradient = np.concatenate([np.ravel(part) for part in parts]) + penalty * away
        return 0.5 * float(penalty @ away**2) - given.log_likelihood(said), gradient

    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return _unpacked(np.asarray(found.x, dtype=np.float64))


def _unpacked(parameters: Floats) -> Correction:
    few, many = 1 + _CLASSES, 1 + _CLASSES * (1 + _SIGNS)
    tables = [part.reshape(-1, _CLASSES) for part in (parameters[few:many], parameters[many:])]
    return Correction(float(parameters[0]), parameters[1:few], tables[0], tables[1])


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
