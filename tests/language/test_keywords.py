import pytest

from marketmover.language.keywords import keywords

TEXTS = [
    (
        (
            "Our solar panel installation helps homeowners in Kent cut electricity bills. Get a free solar quote. "
            "We install home batteries and EV chargers as well."
        ),
        {"solar panel installation", "electricity bills", "home batteries", "ev chargers", "homeowners"},
    ),
    (
        (
            "We sell handmade leather handbags online. Most of our customers are women over 40. The Christmas "
            "campaign for leather handbags was a flop; delivery times were too long."
        ),
        {"leather handbags", "christmas campaign", "customers"},
    ),
    (
        (
            "Please find more patients for our dental clinic in Leeds. Dental implants and teeth whitening bring most "
            "margin, so the dental clinic should be known for dental implants."
        ),
        {"dental clinic", "dental implants", "teeth whitening", "patients"},
    ),
    (
        "Book club subscriptions: a novel each month, posted to your door. Readers cancel because postage is dear.",
        {"club subscriptions", "book club subscriptions", "novel", "readers", "postage"},
    ),
]


@pytest.mark.parametrize(("text", "telling"), TEXTS)
def test_what_a_text_is_about_stands_among_its_first_five_keywords(text: str, telling: set[str]) -> None:
    found = [one.words.lower() for one in keywords(text, 5)]
    assert len(telling & set(found)) >= 2, found


def test_a_phrase_that_stands_often_goes_before_the_longer_ones_that_hold_it() -> None:
    first = keywords("We sell handmade leather handbags. Leather handbags last. Leather handbags are for life.")[0]
    assert (first.words.lower(), first.score) == ("leather handbags", 1.0)


def test_scores_fall_and_the_best_is_one() -> None:
    scores = [one.score for one in keywords(TEXTS[0][0])]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == 1.0


@pytest.mark.parametrize(
    "text", ["", "   \n", "!!! ???", "the of and to it", "12 500 2026", "https://example.com/a a@b.example"]
)
def test_a_text_that_says_nothing_has_no_keywords(text: str) -> None:
    assert keywords(text) == []


def test_stop_words_of_other_languages_end_a_phrase() -> None:
    found = [one.words for one in keywords("Wir suchen Kunden für unsere Zahnarztpraxis in Wien.", language="de-AT")]
    assert "Zahnarztpraxis" in found
    assert not any(word in phrase.split() for phrase in found for word in ("für", "unsere", "wir", "in"))


def test_further_stop_words_may_be_given() -> None:
    assert keywords("Acme sofas", stop_words=["ACME"])[0].words == "sofas"
