from datetime import date

import pytest

from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.window import Window, resolve_window
from marketmover.errors import InputError
from marketmover.plans import Brief

TODAY = date(2026, 1, 1)  # a Thursday


def window(brief: Brief, start: date | None = None, notes: Notes | None = None) -> Window:
    return resolve_window(brief, start, TODAY, notes or Notes())


def test_dates_that_the_brief_fixes_are_kept_without_a_word() -> None:
    notes = Notes()
    brief = Brief(start_date=date(2026, 2, 1), end_date=date(2026, 2, 14), duration_days=14)
    assert window(brief, notes=notes) == Window(date(2026, 2, 1), date(2026, 2, 14))
    assert notes == Notes()


def test_a_silent_brief_gets_four_weeks_from_the_next_monday_and_says_so() -> None:
    notes = Notes()
    assert window(Brief(), notes=notes) == Window(date(2026, 1, 5), date(2026, 2, 1))
    assert len(notes.assumptions) == 2


def test_a_monday_as_last_day_known_starts_a_week_later() -> None:
    assert resolve_window(Brief(), None, date(2026, 1, 5), Notes()).start == date(2026, 1, 12)


def test_a_length_alone_is_kept() -> None:
    assert window(Brief(duration_days=10)).days == 10


def test_a_start_that_the_user_gives_wins_and_moves_the_end_with_it() -> None:
    notes = Notes()
    brief = Brief(start_date=date(2026, 2, 1), end_date=date(2026, 2, 14), duration_days=14)
    assert window(brief, date(2026, 3, 1), notes) == Window(date(2026, 3, 1), date(2026, 3, 14))
    assert "1 February 2026" in notes.warnings[0]


def test_a_start_after_the_end_of_the_brief_is_refused_with_both_days_named() -> None:
    with pytest.raises(InputError, match=r"2026-03-01.*2026-02-14"):
        window(Brief(start_date=date(2026, 2, 1), end_date=date(2026, 2, 14)), date(2026, 3, 1))


def test_an_end_alone_plans_the_four_weeks_before_it_but_not_the_past() -> None:
    assert window(Brief(end_date=date(2026, 3, 1))).start == date(2026, 2, 2)
    assert window(Brief(end_date=date(2026, 1, 10))) == Window(date(2026, 1, 2), date(2026, 1, 10))


def test_a_plan_of_three_years_is_refused() -> None:
    with pytest.raises(InputError, match="Two years"):
        window(Brief(duration_days=1096))


def test_a_start_in_the_past_and_one_far_ahead_are_warned_of() -> None:
    past, far = Notes(), Notes()
    window(Brief(start_date=date(2025, 12, 1), duration_days=28), notes=past)
    window(Brief(start_date=date(2026, 9, 1), duration_days=28), notes=far)
    assert "already runs" in past.warnings[0]
    assert "wider" in far.warnings[0]


def told_on(calendar_day: date, brief: Brief) -> str:
    notes = Notes()
    resolve_window(brief, None, TODAY, notes, calendar_day=calendar_day)
    return " ".join(notes.warnings)


def test_dates_that_have_passed_by_the_calendar_are_warned_of() -> None:
    february = Brief(start_date=date(2026, 2, 1), end_date=date(2026, 2, 14))
    assert "have passed: it would have run from 1 February 2026" in told_on(date(2026, 2, 15), february)
    begun = told_on(date(2026, 2, 3), february)
    assert "starts on 1 February 2026, 2 days before today" in begun
    assert "have passed" not in begun
    assert "before today" not in told_on(date(2026, 1, 10), february)


def test_a_history_that_ended_weeks_ago_is_warned_of() -> None:
    march = Brief(start_date=date(2026, 3, 1), duration_days=14)
    assert told_on(date(2026, 1, 15), march) == ""
    assert "ends on 1 January 2026, 15 days before today" in told_on(date(2026, 1, 16), march)
