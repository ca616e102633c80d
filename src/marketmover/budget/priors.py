"""What is assumed of a market before its history speaks: typical prices, rates and curves, each with its spread.

The figures are round ones of our own choice. Those of price and rate lie within published averages over all sectors:
for Google search a cost per click of 3.53 dollars (LocaliQ, Search Advertising Benchmarks 2021) and a cost per lead
of 41 to 70 (the same, 2021 to 2025), lower for display and video; for leads on Facebook 1.88 a click, 9% converting,
22 a lead (LocaliQ, Facebook Ads Benchmarks 2024). They matter only where neither a line nor its like has history, and
their spread says how little they know. Money is in US dollars and is brought to an account's currency by its order of
size.
"""

from dataclasses import dataclass, replace

# Units of a currency to a dollar, by order of size; others are taken as 1.
_CURRENCY_SIZE = {
    "JPY": 150.0, "KRW": 1350.0, "INR": 84.0, "IDR": 15800.0, "VND": 25000.0, "CLP": 930.0, "COP": 4100.0,
    "HUF": 370.0, "CZK": 23.0, "ARS": 1000.0, "MXN": 19.0, "TRY": 34.0, "RUB": 92.0, "THB": 34.0, "PHP": 57.0,
    "TWD": 32.0, "ZAR": 18.0, "SEK": 10.5, "NOK": 10.8, "DKK": 6.9, "PLN": 4.0, "CNY": 7.2, "HKD": 7.8, "UAH": 41.0,
    "NGN": 1550.0, "EGP": 49.0, "PKR": 278.0, "BRL": 5.4, "ILS": 3.7, "RON": 4.6, "AED": 3.7, "SAR": 3.75, "MYR": 4.4,
}  # fmt: skip

TYPICAL_DAILY_SPEND = 50.0
"""Daily spend of a line of which nothing is known, in dollars."""


@dataclass(frozen=True)
class RatePrior:
    """A rate's typical value and the spread of its log between accounts and between lines of one account."""

    typical: float
    between_accounts: float
    between_lines: float


@dataclass(frozen=True)
class ShapePrior:
    """Elasticity at the reference spend, on the log-odds scale.

    `mean` of a platform with its `spread`, spread of lines (`between_lines`), and mean and spread of the change for
    each log of a line's size (`size_effect`): were all lines alike but for their budgets, it would be -1 where
    saturation is hyperbolic. `room_effect` is the same for the log odds of what impression shares leave to be had, and
    `reach_effect` for those of what a day's reach leaves of the audience: 1 if people who were shown an ad once were
    of no more use that day, 0 if they were of as much use as others.
    """

    mean: float
    spread: float
    between_lines: float
    size_effect: tuple[float, float]
    room_effect: tuple[float, float]
    reach_effect: tuple[float, float]
    families: tuple[float, float, float, float, float]


_RATES = {
    ("google_ads", "clicks"): RatePrior(1 / 2.5, 0.5, 0.6),
    ("meta_ads", "clicks"): RatePrior(1 / 1.2, 0.5, 0.5),
    ("google_ads", "impressions"): RatePrior(1 / 0.06, 1.2, 0.9),
    ("meta_ads", "impressions"): RatePrior(1 / 0.012, 0.7, 0.5),
    ("google_ads", "conversions"): RatePrior(0.05, 0.5, 0.6),
    ("meta_ads", "conversions"): RatePrior(0.05, 0.5, 0.6),
}
_GENERAL = {
    "reach": RatePrior(0.8, 0.4, 0.2),
    "qualified_leads": RatePrior(0.4, 0.5, 0.3),
    "revenue": RatePrior(1.0, 0.8, 0.4),
    "sales": RatePrior(0.02, 1.0, 0.6),
    "installs": RatePrior(0.08, 0.9, 0.6),
}
# Root stages: an elasticity of about 0.6 to 0.8 at usual spend is assumed; conversion and later rates fall little with
# spend (elasticity of the count on its parent just below 1). Chosen, not measured: the history is to overrule them.
_ROOT = ShapePrior(
    mean=1.0,
    spread=0.8,
    between_lines=0.8,
    size_effect=(-0.5, 0.3),
    room_effect=(0.2, 0.2),
    reach_effect=(0.3, 0.2),
    families=(0.1, 0.25, 0.4, 0.22, 0.03),
)
_LATER = ShapePrior(
    mean=1.4,
    spread=1.0,
    between_lines=0.9,
    size_effect=(-0.9, 0.4),
    room_effect=(0.3, 0.25),
    reach_effect=(0.5, 0.3),
    families=(0.1, 0.2, 0.35, 0.2, 0.15),
)
_QUALITY = ShapePrior(
    mean=3.6,
    spread=0.5,
    between_lines=0.4,
    size_effect=(-0.5, 0.3),
    room_effect=(0.0, 0.1),
    reach_effect=(0.0, 0.1),
    families=(0.4, 0.2, 0.3, 0.1, 0.0),
)

_REACH = replace(_QUALITY, reach_effect=(0.7, 0.3))


def rate_prior(platform: str, stage: str) -> RatePrior:
    """The prior of a stage's rate at typical spend: per unit of money for root stages, else per unit of the parent."""
    kind = "conversions" if stage in {"conversions", "leads"} else stage
    return _RATES.get((platform, kind)) or _GENERAL.get(stage) or RatePrior(0.05, 1.0, 0.6)


def cheapness_effect(stage: str) -> tuple[float, float]:
    """Mean and spread of how a stage's rate moves with how cheap its parent is, in logs (elasticity)."""
    return (-0.8, 0.4) if stage in {"leads", "conversions", "sales", "installs"} else (0.0, 0.1)


def shape_prior(stage: str, *, root: bool) -> ShapePrior:
    """The prior of a stage's saturation."""
    if root:
        return _ROOT
    if stage == "reach":
        return _REACH
    return _QUALITY if stage in {"qualified_leads", "revenue"} else _LATER


def currency_size(currency: str) -> float:
    """Units of a currency to a US dollar, by order of size."""
    return _CURRENCY_SIZE.get(currency, 1.0)
