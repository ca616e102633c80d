import numpy as np
import pytest

from marketmover.errors import UsageError
from marketmover.language.embeddings import Embedder, default_embedder, unit_length
from marketmover.language.embeddings.words import known_parts, tokens


def like(one: str, other: str) -> float:
    first, second = default_embedder().embed([one, other])
    return float(first @ second)


@pytest.mark.parametrize(
    ("phrase", "near", "far"),
    [
        ("sneakers", "running shoes", "mortgage advice"),
        ("dentist", "dental clinic", "brewery tour"),
        ("sign-ups", "enquiries", "furniture"),
        ("electric vehicle", "EVs", "lemonade"),
        ("home renovation", "kitchen refurbishment", "guitar lessons"),
        ("Zahnarztpraxis", "Zahnarztpraxen", "Autohaus"),
        ("Café in Zürich", "cafe in Zurich", "bank loans"),
    ],
)
def test_what_means_much_the_same_lies_nearer_than_what_does_not(phrase: str, near: str, far: str) -> None:
    assert like(phrase, near) > like(phrase, far) + 0.1


def test_rows_have_length_one_and_a_text_without_words_is_like_nothing() -> None:
    embedder = default_embedder()
    rows = embedder.embed(["running shoes", "", "!!! ...", "xqzzt", "the"])
    assert rows.shape == (5, embedder.dimensions)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 0, 0, 1, 1], atol=1e-6)


def test_no_texts_give_no_rows() -> None:
    embedder = default_embedder()
    assert embedder.embed([]).shape == (0, embedder.dimensions)
    assert unit_length(np.zeros((0, 3))).shape == (0, 3)


def test_a_text_has_the_same_row_whatever_stands_beside_it() -> None:
    embedder = default_embedder()
    alone = embedder.embed(["gluten-free bakery"])[0]
    among = embedder.embed(["tax advice", "gluten-free bakery", "x" * 5000])[1]
    assert np.array_equal(alone, among)


def test_the_default_is_an_embedder() -> None:
    assert isinstance(default_embedder(), Embedder)


def test_words_are_found_without_accents_possessives_and_signs() -> None:
    assert tokens("The café’s T-shirts, 4K & don't") == ["the", "cafe", "t-shirts", "4k", "don't"]


def test_inflections_and_compounds_stand_for_words_that_are_known() -> None:
    assert known_parts("orthodontists") == known_parts("orthodontist") != ()
    assert len(known_parts("sofa-bed")) == 2
    assert known_parts("qwrtzplk") == ()


def test_one_text_in_place_of_a_list_is_refused_rather_than_taken_letter_by_letter() -> None:
    with pytest.raises(UsageError, match="not a list"):
        default_embedder().embed("sneakers")
