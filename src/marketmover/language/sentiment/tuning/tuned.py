"""The light engine that a user's labels made: another engine, corrected by what its words showed."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketmover.errors import InputError
from marketmover.language.sentiment.engine import Label, Sentiment, SentimentEngine, from_probabilities
from marketmover.language.sentiment.tuning.correction import Correction, fit
from marketmover.language.sentiment.tuning.measuring import places_of

FILE = "tuned.json"
_FORMAT = 1
_LEARNING: dict[str, Any] = {"min_df": 2, "max_features": 20_000}
_DIGITS = 4


class TunedEngine:
    """Another engine with a correction learnt from labels.

    Args:
        name: What it is called in reports.
        base: The engine that is corrected.
        correction: What was learnt.
        words: The words that it knows, in the order of the correction's weights.
        rarity: Each word's inverse document frequency.
    """

    def __init__(
        self,
        name: str,
        base: SentimentEngine,
        correction: Correction,
        words: Sequence[str],
        rarity: NDArray[np.float64],
    ) -> None:
        self._name = name
        self._base = base
        self._correction = correction
        self._words = list(words)
        self._rarity = rarity
        self._vectorizer = _vectorizer(self._words)

    @classmethod
    def train(
        cls, base: SentimentEngine, texts: Sequence[str], labels: Sequence[Label], seed: int = 0
    ) -> "TunedEngine":
        """Learn a correction of `base`; the same labels and seed give the same engine.

        Raises:
            InputError: No word stands in two of the texts.
        """
        learner = _vectorizer()
        try:
            counted = learner.fit_transform(texts)
        except ValueError as error:
            raise InputError("The labelled texts share no word.", "Label more texts of the kind to be read.") from error
        holding = np.asarray(counted.sum(axis=0), dtype=np.float64).ravel()  # texts that hold each word
        rarity = np.asarray(np.round(np.log((1 + len(texts)) / (1 + holding)) + 1, _DIGITS), dtype=np.float64)
        words = [str(word) for word in learner.get_feature_names_out()]
        vectors = _weighted(counted, rarity)
        found = fit(base.score_many(texts), vectors, places_of(labels), seed)
        tables = [np.round(part, _DIGITS) for part in (found.offset, found.by_signs, found.by_words)]
        rounded = Correction(round(found.scale, _DIGITS), *tables)
        return cls(f"{base.name}, tuned", base, rounded, words, rarity)

    @classmethod
    def open(cls, folder: Path, base: SentimentEngine, name: str = "") -> "TunedEngine":
        """Open what `save` wrote.

        Raises:
            InputError: The file is none of ours.
        """
        try:
            content: Mapping[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
            offset, by_signs, by_words = (
                np.asarray(content[name], dtype=np.float64).reshape(shape)
                for name, shape in (("offset", (3,)), ("by_signs", (3, 3)), ("by_words", (-1, 3)))
            )
            rarity = np.asarray(content["rarity"], dtype=np.float64)
            words = [str(word) for word in content["words"]]
            correction = Correction(float(content["scale"]), offset, by_signs, by_words)
            fits = content["format"] == _FORMAT and len(words) == len(rarity) == len(by_words)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"{folder / FILE} is no tuned engine: {error!r}", "Train it anew.") from error
        if not fits:
            raise InputError(f"{folder / FILE} is no tuned engine that this version reads.", "Train it anew.")
        return cls(name or folder.name, base, correction, words, rarity)

    def save(self, folder: Path, base: str) -> None:
        """Write it as JSON into `folder`; `base` names the corrected engine as settings do."""
        content = {
            "format": _FORMAT,
            "base": base,
            "scale": self._correction.scale,
            "offset": self._correction.offset.tolist(),
            "by_signs": self._correction.by_signs.tolist(),
            "words": self._words,
            "rarity": self._rarity.tolist(),
            "by_words": self._correction.by_words.tolist(),
        }
        (folder / FILE).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @property
    def name(self) -> str:
        """What it is called in reports."""
        return self._name

    def score_many(self, texts: Sequence[str]) -> list[Sentiment]:
        """One answer for each text, in their order; an empty text is neutral."""
        if not texts:
            return []
        vectors = _weighted(self._vectorizer.transform(texts), self._rarity)
        corrected = self._correction.apply(self._base.score_many(texts), vectors)
        empty = from_probabilities(0.0, 1.0, 0.0)
        return [
            from_probabilities(*map(float, row)) if text.strip() else empty
            for text, row in zip(texts, corrected, strict=True)
        ]


def base_of(folder: Path) -> str:
    """The corrected engine's name, as settings name it, of a tuned engine in a folder."""
    return str(json.loads((folder / FILE).read_text(encoding="utf-8")).get("base", ""))


def _vectorizer(words: Sequence[str] = ()) -> Any:
    """Counts of words and pairs of words; signs that feel (`!`, emoji) are words too."""
    from sklearn.feature_extraction.text import CountVectorizer

    pattern = r"(?u)\w[\w'’]*|[!?]+|[^\w\s.,;:]"
    options: dict[str, Any] = {"vocabulary": {word: index for index, word in enumerate(words)}} if words else _LEARNING
    return CountVectorizer(ngram_range=(1, 2), token_pattern=pattern, binary=True, **options)


def _weighted(counts: Any, rarity: NDArray[np.float64]) -> Any:
    """TF-IDF rows of unit length, sparse, shape (texts, words)."""
    from sklearn.preprocessing import normalize

    return normalize(counts.multiply(rarity).tocsr(), copy=False)
