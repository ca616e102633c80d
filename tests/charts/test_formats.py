"""Figures as a client reads them."""

import re
from datetime import date

import pytest

from marketmover.charts import Formats


@pytest.mark.parametrize(
    ("currency", "amount", "text"),
    [
        ("USD", 12345.6, "$12,346"),
        ("USD", 40.5, "$40.50"),
        ("USD", 0, "$0"),
        ("USD", -0.001, "$0.00"),
        ("GBP", 1000, "£1,000"),
        ("EUR", 1000, "€1,000"),
        ("INR", 1234567, "₹12,34,567"),
        ("JPY", 1234.5, "JP¥1,234"),
        ("AUD", 99.999, "A$100"),
        ("CAD", 1000, "CA$1,000"),
        ("NZD", -1000, "-NZ$1,000"),
        ("MXN", 1000, "MX$1,000"),
        ("HKD", 1000, "HK$1,000"),
        ("SGD", 1000, "SGD\u00a01,000"),
        ("SEK", 1000, "SEK\u00a01,000"),
    ],
)
def test_money_reads_as_at_home(currency: str, amount: float, text: str) -> None:
    assert Formats(currency).money(amount) == text


@pytest.mark.parametrize("currency", ["AUD", "CAD", "NZD", "MXN", "HKD", "SGD", "CLP", "TWD", "JMD"])
@pytest.mark.parametrize("locale", ["", "en_CA", "en_AU", "es_MX", "fr_CA", "en_SG"])
def test_only_us_dollars_have_a_bare_dollar_sign(currency: str, locale: str) -> None:
    formats = Formats(currency, locale)
    for written in (formats.money(1234), formats.money(12.5), formats.short_money(12_000), formats.money(-99)):
        assert re.search(r"[A-Z]", written)


def test_exact_money_keeps_its_cents() -> None:
    assert Formats("USD").money(8120, exact=True) == "$8,120.00"


def test_a_currency_that_nobody_knows_is_named_by_its_code() -> None:
    assert "XQQ" in Formats("XQQ").money(5)


def test_an_axis_writes_money_in_short() -> None:
    assert [Formats("USD").short_money(value) for value in (0, 0.5, 500, 12_000, 1_500_000)] == [
        "$0",
        "$0.50",
        "$500",
        "$12K",
        "$1.5M",
    ]


@pytest.mark.parametrize(("value", "text"), [(3.14, "3.1"), (9.96, "10"), (612.4, "612"), (12_345, "12,345"), (0, "0")])
def test_a_count_is_whole_from_ten_on(value: float, text: str) -> None:
    assert Formats().count(value) == text


def test_what_one_unit_of_money_brings_keeps_its_decimals_in_every_currency() -> None:
    assert [Formats(currency).per_unit(2.434) for currency in ("USD", "JPY")] == ["$2.43", "JP¥2.43"]


def test_a_small_share_keeps_a_decimal() -> None:
    assert [Formats().share(value) for value in (0, 0.0123, 0.18, 1)] == ["0%", "1.2%", "18%", "100%"]


def test_a_change_shows_its_sign() -> None:
    assert [Formats().change(value) for value in (0.18, -0.071, 0.001)] == ["+18%", "\u22127%", "\u00b10%"]


def test_days_are_written_in_the_order_of_the_country() -> None:
    assert Formats("USD").day(date(2026, 1, 5)) == "Jan 5, 2026"
    assert Formats("GBP").day(date(2026, 1, 5)) == "5 Jan 2026"
    assert Formats("GBP").dates(date(2026, 1, 5), date(2026, 1, 5)) == "5 Jan 2026"
    assert Formats("USD").dates(date(2025, 12, 5), date(2026, 1, 5)).endswith("Jan 5, 2026")


def test_a_range_of_equal_ends_is_one_figure() -> None:
    formats = Formats()
    assert formats.between(3.0, 3.0, formats.count) == "3"
    assert formats.between(3.0, 5.0, formats.count) == "3 to 5"
