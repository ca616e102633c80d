"""Which days the CRM has told of: while it is away, its leads are not known, which is not none."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from marketmover.history import Panel
from marketmover.monitoring.lines.coverage import spoken_days
from marketmover.plans import PLATFORM_NAMES

Ints = NDArray[np.int64]


def leads_until(panel: Panel, first: int, pulls: Sequence[tuple[date | None, Path]]) -> Ints:
    """The column up to which the CRM's leads of each line were known at the end of each live day.

    A platform's pull without a file of leads tells nothing of the days since the last one that had one. Days without a
    pull of the platform are as known at the end. A file of leads is of one platform where its name begins with the
    platform's, else of all.

    Args:
        panel: The history and the live days.
        first: Column of the first live day; leads before it are taken as known.
        pulls: Folders by the last day that they hold; `None` for all days.

    Returns:
        Columns, shape (live days, lines); `first` - 1 where none of the live days is known.
    """
    days = panel.dates.size
    known = np.full((days - first, len(panel.lines)), first - 1, dtype=np.int64)
    for platform in {line.platform for line in panel.lines}:
        own = {_column(panel, day) for day, folder in pulls if day and any((folder / platform).rglob("*.*"))}
        told = {_column(panel, day) for day, folder in pulls if _tells(folder, platform)}
        last, at_end = max(told, default=-1), days if told and max(told) >= max(own, default=-1) else -1
        rows = [row for row, line in enumerate(panel.lines) if line.platform == platform]
        for column in range(first, days):
            reached = max((one for one in told if one <= column), default=-1) if column in own else max(last, at_end)
            known[column - first, rows] = max(first - 1, min(column, reached))
    return known


def _column(panel: Panel, day: date | None) -> int:
    return panel.dates.size if day is None else int((np.datetime64(day, "D") - panel.dates[0]).astype(int))


def crm_notes(panel: Panel, known: Ints) -> list[str]:
    """In words which live days the CRM has not told of, for platforms of which it has leads."""
    rows: dict[str, list[int]] = {}
    for row, line in enumerate(panel.lines):
        rows.setdefault(line.platform, []).append(row)
    names: dict[int, list[str]] = {}
    for platform in sorted(rows):
        end = int(known[-1, rows[platform]].min())
        if panel.crm_leads[rows[platform]].any() and end < panel.dates.size - 1:
            names.setdefault(end, []).append(PLATFORM_NAMES.get(platform, platform))
    return [
        f"No export holds the CRM's leads of {' and '.join(of)} of "
        f"{spoken_days(panel, end + 1, panel.dates.size - 1)}: taken as not known, not as lost."
        for end, of in sorted(names.items())
    ]


def _tells(folder: Path, platform: str) -> bool:
    files = [file.name for file in (folder / "crm").rglob("*") if file.is_file()]
    others = tuple(f"{name}-" for name in PLATFORM_NAMES if name != platform)
    return any(not name.startswith(others) for name in files)
