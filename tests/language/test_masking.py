"""Personal data is taken out of a text and put back; what a brief is about stays."""

import pytest
from benchmarks.masking import measure
from hypothesis import given
from hypothesis import strategies as st

from marketmover.language import mask

SIGNED = """Hi Priya,

EUR 12.500 from 2 March 2026, 25-54, in Leeds, for trail shoes; ROAS 4. Ask Tom, or call 0161 496 0000.

Kind regards,
Eleanor Whitcombe
eleanor.w@acme.example
"""


def test_names_numbers_and_addresses_are_hidden_and_the_brief_stays() -> None:
    masked = mask(SIGNED).text
    for personal in ("Priya", "Tom", "0161", "Eleanor", "Whitcombe", "eleanor", "acme.example"):
        assert personal not in masked
    for said in ("EUR 12.500", "2 March 2026", "25-54", "Leeds", "trail shoes", "ROAS 4"):
        assert said in masked


@given(st.text(max_size=300) | st.lists(st.sampled_from(SIGNED.split(" ")), max_size=60).map(" ".join))
def test_whatever_is_hidden_comes_back_as_it_stood(text: str) -> None:
    masked = mask(text)
    assert masked.restored(masked.text) == text


def test_the_same_thing_has_the_same_placeholder_and_another_one_another() -> None:
    masked = mask("a@x.example, b@x.example and a@x.example")
    assert masked.text == "[EMAIL_1], [EMAIL_2] and [EMAIL_1]"


def test_a_placeholder_that_the_text_holds_itself_is_not_mistaken_for_ours() -> None:
    text = "[EMAIL_1] is how they wrote it; mine is a@x.example"
    masked = mask(text)
    assert masked.text == "[EMAIL_1] is how they wrote it; mine is [EMAIL_2]"
    assert masked.restored(masked.text) == text


def test_what_comes_back_in_lists_and_mappings_is_put_right_however_it_was_copied() -> None:
    masked = mask("Dear Mrs Okonkwo, hello")
    assert masked.restored({"a": ["person_1", "[PERSON_1]"], "b": 3}) == {"a": ["Okonkwo", "Okonkwo"], "b": 3}


@pytest.mark.parametrize(
    "personal",
    [
        "+44 20 7946 0958",
        "(602) 555-0147 is my phone: 602 555 0147",
        "GB82 WEST 1234 5698 7654 32",
        "4111 1111 1111 1111",
        "https://x.example/r?token=abcdef",
        "https://ana:secret@x.example/",
        "linkedin.com/in/ana-lopes-77",
        "12 High Street",
        "Lindenstraße 12",
        "LS1 4AB",
        "192.0.2.7",
        "ana (at) acme (dot) example",
        "sk-proj-abcdefghijklmnop1234",
        "password: hunter22",
        "@ana.lopes",
    ],
)
def test_each_kind_is_found(personal: str) -> None:
    assert "[" in mask(f"Well, {personal} it is").text


@pytest.mark.parametrize(
    "plain",
    [
        "12.500.000 COP until 2026-03-31, 30 000 clicks, CHF 20'000, 1,00,000 rupees",
        "CHF 45 000 for 1.6.2026 - 31.7.2026, CPL max EUR 35, ROAS 4.5, ages 16-45, 25+",
        "GB83 WEST 1234 5698 7654 32 is no account, 4111 1111 1111 1112 no card",
        "https://shop.example/boots?utm_source=newsletter and www.shop.example",
        "Google said no. Facebook told us. Call Germany first, then Toronto. Regards to all",
        "Spend: 4.000 EUR in Valencia. Presupuesto 2.000 euros. Q1 2026 budget is DKK 150.000",
        "We're spending 1.200.000 JPY on YouTube in Osaka, 18-34, 3 months from 2 March 2026",
    ],
)
def test_what_a_brief_is_about_is_not_hidden(plain: str) -> None:
    assert mask(plain).text == plain


@pytest.mark.parametrize(
    "turn",
    [
        "<v Ada Quill>We sell tents.",
        "<v.loud Ada Quill (Agency)>We sell tents.",
        "Ada Quill\n  9:02 AM\nWe sell tents.",
        "Ada Quill (Agency)  9:02 AM\nWe sell tents.",
        "[05.11.26, 18:03:40] Ada Quill | North Media: We sell tents.",
    ],
)
def test_whoever_speaks_in_a_chat_or_a_transcript_is_hidden(turn: str) -> None:
    masked = mask(f"{turn}\n\n").text
    assert "Quill" not in masked
    assert "We sell tents." in masked


def test_the_planted_data_is_found_as_often_as_the_documents_say() -> None:
    result = measure("development")
    direct = frozenset(("EMAIL", "PHONE", "ACCOUNT", "CARD", "SECRET", "MACHINE", "LINK", "HANDLE"))
    assert result.recall(direct) == 1.0
    assert result.recall(frozenset(("PERSON",))) >= 0.9
    assert result.kept == result.readings
    assert result.needless <= 0.1 * result.hidden


def test_names_are_found_without_a_greeting_and_words_that_look_like_names_stay() -> None:
    result = measure("sentences")
    assert result.recall(frozenset(("PERSON",))) >= 0.8
    assert result.needless <= 0.12 * result.hidden
    assert result.kept == result.readings


@pytest.mark.parametrize(
    "plain",
    [
        "Summer Sale in May: chairs in Kent, Austin and Florence",
        "Hope Street and Rose Cottage, Max Budget 5k, Will you call",
        "Lola's Cupcakes wants orders, Ben & Jerry's style tone, St Patrick's Day",
        "An Emma Mattress and a Tobias Ltd from Adrian",
    ],
)
def test_names_that_are_words_places_or_brands_stay(plain: str) -> None:
    assert mask(plain).text == plain


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Shreya Raman signs, Tobias pays", ("Shreya", "Raman", "Tobias")),
        ("It was Hope Mbeki who asked", ("Hope", "Mbeki")),
        ("Reports go to Nikhil van Dijk\u2019s team", ("Nikhil", "Dijk")),
        ("Emma Stone leads it", ("Emma", "Stone")),
    ],
)
def test_given_names_are_hidden_with_the_surnames_behind_them(said: str, names: tuple[str, ...]) -> None:
    masked = mask(said).text
    assert [name for name in names if name in masked] == []
