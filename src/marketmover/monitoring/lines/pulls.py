"""Daily pulls: where they lie, and what each knew of the last days."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marketmover.errors import NotFoundError
from marketmover.history import Panel
from marketmover.monitoring.lines.figures import LONGEST_LAG

Floats = NDArray[np.float64]

PULLED = ("cost", "impressions", "clicks", "leads", "sales", "installs", "revenue", "crm_leads", "crm_won")
"""What a pull may say otherwise than a later one, beside conversions."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_EXPORTS = ("google_ads", "meta_ads", "crm")


def find_pulls(live: Path) -> list[tuple[date, Path]]:
    """Folders of daily pulls in a folder or in its `pulls`, oldest first; none where it holds exports itself.

    Raises:
        NotFoundError: There is no such folder.
    """
    if not live.is_dir():
        raise NotFoundError(f"There is no folder {live}.", "Name the folder of live exports with --live.")
    if any((live / name).is_dir() for name in _EXPORTS):
        return []
    inside = live / "pulls" if (live / "pulls").is_dir() else live
    named = [folder for folder in inside.iterdir() if folder.is_dir() and _DAY.fullmatch(folder.name)]
    return sorted((date.fromisoformat(folder.name), folder) for folder in named)


def last_days(values: Floats, first: int) -> Floats:
    """The days up to each live day, shape (live days, lines, LONGEST_LAG + 1); days before all others are 0."""
    lines, days = values.shape
    padded = np.concatenate([np.zeros((lines, LONGEST_LAG)), values], axis=1)
    return np.stack([padded[:, column : column + LONGEST_LAG + 1] for column in range(first, days)])


def lay(laid: Mapping[str, Floats], panel: Panel, first: int, day: date, seen: Panel) -> None:
    """Lay what was known by a day's pull over what is known at the end of the replay.

    Days that it does not reach on a line's platform stay as they are: a pull made in the morning lacks its own day.

    Args:
        laid: By name of a figure, as `last_days`; changed.
        panel: The history and the live days as known at the end.
        first: Column of the first live day.
        day: Of the pull.
        seen: The panel as known then.
    """
    column = int((np.datetime64(day, "D") - panel.dates[0]).astype(int))
    if not first <= column < panel.dates.size or not seen.lines:
        return
    places = np.arange(column - LONGEST_LAG, column + 1) - int((seen.dates[0] - panel.dates[0]).astype(int))
    inside = (places >= 0) & (places < seen.dates.size)
    at = np.clip(places, 0, seen.dates.size - 1)
    rows = {line.id: row for row, line in enumerate(seen.lines)}
    platforms = np.array([line.platform for line in seen.lines])
    told = {name: inside & seen.observed[platforms == name][:, at].any(axis=0) for name in set(platforms.tolist())}
    for row, line in enumerate(panel.lines):
        if line.id in rows:
            for name, windows in laid.items():
                window = windows[column - first][row]
                window[told[line.platform]] = getattr(seen, name)[rows[line.id], at[told[line.platform]]]
