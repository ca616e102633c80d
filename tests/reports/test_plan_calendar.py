"""A plan's days as a calendar: read back by another's parser, stable from one edition to the next."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from tests.campaigns.page.sample_plans import ordinary
from tests.reports.conftest import Ask, moved, published

from marketmover.app.web.served import ServedApp
from marketmover.kit import utc_now
from marketmover.plans import Exploration, LogEntry, Plan, Range, State, Trial
from marketmover.reports.calendar.dates import PlanDay, plan_days
from marketmover.reports.calendar.ics import Edition, calendar
from marketmover.reports.shares.service import calendar_token

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
Share = Any


def edition(*, title: str = "Läufer, schnell; und \\ weit", sequence: int = 0, off: bool = False) -> Edition:
    return Edition("p" * 32, title, sequence, NOW, off)


def read(made: bytes) -> list[Any]:
    return list(cast("Any", Calendar.from_ical(made)).walk("VEVENT"))


def with_checks(**more: Any) -> Plan:
    plan = ordinary()
    ends = (("“Sale after 3 days”, if after 7 days it is dear.", 7), ("“Display”, if after 40 days it is dear.", 40))
    told = {
        "stop_first": [words for words, _ in ends],
        "stop_days": [plan.start_date + timedelta(days=days) for _, days in ends],
    }
    return plan.model_copy(update=told | more)


def test_another_parser_reads_the_days_as_they_were_meant() -> None:
    days = plan_days(with_checks())
    events = read(calendar(days, edition()))
    assert [event["DTSTART"].dt for event in events] == [one.day for one in days]
    assert all(event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=1) for event in events)
    assert str(events[0]["SUMMARY"]) == "Campaign starts: Läufer, schnell; und \\ weit"
    assert [str(event["DESCRIPTION"]) for event in events] == [one.words for one in days]
    assert not any(event.errors for event in events)


def test_a_plan_has_its_start_checks_weekly_looks_end_and_report() -> None:
    plan = with_checks()
    days = plan_days(plan)
    by_kind = {
        kind: [one.day for one in days if one.kind == kind] for kind in ("start", "check", "tuning", "end", "report")
    }
    assert by_kind["start"] == [plan.start_date]
    assert by_kind["check"] == [plan.start_date + timedelta(days=7)]
    assert by_kind["tuning"] == [plan.start_date + timedelta(days=7 * week) for week in (1, 2, 3)]
    assert (by_kind["end"], by_kind["report"]) == ([plan.end_date], [plan.end_date + timedelta(days=7)])
    assert days == sorted(days, key=lambda one: one.day)


def test_the_day_on_which_a_trial_is_decided_stands_in_it() -> None:
    trial = Trial(
        line_id="x", parameter="message", before="a", after="b", share=0.1, budget=10,
        expected=Range(low=0, mid=0, high=0), known_on=date(2026, 1, 20), known_to=0.1, settles=0.5,
        value=1.0, words="Known then.",
    )  # fmt: skip
    plan = ordinary().model_copy(update={"exploration": Exploration(budget=10, share=0.1, words="", trials=[trial])})
    assert [(one.day, one.words) for one in plan_days(plan) if one.kind == "trial"] == [
        (date(2026, 1, 20), "Known then.")
    ]


def test_a_day_keeps_its_name_when_it_moves_and_the_edition_grows() -> None:
    plan = ordinary()
    later = plan.model_copy(update={"start_date": plan.start_date + timedelta(days=3)})
    first, second = (read(calendar(plan_days(one), edition(sequence=at))) for at, one in enumerate((plan, later)))
    start, moved_start = first[0], second[0]
    assert str(start["UID"]) == str(moved_start["UID"])
    assert moved_start["SEQUENCE"] > start["SEQUENCE"]
    assert moved_start["DTSTART"].dt - start["DTSTART"].dt == timedelta(days=3)
    names = [str(event["UID"]) for event in first]
    assert len(set(names)) == len(names)


def test_changes_that_were_made_have_been_on_their_days() -> None:
    plan = ordinary()
    told: dict[str, Any] = {"who": "a", "mode": "approve", "why": "", "as_of": plan.start_date, "follows": None}
    entry = LogEntry(id="c7", kind="undo", at=NOW, **told, before=State(), after=State())
    days = plan_days(plan, [entry], waits_until=plan.start_date + timedelta(days=1))
    assert [(one.key, one.day) for one in days if one.kind == "change"] == [
        ("change-due", plan.start_date + timedelta(days=1)),
        ("change-c7", NOW.date()),
    ]


def test_days_of_a_plan_that_holds_no_more_are_called_off() -> None:
    events = read(calendar(plan_days(ordinary()), edition(off=True)))
    assert {str(event["STATUS"]) for event in events} == {"CANCELLED"}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_words_come_back_and_no_line_is_too_long(title: str, words: str) -> None:
    day = PlanDay("k", "check", date(2026, 2, 28), title, words)
    made = calendar([day], edition(title="x"))
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
    made.decode()
    event = read(made)[0]
    shown = "".join(
        letter
        for letter in words.replace("\r\n", "\n").replace("\r", "\n")
        if letter in "\n\t" or letter.isprintable() or ord(letter) > 0x9F
    )
    expected = shown.encode("utf-8", "replace").decode()
    assert str(event["DESCRIPTION"]) == expected


def test_over_http_the_feed_follows_the_plan_without_money_or_figures(
    client: TestClient, ask: Ask, share: Share, shared: Ask, plan_id: str, served: ServedApp
) -> None:
    token = share()
    feed = f"/v1/shared/calendar.ics?token={calendar_token(token)}"
    answer = client.get(feed)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "$" not in answer.text
    assert shared("look", token).json()["calendar"] == feed
    own = ask("GET", f"/plans/{plan_id}/calendar.ics")
    assert "$" in own.text
    before = read(answer.content)[0]["SEQUENCE"]
    published(served, plan_id, utc_now().date())
    assert read(client.get(feed).content)[0]["SEQUENCE"] > before


@pytest.mark.parametrize("token", ["", "abc", "0" * 64, "' or 1=1"])
def test_a_feed_that_nobody_made_is_none(client: TestClient, token: str) -> None:
    assert client.get("/v1/shared/calendar.ics", params={"token": token}).status_code in {404, 422}


def test_the_days_of_a_plan_far_away_can_be_written(plan_id: str) -> None:
    del plan_id
    assert read(calendar(plan_days(moved(ordinary(), 20_000)), edition()))
