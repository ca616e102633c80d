"""Ways of writing that clients use and that look like something else."""

from datetime import date

import pytest

from marketmover.campaigns.brief import read_brief


@pytest.mark.parametrize(
    ("text", "amount", "currency", "period"),
    [
        ("Our budget is Rs.5000 per day.", 5000, "INR", "day"),
        ("Readers are what advertisers pay for. We have 400 quid to spend.", 400, "GBP", "total"),
        ("Budget 40k, no, 45k. Dollars.", 45_000, "USD", "total"),
        ("We have 12 grand Aussie for the lot.", 12_000, "AUD", "total"),
        ("Maybe 300 a week for ads? Actually make that 350. Pounds.", 350, "GBP", "week"),
        ("Our budget is not 300 000 CZK but 250 000 CZK.", 250_000, "CZK", "total"),
        ("Can you spend 10,000 EUR on this? 40 to 65, high net worth.", 10_000, "EUR", "total"),
    ],
)
def test_the_budget_is_the_sum_that_is_meant(text: str, amount: float, currency: str, period: str) -> None:
    budget = read_brief(text).budget
    assert budget is not None
    assert (budget.amount, budget.currency, budget.period) == (amount, currency, period)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("The campaign runs from 15.01. to 28.02.2026.", date(2026, 1, 15), date(2026, 2, 28)),
        ("Period: 1.3.2026\u201331.5.2026", date(2026, 3, 1), date(2026, 5, 31)),
        ("1 May to 31 May 2026.", date(2026, 5, 1), date(2026, 5, 31)),
        ("Six weeks beginning October 5, 2026.", date(2026, 10, 5), date(2026, 11, 15)),
        ("We have 30k USD to spend in January 2027.", date(2027, 1, 1), date(2027, 1, 31)),
    ],
)
def test_a_range_of_days_is_read_in_full(text: str, first: date, last: date) -> None:
    brief = read_brief(text)
    assert (brief.start_date, brief.end_date) == (first, last)


def test_a_campaign_that_will_last_some_weeks_is_not_in_the_past() -> None:
    assert read_brief("No fixed dates yet, it'll last 30 days.").duration_days == 30


def test_a_label_speaks_for_its_own_entry_only() -> None:
    brief = read_brief("Client: Harbour Sofas. Online sales in Spain. Budget ceiling 9k EUR. Women 30-50.")
    assert (brief.objective, brief.audience.countries, brief.audience.age_min) == ("sales", ["ES"], 30)


def test_cities_are_found_with_their_accents_and_in_lists() -> None:
    assert read_brief("Families in Krak\u00f3w, D\u00fcsseldorf and Malm\u00f6.").audience.places == [
        "Krak\u00f3w",
        "D\u00fcsseldorf",
        "Malm\u00f6",
    ]


def test_a_place_that_is_ruled_out_later_is_dropped() -> None:
    brief = read_brief("Leads from Dallas, Houston and San Antonio. Update: Houston is out.")
    assert brief.audience.places == ["Dallas", "San Antonio"]
