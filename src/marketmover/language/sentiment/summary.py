"""Many answers in a few figures: how many of each label, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from marketmover.language.sentiment.engine import LABELS, Label, Sentiment

_NORMAL_95 = 1.96


@dataclass(frozen=True)
class LabelCount:
    """How many texts have a label; `low` and `high` bound its share among all such texts (95%)."""

    label: Label
    count: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Summary:
    """All texts together: counts by label from worst to best, and the mean score; `empty` rows held no text."""

    texts: int
    counts: tuple[LabelCount, ...]
    mean_score: float
    empty: int = 0


def summarise(texts: Sequence[str], given: Sequence[Sentiment]) -> Summary:
    """Count the labels of the texts; a row without words says nothing of how people feel, and is counted apart.

    The range is Wilson's (1927, "Probable Inference, the Law of Succession, and Statistical Inference"), widened by
    what the labels themselves may be wrong: a label's chance error adds its variance to that of who happened to write.
    """
    answers = [one for text, one in zip(texts, given, strict=True) if text.strip()]
    mean = sum(one.score for one in answers) / len(answers) if answers else 0.0
    return Summary(
        len(answers), tuple(_count(label, answers) for label in LABELS), round(mean, 4), len(given) - len(answers)
    )


def _count(label: Label, answers: Sequence[Sentiment]) -> LabelCount:
    texts, count = len(answers), sum(one.label == label for one in answers)
    if not texts:
        return LabelCount(label, 0, 0.0, 0.0, 1.0)
    doubt = sum(one.confidence * (1 - one.confidence) for one in answers if one.label == label)
    middle = (count + 1) / (texts + 2)
    known = texts / (1 + doubt / (texts * middle * (1 - middle)))  # as many texts of which nothing is in doubt
    low, high = _wilson(count / texts, known)
    return LabelCount(label, count, round(count / texts, 4), round(low, 4), round(high, 4))


def _wilson(share: float, texts: float) -> tuple[float, float]:
    square = _NORMAL_95**2
    centre = (share + square / (2 * texts)) / (1 + square / texts)
    spread = _NORMAL_95 / (1 + square / texts) * sqrt(share * (1 - share) / texts + square / (4 * texts**2))
    return max(0.0, centre - spread), min(1.0, centre + spread)
