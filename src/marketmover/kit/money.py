"""Money in major units, cents and micros, and splitting a sum without losing a cent."""

from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Decimal

_CENT = Decimal("0.01")

# ISO 4217 currencies without minor units, and those of which Meta takes whole units alone (Marketing API, Currencies).
_WHOLE_CURRENCIES = frozenset(
    {
        "BIF", "CLP", "COP", "CRC", "DJF", "GNF", "HUF", "IDR", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "TWD", "UGX",
        "VND", "VUV", "XAF", "XOF", "XPF",
    }
)  # fmt: skip


def coin_of(currency: str | None) -> int:
    """Cents (hundredths) in the smallest sum that is planned in a currency: 100 where there are none, else 1.

    Dinars of a thousand fils are planned in hundredths as well, tens of fils.

    >>> coin_of("JPY"), coin_of("EUR"), coin_of("KWD")
    (100, 1, 1)
    """
    return 100 if currency in _WHOLE_CURRENCIES else 1


def round_to_cent(amount: float, currency: str | None = None) -> float:
    """`amount` in major units, rounded to the nearest cent, or unit where its currency is planned in whole ones.

    Halves go to even (decimal, not binary, halves).

    >>> round_to_cent(1234.56, "JPY"), round_to_cent(1234.567, "USD")
    (1235.0, 1234.57)
    """
    unit = Decimal(1) if coin_of(currency) > 1 else _CENT
    return float(Decimal(repr(float(amount))).quantize(unit, ROUND_HALF_EVEN))


def to_cents(amount: float) -> int:
    """Major units to whole cents: `12.34` is `1234`."""
    return int(Decimal(repr(float(amount))).quantize(_CENT, ROUND_HALF_EVEN) * 100)


def from_cents(cents: float) -> float:
    """Whole cents to major units: `1234` is `12.34`."""
    return float(Decimal(str(cents)) / 100)


def to_micros(amount: float) -> int:
    """Major units to Google's micros, at cent precision: `2.5` is `2500000`."""
    return to_cents(amount) * 10_000


def apportion(total_cents: int, shares: Sequence[float]) -> list[int]:
    """Split whole cents in proportion to `shares` so that the parts add up exactly.

    The largest-remainder method (Hamilton 1792); ties go to the earlier share, so the result is deterministic.

    Args:
        total_cents: What to split, not negative.
        shares: Weights, none negative; if all are 0 the split is even.

    Returns:
        Cents per share, in the same order; they add up to `total_cents`.

    Raises:
        ValueError: A share is negative or there is none.

    >>> apportion(100, [1, 1, 1])
    [34, 33, 33]
    """
    if not shares or min(shares) < 0 or total_cents < 0:
        raise ValueError("apportion needs a total and shares that are not negative, and at least one share")
    weight = sum(shares)
    exact = [total_cents * share / weight if weight else total_cents / len(shares) for share in shares]
    parts = [int(value) for value in exact]
    order = sorted(range(len(parts)), key=lambda index: (parts[index] - exact[index], index))
    for index in order[: total_cents - sum(parts)]:
        parts[index] += 1
    parts[order[0]] += total_cents - sum(parts)  # binary rounding of huge totals
    return parts
