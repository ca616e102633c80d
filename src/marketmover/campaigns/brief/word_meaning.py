"""What the default embedder knows of a single word, as signs for learnt weights."""

from functools import lru_cache
from typing import TYPE_CHECKING

from marketmover.campaigns.brief.trades import singular
from marketmover.campaigns.brief.vocabulary import words

if TYPE_CHECKING:
    from marketmover.language.embeddings import Embedder, Vectors

_MEANINGS = 64  # dimensions of an embedding that tell meaning; the rest tell letters
_PLAIN = 0.12


@lru_cache(maxsize=1)
def _roles() -> tuple["Embedder", "Vectors", list[str]]:
    from marketmover.language.embeddings import default_embedder

    known = sorted({singular(word) for word in (*words("roles_alone"), *words("roles_generic")) if word.isalpha()})
    embedder = default_embedder()
    return embedder, embedder.embed(known), known


@lru_cache(maxsize=4096)
def meaning(word: str) -> tuple[str, ...]:
    """Which way each dimension of a word's meaning points, where it does so plainly."""
    embedder, _, _ = _roles()
    vector = embedder.embed([singular(word)])[0][:_MEANINGS]
    return tuple(f"meaning {at}{'+' if value > 0 else '-'}" for at, value in enumerate(vector) if abs(value) > _PLAIN)


@lru_cache(maxsize=4096)
def role_likeness(word: str) -> int:
    """How near in meaning a word is to the three nearest words for roles, 0 to 10; never to itself."""
    embedder, vectors, known = _roles()
    likeness = vectors @ embedder.embed([singular(word)])[0]
    others = (float(likeness[at]) for at in likeness.argsort()[-4:] if known[at] != singular(word))
    return max(0, min(10, int(10 * sum(sorted(others, reverse=True)[:3]) / 3)))
