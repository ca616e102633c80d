"""Briefs over HTTP: read with the words they rest on, answered, corrected."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.campaigns.kept.conftest import BRIEF

Ask = Callable[..., Any]


def test_words_light_up_where_they_stand_even_behind_signs_outside_the_basic_plane(ask: Ask) -> None:
    text = f"\U0001f98a Hello! {BRIEF}"
    told = ask("POST", "/briefs", {"text": text}).json()
    assert told["brief"]["budget"] == {"amount": 20_000.0, "currency": "EUR", "period": "total"}
    source = told["sources"][0]
    assert source["text"] == text
    fields = {field for mark in source["marks"] for field in mark["fields"]}
    assert {"budget", "product", "objective"} <= fields
    for mark in source["marks"]:
        assert text[mark["start"] : mark["end"]] == mark["words"]
    assert told["origins"]["budget"] == "text"
    assert told["brief"]["evidence"]["budget"] in text


def test_a_corrected_field_comes_from_the_client_and_rests_on_no_words(ask: Ask) -> None:
    brief = ask("POST", "/briefs", {"text": BRIEF}).json()
    corrections = {"budget": "12k euros", "targets": None, "audience.countries": ["ES"], "audience.age_min": 30}
    told = ask("PATCH", f"/briefs/{brief['id']}", {"corrections": corrections}).json()
    assert told["brief"]["budget"]["amount"] == 12_000.0
    assert told["brief"]["targets"] == []
    assert (told["brief"]["audience"]["countries"], told["brief"]["audience"]["age_min"]) == (["ES"], 30)
    assert {told["origins"][name] for name in ("budget", "audience.countries", "audience.age_min")} == {"client"}
    assert "budget" not in told["brief"]["evidence"]
    assert "budget" not in {field for mark in told["sources"][0]["marks"] for field in mark["fields"]}
    assert ask("GET", f"/briefs/{brief['id']}").json() == told


def test_a_corrected_list_is_replaced_and_a_cleared_field_is_not_asked_for_again(ask: Ask) -> None:
    brief = ask(
        "POST", "/briefs", {"text": "We want leads for our yoga studio; people who like tea. Friendly tone."}
    ).json()
    path = f"/briefs/{brief['id']}"
    told = ask("PATCH", path, {"corrections": {"audience.interests": ["surfing"], "budget": None}}).json()
    assert told["brief"]["audience"]["interests"] == ["surfing"]
    assert "budget" in {one["field"] for one in brief["questions"]}
    assert "budget" not in {one["field"] for one in told["questions"]}


def test_answers_are_merged_and_shown_beside_the_text(ask: Ask) -> None:
    brief = ask("POST", "/briefs", {"text": "We want leads for our yoga studio in Austin."}).json()
    number = next(one["id"] for one in brief["questions"] if one["field"] == "budget")
    told = ask("POST", f"/briefs/{brief['id']}/answers", {"reply": f"{number}. 9k dollars in total"}).json()
    assert told["brief"]["budget"]["amount"] == 9_000.0
    assert told["origins"]["budget"] == "answer"
    assert any("budget" in mark["fields"] for mark in told["sources"][1]["marks"])
    listed = ask("GET", "/briefs").json()["items"][0]
    assert (listed["budget"], listed["open_questions"]) == (9_000.0, len(told["questions"]))


def test_a_mail_is_read_from_a_file(ask: Ask) -> None:
    mail = f"From: a@example.com\nTo: b@example.com\nSubject: Autumn\nMIME-Version: 1.0\n\n{BRIEF}\n"
    told = ask("POST", "/briefs/upload", files={"file": ("brief.eml", mail.encode(), "message/rfc822")})
    assert told.status_code == 201
    assert told.json()["brief"]["budget"]["amount"] == 20_000.0
    assert ask("POST", "/briefs/upload", files={"file": ("a.bin", bytes(range(256)) * 9)}).status_code == 422
    assert ask("POST", "/briefs/upload", files={"file": ("a.txt", b"")}).status_code == 422


@pytest.mark.parametrize(
    "corrections",
    [
        {"nope": 1},
        {"evidence": {"budget": "x"}},
        {"budget": -1},
        {"end_date": "2020-01-01"},
        {"audience.countries": ["ZZ"]},
        {"budget.amount": "lots"},
        {"product": "a\x00b"},
        {"tone": [[[[]]]] * 3},
        {},
    ],
)
def test_a_correction_that_makes_no_brief_is_refused_and_changes_nothing(ask: Ask, corrections: dict[str, Any]) -> None:
    brief = ask("POST", "/briefs", {"text": BRIEF}).json()
    answer = ask("PATCH", f"/briefs/{brief['id']}", {"corrections": corrections})
    assert answer.status_code == 422
    assert answer.json()["detail"]
    assert ask("GET", f"/briefs/{brief['id']}").json()["brief"] == brief["brief"]


def test_the_log_says_who_corrected_what(ask: Ask) -> None:
    brief = ask("POST", "/briefs", {"text": BRIEF}).json()
    ask("PATCH", f"/briefs/{brief['id']}", {"corrections": {"product": "tea"}})
    told = ask("GET", "/audit").json()["items"]
    entry = next(one for one in told if one["what"] == "brief.corrected")
    assert entry["after"]["product"] == "tea"
    assert entry["who"].startswith("key ")
