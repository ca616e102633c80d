"""Reads a history and live exports as of every live day: one later export of all days, or a pull of each day."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from marketmover.errors import InputError
from marketmover.history import (
    Panel,
    import_history,
    load_money_changes,
    load_panel,
    load_setting_changes,
)
from marketmover.monitoring.lines.arrivals import as_if_pulled, known_shares
from marketmover.monitoring.lines.figures import Figures, Plan, figures_of
from marketmover.monitoring.lines.new_lines import named_lines
from marketmover.monitoring.lines.pulls import PULLED, find_pulls, last_days, lay

if TYPE_CHECKING:
    from marketmover.store import Lake


@dataclass(frozen=True)
class Replay:
    """What a replay watches, and what it was made of: `pulls` counts days of which there is a pull of their own."""

    figures: Figures
    pulls: int


def load_replay(
    lake: "Lake",
    history: Path,
    live: Path,
    plan: Plan,
    *,
    now: datetime,
    as_of: date | None,
    progress: Callable[[float, str], None],
) -> Replay:
    """Import both into an empty lake and lay out what is watched.

    Args:
        lake: Empty; holds the exports afterwards.
        history: Exports of the time before.
        live: One folder of exports since, or folders of pulls named by their days.
        plan: What is in force.
        now: The moment of the import.
        as_of: Today; by default the day of `now`.
        progress: Called with the share done and the present step.

    Raises:
        NotFoundError, EmptyHistoryError, InputError: A folder cannot be read, or holds no day after the history.
    """
    import_history(lake, history, now=now, as_of=as_of, progress=lambda share, step: progress(0.3 * share, step))
    before = load_panel(lake, as_of=as_of)
    if not before.lines:
        raise InputError(f"{history} holds no daily figures.", "Export daily reports from the ad platforms first.")
    pulls = find_pulls(live)
    told: dict[date, Panel] = {}
    for place, (day, folder) in enumerate(pulls or [(None, live)], start=1):
        moment = now + timedelta(seconds=place)
        import_history(lake, folder, now=moment, as_of=day or as_of, progress=lambda *_: None)
        if day is not None:
            told[day] = load_panel(lake, as_of=day, known_at=moment, currency=before.currency)
        progress(0.3 + 0.6 * place / max(len(pulls), 1), f"reading {folder.name}")
    panel = load_panel(lake, as_of=as_of, currency=before.currency)
    first = int((before.dates[-1] - panel.dates[0]).astype(int)) + 1
    if first >= panel.dates.size:
        raise InputError(
            f"{live} holds no day after the history, which ends on {before.dates[-1]}.",
            "Name exports of the days since then; a later --as-of if they lie after today.",
        )
    first += _uncovered(panel, first)
    share = known_shares(before, panel.lines)
    known = as_if_pulled(panel, first, share)
    pulled = {name: last_days(getattr(panel, name), first) for name in PULLED if told}
    for day, seen in told.items():
        lay({"conversions": known, **pulled}, panel, first, day, seen)
    money, settings = load_money_changes(lake, panel, as_of=as_of), load_setting_changes(lake, panel, as_of=as_of)
    named = named_lines(plan.new, panel.lines, before.line_ids)
    figures = figures_of(panel, first, share, known, plan.under(named), money, settings)
    return Replay(replace(figures, named=named, pulled=pulled), len(told))


def _uncovered(panel: Panel, first: int) -> int:
    """Days right after the history that the live exports do not cover, since no line of any platform was shown.

    A plan may begin days after its history was exported; what was not exported is no stopped delivery.
    """
    shown = np.flatnonzero((panel.impressions[:, first:] > 0).any(axis=0))
    return int(shown[0]) if shown.size else 0
