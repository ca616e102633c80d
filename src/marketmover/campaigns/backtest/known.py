"""What was known on a day of the past."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from marketmover.history import Panel, load_panel
from marketmover.store import Lake

_STALE_DAYS = 7


@dataclass(frozen=True)
class Known:
    """A history as it was known on a day.

    Attributes:
        panel: Its last day is the last one known then.
        as_imported: Whether the imports made up to that day said so. Else days up to it are seen with their final
            figures: late conversions are in them already.
    """

    panel: Panel
    as_imported: bool


KnownThen = Callable[[date], Known]


def known_by_lake(lake: Lake, currency: str) -> KnownThen:
    """What a lake's imports knew on a day; where there was no import in time, all days up to it."""
    silent: list[date] = []

    def known(day: date) -> Known:
        if not silent or day > max(silent):
            moment = datetime.combine(day + timedelta(days=1), time.min, UTC)
            panel = load_panel(lake, as_of=day, known_at=moment, currency=currency)
            if len(panel.dates) and (day - panel.dates[-1].astype(object)).days <= _STALE_DAYS:
                return Known(panel, as_imported=True)
            silent.append(day)
        return Known(_without_later(load_panel(lake, as_of=day, currency=currency), day), as_imported=False)

    return known


def known_by_cutting(panel: Panel) -> KnownThen:
    """All days of a panel up to a day, with their final figures."""

    def known(day: date) -> Known:
        days = int(np.searchsorted(panel.dates, np.datetime64(day), side="right"))
        arrays = {
            item.name: value[:, :days]
            for item in fields(panel)
            if isinstance(value := getattr(panel, item.name), np.ndarray) and value.ndim == 2
        }
        cut = replace(panel, dates=panel.dates[:days], **arrays)
        return Known(_without_later(cut, day), as_imported=False)

    return known


def _without_later(panel: Panel, day: date) -> Panel:
    """Platforms' own curves are exported today: only those dated up to the day were known on it; changes likewise."""
    lines = tuple(
        replace(line, learning_since=None) if line.learning_since and line.learning_since > day else line
        for line in panel.lines
    )
    return replace(panel, lines=lines, curves=tuple(c for c in panel.curves if c.as_of and c.as_of <= day))
