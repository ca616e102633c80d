"""What was changed of lines' settings: bidding and targeting, with what stood before."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class SettingChange:
    """A change of a line's settings: the day, what was changed, and what stood before and after, as exported (JSON)."""

    line_id: str
    date: date
    what: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class MoneyChange:
    """A change of a line's daily budget (`budget`, account currency) or of whether it runs (`status`, 1 or 0).

    What stood before or after is `None` where the export does not say.
    """

    line_id: str
    date: date
    kind: Literal["budget", "status"]
    before: float | None
    after: float | None
