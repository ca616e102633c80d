"""What turns texts into vectors: whoever compares texts is given one, and never asks which."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@runtime_checkable
class Embedder(Protocol):
    """Texts to vectors, so that texts of like meaning lie near one another.

    `name` tells this embedder and its version from every other one: vectors of different names are never compared.
    """

    @property
    def name(self) -> str:
        """Which embedder, which model and which version: `words-1`, `onnx:all-MiniLM-L6-v2`."""
        ...

    @property
    def dimensions(self) -> int:
        """How many numbers a row has."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text: shape (texts, dimensions), each of length 1, so that a dot product is the cosine.

        A text in which nothing is known (an empty one) gets a row of zeros, which is like nothing at all. The same
        text gives the same row whatever stands beside it. No texts give shape (0, dimensions).
        """
        ...


def unit_length(vectors: NDArray[np.floating]) -> Vectors:
    """Rows scaled to length 1; rows of zeros stay zeros. Shape (n, d) in and out."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0).astype(np.float32)
