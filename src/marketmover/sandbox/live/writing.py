"""A live window on disk: a pull a day, one of the whole window, and the truth beside them."""

import json
import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from marketmover.console import Progress
from marketmover.errors import ConflictError, InputError, UsageError
from marketmover.kit import counted
from marketmover.sandbox.folder import is_sandbox
from marketmover.sandbox.live.engine import Live
from marketmover.sandbox.live.exporting import say_simulated, write_pull
from marketmover.sandbox.live.record import record
from marketmover.sandbox.live.told import objects_in, read_object

_PARTS = ("pulls", "live", "truth")
_FILES = ("simulated.json", "state.json")

Planned = tuple[date, list[dict[str, Any]]]
"""Changes, and the day at whose end they are made."""


def read_changes(path: Path) -> Planned:
    """The changes in a file as `marketmover tune` writes it.

    Raises:
        InputError: It cannot be read.
    """
    what, remedy = "changes.json", "Let `marketmover tune` write one."
    told = read_object(path, what, remedy)
    try:
        day = date.fromisoformat(str(told.get("as_of")))
    except ValueError as error:
        raise InputError(f"{path} is no {what}: `as_of` is no date.", remedy) from error
    return day, objects_in(told, "changes", path, what, remedy)


def free_folder(folder: Path, *, force: bool) -> None:
    """Make sure that `folder` is free for a window; a former one goes where `force` says so, and nothing else does.

    Raises:
        ConflictError: It holds something else, or a window and `force` is not set.
    """
    if not folder.exists():
        return
    if not folder.is_dir() or (any(folder.iterdir()) and not is_sandbox(folder)):
        raise ConflictError(f"{folder} holds what no sandbox made.", "Name a folder that does not exist yet.")
    if (folder / "google_ads").exists() or (folder / "meta_ads").exists():
        raise ConflictError(f"{folder} holds a history.", "Name another folder for the live window.")
    if any(folder.iterdir()) and not force:
        raise ConflictError(f"{folder} holds a live window already.", "Add --force to replace it.")
    for part in _PARTS:
        shutil.rmtree(folder / part, ignore_errors=True)
    for name in _FILES:
        (folder / name).unlink(missing_ok=True)


def write_window(
    live: Live, folder: Path, days: int, changes: Sequence[Planned] = (), report: Progress | None = None
) -> dict[str, Any]:
    """Live the first `days` days of a window and write them.

    `pulls/DATE/` holds what could be pulled at the end of each day, `live/` one pull of all of it at the end,
    `state.json` what is then in force, `truth/troubles.json` what is true.

    Returns:
        What was written, for people and machines.

    Raises:
        UsageError: A change is dated outside of the window, or is wrong.
    """
    last = live.first_date + timedelta(days - 1)
    for day, _ in changes:
        if not live.first_date - timedelta(1) <= day < last:
            raise UsageError(
                f"Changes of {day} cannot be made in a window from {live.first_date} to {last}.",
                "They count from the day after `as_of` on, which must be in the window.",
            )
    _apply(live, changes, live.first_date - timedelta(1))
    rows = 0
    for place in range(days):
        day = live.first_date + timedelta(place)
        if report is not None:
            report(place / days, day.isoformat())
        rows += sum(write_pull(live, day, folder / "pulls" / day.isoformat()).values())
        _apply(live, changes, day)
    write_pull(live, last, folder / "live", whole=True)
    truth = record(live)
    _write(folder / "truth" / "troubles.json", truth)
    _write(folder / "state.json", {"simulated": True, **live.state()})
    say_simulated(live, folder, {"days": days})
    return {
        "simulated": True,
        "folder": str(folder),
        "first": truth["first"],
        "last": truth["last"],
        "lines": len(truth["lines"]),
        "rows": rows,
        "metric": truth["metric"],
        "outcome": truth["outcome"],
        "outcome_without_troubles": truth["outcome_without_troubles"],
        "changes": sum(len(made) for _, made in changes),
        "currency": truth["currency"],
    }


def in_words(made: dict[str, Any]) -> list[str]:
    """The same for a person; troubles are not told, so that nobody is tempted."""
    metric, outcome = made["metric"], made["outcome"]
    what = f"{outcome[metric]:,.0f} {metric.replace('_', ' ')} for {outcome['cost']:,.0f} {made['currency']}"
    where = made["folder"]
    when = f"{counted(made['lines'], 'line')} live from {made['first']} to {made['last']}"
    pulls = f"what could be pulled at the end of each day ({counted(made['rows'], 'row')} in all)"
    return [
        "SIMULATED data: no advertiser, campaign or person in them exists.",
        f"{where}: {when}, {what} to be expected of what was run.",
        f"{where}/pulls/DATE is {pulls}, {where}/live one pull of all of it.",
        f"The truth lies in {where}/truth; nothing but the judge reads it.",
    ]


def _apply(live: Live, changes: Sequence[Planned], day: date) -> None:
    for when, made in changes:
        if when == day:
            live.apply(made)


def _write(path: Path, told: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
