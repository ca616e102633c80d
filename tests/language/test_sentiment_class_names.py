from collections.abc import Sequence

import pytest

from marketmover.errors import InputError
from marketmover.language.sentiment.class_names import class_values


def values(*names: str) -> tuple[float, ...]:
    return class_values(dict(enumerate(names)))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("NEGATIVE", "POSITIVE"), (-1, 1)),
        (("positive", "negative", "neutral"), (1, -1, 0)),
        (("POS", "NEU", "NEG"), (1, 0, -1)),
        (("Bearish", "Neutral", "Bullish"), (-1, 0, 1)),
        (("Very Negative", "Negative", "Neutral", "Positive", "Very Positive"), (-1, -0.5, 0, 0.5, 1)),
        (("very_negative", "negative", "neutral", "positive", "very_positive"), (-1, -0.5, 0, 0.5, 1)),
        (("1 star", "2 stars", "3 stars", "4 stars", "5 stars"), (-1, -0.5, 0, 0.5, 1)),
        (("-1", "0", "1"), (-1, 0, 1)),
        (("negative sentiment", "mixed", "neutral", "positive sentiment"), (-1, 0, 0, 1)),
    ],
)
def test_a_models_own_names_say_which_classes_are_good_and_bad(names: Sequence[str], expected: Sequence[float]) -> None:
    assert values(*names) == tuple(expected)


@pytest.mark.parametrize(
    "names",
    [
        ("LABEL_0", "LABEL_1"),
        ("0", "1"),
        ("joy", "anger", "sadness"),
        ("negative", "neutral"),
        ("negative", "neg"),
        ("positive", "positive", "negative"),
        ("1 star", "one star"),
        ("entailment", "neutral", "contradiction"),
    ],
)
def test_names_that_leave_it_unclear_are_refused_and_named(names: Sequence[str]) -> None:
    with pytest.raises(InputError) as caught:
        values(*names)
    assert all(repr(name) in caught.value.message for name in names)
    assert "id2label" in caught.value.remedy
