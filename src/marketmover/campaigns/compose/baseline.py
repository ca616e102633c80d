"""Today's split at the plan's budget: what the plan is compared with."""

from dataclasses import dataclass

from marketmover.campaigns.compose.scope import Scope
from marketmover.campaigns.compose.window import USUAL_DAYS
from marketmover.history import Panel
from marketmover.kit import apportion, coin_of, to_cents


@dataclass(frozen=True)
class Split:
    """A split of the plan's budget, in cents by line id; `description` says in words how it came about."""

    description: str
    cents: dict[str, int]


def todays_split(panel: Panel, scope: Scope, total: float, currency: str) -> Split:
    """The split of the last 28 days among the plan's lines, scaled to the plan's budget.

    New lines have no share in it. Where none of the plan's lines spent in those days, it is the split of the last
    28 days in which one did, and without any spend at all an even split.
    """
    if not scope.existing:
        ids = [line.id for line in scope.new]
        return Split(
            "an even split over the same lines, since none of them runs today",
            dict(zip(ids, _apportioned(total, currency, [1.0] * len(ids)), strict=True)),
        )
    rows = [panel.line_ids.index(line.id) for line in scope.existing]
    cost = panel.cost[rows]
    last = cost.shape[1]
    while last > USUAL_DAYS and not cost[:, last - USUAL_DAYS : last].any():
        last -= USUAL_DAYS
    spent = cost[:, max(0, last - USUAL_DAYS) : last].sum(axis=1)
    cents = _apportioned(total, currency, [float(value) for value in spent])
    ids = [line.id for line in scope.existing]
    split = dict(zip(ids, cents, strict=True)) | dict.fromkeys((line.id for line in scope.new), 0)
    when = (
        "the last 28 days' split" if last == cost.shape[1] else f"the split of the 28 days to {panel.dates[last - 1]}"
    )
    return Split(f"{when}, scaled to the same budget", split)


def _apportioned(total: float, currency: str, shares: list[float]) -> list[int]:
    coin = coin_of(currency)
    return [part * coin for part in apportion(to_cents(total) // coin, shares)]
