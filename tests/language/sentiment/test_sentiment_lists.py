"""The word lists and the learned table: well formed, without contradictions, repeatable."""

from collections import Counter

import pytest
from benchmarks.sentiment_texts import Rated, part_of
from scripts.train_sentiment import learn, written

from marketmover.language.sentiment.lexicon import WORDS, load_lexicon, spellings
from marketmover.language.sentiment.table import MODEL, load_weights, parse


def test_no_phrase_is_given_two_valences() -> None:
    lines = [line for line in (WORDS / "valences.txt").read_text(encoding="utf-8").splitlines() if line]
    entries = [line.rpartition(" ")[0] for line in lines if not line.startswith("#")]
    twice = [
        phrase for phrase, count in Counter(one for entry in entries for one in spellings(entry)).items() if count > 1
    ]
    assert twice == []


def test_every_valence_is_on_the_scale() -> None:
    lexicon = load_lexicon()
    phrases = [value for found in lexicon.phrases.values() for _, value in found]
    values = [*lexicon.words.values(), *phrases, *lexicon.emoji.values(), *lexicon.emoticons.values()]
    assert all(-4 <= value <= 4 for value in values)


def test_the_table_says_where_it_comes_from_and_stays_small() -> None:
    text = MODEL.read_text(encoding="utf-8")
    assert "Hutto" in text.splitlines()[1]
    assert len(text) < 300_000


def test_a_table_that_is_written_reads_back_the_same() -> None:
    weights = load_weights()
    assert parse(written(weights).splitlines()) == weights


@pytest.mark.filterwarnings("default")
def test_learning_twice_gives_the_same_table_and_a_new_word_its_feeling() -> None:
    texts = [
        Rated(domain, "train", score, f"{opening} number {number}")
        for number in range(12)
        for domain in ("tweets", "reviews")
        for opening, score in (("truly zorbly", 0.7), ("rather quibbed", -0.7), ("seen at noon", 0.0))
    ]
    first, second = learn(texts), learn(texts)
    assert written(first) == written(second)
    assert first.words["zorbly"] > 0 > first.words["quibbed"]


def test_a_repeated_text_stays_in_one_part_whatever_its_case_and_marks() -> None:
    assert part_of("So good!") == part_of("so  GOOD")
