"""What was changed of lines' settings: bidding and targeting, with what stood before."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class SettingChange:
    """A change of a line's settings: the day, what was changed, and what stood before and after, as exported (JSON)."""

    line_id: str
    date: date
    what: str
    before: str | None
    after: str | None
