"""Answers win over the text, quote the client verbatim, and leave open what nobody answered."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketmover.campaigns.brief import read_brief
from marketmover.campaigns.dialogue import Conversation, Question, answered, ask, converse
from marketmover.campaigns.dialogue.examples import EXAMPLES
from marketmover.errors import InputError
from marketmover.plans import Brief, BriefBudget

TODAY = date(2026, 11, 22)
TEXT = "hey, we need a bit of help promoting our yoga retreats. Budget is 5,000 and we'd love to start 03/04/2027.\n"
REST = "Also no video ads."


def _after(*answers: str, text: str = TEXT) -> Conversation:
    rounds = [(f"answers {number}", words) for number, words in enumerate(answers, start=1)]
    return converse(text, "the brief", rounds, today=TODAY)


def _quoted(brief: Brief, *texts: str) -> bool:
    return all(any(words in text for text in texts) for words in brief.evidence.values())


def _is_answered(brief: Brief) -> None:
    assert brief.budget is not None
    assert (brief.budget.amount, brief.budget.currency, brief.budget.period) == (20000, "EUR", "total")
    assert (brief.objective, brief.start_date) == ("sales", date(2027, 4, 3))
    assert brief.audience.countries == ["ES", "PT"]


def test_the_questions_of_the_example_stand_in_this_order() -> None:
    assert [one.field for one in _after().questions] == ["start_date", "objective", "budget", "audience.countries"]


QUESTIONS = [one.question for one in ask(read_brief(TEXT), TEXT, today=TODAY)]
ANSWERS = ["3 April", "no, sales", "20k euros, in total", "only Spain and Portugal please"]
REPLIES = {
    "numbers, a line each": "".join(f"{at}. {words}\n" for at, words in enumerate(ANSWERS, start=1)),
    "numbers in one line": " ".join(f"{at}. {words}" for at, words in enumerate(ANSWERS, start=1)),
    "brackets": "".join(f"{at}) {words}\n" for at, words in enumerate(ANSWERS, start=1)),
    "out of order": "".join(f"Q{at}: {ANSWERS[at - 1]}\n" for at in (3, 1, 4, 2)).replace(":", "."),
    "quoted questions": "".join(
        f"> {at}. {QUESTIONS[at - 1]}\n{words}\n\n" for at, words in enumerate(ANSWERS, start=1)
    ),
    "repeated questions": "".join(f"{asked} {words}\n" for asked, words in zip(QUESTIONS, ANSWERS, strict=True)),
    "a line each": "Hi there,\n\n" + "".join(f"{words}\n" for words in ANSWERS) + "\nCheers,\nMia\n",
    "free words": "We start on 3 April 2027, the goal is sales, with 20k euros in total, only in Spain and Portugal.",
    "json by field": json.dumps({
        "start_date": "2027-04-03", "objective": "sales", "budget": {"amount": 20000, "currency": "EUR"},
        "audience": {"countries": ["ES", "PT"]},
    }),
    "json by number": json.dumps({str(at): words for at, words in enumerate(ANSWERS, start=1)}),
    "json as a list": json.dumps([{"id": at, "answer": words} for at, words in enumerate(ANSWERS, start=1)]),
    "json in plain words": json.dumps({
        "start_date": "3 April 2027", "objective": "more bookings", "budget": "20k EUR total",
        "audience.countries": "Spain, Portugal",
    }),
}  # fmt: skip


@pytest.mark.parametrize("reply", REPLIES.values(), ids=REPLIES)
def test_a_reply_is_understood_whatever_its_form(reply: str) -> None:
    brief = _after(reply).brief
    _is_answered(brief)
    assert _quoted(brief, TEXT, reply)


def test_evidence_of_an_answer_is_the_answers_own_words() -> None:
    evidence = _after(REPLIES["numbers, a line each"]).brief.evidence
    assert evidence["budget"] == "20k euros, in total"
    assert evidence["start_date"] == "3 April"
    assert evidence["audience.countries"] == "Spain and Portugal"


def test_answers_may_say_more_than_was_asked() -> None:
    brief = _after(f"3. 20k euros, in total\n4. Spain. {REST}\n").brief
    assert [(one.kind, one.what) for one in brief.constraints] == [("avoid", "video ads")]


def test_what_was_not_answered_stays_open_and_is_asked_again() -> None:
    after = _after("1. the first one\n2. not sure yet\n3. euros, monthly\n4. ?\n")
    brief = after.brief
    assert brief.start_date == date(2027, 4, 3)
    assert (brief.objective, brief.audience.countries) == (None, [])
    assert brief.budget is not None
    assert (brief.budget.amount, brief.budget.currency, brief.budget.period) == (5000, "EUR", "month")
    assert {"objective", "audience.countries"} <= {one.field for one in after.questions}
    assert not {"start_date", "budget", "budget.currency"} & {one.field for one in after.questions}


def test_a_yes_is_enough_where_only_one_answer_was_suggested() -> None:
    asked = Question(id=1, field="audience.countries", question="?", why="", assumed="", choices=["Lucknow"])
    brief = answered(read_brief("We need enquiries."), "1. yes, exactly\n", [asked])
    assert brief.audience.places == ["Lucknow"]
    assert brief.evidence["audience.places"] == "yes, exactly"


def test_rounds_follow_each_other_and_the_last_word_counts() -> None:
    after = _after("1. 3 April\n3. 20k euros in total\n", "1. sales\n", '{"budget": "make that 18k"}')
    assert after.brief.budget is not None
    assert (after.brief.budget.amount, after.brief.budget.currency) == (18000, "EUR")
    assert after.brief.objective == "sales"


def test_an_answer_that_contradicts_the_text_wins_and_is_warned_of() -> None:
    text = "We need leads in Austria. Our budget is 9k EUR in total, from 1 March 2027 for 4 weeks."
    brief = _after('{"budget": "12k EUR", "start_date": "2027-03-08"}', text=text).brief
    assert brief.budget is not None
    assert brief.budget.amount == 12000
    assert any("12,000" in warning and "9,000" in warning for warning in brief.warnings)
    assert (brief.end_date, brief.duration_days) == (date(2027, 4, 4), 28)


def test_warnings_that_an_answer_settles_go() -> None:
    assert any("two ways" in warning for warning in _after().brief.warnings)
    assert not any("two ways" in warning for warning in _after("1. 4 March").brief.warnings)
    assert _after("1. 4 March").brief.start_date == date(2027, 3, 4)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ('{"budget": "banana"}', "`budget`"),
        ('{"budgett": "20k"}', "Did you mean 'budget'"),
        ('{"objective": "banana"}', "`objective`"),
        ('{"audience": {"age_min": 300}}', "`audience.age_min`"),
        ('{"start_date": "2027-04-03", "end_date": "2027-03-01"}', "before start_date"),
        ('{"audience": {"countries": ["Germany"]}}', "Germany is no country"),
        ('{"audience": {"countries": ["ES", "ZZ"]}}', "ZZ is no country"),
        ('{"9": "yes"}', "`9`"),
        ('[{"answer": "20k"}]', "answer 1"),
        ('{"budget": }', "line 1"),
        ("[1, 2]", "no answers"),
    ],
)
def test_answers_that_cannot_be_used_are_refused_with_their_field_and_file(answers: str, told: str) -> None:
    with pytest.raises(InputError, match="answers 1") as raised:
        _after(answers)
    assert told in str(raised.value)


def test_an_answer_in_words_that_is_not_understood_is_told_and_leaves_the_field_open() -> None:
    brief = _after("4. hmm, let us think about bananas\n").brief
    assert brief.audience.countries == []
    assert any("question 4" in warning for warning in brief.warnings)


def test_a_merged_brief_is_a_brief_again() -> None:
    merged = _after(REPLIES["numbers, a line each"]).brief
    again = converse(merged.model_dump_json(), "brief.json", today=TODAY)
    assert again.brief == merged
    further = converse(merged.model_dump_json(), "brief.json", [("more", '{"duration_days": "6 weeks"}')], today=TODAY)
    assert (further.brief.duration_days, further.brief.end_date) == (42, date(2027, 5, 14))


@pytest.mark.parametrize("reply", ["hey - usd. you choose the platforms", "Dollars, from 8 March 2027"])
def test_a_loose_reply_gives_the_currency_and_never_replaces_the_product(reply: str) -> None:
    understood = Brief(product="pickup trucks", industry="automotive", budget=BriefBudget(amount=2500, period="month"))
    before = _after(text=understood.model_dump_json())
    assert "budget.currency" in [one.field for one in before.questions]
    brief = _after(reply, text=understood.model_dump_json()).brief
    assert (brief.product, brief.industry) == ("pickup trucks", "automotive")
    assert brief.budget is not None
    assert (brief.budget.amount, brief.budget.currency, brief.budget.period) == (2500, "USD", "month")
    assert _quoted(brief, reply)


@pytest.mark.parametrize("field", EXAMPLES)
def test_the_example_of_a_field_is_understood_and_is_what_a_wrong_answer_is_told(field: str) -> None:
    brief = Brief(budget=BriefBudget(amount=5000))
    assert answered(brief, json.dumps({field: EXAMPLES[field]}), []) != brief
    with pytest.raises(InputError) as refused:
        answered(brief, json.dumps({field: {"strange": [1]}}), [])
    assert refused.value.remedy == f"For example: {json.dumps(EXAMPLES[field])}."


PIECES = st.sampled_from(
    [
        "1. ",
        "2) ",
        "3. 20k euros ",
        "yes",
        "no",
        "> ",
        "\n",
        "4. Spain",
        "{",
        "the second",
        "both",
        "03/04/2027",
        "tbc",
        "5 weeks",
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=14).map("".join))
@settings(max_examples=80, deadline=None)
def test_any_reply_is_merged_or_refused_and_quotes_are_verbatim(reply: str) -> None:
    try:
        brief = _after(reply).brief
    except InputError:
        return
    assert _quoted(brief, TEXT, reply)
    assert Brief.model_validate_json(brief.model_dump_json()) == brief
