"""A plan approved by a named person: for what files and `state.json` hold then, and nothing that is changed after."""

import hashlib
from pathlib import Path

from marketmover.campaigns.publishing.requests import REQUEST_FILES
from marketmover.campaigns.tuning.in_force import Author, InForce, locked, record
from marketmover.errors import ConflictError, UsageError
from marketmover.plans import LogEntry

_FILES = ("plan.json", *REQUEST_FILES)


def approve(path: Path, author: Author, *, may_start: bool = False) -> LogEntry:
    """Write down that a person approves a plan and what would be sent for it.

    Args:
        path: The plan's folder.
        author: Who approves.
        may_start: Whether what is made may be switched on, too, once it is all there as asked.

    Raises:
        UsageError: Nobody is named.
        ConflictError: All of it is approved already, or the plan is published with other files.
    """
    if not author.who.strip():
        raise UsageError("A plan is approved by a person.", "Name one: `marketmover plan approve DIR --by NAME`.")
    with locked(path) as now:
        files = digests_of(now.folder)
        last = approval_of(now)
        if last is not None and (last.files, last.may_start) == (files, may_start) and not set_by_hand(now):
            raise ConflictError(f"{last.who} approved this plan on {last.at:%Y-%m-%d %H:%M} UTC already.")
        if last is not None and last.files != files and was_published(now):
            raise ConflictError(
                "The plan is published, and its files were changed since it was approved.",
                "Put the approved files back. What runs is changed by `marketmover plan apply`.",
            )
        return record(now, "approve", author, {"files": files, "may_start": may_start})


def digests_of(folder: Path) -> dict[str, str]:
    """SHA-256 of the plan and of what would be sent for it, by file."""
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in _FILES if (folder / name).is_file()
    }


def approval_of(now: InForce) -> LogEntry | None:
    """The last approval that stands in a plan's log."""
    return next((entry for entry in reversed(now.life) if entry.kind == "approve"), None)


def set_by_hand(now: InForce) -> list[str]:
    """Lines whose budget, pause or settings in `state.json` are other than the last entry of the log made them."""
    if not now.life:
        return []
    last, found = now.life[-1].after, now.state
    budgets = {line.id: line.daily_budget for line in now.plan.lines} | last.daily_budgets
    lines = budgets.keys() | found.daily_budgets.keys() | last.settings.keys() | found.settings.keys()
    lines |= {*last.paused, *found.paused}
    return sorted(
        line
        for line in lines
        if budgets.get(line) != found.daily_budgets.get(line)
        or (line in last.paused) != (line in found.paused)
        or last.settings.get(line) != found.settings.get(line)
    )


def was_published(now: InForce) -> bool:
    """Whether the plan's log says that it is on the platforms, whatever became of `state.json` since."""
    return any(entry.kind == "publish" for entry in LogEntry.read_all(now.folder))


def started_on(now: InForce) -> frozenset[str]:
    """The platforms on which what the plan made anew was switched on: they may be published to one by one."""
    lines = {line for entry in LogEntry.read_all(now.folder) if entry.kind == "start" for line in entry.lines}
    return frozenset(line.platform for line in now.plan.lines if line.id in lines)


def check_approved(now: InForce) -> LogEntry:
    """The approval under which a plan may be published.

    Raises:
        ConflictError: It is not approved, or its files or what is in force were changed since.
    """
    approval = approval_of(now)
    how = f"`marketmover plan approve {now.folder} --by NAME`"
    if approval is None:
        raise ConflictError(f"The plan in {now.folder} is not approved.", f"Read it, then: {how}.")
    found = digests_of(now.folder)
    changed = [name for name in _FILES if found.get(name) != approval.files.get(name)]
    if changed:
        raise ConflictError(
            f"{' and '.join(changed)} in {now.folder} changed since {approval.who} approved the plan on "
            f"{approval.at:%Y-%m-%d}.",
            f"Approve what is there now: {how}.",
        )
    edited = set_by_hand(now)
    if edited:
        raise ConflictError(
            f"state.json in {now.folder} was set by hand since {approval.who} approved the plan: {', '.join(edited)}.",
            f"Put back what was there, or approve what is there now: {how}.",
        )
    return approval
