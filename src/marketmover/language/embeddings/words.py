"""The embedder that is always there: vectors of words, distilled once into a small table, and the letters of the rest.

A text is the weighted mean of its words. What the table does not know (names, other languages, odd spellings) counts by
its letters, so that it is still like itself and like its own inflections.

Sources: weights by frequency after Arora, Liang and Ma (2017), "A simple but tough-to-beat baseline for sentence
embeddings"; letters after Bojanowski et al. (2017), "Enriching word vectors with subword information"; hashing after
Weinberger et al. (2009), "Feature hashing for large scale multitask learning". docs/decisions/0016 tells how the table
was made and how it does beside larger models.
"""

import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from marketmover.errors import UsageError
from marketmover.language.embeddings.embedder import Embedder, Vectors, unit_length

_NAME = "words-1"
_LETTERS = 192  # numbers that letters are hashed into
_RARE = 1e-3  # frequency at which a word counts as half of a rare one (before the root)
_KNOWN_LETTERS = 0.15  # how much the letters of a word count whose meaning is known
_TOKEN = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
_POSSESSIVE = re.compile(r"'s?$")
_ENDINGS = (
    ("ies", "y"), ("es", ""), ("s", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"), ("er", ""), ("ers", ""),
    ("ers", "e"), ("ly", ""), ("ised", "ized"), ("ising", "izing"), ("isation", "ization"), ("our", "or"),
)  # fmt: skip
_SHORTEST_PART = 3
_TELLING = 0.8  # weight over which a word says something of a text


def default_embedder() -> Embedder:
    """The embedder that needs no download, no server and no extra: English words, 256 dimensions."""
    return WordEmbedder()


class WordEmbedder:
    """Words by a table of their meaning, what is not in it by its letters; English."""

    @property
    def name(self) -> str:
        """Changes with the table, so that stored vectors are never compared with those of another."""
        return _NAME

    @property
    def dimensions(self) -> int:
        """Meaning, then letters."""
        return table().vectors.shape[1] + _LETTERS

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, shape (texts, dimensions), length 1; zeros where a text holds no word.

        Raises:
            UsageError: A single text was given where a list of them belongs.
        """
        if isinstance(texts, str):
            raise UsageError("embed was given one text, not a list of texts.", "Put it into a list.")
        rows = np.zeros((len(texts), self.dimensions))
        for row, text in zip(rows, texts, strict=True):
            for word in tokens(text):
                _add(row, word)
        return unit_length(rows)


def tokens(text: str) -> list[str]:
    """The words of a text: small letters, no accents, no possessive; `T-shirts` is one, `don't` as well."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    return [_POSSESSIVE.sub("", word) for word in _TOKEN.findall(plain)]


def known_parts(word: str) -> tuple[int, ...]:
    """Rows of the table that a word stands for: itself, its base form, or the two words it is made of; else none."""
    rows = table().rows
    if word in rows:
        return (rows[word],)
    for ending, instead in _ENDINGS:
        base = word.removesuffix(ending) + instead
        if word.endswith(ending) and len(base) >= _SHORTEST_PART and base in rows:
            return (rows[base],)
    if "-" in word:
        return tuple(row for part in word.split("-") for row in known_parts(part))
    return _compound(word)


def _compound(word: str) -> tuple[int, ...]:
    """The longest two known words that make up one: `sportswear`, `homeowner`."""
    rows = table().rows
    cuts = range(len(word) - _SHORTEST_PART - 1, _SHORTEST_PART, -1)
    cut = next((cut for cut in cuts if word[:cut] in rows and word[cut:] in rows), 0)
    return (rows[word[:cut]], rows[word[cut:]]) if cut else ()


def _add(row: NDArray[np.float64], word: str) -> None:
    known = table()
    parts, width = _parts(word), known.vectors.shape[1]
    for part in parts:
        row[:width] += known.weights[part] * known.vectors[part]
    weight = _KNOWN_LETTERS * max((float(known.weights[part]) for part in parts), default=1 / _KNOWN_LETTERS)
    places, signs = _letters(word)
    np.add.at(row[width:], places, weight * signs)


@cache
def _parts(word: str) -> tuple[int, ...]:
    return known_parts(word)


@cache
def _letters(word: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Where a word's letters (3 to 5 in a row) fall, and with what sign, of length 1 together."""
    marked = f"<{word}>"
    grams = [marked[at : at + size] for size in (3, 4, 5) for at in range(len(marked) - size + 1)] or [marked]
    hashed = np.array([zlib.crc32(gram.encode()) for gram in grams], dtype=np.int64)
    signs = np.where(hashed >> 31, 1.0, -1.0)
    return hashed % _LETTERS, signs / np.sqrt(len(grams))


@dataclass(frozen=True)
class Table:
    """Words by row, their vectors (words, 64) and weights (words,): common words say little."""

    rows: dict[str, int]
    vectors: NDArray[np.float64]
    weights: NDArray[np.float64]


@cache
def table() -> Table:
    """The table that ships with the package, read once."""
    folder = resources.files("marketmover.language.embeddings") / "table"
    words = (folder / "words.txt").read_text(encoding="utf-8").split()
    with (folder / "codes.npy").open("rb") as stored:
        codes = np.load(stored)
    with (folder / "scale.npy").open("rb") as stored:
        scale = np.load(stored)
    steps = np.stack([codes >> 4, codes & 15], axis=2).reshape(len(codes), -1).astype(np.float64) - 8.0
    vectors = steps * scale
    vectors /= np.linalg.norm(vectors, axis=1).mean()
    frequency = 1.0 / ((np.arange(len(words)) + 2.0) * np.log(len(words)))
    return Table({word: row for row, word in enumerate(words)}, vectors, np.sqrt(_RARE / (_RARE + frequency)))


def shared_words(one: str, other: str) -> list[str]:
    """Telling words that two texts share, whatever their ending, as the first text writes them."""
    known = table()

    def bases(text: str) -> dict[tuple[int, ...] | str, str]:
        return {known_parts(word) or word: word for word in tokens(text) if _telling(known_parts(word), known)}

    theirs = bases(other)
    return [word for base, word in bases(one).items() if base in theirs]


def rarity(word: str) -> float:
    """How rarely a word is used in English: near 0 for `the`, near 1 for what is rare or unknown."""
    known = table()
    return max((float(known.weights[part]) for part in known_parts(word.casefold())), default=1.0)


def _telling(parts: tuple[int, ...], known: "Table") -> bool:
    return not parts or max(float(known.weights[part]) for part in parts) > _TELLING
