"""The accounts that a market's lines stand in, and when their exports were pulled."""

from dataclasses import dataclass
from datetime import date, timedelta

from marketmover.kit import coin_of, round_to_cent, to_cents
from marketmover.sandbox.countries import country_of
from marketmover.sandbox.lines import Run, SimulatedLine
from marketmover.sandbox.market import Market
from marketmover.sandbox.streams import stream

_NEWER_API_DAYS = 400


@dataclass(frozen=True)
class Pull:
    """One export: the days `first` to `last` (places on the time axis, both included), as seen on `last`.

    `modern` pulls speak the newer versions: Google v23 and later, Meta's `OUTCOME_*` objectives.
    """

    name: str
    first: int
    last: int
    modern: bool


@dataclass(frozen=True)
class Account:
    """Ids and habits of the two ad accounts."""

    customer_id: str
    meta_id: str
    currency: str
    time_zone: str
    by_device: bool
    data_driven: bool
    first_date: date

    @property
    def unit(self) -> int:
        """Cents in the smallest sum that is booked: 100 for currencies without hundredths, else 1."""
        return coin_of(self.currency)

    def rounded(self, amount: float) -> float:
        """A sum as it can be booked."""
        return round_to_cent(amount, self.currency)

    def minor(self, amount: float) -> int:
        """A sum in Meta's minor units: hundredths, or whole units where the currency has none."""
        return to_cents(self.rounded(amount)) // self.unit

    def spoken(self, cents: int) -> str:
        """Cents as Meta writes sums in major units."""
        return str(cents // 100) if self.unit > 1 else f"{cents / 100.0:.2f}"

    def day(self, place: int) -> str:
        """A place on the time axis as an ISO date."""
        return (self.first_date + timedelta(place)).isoformat()


def account_of(market: Market) -> Account:
    """The accounts of a market."""
    setting = market.setting
    rng = stream(setting.seed, "account")
    return Account(
        customer_id="".join(str(digit) for digit in [rng.integers(1, 10), *rng.integers(0, 10, 9)]),
        meta_id="".join(str(digit) for digit in [rng.integers(1, 10), *rng.integers(0, 10, 14)]),
        currency=setting.currency,
        time_zone=country_of(setting.country).time_zone,
        by_device=bool(rng.random() < 0.35),
        data_driven=bool(rng.random() < 0.5),
        first_date=setting.first_date,
    )


def pulls(market: Market) -> list[Pull]:
    """Histories longer than about thirteen months were exported in two pulls, the first by older versions."""
    days = market.setting.days
    if days <= _NEWER_API_DAYS:
        return [Pull("recent", 0, days - 1, modern=True)]
    cut = days - _NEWER_API_DAYS
    return [Pull("earlier", 0, cut - 1, modern=False), Pull("recent", cut, days - 1, modern=True)]


def places(market: Market, platform: str) -> list[int]:
    """Places of a platform's lines."""
    return [place for place, line in enumerate(market.lines) if line.platform == platform]


def budget_at(market: Market, line: int, day: int) -> float:
    """The daily budget that was set last by `day`, account currency."""
    budgets = market.daily_budgets[line, : day + 1]
    known = budgets[budgets > 0.0]
    return float(known[-1]) if len(known) else float(market.daily_budgets[line].max())


def runs_at(line: SimulatedLine, day: int) -> bool:
    """Whether the line is switched on at the end of `day`."""
    return line.first_day <= day <= line.last_day and not any(start <= day <= end for start, end in line.pauses)


def run_at(line: SimulatedLine, day: int) -> Run:
    """How the line was set at the end of `day`."""
    now = Run(line.first_day, line.age_min, line.age_max, line.genders, line.bidding)
    return next((run for run in reversed(line.runs) if run.first <= day), now)
