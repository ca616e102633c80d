"""What asking costs, and the day's limit: money is set aside before a question leaves, and settled by its answer."""

from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Protocol


@dataclass(frozen=True)
class Prices:
    """Prices in the operator's own currency for a million tokens: of what is sent, and of what is answered."""

    sent: float = 0.0
    answered: float = 0.0

    def micros(self, sent: int, answered: int) -> int:
        """What tokens cost, in millionths of the currency, rounded up."""
        return ceil(sent * self.sent + answered * self.answered)


@dataclass(frozen=True)
class Reservation:
    """Money set aside for one question: on which day (UTC), and how many millionths of the currency."""

    day: date
    micros: int


class Spending(Protocol):
    """A ledger that outlives the process, so that a day's limit holds for all of them together."""

    def reserve(self, most: int) -> Reservation | None:
        """Set `most` millionths aside for a question; `None` where the day's limit leaves no room for them."""
        ...

    def settle(self, reservation: Reservation, spent: int) -> None:
        """Put what a question really cost in place of what was set aside for it."""
        ...
