"""From features to an answer: a linear score, and from it the probability of each label."""

from collections.abc import Sequence
from math import exp, log, sqrt

from marketmover.language.sentiment.engine import LABELS, Sentiment
from marketmover.language.sentiment.features import FIGURES, Features
from marketmover.language.sentiment.table import Weights

SIGNS = (
    "constant",
    "score",
    "strength",
    "score squared",
    "evidence",
    "at odds",
    "asked",
    "length",
    "link",
    "exclaimed",
    "personal",
)
_PRAISE, _BLAME, _ASKED = FIGURES.index("praise"), FIGURES.index("blame"), FIGURES.index("asked")
_EXCLAIMED = FIGURES.index("exclaimed")
_SILENT = Sentiment("neutral", 0.0, 0.99)  # a text without a word says nothing


def answer(stretches: Sequence[Features], weights: Weights) -> Sentiment:
    """The answer for a text; its stretches count by how strongly they speak."""
    if not stretches:
        return _SILENT
    scores = [score_of(one, weights) for one in stretches]
    loudness = [abs(score) + 0.05 for score in scores]
    share = [one / sum(loudness) for one in loudness]
    score = sum(one * part for one, part in zip(scores, share, strict=True))
    main = stretches[max(range(len(scores)), key=loudness.__getitem__)]
    return _decided(score, probabilities(signs(score, main), weights.labels))


def score_of(one: Features, weights: Weights) -> float:
    """The linear score of a stretch; many words share one voice, by the square root of their number."""
    known = weights.words
    told = sum([known[word] for word in one.words if word in known])
    linear = sum(figure * weight for figure, weight in zip(one.figures, weights.figures, strict=True))
    return max(-1.0, min(1.0, linear + told / sqrt(max(weights.crowd, len(one.words)))))


def signs(score: float, one: Features) -> tuple[float, ...]:
    """What the labels are told from, in the order of `SIGNS`."""
    praise, blame = one.figures[_PRAISE], -one.figures[_BLAME]
    strength = abs(score)
    return (
        1.0,
        score,
        strength,
        score * strength,
        max(praise, blame),
        min(praise, blame),
        -one.figures[_ASKED],
        log(1 + len(one.words)) / 4,
        float("<link>" in one.words),
        abs(one.figures[_EXCLAIMED]),
    )


def probabilities(found: Sequence[float], labels: Sequence[Sequence[float]]) -> list[float]:
    """The softmax over the labels."""
    raised = [exp(sum(one * weight for one, weight in zip(found, weights, strict=True))) for weights in labels]
    whole = sum(raised)
    return [one / whole for one in raised]


def _decided(score: float, shares: Sequence[float]) -> Sentiment:
    """The likeliest label that does not contradict the score."""
    negative, neutral, positive = shares
    allowed = (negative * (score < 0), neutral, positive * (score > 0))
    best = max(range(len(LABELS)), key=allowed.__getitem__)
    return Sentiment(LABELS[best], round(score, 4), round(shares[best], 4))
