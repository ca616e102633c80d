"""A plan approved by a named person: for what files and `state.json` hold then, and nothing that is changed after."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from marketmover.campaigns.plan_file import parse_plan
from marketmover.campaigns.publishing.requests import REQUEST_FILES, read_files
from marketmover.campaigns.tuning.in_force import Author, InForce, locked, record
from marketmover.errors import ConflictError, UsageError
from marketmover.plans import LogEntry

_FILES = ("plan.json", *REQUEST_FILES)


def approve(path: Path, author: Author, *, may_start: bool = False, content: str | None = None) -> LogEntry:
    """Write down that a person approves a plan and what would be sent for it.

    Args:
        path: The plan's folder.
        author: Who approves.
        may_start: Whether what is made may be switched on, too, once it is all there as asked.
        content: SHA-256 of the `plan.json` that was read; by default whatever is there now.

    Raises:
        UsageError: Nobody is named.
        ConflictError: All of it is approved already, the plan is published with other files, or it is another one now.
    """
    if not author.who.strip():
        raise UsageError("A plan is approved by a person.", "Name one: `marketmover plan approve DIR --by NAME`.")
    with locked(path) as now:
        files = digests_of(now, read_files(now.folder))
        if content is not None and files["plan.json"] != content:
            raise ConflictError("The plan was changed since it was read.", "Read it as it stands now.")
        last = approval_of(now)
        if last is not None and (last.files, last.may_start) == (files, may_start) and not set_by_hand(now):
            raise ConflictError(
                f"{last.who} approved this plan on {last.at:%Y-%m-%d %H:%M} UTC already.",
                "Nothing is left to approve: publish it.",
            )
        if last is not None and last.files != files and was_published(now):
            raise ConflictError(
                "The plan is published, and its files were changed since it was approved.",
                "Put the approved files back. What runs is changed by `marketmover plan apply`.",
            )
        return record(now, "approve", author, {"files": files, "may_start": may_start})


def digests_of(now: InForce, files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of the plan and of what would be sent for it, by file.

    Raises:
        ConflictError: The plan was replaced since it was read.
    """
    if parse_plan(files.get("plan.json", b""), now.folder / "plan.json").digest != now.plan.digest:
        raise ConflictError(f"{now.folder / 'plan.json'} was replaced just now.", "Do the same again.")
    return {name: hashlib.sha256(read).hexdigest() for name, read in files.items()}


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
    told = [entry for entry in LogEntry.read_all(now.folder) if entry.kind in {"publish", "abandon"}]
    return bool(told) and (told[-1].kind == "publish" or bool(told[-1].lines))


def started_on(now: InForce) -> frozenset[str]:
    """The platforms on which what the plan made anew was switched on: they may be published to one by one."""
    lines: set[str] = set()
    for entry in LogEntry.read_all(now.folder):
        if entry.kind == "start":
            lines |= entry.lines.keys()
        elif entry.kind == "abandon":
            lines &= entry.lines.keys()
    return frozenset(line.platform for line in now.plan.lines if line.id in lines)


def check_approved(now: InForce, files: Mapping[str, bytes]) -> LogEntry:
    """The approval under which a plan may be published.

    Args:
        now: The plan.
        files: What would be sent, as `read_files` read it.

    Raises:
        ConflictError: It is not approved, or its files or what is in force were changed since.
    """
    approval = approval_of(now)
    how = f"approve it (`marketmover plan approve {now.folder} --by NAME`)"
    if approval is None:
        raise ConflictError(f"The plan in {now.folder} is not approved.", f"Read it, then {how}.")
    found = digests_of(now, files)
    changed = [name for name in _FILES if found.get(name) != approval.files.get(name)]
    if changed:
        raise ConflictError(
            f"{' and '.join(changed)} in {now.folder} changed since {approval.who} approved the plan on "
            f"{approval.at:%Y-%m-%d}.",
            f"Read what is there now, then {how}.",
        )
    edited = set_by_hand(now)
    if edited:
        raise ConflictError(
            f"state.json in {now.folder} was set by hand since {approval.who} approved the plan: {', '.join(edited)}.",
            f"Put back what was there, or read what is there now and {how}.",
        )
    return approval
