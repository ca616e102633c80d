"""Numbers, money and days as a client reads them: by the currency's own English-speaking locale where there is one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

_LOCALES = {
    "AUD": "en_AU",
    "CAD": "en_CA",
    "GBP": "en_GB",
    "EUR": "en_IE",
    "HKD": "en_HK",
    "INR": "en_IN",
    "NZD": "en_NZ",
    "SGD": "en_SG",
    "USD": "en_US",
    "ZAR": "en_ZA",
}
DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"
PLUS_MINUS = "\N{PLUS-MINUS SIGN}"


@dataclass(frozen=True)
class Measure:
    """What an axis or column shows: its name, and how a value of it is written in full and in short."""

    name: str
    full: Callable[[float], str]
    short: Callable[[float], str]


@dataclass(frozen=True)
class Formats:
    """How figures are written on one page.

    Attributes:
        currency: ISO 4217.
        locale: A CLDR locale; by default an English one that fits the currency, so that days and digits read
            as at home.

    >>> Formats("GBP").money(12345.6)
    '£12,346'
    >>> Formats("CAD").money(12345.6)
    'CA$12,346'
    >>> Formats("USD").day(date(2026, 1, 5))
    'Jan 5, 2026'
    """

    currency: str = "USD"
    locale: str = ""

    @property
    def language(self) -> str:
        """The locale that is in force."""
        return self.locale or _LOCALES.get(self.currency, "en_GB")

    def count(self, value: float) -> str:
        """A count: whole from 10 on, one decimal below (fractional conversions), grouped by thousands."""
        from babel.numbers import format_decimal

        return format_decimal(_tidy(value, 1), format="#,##0.#" if abs(value) < 9.95 else "#,##0", locale=self.language)

    def money(self, value: float, *, exact: bool = False) -> str:
        """Money in major units: whole from 100 on, with cents below; `exact` always gives cents."""
        from babel.numbers import format_currency, get_currency_precision

        if exact or 0 < abs(value) < 99.995:
            digits = get_currency_precision(self.currency)
            return self._with_own_sign(format_currency(_tidy(value, digits), self.currency, locale=self.language))
        return self._whole_money(value)

    def per_unit(self, value: float) -> str:
        """What one unit of money brings back: always two decimals, also in currencies without any, `JP¥2.43`."""
        from babel.numbers import format_currency

        written = format_currency(
            _tidy(value, 2), self.currency, format="¤#,##0.00", locale=self.language, currency_digits=False
        )
        return self._with_own_sign(written)

    def short_money(self, value: float) -> str:
        """Money for an axis: `$12K`."""
        from babel.numbers import format_compact_currency

        if abs(value) < 1000:
            return self._whole_money(value) if abs(value) >= 10 or value == round(value) else self.money(value)
        return self._with_own_sign(
            format_compact_currency(value, self.currency, locale=self.language, fraction_digits=1)
        )

    def short_count(self, value: float) -> str:
        """A count for an axis: `12.3K`."""
        from babel.numbers import format_compact_decimal

        if abs(value) < 1000:
            return self.count(value)
        return format_compact_decimal(value, locale=self.language, fraction_digits=1)

    def share(self, value: float) -> str:
        """A fraction as per cent, one decimal below 10%."""
        from babel.numbers import format_percent

        return format_percent(
            value, format="#,##0%" if abs(value) >= 0.0995 or value == 0 else "#,##0.#%", locale=self.language
        )

    def change(self, value: float) -> str:
        """A relative change in whole per cent with its sign, plus-minus for none."""
        whole = round(value * 100)
        sign = "+" if whole > 0 else MINUS if whole < 0 else PLUS_MINUS
        return f"{sign}{abs(whole):,}%"

    def ratio(self, value: float) -> str:
        """A ratio with two decimals: a return on ad spend."""
        from babel.numbers import format_decimal

        return format_decimal(_tidy(value, 2), format="#,##0.00", locale=self.language)

    def day(self, value: date) -> str:
        """A day with its year."""
        from babel.dates import format_date

        return format_date(value, format="medium", locale=self.language)

    def short_day(self, value: date) -> str:
        """A day without its year."""
        from babel.dates import format_skeleton

        return format_skeleton("MMMd", value, locale=self.language)

    def month(self, value: date) -> str:
        """A month with its year, short."""
        from babel.dates import format_skeleton

        return format_skeleton("yMMM", value, locale=self.language)

    def dates(self, start: date, end: date) -> str:
        """A stretch of days, both included."""
        from babel.dates import format_interval

        if start == end:
            return self.day(start)
        return format_interval(start, end, skeleton="yMMMd", locale=self.language).replace("\u2009", " ")

    def between(self, low: float, high: float, write: Callable[[float], str]) -> str:
        """A range in words: `540 to 690`; one figure where both ends read the same."""
        first, last = write(low), write(high)
        return first if first == last else f"{first} to {last}"

    def money_measure(self, name: str) -> Measure:
        """Money as a measure of an axis or column."""
        return Measure(name, self.money, self.short_money)

    def count_measure(self, name: str) -> Measure:
        """A count as a measure of an axis or column."""
        return Measure(name, self.count, self.short_count)

    def share_measure(self, name: str) -> Measure:
        """A fraction as a measure of an axis or column."""
        return Measure(name, self.share, self.share)

    def ratio_measure(self, name: str) -> Measure:
        """A ratio as a measure of an axis or column."""
        return Measure(name, self.ratio, self.ratio)

    def _whole_money(self, value: float) -> str:
        from babel.numbers import format_currency

        return self._with_own_sign(
            format_currency(
                _tidy(value, 0),
                self.currency,
                locale=self.language,
                currency_digits=False,
                format=self._whole_pattern(),
            )
        )

    def _with_own_sign(self, written: str) -> str:
        """A bare `$` belongs to US dollars alone, not to a locale's own dollars; a code stands apart."""
        from babel.numbers import get_currency_symbol

        sign = get_currency_symbol(self.currency, locale=self.language)
        own = get_currency_symbol(self.currency, locale="en") if sign == "$" else sign
        apart = "\N{NO-BREAK SPACE}" if own == self.currency and re.search(rf"{re.escape(sign)}\d", written) else ""
        return written.replace(sign, own + apart, 1)

    def _whole_pattern(self) -> str:
        from babel import Locale

        return Locale.parse(self.language).currency_formats["standard"].pattern.replace(".00", "")


def or_dash(value: float | None, write: Callable[[float], str]) -> str:
    """`value` as `write` writes it, or a dash where there is none."""
    return DASH if value is None else write(value)


def _tidy(value: float, digits: int) -> float:
    """Rounded half to even, and never minus nought."""
    return round(float(value), digits) + 0.0
