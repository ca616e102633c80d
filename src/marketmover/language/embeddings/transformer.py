"""Sentence embeddings by a Hugging Face encoder: the mean of its last layer over a text's tokens (Reimers 2019)."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from marketmover.errors import InputError
from marketmover.language.embeddings.embedder import Vectors, unit_length
from marketmover.language.networks import Network, open_network

_POOLER = "pooler."
_READ_AT_ONCE = 1 << 20


class TransformerEmbedder:
    """An encoder whose tokens are averaged.

    Args:
        name: What tells it from every other embedder.
        network: The encoder.
    """

    def __init__(self, name: str, network: Network) -> None:
        self._name = name
        self._network = network

    @classmethod
    def open(cls, folder: Path, threads: int = 0) -> "TransformerEmbedder":
        """Open the encoder in a folder.

        Raises:
            MissingExtraError: torch or transformers is not installed.
            InputError: The folder holds no encoder that was trained.
        """
        network, missing = open_network(folder, "encoder", threads)
        if lacking := sorted(name for name in missing if not name.startswith(_POOLER)):
            raise InputError(
                f"The model in {folder} lacks weights of its encoder: {', '.join(lacking[:3])}.",
                "Name a model for sentence embeddings, whole.",
            )
        weights = sorted(folder.glob("*.safetensors"))
        return cls(f"transformer {folder.resolve().name} {fingerprint(weights)}", network)

    @property
    def name(self) -> str:
        """What tells it from every other embedder: the hash of its weights is in it."""
        return self._name

    @property
    def dimensions(self) -> int:
        """Numbers of a vector."""
        return int(self._network.model.config.hidden_size)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, float32 of shape (texts, dimensions) and length 1; an empty text gets zeros."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        spoken = [index for index, text in enumerate(texts) if text.strip()]
        for places, output, mask in self._network.forward([texts[index] for index in spoken]):
            weights = mask.unsqueeze(-1).to(output.last_hidden_state.dtype)
            means = (output.last_hidden_state * weights).sum(dim=1) / weights.sum(dim=1)
            vectors[[spoken[place] for place in places]] = means.numpy()
        return unit_length(vectors)


def fingerprint(paths: Sequence[Path]) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of files, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as content:
            while part := content.read(_READ_AT_ONCE):
                digest.update(part)
    return digest.hexdigest()[:12]
