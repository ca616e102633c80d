"""Daily budgets in the units that a platform takes, without losing any on the way."""

from collections.abc import Iterable

from marketmover.kit import apportion, to_cents
from marketmover.plans import PlanLine


def daily_units(lines: Iterable[PlanLine], *, whole: bool) -> dict[str, int]:
    """Each line's daily budget in the smallest unit that the platform takes, by line id.

    Args:
        lines: Lines of one platform.
        whole: Whether the currency is charged in whole units; else in cents.

    Returns:
        Cents, or whole units that add up to the lines' sum rounded once (largest remainders), so that rounding never
        moves the platform's total by more than half a unit.
    """
    cents = {line.id: to_cents(line.daily_budget) for line in lines}
    if not whole or not cents:
        return cents
    units, rest = divmod(sum(cents.values()), 100)
    return dict(zip(cents, apportion(units + (rest >= 50), [float(value) for value in cents.values()]), strict=True))


def whole_or_cents(amount: float, *, whole: bool) -> int:
    """An amount in major units as whole units, at least one, or as cents."""
    cents = to_cents(amount)
    return max(1, (cents + 50) // 100) if whole else cents
