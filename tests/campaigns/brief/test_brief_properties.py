"""What holds for every text, however odd."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketmover.campaigns.brief import read_brief
from marketmover.campaigns.brief.document import read_document
from marketmover.campaigns.brief.numbers import parse_digits
from marketmover.plans import Brief

BRIEFS = Path(__file__).parent.parent / "briefs"
LABELLED = [
    json.loads(line)
    for half in ("development", "test")
    for line in (BRIEFS / f"{half}.jsonl").read_text(encoding="utf-8").splitlines()
]
AUDIENCE = "countries places age_min age_max genders interests"
SINGLE = (
    "objective outcome budget start_date end_date duration_days targets product industry tone "
    "constraints sentiment concerns"
)
PIECES = st.sampled_from(
    [
        "Budget: $30k",
        "12.500 EUR",
        "Rs 4 lakh",
        "two and a half grand",
        "from 12 January 2026",
        "03/04/2026",
        "Q1 2026",
        "women 25-54",
        "no Facebook",
        "Instagram",
        "CPL under $40",
        "ROAS 4x",
        "in Austin",
        "last year we spent 10k",
        "> quoted",
        "Agency: and when?",
        "Client: soon",
        "\n\n",
        "\n",
        ". ",
        ", ",
        "- ",
        "\u00a0",
        "\u201cquality\u201d",
        "\u0130stanbul",
        "actually make that 12k",
        "Best regards,",
        "P.S. make it 9k",
        "On Monday the client wrote:",
        "99999999999999999999",
        "31 February 2026",
        "| a | b |",
        "**Goal:** leads",
        "buget",
        "\U0001f600",
    ]
)


@given(st.lists(PIECES | st.text(max_size=12), max_size=14).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_every_word_of_evidence_stands_in_it(text: str) -> None:
    brief = read_brief(text)
    assert all(words and words in text for words in brief.evidence.values())
    assert Brief.model_validate_json(brief.model_dump_json()) == brief
    assert read_brief(text) == brief


@given(st.lists(PIECES | st.text(max_size=12), max_size=10).map("\n".join))
@settings(max_examples=150, deadline=None)
def test_every_character_of_the_reading_order_has_its_place_in_the_text(text: str) -> None:
    document = read_document(text)
    assert len(document.text) == len(document.cased) == len(document.places)
    assert all(0 <= place < len(text) for place in document.places)


@given(st.integers(min_value=0, max_value=99_999_999))
def test_digits_mean_the_same_with_every_kind_of_separator(value: int) -> None:
    spellings = (
        f"{value:,}",
        f"{value:,}".replace(",", "."),
        f"{value:,}".replace(",", " "),
        f"{value:,}".replace(",", "'"),
        str(value),
    )
    assert {parse_digits(spelling) for spelling in spellings} == {float(value)}


@pytest.mark.parametrize("one", LABELLED, ids=[one["id"] for one in LABELLED])
def test_each_found_field_of_our_briefs_has_evidence_that_stands_in_the_text(one: dict[str, str]) -> None:
    brief = read_brief(one["text"])
    filled = {
        **{
            name: getattr(brief, name)
            for name in (
                "objective",
                "outcome",
                "budget",
                "start_date",
                "end_date",
                "duration_days",
                "targets",
                "product",
                "industry",
                "tone",
                "constraints",
                "sentiment",
                "concerns",
            )
        },
        **{f"audience.{name}": getattr(brief.audience, name) for name in AUDIENCE.split()},
        **{f"platforms.{name}": getattr(brief.platforms, name) for name in ("include", "exclude")},
    }
    assert set(brief.evidence) == {name for name, value in filled.items() if value}
    assert all(words in one["text"] for words in brief.evidence.values())


@pytest.mark.parametrize("piece", ["a ", "budget 10k ", "A ", "1,", "(", "Client: yes\n", "x" * 300, "in Spain and "])
def test_text_without_end_is_cut_into_pieces_and_still_read(piece: str) -> None:
    document = read_document(piece * 3000)
    assert all(unit.end - unit.start <= 520 for unit in document.units)
    assert read_brief("We need leads in Spain.\n\n" + piece * 300).objective == "leads"
