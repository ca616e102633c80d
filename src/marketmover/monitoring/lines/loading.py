"""Reads a history and live exports as of every live day: one later export of all days, or a pull of each day."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from marketmover.console import Progress
from marketmover.errors import InputError
from marketmover.history import (
    EmptyHistoryError,
    Panel,
    import_history,
    load_money_changes,
    load_panel,
    load_setting_changes,
)
from marketmover.monitoring.lines.arrivals import as_if_pulled, known_shares
from marketmover.monitoring.lines.coverage import coverage_notes, covered_days, not_exported
from marketmover.monitoring.lines.crm_days import crm_notes, leads_until
from marketmover.monitoring.lines.days import spoken
from marketmover.monitoring.lines.figures import Figures, Plan, figures_of
from marketmover.monitoring.lines.new_lines import named_lines
from marketmover.monitoring.lines.pulls import PULLED, find_pulls, last_days, lay

if TYPE_CHECKING:
    from marketmover.store import Lake


@dataclass(frozen=True)
class Replay:
    """What a replay watches, and what it was made of.

    Attributes:
        figures: What is watched.
        pulls: Days of which there is a pull of their own.
        notes: In words what could not be watched, and why.
    """

    figures: Figures
    pulls: int
    notes: tuple[str, ...]


@dataclass
class _Live:
    """What was read of live exports: the folders, what each day's pull knew, spend by currency, and notes."""

    folders: list[tuple[date | None, Path]] = field(default_factory=list[tuple[date | None, Path]])
    told: dict[date, Panel] = field(default_factory=dict[date, Panel])
    notes: list[str] = field(default_factory=list[str])


def load_replay(
    lake: "Lake",
    history: Path,
    live: Path,
    plan: Plan,
    *,
    now: datetime,
    as_of: date | None,
    currency: str | None = None,
    progress: Progress,
) -> Replay:
    """Import both into an empty lake and lay out what is watched.

    Args:
        lake: Empty; holds the exports afterwards.
        history: Exports of the time before.
        live: One folder of exports since, or folders of pulls named by their days.
        plan: What is in force.
        now: The moment of the import.
        as_of: Today; by default the day of `now`.
        currency: Of several accounts' currencies the one to watch; by default that of most spend.
        progress: Called with the share done and the present step.

    Raises:
        NotFoundError, EmptyHistoryError, InputError: A folder cannot be read, holds no day after the history or money
            in another currency, or no account is in `currency`.
    """
    report = import_history(lake, history, now=now, as_of=as_of, progress=lambda done, step: progress(0.3 * done, step))
    before = load_panel(lake, as_of=as_of, currency=currency)
    if not before.lines:
        raise InputError(f"{history} holds no daily figures.", "Export daily reports from the ad platforms first.")
    read = _read_live(lake, live, before.currency, now, as_of, lambda done, step: progress(0.3 + 0.6 * done, step))
    panel = load_panel(lake, as_of=as_of, currency=before.currency)
    first = int((before.dates[-1] - panel.dates[0]).astype(int)) + 1
    if first >= panel.dates.size:
        raise InputError(
            f"{live} holds no day after the history, which ends on {before.dates[-1]}.",
            "Name exports of the days since then; a later --as-of if they lie after today.",
        )
    first += _uncovered(panel, first)
    figures = _laid_out(lake, panel, first, before, plan, read, as_of)
    others = [code for code in report.spend if code != before.currency]
    notes = [f"Accounts in {code} are not watched along with those in {before.currency}: ask for them with"
             f" --currency {code}." for code in sorted(others)]  # fmt: skip
    notes += [*read.notes, *coverage_notes(panel, first, figures.missing)]
    return Replay(figures, len(read.told), (*notes, *crm_notes(panel, figures.leads_known)))


def _read_live(
    lake: "Lake",
    live: Path,
    currency: str,
    now: datetime,
    as_of: date | None,
    progress: Progress,
) -> _Live:
    """Import the live exports, pull by pull; a pull that holds nothing is passed over, and said."""
    read, today = _Live(), as_of or now.date()
    every = find_pulls(live)
    pulls = [(day, folder) for day, folder in every if day <= today]
    if every and not pulls:
        raise InputError(f"All pulls in {live} are of days after today, {today}.", "Name a later day with --as-of.")
    for place, (day, folder) in enumerate(pulls or [(None, live)], start=1):
        moment = now + timedelta(seconds=place)
        try:
            _import_live(lake, folder, currency, moment, day or as_of)
        except EmptyHistoryError:
            if day is None or (place == len(pulls) and not read.told):
                raise
            read.notes.append(f"The pull of {spoken(day)} holds nothing that can be used, and was passed over.")
            continue
        read.folders.append((day, folder))
        if day is not None:
            read.told[day] = load_panel(lake, as_of=day, known_at=moment, currency=currency)
        progress(place / max(len(pulls), 1), f"reading {folder.name}")
    return read


def _import_live(lake: "Lake", folder: Path, currency: str, now: datetime, as_of: date | None) -> None:
    """Import one folder of live exports.

    Raises:
        EmptyHistoryError, InputError: Nothing in it can be used, or its money is in another currency than before.
    """
    try:
        reasons = import_history(lake, folder, now=now, as_of=as_of, progress=lambda *_: None).quarantine
    except EmptyHistoryError as error:
        reasons = error.reasons
        if reasons.get("future"):
            raise EmptyHistoryError(error.message, "Name a later day with --as-of to read them.", reasons) from error
        if not reasons.get("other_currency"):
            raise
    if reasons.get("other_currency"):
        raise InputError(
            f"{folder} holds {reasons['other_currency']} rows of accounts that the history has in another currency.",
            f"Export both in one, {currency} say: a price in one cannot be compared with one in another.",
        )


def _laid_out(
    lake: "Lake", panel: Panel, first: int, before: Panel, plan: Plan, read: _Live, as_of: date | None
) -> Figures:
    share = known_shares(before, panel.lines)
    known = as_if_pulled(panel, first, share)
    pulled = {name: last_days(getattr(panel, name), first) for name in PULLED if read.told}
    for day, seen in read.told.items():
        lay({"conversions": known, **pulled}, panel, first, day, seen)
    money, settings = load_money_changes(lake, panel, as_of=as_of), load_setting_changes(lake, panel, as_of=as_of)
    named = named_lines(plan.new, panel.lines, before.line_ids)
    figures = figures_of(panel, first, share, known, plan.under(named), money, settings)
    missing = not_exported(panel, (folder for _, folder in read.folders))
    runs = figures.runs.copy()
    runs[[row for row, line in enumerate(panel.lines) if line.platform in missing], first:] = False
    covered = covered_days(panel, first)
    known_leads = leads_until(panel, first, read.folders)
    return replace(
        figures, named=named, pulled=pulled, missing=missing, covered=covered, runs=runs, leads_known=known_leads
    )


def _uncovered(panel: Panel, first: int) -> int:
    """Days right after the history that the live exports do not cover, since no line of any platform was shown.

    A plan may begin days after its history was exported; what was not exported is no stopped delivery.
    """
    shown = np.flatnonzero((panel.impressions[:, first:] > 0).any(axis=0))
    return int(shown[0]) if shown.size else 0
