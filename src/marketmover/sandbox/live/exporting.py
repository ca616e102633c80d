"""Writes what can be pulled of a live window at the end of a day, in the platforms' own files."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from marketmover.sandbox.exports import google, google_changes, google_structure, meta, meta_structure
from marketmover.sandbox.exports.account import Account, Pull, account_of, places
from marketmover.sandbox.exports.crm import Lead, Leads, RowsOfLeads
from marketmover.sandbox.exports.files import write_arrays
from marketmover.sandbox.live.engine import Live
from marketmover.sandbox.live.window import changes_as_of, history_as_of, window_as_of
from marketmover.sandbox.market import Market

LOOK_BACK = 30
"""How many days a daily pull goes back: no conversion comes in later than that."""

NOTICE = "These data are simulated by marketmover. No advertiser, campaign or person in them exists."


def write_pull(live: Live, day: date, folder: Path, *, whole: bool = False) -> dict[str, int]:
    """Write the pull at the end of `day`, in the form of a history; days until then are lived where they were not yet.

    It holds the last 30 days, with the conversions that have come in by then, the log of changes and the leads of the
    window, and campaigns, ad sets, targeting and ads as they stand.

    Args:
        live: The window.
        day: A day of it.
        folder: Where the files go.
        whole: All days of the window, however far they lie back.

    Returns:
        How many rows each kind of export holds.

    Raises:
        UsageError: The day is not in the window.
    """
    live.live_until(day)
    at = live.day_of(day)
    folder.mkdir(parents=True, exist_ok=True)
    say_simulated(live, folder, {"pulled_on": day.isoformat()})
    rows = _window(live, at, folder, whole=whole) | _history(live, at, folder)
    if live.market.setting.sells != "ecommerce":
        rows["crm/leads"] = write_arrays(folder / "crm", "leads", lead_rows(live, at, float(live.market.setting.days)))
    return rows


def say_simulated(live: Live, folder: Path, more: dict[str, Any]) -> None:
    """Write `simulated.json`."""
    told = {
        "simulated": True,
        "notice": NOTICE,
        "seed": live.market.setting.seed,
        "live_seed": live.seed,
        "new_lines": {line: name for line, name in live.planned.items() if line != name},
        "first_date": live.first_date.isoformat(),
        "last_date": live.last_date.isoformat(),
        **more,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "simulated.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _window(live: Live, at: int, folder: Path, *, whole: bool) -> dict[str, int]:
    """Facts of the window's days, and everything as it stands."""
    window = window_as_of(live, at)
    account = account_of(window)
    pull = Pull("live", 1 if whole else max(1, at + 2 - LOOK_BACK), at + 1, modern=True)
    rows = _facts(window, account, folder, pull)
    if places(window, "google_ads"):
        side, changes = folder / "google_ads", changes_as_of(window, "google_ads", at)
        found = google_structure.write_structure(window, account, side, pull, facts_by_ad=False)
        found["change_events"] = google_changes.write_change_events(window, account, side, changes)
        rows |= {f"google_ads/{name}": count for name, count in found.items()}
    if places(window, "meta_ads"):
        side, changes = folder / "meta_ads", changes_as_of(window, "meta_ads", at)
        found = meta_structure.write_structure(window, account, side, pull, changes)
        rows |= {f"meta_ads/{name}": count for name, count in found.items()}
    return rows


def _history(live: Live, at: int, folder: Path) -> dict[str, int]:
    """The history's last days again, as far as the pull reaches: late conversions have come in."""
    days = live.market.setting.days
    first = max(live.world.at + at + 1 - LOOK_BACK, live.late.first)
    if first >= days:
        return {}
    history = history_as_of(live, at)
    return _facts(history, account_of(history), folder, Pull("before", first, days - 1, modern=True))


def _facts(market: Market, account: Account, folder: Path, pull: Pull) -> dict[str, int]:
    rows: dict[str, int] = {}
    if places(market, "google_ads"):
        side = folder / "google_ads"
        rows[f"google_ads/daily_{pull.name}"] = google.write_facts(market, account, side, pull)
        rows[f"google_ads/conversions_by_action_{pull.name}"] = google.write_actions(market, account, side, pull)
    if places(market, "meta_ads"):
        rows[f"meta_ads/insights_{pull.name}"] = meta.write_facts(market, account, folder / "meta_ads", pull)
    return rows


def lead_rows(live: Live, at: int, since: float) -> list[str]:
    """Leads as known at the end of a day of the window, those of the history of which something became known too.

    Args:
        live: The window.
        at: The day, from 0 on; -1 is the day before the window.
        since: Leads of the history are told if something became known of them from this moment on, in days since the
            history's first.
    """
    market = live.market
    now, end = float(live.world.at + at + 1), float(live.world.at + live.world.days)
    past = Leads(market, until=end)
    numbers = np.flatnonzero((past.created < now) & (_last_heard(past, now) >= since))
    told = RowsOfLeads(market, account_of(market))
    rows = [told.row(int(one) + 1, past.lead(int(one)), now) for one in numbers]
    known = sorted((lead for lead in live.books.leads if lead.created < now), key=_moment)
    return rows + [told.row(len(past.line) + number, lead, now) for number, lead in enumerate(known, start=1)]


def _moment(lead: Lead) -> tuple[float, int, float]:
    return lead.created, lead.line, lead.pick


def _last_heard(leads: Leads, now: float) -> np.ndarray:
    """The last moment before `now` at which something became known of each lead."""
    heard = leads.created.copy()
    for moments, known in ((leads.decided, leads.decided < now), (leads.won_at, leads.won & (leads.won_at < now))):
        heard = np.where(known, np.maximum(heard, moments), heard)
    return heard
