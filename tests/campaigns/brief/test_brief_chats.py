"""Chats and transcripts as programs export and people copy them: the client's words count, by the "
"question before them."""

from datetime import date

import pytest

from marketmover.campaigns.brief import read_brief
from marketmover.plans import Brief


def _read(text: str) -> Brief:
    brief = read_brief(text)
    assert all(words in text for words in brief.evidence.values())
    return brief


def _amount(text: str) -> tuple[float, str | None, str] | None:
    budget = _read(text).budget
    return (budget.amount, budget.currency, budget.period) if budget else None


STAMPS = [
    "12/03/2026, 09:{:02} - {}: ",
    "3/12/26, 9:{:02}\u202fPM - {}: ",
    "[12.03.26, 09:{:02}:22] {}: ",
    "\u200e[12/03/2026, 9:{:02}:22 PM] ~\u202f{}: ",
    "2026-03-12 09:{:02} - {}: ",
    "[09:{:02}] {}: ",
    "09:{:02} {}: ",
    "[3/12 9:{:02} AM] {}: ",
    "(09:{:02}:07 AM) {}: ",
    "March 12, 2026 at 9:{:02} AM - {}: ",
]
SAID = [
    ("Priya Nair", "Hi! We run a bakery in Leeds and want more online cake orders"),
    ("Tom Hale", "Great, what budget did you have in mind? Most of our clients spend 5k"),
    ("Priya Nair", "2k a month"),
    ("Tom Hale", "In pounds? And when should it start?"),
    ("Priya Nair", "yes pounds, start 1 April 2026"),
    ("Priya Nair", "actually make that 2.5k"),
    ("Tom Hale", "Any platforms you don't want?"),
    ("Priya Nair", "only instagram please"),
]


@pytest.mark.parametrize("stamp", STAMPS)
def test_a_chat_is_read_whatever_its_stamps_look_like(stamp: str) -> None:
    text = "\n".join(stamp.format(at, name) + words for at, (name, words) in enumerate(SAID, start=10))
    assert _amount(text) == (2500, "GBP", "month")
    brief = read_brief(text)
    assert (brief.objective, brief.start_date, brief.platforms.include) == ("sales", date(2026, 4, 1), ["meta_ads"])
    assert brief.warnings == []


LAYOUTS = {
    "slack": "{name}\n  9:{at:02} AM\n{words}\n",
    "slack in one line": "{name}  9:{at:02} AM\n{words}\n",
    "teams": "[10:{at:02}] {name}\n{words}\n",
    "teams with dates": "{name}, 3/12/2026 10:{at:02} AM\n{words}\n",
    "otter": "{name}  0:{at:02}\n{words}\n\n",
    "messenger": "{name}\n{words}\nMar 12, 2026, 4:{at:02} PM\n",
    "intercom": "04:{at:02} PM | {name}: {words}\n",
    "bold names": "**{name}:** {words}\n",
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_chat_is_read_whatever_its_layout(layout: str) -> None:
    text = "".join(layout.format(at=at, name=name, words=words) for at, (name, words) in enumerate(SAID, start=10))
    assert _amount(text) == (2500, "GBP", "month")
    brief = read_brief(text)
    assert (brief.objective, brief.start_date) == ("sales", date(2026, 4, 1))


def test_several_messages_of_one_turn_are_not_run_together() -> None:
    text = (
        "Maria Lopez\n  9:02 AM\nhey team, we got sign off for the spring push\nbudget is 40k usd total\n"
        "Jon (Brightside Agency)\n  9:05 AM\nnice! what do we optimise for?\nMaria Lopez\n  9:06 AM\n"
        "demo requests from HR managers in the US\n9:07\nno display please\n:+1: 1\n"
    )
    assert _amount(text) == (40000, "USD", "total")
    assert [one.what for one in read_brief(text).constraints] == ["display"]


def test_notices_of_the_program_are_not_the_clients_words() -> None:
    text = (
        "12/03/2026, 09:14 - Messages and calls are end-to-end encrypted. Only people in this chat can read them.\n"
        "12/03/2026, 09:14 - Bea created group \u201cCampaign 2026\u201d\n"
        "12/03/2026, 09:15 - Bea: <Media omitted>\n12/03/2026, 09:15 - Bea: we need leads in Austria\n"
        "12/03/2026, 09:16 - Agency: budget?\n12/03/2026, 09:17 - Bea: This message was deleted\n"
        "12/03/2026, 09:18 - Bea: 9k eur\n"
    )
    assert _amount(text) == (9000, "EUR", "total")


@pytest.mark.parametrize(
    "text",
    [
        (
            "WEBVTT\n\n1\n00:00:01.000 --> 00:00:05.000\nAgency: What are we trying to achieve?\n\n2\n"
            "00:00:05.500 --> 00:00:11.000\nHelen Price: We need more sales of our running shoes,\n\n3\n"
            "00:00:11.200 --> 00:00:15.000\nHelen Price: mainly in Germany.\n\n4\n00:00:15.500 --> 00:00:18.000\n"
            "Agency: How much can you spend?\n\n5\n00:00:18.500 --> 00:00:23.000\nHelen Price: Um, twenty "
            "five thousand euros.\n"
        ),
        (
            "WEBVTT\n\nNOTE made by a machine\n\n00:01.000 --> 00:05.000\n<v Agency>What are we trying to "
            "achieve?</v>\n\n"
            "00:05.500 --> 00:11.000 align:start\n<v Helen>We need more <i>sales</i> of our running shoes in "
            "Germany.</v>\n\n"
            "00:11.500 --> 00:14.000\n<v Agency>And the budget?</v>\n\n00:15.500 --> 00:18.000\n<v "
            "Helen>25,000 euros.</v>\n"
        ),
        (
            "1\n00:00:01,000 --> 00:00:05,000\nOkay so the client wants sales of running shoes\n\n2\n"
            "00:00:05,500 --> 00:00:09,000\nin Germany, the budget is 25,000\n\n3\n00:00:09,500 --> "
            "00:00:12,000\neuros in total.\n"
        ),
    ],
    ids=["vtt", "vtt with voices", "srt"],
)
def test_subtitles_are_read_without_their_times_and_numbers(text: str) -> None:
    brief = _read(text)
    assert brief.budget is not None
    assert (brief.budget.amount, brief.budget.currency) == (25000, "EUR")
    assert (brief.objective, brief.audience.countries) == ("sales", ["DE"])


def test_who_asks_and_offers_is_the_agency_where_names_do_not_say_it() -> None:
    text = (
        "Sam: Hi, thanks for joining. What are you looking to achieve?\nLee: We want more members for our "
        "climbing gym.\n"
        "Sam: And what budget are you working with? Most gyms spend 5k USD.\nLee: 3k dollars a month.\n"
        "Sam: We'd suggest starting on 2 March 2026.\nLee: Sounds good.\nSam: And Canada as well?\nLee: no, not now\n"
    )
    assert _amount(text) == (3000, "USD", "month")
    brief = read_brief(text)
    assert (brief.start_date, brief.audience.countries) == (date(2026, 3, 2), [])


def test_a_question_that_says_by_what_the_sum_is_gives_the_period() -> None:
    assert _amount("Agency: What's your monthly budget?\nClient: 5k USD\nAgency: goal?\nClient: leads\n") == (
        5000,
        "USD",
        "month",
    )


def test_marks_that_show_nothing_and_wide_letters_do_not_hide_words() -> None:
    assert _amount("Ｂｕｄｇｅｔ： ５０００ USD. Leads please.") == (5000, "USD", "total")
    assert _amount("Budget:\u00a0\u200b5\u202f000\u00a0EUR\u200f, le\u00adads in\u00a0France.") == (
        5000,
        "EUR",
        "total",
    )
    assert _amount("\u2067Budget: ٥٠٠٠ USD\u2069, leads") == (5000, "USD", "total")


def test_a_sum_that_was_put_together_over_many_messages_quotes_the_last_of_them() -> None:
    text = "\n".join(STAMPS[0].format(at, name) + words for at, (name, words) in enumerate(SAID, start=10))
    assert _read(text).evidence["budget"] == "actually make that 2.5k"


def test_a_forms_from_and_to_are_no_mails_headers() -> None:
    text = "Goal: leads\nBudget: 35 EUR a day\n\n**From:** 6 April 2026\n**For:** five weeks\n**Voice:** warm\n"
    assert (_read(text).start_date, _read(text).duration_days) == (date(2026, 4, 6), 35)
    assert _read("From: 6 April 2026\nTo: 10 May 2026\nBudget: 5k EUR\n").start_date == date(2026, 4, 6)
