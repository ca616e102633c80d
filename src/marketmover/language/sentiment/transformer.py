"""A Hugging Face sequence classifier as a sentiment engine."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marketmover.errors import InputError
from marketmover.language.networks import Network, open_network
from marketmover.language.sentiment.class_names import class_values
from marketmover.language.sentiment.engine import Sentiment, from_probabilities

_EMPTY = from_probabilities(0.0, 1.0, 0.0)


class TransformerEngine:
    """A classifier that was trained to tell how texts sound.

    Args:
        name: What it is called in settings and reports.
        network: The classifier.
        values: What each of its classes says, from -1 to 1.
    """

    def __init__(self, name: str, network: Network, values: Sequence[float]) -> None:
        self._name = name
        self._network = network
        self._values = np.asarray(values, dtype=np.float64)

    @classmethod
    def open(cls, folder: Path, name: str = "", threads: int = 0) -> "TransformerEngine":
        """Open the classifier in a folder.

        Raises:
            MissingExtraError: torch or transformers is not installed.
            InputError: The folder holds no classifier, or its classes are unclear.
        """
        network, missing = open_network(folder, "classifier", threads)
        if missing:
            raise InputError(
                f"The model in {folder} is no trained classifier: it lacks {', '.join(sorted(missing)[:3])}.",
                f"Train it on your labels first: marketmover sentiment train LABELS.csv --model {folder}",
            )
        return cls(name or folder.name, network, class_values(network.model.config.id2label))

    @property
    def name(self) -> str:
        """What it is called in settings and reports."""
        return self._name

    def score_many(self, texts: Sequence[str]) -> list[Sentiment]:
        """One answer for each text, in their order. An empty text is neutral.

        Two classes alone know no neutral: there a text is as neutral as the two are near each other.
        """
        answers = [_EMPTY] * len(texts)
        spoken = [index for index, text in enumerate(texts) if text.strip()]
        shares = self.probabilities([texts[index] for index in spoken])
        for index, share in zip(spoken, shares, strict=True):
            answers[index] = _answer(share, self._values)
        return answers

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Each class's probability by the model itself, shape (texts, classes)."""
        shares = np.zeros((len(texts), len(self._values)))
        for batch, output, _ in self._network.forward(texts):
            shares[batch] = output.logits.softmax(dim=-1).numpy()
        return shares


def _answer(shares: NDArray[np.float64], values: NDArray[np.float64]) -> Sentiment:
    score = float(np.clip(shares @ values, -1.0, 1.0))
    if len(values) == 2:
        return from_probabilities(max(-score, 0.0), 1.0 - abs(score), max(score, 0.0))
    rough = from_probabilities(*(float(shares[np.sign(values) == side].sum()) for side in (-1, 0, 1)))
    return Sentiment(rough.label, round(score, 4), min(rough.confidence, 1.0))
