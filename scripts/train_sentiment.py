"""Learn the weights of the sentiment model anew: `python -m scripts.train_sentiment [--without DOMAIN] [--out FILE]`.

The training and the development part of the rated texts teach; while something is chosen, `--parts train` leaves the
development part to judge it. The same data give the same table. What was tried stands in
`docs/decisions/0015-sentiment-by-rules-and-a-small-table.md`.
"""

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.sentiment_texts import DOMAINS, Rated, data_folder, rated
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression, Ridge

from marketmover.language.sentiment.engine import LABELS
from marketmover.language.sentiment.features import FIGURES, Features, features
from marketmover.language.sentiment.model import SIGNS, score_of, signs
from marketmover.language.sentiment.table import MODEL, WORD_SCALE, Weights

RIDGE = 5.0
CROWD = 16.0
SEEN_AT_LEAST = 3
LEAST_WEIGHT = 0.02  # a word that moves a short text less than this over four is left out
FOLDS = 4
Array = NDArray[np.float64]


def learn(train: list[Rated]) -> Weights:
    """Linear score by ridge on words and rules; labels by a softmax on scores of texts that did not teach them."""
    seen = [_whole(one.text) for one in train]
    figures, words = _linear(train, seen)
    apart = np.zeros(len(train))
    for fold in range(FOLDS):
        held = [at for at in range(len(train)) if at % FOLDS == fold]
        rest = [at for at in range(len(train)) if at % FOLDS != fold]
        partial = _weights(*_linear([train[at] for at in rest], [seen[at] for at in rest]))
        apart[held] = [score_of(seen[at], partial) for at in held]
    # Film snippets were picked because they judge: one in twenty is neutral, which is no measure for what people write
    usual = [at for at, one in enumerate(train) if one.domain != "films"]
    told = np.array([signs(apart[at], seen[at]) for at in usual])
    truth = np.array([LABELS.index(train[at].label) for at in usual])
    classifier: Any = LogisticRegression(C=10.0, max_iter=2000, fit_intercept=False)
    classifier.fit(told, truth, sample_weight=_domain_weights([train[at] for at in usual], power=1.0))
    labels = tuple(tuple(round(float(one), 4) for one in row) for row in classifier.coef_)
    return Weights(figures, words, CROWD, labels)


def _whole(text: str) -> Features:
    """A training text is short: its first stretch."""
    found = features(text)
    return found[0] if found else Features((0.0,) * len(FIGURES), frozenset())


def _weights(figures: tuple[float, ...], words: dict[str, float]) -> Weights:
    return Weights(figures, words, CROWD, ())


def _linear(texts: list[Rated], seen: list[Features]) -> tuple[tuple[float, ...], dict[str, float]]:
    counts = Counter(word for one in seen for word in one.words)
    vocabulary = sorted(word for word, count in counts.items() if count >= SEEN_AT_LEAST and "\t" not in word)
    place = {word: at for at, word in enumerate(vocabulary)}
    rows = [(at, place[word]) for at, one in enumerate(seen) for word in sorted(one.words) if word in place]
    matrix = sparse.csr_matrix((np.ones(len(rows)), tuple(zip(*rows, strict=True))), shape=(len(seen), len(vocabulary)))
    voice = 1 / np.sqrt(np.maximum(CROWD, [len(one.words) for one in seen]))
    domains = np.array([[3.0 * (one.domain == name) for name in DOMAINS] for one in texts])
    # The domains' own level is learned apart and left out: elsewhere nobody knows it
    columns = [np.array([one.figures for one in seen]), domains, sparse.diags(voice) @ matrix]
    design = sparse.hstack([sparse.csr_matrix(column) for column in columns]).tocsr()
    model: Any = Ridge(RIDGE, fit_intercept=False, solver="sparse_cg", tol=1e-4)
    model.fit(design, np.array([one.score for one in texts]), sample_weight=_domain_weights(texts, power=0.5))
    learned: Array = model.coef_
    words = dict(zip(vocabulary, learned[len(FIGURES) + len(DOMAINS) :], strict=True))
    figures = tuple(round(float(one), 4) for one in learned[: len(FIGURES)])
    return figures, {word: round(float(weight), 3) for word, weight in words.items() if abs(weight) >= LEAST_WEIGHT}


def _domain_weights(texts: list[Rated], power: float) -> Array:
    """Small domains count for more, so that films, half of the texts, do not decide alone."""
    counts = Counter(one.domain for one in texts)
    return np.array([(len(texts) / len(counts) / counts[one.domain]) ** power for one in texts])


def written(weights: Weights) -> str:
    """The table as text."""
    head = [
        "# Weights of the sentiment model, written by scripts/train_sentiment.py: change it there.",
        "# Learned from four fifths (by hash) of the ratings that C.J. Hutto and E. Gilbert published",
        "# with VADER (2014, MIT). A word's weight is in thousandths of score; ~ stands before a negated word.",
    ]
    lines = [f"== crowd ==\t{weights.crowd}"]
    lines += [f"== figure ==\t{name}\t{value}" for name, value in zip(FIGURES, weights.figures, strict=True)]
    lines += [f"# signs of labels: {', '.join(SIGNS)}"]
    for label, row in zip(LABELS, weights.labels, strict=True):
        lines.append("\t".join([f"== label ==\t{label}", *map(str, row)]))
    lines += [f"{word}\t{round(weight * WORD_SCALE)}" for word, weight in sorted(weights.words.items())]
    return "\n".join([*head, *lines]) + "\n"


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without", choices=list(DOMAINS), help="Leave a domain out, to see what carries over to it.")
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--parts", nargs="+", choices=["train", "development"], default=["train", "development"])
    chosen = parser.parse_args()
    weights = learn([one for one in rated(data_folder(), *chosen.parts) if one.domain != chosen.without])
    chosen.out.write_text(written(weights), encoding="utf-8")
    print(f"{chosen.out}: {len(weights.words)} words")


if __name__ == "__main__":
    main()
