"""What every sentiment engine answers, and where neutral ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

Label = Literal["negative", "neutral", "positive"]

LABELS: tuple[Label, ...] = get_args(Label)
"""The labels from worst to best; probabilities and confusion tables stand in this order."""

NEUTRAL_WITHIN = 0.125
"""A text whose mean score by people lies nearer to 0 than this is neutral: half a point of four (see `label_of`)."""


@dataclass(frozen=True, slots=True)
class Sentiment:
    """How a text sounds.

    Attributes:
        label: `negative`, `neutral` or `positive`; neutral is a fact, a question, or praise and blame in balance.
        score: How strongly, from -1 to 1: the mean rating that people would give, 0 being neither.
        confidence: The probability that the label is right, from 0 to 1.
    """

    label: Label
    score: float
    confidence: float


class SentimentEngine(Protocol):
    """Whatever can say how texts sound: our own model, or a transformer in its place."""

    @property
    def name(self) -> str:
        """What stands in settings, reports and comparisons: `default`, or the name of a model."""
        ...

    def score_many(self, texts: Sequence[str]) -> list[Sentiment]:
        """One answer for each text, in the order of the texts; an empty text is neutral."""
        ...


def label_of(score: float) -> Label:
    """The label of a score that people gave: a mean rating from -4 to 4, over 4.

    >>> label_of(-0.4), label_of(0.1), label_of(0.125)
    ('negative', 'neutral', 'positive')
    """
    if score >= NEUTRAL_WITHIN:
        return "positive"
    return "negative" if score <= -NEUTRAL_WITHIN else "neutral"


def from_probabilities(negative: float, neutral: float, positive: float) -> Sentiment:
    """The answer of a classifier: the likeliest label (neutral where it ties), the expected score, its probability.

    >>> from_probabilities(0.1, 0.2, 0.7)
    Sentiment(label='positive', score=0.6, confidence=0.7)
    """
    shares = {"neutral": neutral, "negative": negative, "positive": positive}
    label: Label = max(("neutral", "negative", "positive"), key=shares.__getitem__)
    return Sentiment(label, round(positive - negative, 4), round(shares[label], 4))
