"""Sentiment beside VADER's published rules, on texts that taught neither: F1, correlation, confidence, speed.

The truth of the rated texts is people's mean rating: neutral within half a point of 0 on their scale from -4 to 4.
VADER labels by its published thresholds, a compound of 0.05 either side; ours by its own. F1 is the mean over labels.
Ranges are 95%, over 400 draws of the texts with replacement, both engines on the same draws. Our own texts of marketing
life stand in `tests/language/sentiment/`: whoever wrote them also wrote the rules, without looking at the test half.
`python -m benchmarks.sentiment development` measures the development half, for work on the rules.
"""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure, print_figures
from benchmarks.sentiment_texts import DOMAINS, Rated, data_folder, own_texts, rated
from marketmover.errors import NotFoundError
from marketmover.language.sentiment import LABELS, Sentiment, score_many

DRAWS = 400
HELD_TO = ("tweets", "reviews")  # where VADER must be beaten for certain
Array = NDArray[Any]


@dataclass(frozen=True)
class Answers:
    """Truth and both engines' answers on the same texts; labels as places in `LABELS`."""

    truth: Array
    ours: Array
    vader: Array

    def margin(self) -> tuple[float, float, float]:
        """Our macro F1 less VADER's: the figure, and its 95% range."""
        random = np.random.default_rng(5)
        draws = [self._less(random.integers(0, len(self.truth), len(self.truth))) for _ in range(DRAWS)]
        low, high = np.quantile(draws, [0.025, 0.975])
        return self._less(np.arange(len(self.truth))), float(low), float(high)

    def _less(self, chosen: Array) -> float:
        return macro_f1(self.truth[chosen], self.ours[chosen]) - macro_f1(self.truth[chosen], self.vader[chosen])


def macro_f1(truth: Array, said: Array) -> float:
    """F1, the mean over the three labels."""
    hits = np.zeros((len(LABELS), len(LABELS)))
    np.add.at(hits, (truth, said), 1)
    met = hits.sum(axis=0) + hits.sum(axis=1)
    return float(np.mean(2 * np.diag(hits) / np.maximum(met, 1)))


def run(half: str = "test") -> list[Figure]:
    """The figures of a half, by domain, then of our own texts."""
    try:
        texts = rated(data_folder(), half)
    except NotFoundError as missing:
        print(f"rated texts: {missing}")
        return own(half)
    compounds, vader_seconds = timed(vader_compounds, [one.text for one in texts])
    answers, our_seconds = timed(score_many, [one.text for one in texts])
    figures = [figure for domain in DOMAINS for figure in of_domain(domain, texts, answers, np.array(compounds))]
    return [
        *figures,
        *calibration("rated texts", [one.label for one in texts], answers),
        *own(half),
        Figure("texts a second", f"{len(texts) / our_seconds:,.0f}", f"VADER {len(texts) / vader_seconds:,.0f}"),
    ]


def of_domain(domain: str, texts: Sequence[Rated], answers: Sequence[Sentiment], compounds: Array) -> list[Figure]:
    """F1 and its margin, correlation and error in one domain."""
    at = [place for place, one in enumerate(texts) if one.domain == domain]
    people = np.array([texts[place].score for place in at])
    scores, peer = np.array([answers[place].score for place in at]), compounds[at]
    both = Answers(
        np.array([LABELS.index(texts[place].label) for place in at]),
        np.array([LABELS.index(answers[place].label) for place in at]),
        vader_labels(peer),
    )
    correlation, its = (float(np.corrcoef(people, one)[0, 1]) for one in (scores, peer))
    error, its_error = (float(np.mean(np.abs(people - one))) for one in (scores, peer))
    return [
        *compared(f"{domain}, {len(at)} texts", both, held=domain in HELD_TO),
        Figure(f"{domain}: correlation with people", f"{correlation:.3f}", f"VADER {its:.3f}"),
        Figure(f"{domain}: correlation above VADER's", closer(people, scores, peer)),
        Figure(f"{domain}: mean error of the score, 0 to 2", f"{error:.3f}", f"VADER {its_error:.3f}"),
    ]


def closer(people: Array, ours: Array, peer: Array) -> str:
    """How much closer our scores go with people's than VADER's, with its 95% range."""
    random, whole = np.random.default_rng(5), np.arange(len(people))
    chosen = [whole, *(random.integers(0, len(people), len(people)) for _ in range(DRAWS))]
    first, *draws = (
        float(np.corrcoef(people[one], ours[one])[0, 1] - np.corrcoef(people[one], peer[one])[0, 1]) for one in chosen
    )
    low, high = np.quantile(draws, [0.025, 0.975])
    return f"{first:+.3f} ({low:+.3f} to {high:+.3f})"


def compared(name: str, both: Answers, *, held: bool) -> list[Figure]:
    """F1 beside VADER's, and the margin; `held` ones must have a range above 0."""
    margin, low, high = both.margin()
    return [
        Figure(
            f"{name}: F1", f"{macro_f1(both.truth, both.ours):.3f}", f"VADER {macro_f1(both.truth, both.vader):.3f}"
        ),
        Figure(
            f"{name}: F1 above VADER's",
            f"{margin:+.3f} ({low:+.3f} to {high:+.3f})",
            "range above 0" if held else "",
            low > 0 if held else None,
        ),
    ]


def own(half: str) -> list[Figure]:
    """The same on our own texts."""
    labels, texts = zip(*own_texts(half), strict=True)
    answers = score_many(texts)
    both = Answers(
        np.array([LABELS.index(label) for label in labels]),
        np.array([LABELS.index(one.label) for one in answers]),
        vader_labels(np.array(vader_compounds(texts))),
    )
    name = f"marketing life, {len(texts)} texts"
    return [*compared(name, both, held=True), *calibration("marketing life", labels, answers)]


def calibration(name: str, truth: Sequence[str], answers: Sequence[Sentiment]) -> list[Figure]:
    """How far confidence is from the share that is right, over ten equal groups (expected calibration error)."""
    right = np.array([one.label == label for one, label in zip(answers, truth, strict=True)], dtype=float)
    sure = np.array([one.confidence for one in answers])
    groups = np.array_split(np.argsort(sure, kind="stable"), 10)
    error = sum(len(one) * abs(float(right[one].mean() - sure[one].mean())) for one in groups) / len(sure)
    return [
        Figure(f"{name}: right", f"{right.mean():.1%}", f"mean confidence {sure.mean():.1%}"),
        Figure(f"{name}: confidence off by", f"{error:.3f}"),
    ]


def vader_compounds(texts: Sequence[str]) -> list[float]:
    """VADER as it is published."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    return [float(analyser.polarity_scores(text)["compound"]) for text in texts]


def vader_labels(compounds: Array) -> Array:
    """VADER's published thresholds: positive from 0.05, negative to -0.05."""
    return np.where(compounds >= 0.05, 2, np.where(compounds <= -0.05, 0, 1))


def timed(what: Callable[[Sequence[str]], list[Any]], texts: Sequence[str]) -> tuple[list[Any], float]:
    """What it answers, and the processor seconds that it takes once loaded."""
    what(texts[:50])
    began = time.process_time()
    return what(texts), time.process_time() - began


if __name__ == "__main__":
    chosen = "development" if "development" in sys.argv else "test"
    print_figures(f"Sentiment, {chosen} half", run(chosen))
