"""The few questions that would change the plan most, asked as the client writes."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from marketmover.campaigns.brief import read_brief
from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.window import resolve_window
from marketmover.campaigns.dialogue import Accounts, Question, ask, letter
from marketmover.campaigns.dialogue.wording import day_words

TODAY = date(2026, 11, 22)
BRIEFS = Path(__file__).parent.parent / "briefs"
DEVELOPMENT = [json.loads(line) for line in (BRIEFS / "development.jsonl").read_text(encoding="utf-8").splitlines()][
    ::5
]
WHOLE = (
    "We need leads for our heat pumps in Austria, on Google Ads. The budget is 12,500 EUR in total, from "
    "1 March 2027 to "
    "30 April 2027."
)


def _asked(text: str, accounts: Accounts | None = None) -> list[Question]:
    return ask(read_brief(text), text, today=TODAY, accounts=accounts)


def _fields(text: str, accounts: Accounts | None = None) -> list[str]:
    return [one.field for one in _asked(text, accounts)]


def test_a_brief_that_says_all_is_asked_nothing() -> None:
    assert _asked(WHOLE) == []


@pytest.mark.parametrize(
    ("said", "left", "field"),
    [
        (" The budget is 12,500 EUR in total,", " The campaign runs", "budget"),
        ("We need leads for our", "We sell", "objective"),
        (" in Austria", "", "audience.countries"),
        (", from 1 March 2027 to 30 April 2027", "", "start_date"),
        (" to 30 April 2027", "", "duration_days"),
        ("12,500 EUR in total", "12,500 in total", "budget.currency"),
        (", on Google Ads", "", "platforms.include"),
    ],
)
def test_what_is_left_out_is_asked_for_and_nothing_else(said: str, left: str, field: str) -> None:
    assert _fields(WHOLE.replace(said, left)) == [field]


def test_never_more_than_five_are_asked_and_the_money_comes_first() -> None:
    asked = _asked("hello, we want to advertise")
    assert 2 <= len(asked) <= 5
    assert asked[0].field == "budget"
    assert [one.id for one in asked] == list(range(1, len(asked) + 1))
    assert all(one.why and one.assumed for one in asked)


@pytest.mark.parametrize("one", DEVELOPMENT, ids=[one["id"] for one in DEVELOPMENT])
def test_what_a_brief_was_read_to_say_is_not_asked_again(one: dict[str, str]) -> None:
    brief = read_brief(one["text"])
    asked = {question.field: question for question in ask(brief, one["text"], today=TODAY)}
    assert len(asked) <= 5
    if brief.budget is not None and brief.budget.currency is not None:
        assert not asked.keys() & {"budget", "budget.currency"}
    if brief.objective or brief.outcome:
        assert "objective" not in asked
    if brief.audience.countries or brief.audience.places:
        assert "audience.countries" not in asked
    if brief.end_date or brief.duration_days:
        assert "duration_days" not in asked or brief.warnings
    if brief.platforms.include or brief.platforms.exclude:
        assert "platforms.include" not in asked


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("Reach people worldwide.", "audience.countries"),
        ("Start as soon as possible.", "start_date"),
        ("Use any channel you like, you decide.", "platforms.include"),
        ("It is always-on, until further notice.", "duration_days"),
    ],
)
def test_what_is_settled_in_words_without_a_field_is_not_asked(words: str, field: str) -> None:
    text = "We need leads for heat pumps. Budget 5k EUR a month. "
    assert field not in _fields(text + words)


def test_a_date_that_reads_two_ways_is_asked_with_both_days_as_this_client_writes_them() -> None:
    british = _asked(
        WHOLE.replace("from 1 March 2027 to 30 April 2027", "starting 03/04/2027 for 4 weeks. Colour: blue")
    )
    assert british[0].choices == ["3 April 2027", "4 March 2027"]
    bare = "We need leads for our shop. Our favorite color is blue. Budget 900 a week for 4 weeks. Start 03/04/2027."
    american = next(one for one in _asked(bare) if one.field == "start_date")
    assert american.choices == ["April 3, 2027", "March 4, 2027"]
    assert "03/04/2027" in american.question


def test_a_day_without_its_year_is_asked_with_the_next_such_day() -> None:
    asked = _asked(WHOLE.replace("from 1 March 2027 to 30 April 2027", "starting on 3 March for six weeks"))
    assert [(one.field, one.choices) for one in asked] == [("start_date", ["3 March 2027"])]


def test_a_sum_that_does_not_say_by_when_is_asked_about_where_it_makes_a_difference() -> None:
    open_ended = "We need leads for heat pumps in Austria on Google, budget 4,000 EUR, from 1 March 2027."
    assert "budget.period" in _fields(open_ended)
    assert "budget.period" not in _fields(open_ended + " It ends on 28 March 2027.")
    assert "budget.period" not in _fields(open_ended.replace("4,000 EUR", "4,000 EUR a month"))


def test_targets_that_the_budget_cannot_pay_are_asked_about_with_the_sums() -> None:
    text = WHOLE.replace("leads", "at least 600 leads at no more than 60 EUR per lead")
    asked = [one for one in _asked(text) if one.field == "targets"]
    assert [one.choices[0] for one in asked] == ["The budget"]
    assert "36,000" in asked[0].question
    assert "targets" not in _fields(text.replace("600", "100"))


def test_dates_and_length_that_contradict_each_other_are_asked_about() -> None:
    text = WHOLE.replace("to 30 April 2027", "to 30 April 2027, so 6 weeks")
    asked = [one for one in _asked(text) if one.field == "duration_days"]
    assert asked
    assert "61" in asked[0].question
    assert "42" in asked[0].question


ACCOUNTS = Accounts("EUR", 31_204.0, ("google_ads", "meta_ads"), ("AT",), ("leads", "conversions"))


def test_what_the_history_answers_is_not_asked() -> None:
    text = "We'd like to advertise our heat pumps, 5,000 in total, from 1 March 2027 to 30 April 2027."
    assert {"budget.currency", "audience.countries", "objective"} <= set(_fields(text))
    assert not {"budget.currency", "audience.countries"} & set(_fields(text, ACCOUNTS))


def test_what_is_assumed_is_what_compose_assumes() -> None:
    text = WHOLE.replace(", from 1 March 2027 to 30 April 2027", "")
    assert "23 November 2026" in _asked(text)[0].assumed
    later = replace(ACCOUNTS, last_day=date(2026, 12, 31))
    window = resolve_window(read_brief(text), None, date(2026, 12, 31), Notes())
    assert window.days == 28
    assert day_words(window.start, british=True) in _asked(text, later)[0].assumed


def test_the_history_makes_what_is_assumed_exact() -> None:
    text = WHOLE.replace(" The budget is 12,500 EUR in total,", " It runs")
    assert "31,204" in _asked(text, ACCOUNTS)[0].assumed


FORMAL = (
    "Dear Sir or Madam,\n\nWe are writing regarding our forthcoming campaign for garden furniture. We "
    "would like to reach "
    "homeowners in the United Kingdom. Kindly advise.\n\nYours faithfully,\nMargaret Hill\n"
)
INFORMAL = (
    "hey, we're after a bit of help with our yoga retreats, can't wait to get going! we've tried it "
    "ourselves but it didn't "
    "really work, so now we'd love you guys to have a go at it. it's mostly women who book, and they're "
    "usually in their "
    "thirties. budget is 5k euros all in.\n\ncheers\nMia\n"
)
TERSE = "more website traffic pls, 50 quid a day"


def _letter(text: str) -> str:
    return letter(_asked(text), text, read_brief(text))


def test_the_reply_is_written_as_the_client_writes() -> None:
    formal, informal, terse = _letter(FORMAL), _letter(INFORMAL), _letter(TERSE)
    assert formal.startswith("Dear Margaret Hill,\n")
    assert formal.rstrip().endswith("Kind regards,")
    assert "'" not in formal
    assert informal.startswith("Hey Mia,\n")
    assert informal.rstrip().endswith("Cheers,")
    assert "we'll" in informal
    assert not terse.startswith(("Hi", "Dear"))
    lengths = [max(len(one.question) for one in _asked(text) if one.field == "start_date") for text in (FORMAL, TERSE)]
    assert lengths[1] < lengths[0]


def test_a_role_in_the_signature_is_no_name() -> None:
    assert _letter("Hi,\n\nwe need leads.\n\nBest regards,\nMarketing lead\n").startswith("Hi,\n")
