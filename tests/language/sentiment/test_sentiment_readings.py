"""How single texts are read: negation, contrast, irony, emoji, typos, plain facts; and what holds for any text."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketmover.errors import UsageError
from marketmover.language.sentiment import (
    LABELS,
    DefaultEngine,
    SentimentEngine,
    from_probabilities,
    label_of,
    score,
    score_many,
)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("This is not a good product.", "negative"),
        ("Could not be happier with the results.", "positive"),
        ("Nothing to complain about.", "positive"),
        ("No problems at all since we signed up.", "positive"),
        ("Hardly any leads came in.", "negative"),
        ("They never answered the phone.", "negative"),
        ("It doesn't work.", "negative"),
        ("The results were far from good.", "negative"),
        ("Worse than before.", "negative"),
        ("Better than expected!", "positive"),
        ("Terribly good.", "positive"),
        ("Pretty bad.", "negative"),
        ("Great idea, but the results were awful.", "negative"),
        ("Slow at first, but now it is excellent.", "positive"),
    ],
)
def test_negation_comparison_and_contrast_turn_a_judgement(text: str, label: str) -> None:
    assert score(text).label == label


@pytest.mark.parametrize(
    "text",
    [
        "Great, another outage.",
        "Thanks for nothing.",
        "Well done, you broke the website on Black Friday.",
        "Love waiting 40 minutes on hold.",
        "Thanks for charging me twice.",
    ],
)
def test_irony_that_shows_is_seen_through(text: str) -> None:
    assert score(text).label == "negative"


@pytest.mark.parametrize(
    "text", ["Great, see you on Monday then, thanks!", "Thanks, that helped!", "Love working with this team."]
)
def test_praise_before_a_comma_is_not_taken_for_irony(text: str) -> None:
    assert score(text).score > 0


@pytest.mark.parametrize(
    "text",
    [
        "The meeting is on Tuesday at 10.",
        "Please find attached the figures for March.",
        "Our budget is 30,000 USD for January.",
        "Could you tell me how many leads we got last month?",
        "We sell running shoes in Austria and Germany.",
        "",
        "   \n ",
    ],
)
def test_a_fact_a_question_or_silence_is_neutral(text: str) -> None:
    assert score(text).label == "neutral"


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        ("disappointing", "disapointing"),
        ("excellent work", "excelent work"),
        ("so good", "soooo goood"),
        ("don't like it", "don’t like it"),
    ],
)
def test_a_misspelt_or_drawn_out_word_still_says_what_it_says(plain: str, other: str) -> None:
    assert score(plain).label == score(other).label


def test_louder_words_say_more() -> None:
    assert score("This is really GREAT!!!").score > score("This is great.").score > score("This is fairly great.").score


@pytest.mark.parametrize(
    ("text", "label"), [("👍", "positive"), ("👎", "negative"), (":(", "negative"), (":D", "positive")]
)
def test_emoji_and_emoticons_speak_alone(text: str, label: str) -> None:
    assert score(text).label == label


def test_a_hashtag_is_read_as_its_words() -> None:
    assert score("#WorstServiceEver").label == "negative"


def test_a_complaint_at_the_end_of_a_long_neutral_mail_is_heard() -> None:
    facts = "We sell shoes in Vienna. The shop opens at nine. We ran ads from March to June. " * 6
    assert score(facts).label == "neutral"
    assert score(facts + "To be honest, the results were terrible and a complete waste of money.").label == "negative"


def test_many_texts_get_the_answers_that_each_gets_alone() -> None:
    texts = ["Awful.", "Lovely!", "It is Tuesday.", ""]
    assert score_many(texts) == [score(text) for text in texts]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gets_an_answer_within_bounds_and_label_and_score_agree(text: str) -> None:
    found = score(text)
    assert found.label in LABELS
    assert -1 <= found.score <= 1
    assert 0 < found.confidence <= 1
    assert {"negative": found.score < 0, "positive": found.score > 0, "neutral": True}[found.label]


def test_a_single_text_in_place_of_a_list_is_refused_rather_than_read_letter_by_letter() -> None:
    with pytest.raises(UsageError, match="one text"):
        score_many("Great!")


def test_the_default_engine_keeps_the_protocol() -> None:
    engine: SentimentEngine = DefaultEngine()
    assert engine.name == "default"
    assert [one.label for one in engine.score_many(["Terrible."])] == ["negative"]


def test_a_classifiers_shares_become_an_answer_and_a_tie_is_neutral() -> None:
    assert from_probabilities(0.7, 0.2, 0.1).score == -0.6
    assert from_probabilities(0.4, 0.4, 0.2).label == "neutral"
    assert [label_of(one) for one in (-0.125, -0.124, 0.125)] == ["negative", "neutral", "positive"]


def development() -> Sequence[tuple[str, str]]:
    lines = Path(__file__).with_name("development.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [(label, text) for label, _, text in (line.partition("\t") for line in lines)]


def test_our_own_texts_of_marketing_life_stay_read_as_well_as_they_are() -> None:
    texts = development()
    right = [one.label == label for one, (label, _) in zip(score_many([t for _, t in texts]), texts, strict=True)]
    assert sum(right) / len(right) >= 0.83


def test_a_gap_of_a_table_is_refused_by_its_place() -> None:
    texts: list[str] = ["Great", float("nan")]  # pyright: ignore[reportAssignmentType] -- as pandas hands on a gap
    with pytest.raises(UsageError, match="index 1 is no text but float"):
        score_many(texts)
