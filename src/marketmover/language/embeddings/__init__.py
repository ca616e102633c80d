"""Texts as vectors, so that what means much the same lies near: sneakers and running shoes, sign-ups and enquiries."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.language.embeddings.choosing import load_embedder
    from marketmover.language.embeddings.embedder import Embedder, Vectors, unit_length
    from marketmover.language.embeddings.words import default_embedder, rarity, shared_words
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Embedder": "embedder",
            "Vectors": "embedder",
            "default_embedder": "words",
            "load_embedder": "choosing",
            "rarity": "words",
            "shared_words": "words",
            "unit_length": "embedder",
        },
    )

__all__ = ["Embedder", "Vectors", "default_embedder", "load_embedder", "rarity", "shared_words", "unit_length"]
