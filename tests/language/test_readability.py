import pytest

from marketmover.language.readability import readability, sentences, syllables

# Silent letters, neighbouring vowels and endings of every kind that the rules know.
SYLLABLES = {
    "advertisement": 4, "agency": 3, "orange": 2, "apple": 2, "vehicle": 3, "machine": 2, "restaurant": 3,
    "medicine": 3, "university": 5, "renewable": 4, "clothes": 1, "delivery": 4, "engagement": 3, "increased": 2,
    "percentage": 3,
    "tired": 1, "science": 2, "alliance": 3, "comedian": 4, "vegetarian": 5, "theory": 2, "recycled": 3, "leisure": 2,
    "shoes": 1, "dresses": 2, "household": 2, "guardian": 3, "ideal": 2, "routine": 2, "wedding": 2,
}  # fmt: skip


def test_syllables_are_mostly_counted_right() -> None:
    wrong = {word: syllables(word) for word, beats in SYLLABLES.items() if syllables(word) != beats}
    assert len(wrong) <= 1, wrong


def test_the_formulas_are_those_of_their_authors() -> None:
    found = readability("The cat sat on the mat.")
    assert (found.words, found.sentences, found.syllables) == (6, 1, 6)
    assert found.reading_ease == pytest.approx(206.835 - 1.015 * 6 - 84.6, abs=0.05)
    assert found.grade == pytest.approx(0.39 * 6 + 11.8 - 15.59, abs=0.05)
    assert found.fog == pytest.approx(0.4 * 6, abs=0.05)
    assert found.lix == 6.0
    assert found.label == "very easy"


def test_hard_prose_reads_harder_than_plain_prose_by_every_index() -> None:
    plain = readability("We fix your roof. We come the same day. You pay when it is done.")
    hard = readability(
        "Comprehensive implementation of organisational transformation necessitates interdisciplinary collaboration, "
        "considering institutional responsibilities and administrative requirements simultaneously."
    )
    assert plain.reading_ease is not None
    assert hard.reading_ease is not None
    assert plain.reading_ease > 90
    assert hard.reading_ease < 0
    assert (plain.grade or 0) < (hard.grade or 0)
    assert (plain.fog or 0) < (hard.fog or 0)
    assert plain.lix < hard.lix
    assert hard.label == "very hard"


def test_abbreviations_initials_and_decimals_end_no_sentence_and_list_items_are_sentences() -> None:
    assert sentences("Dr. Smith pays 3.5 million, e.g. for ads. He left! Why?") == [
        "Dr. Smith pays 3.5 million, e.g. for ads.",
        "He left!",
        "Why?",
    ]
    assert sentences("We want\n- leads\n- sales\n2) calls") == ["We want", "leads", "sales", "calls"]


def test_other_languages_have_their_own_constants_and_no_english_grades() -> None:
    german = readability("Wir suchen neue Kunden. Die Praxis liegt in Wien.", "de-AT")
    assert german.reading_ease == pytest.approx(180 - 9 / 2 - 58.5 * german.syllables / 9, abs=0.06)
    assert (german.grade, german.fog) == (None, None)
    assert readability("Vi söker nya kunder.", "sv").reading_ease is None
    assert readability("Vi söker nya kunder.", "sv").lix == 4.0


@pytest.mark.parametrize("text", ["", " \n\n ", "!!! ...", "🎉🎉"])
def test_a_text_without_words_has_nothing_to_read(text: str) -> None:
    found = readability(text)
    assert (found.words, found.sentences, found.lix) == (0, 0, 0.0)
