"""Texts as vectors, so that what means much the same lies near: sneakers and running shoes, sign-ups and enquiries."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.language.embeddings.embedder import Embedder, Vectors, unit_length
else:
    __getattr__ = on_demand(__name__, {"Embedder": "embedder", "Vectors": "embedder", "unit_length": "embedder"})

__all__ = ["Embedder", "Vectors", "unit_length"]
