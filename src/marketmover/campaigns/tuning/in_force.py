"""What is in force beside a plan: `state.json`, replaced whole, and `changes.jsonl`, to which entries are only added.

An entry is written before the state that it makes. Whoever is killed in between leaves the former state in force, and
an entry that nothing follows: `state.json` names the entry that made it, and each entry the one before it, so that the
entries which took effect are those on that chain, and no others.
"""

import json
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from marketmover.campaigns.plan_file import load_plan
from marketmover.campaigns.tuning.changing import changed
from marketmover.errors import ConflictError, InputError, NotFoundError, UsageError
from marketmover.kit import utc_now
from marketmover.plans import Change, Changes, LogEntry, Mode, Plan, State
from marketmover.store import write_together

_STATE, _LOG, _LOCK = "state.json", "changes.jsonl", ".changes.lock"
FIRST = "plan"
"""What the plan's own budgets are called among the entries of the log."""


@dataclass(frozen=True)
class InForce:
    """A plan, what of it is in force, and the entries that took effect, oldest first."""

    folder: Path
    plan: Plan
    state: State
    log: tuple[LogEntry, ...]

    @classmethod
    def read(cls, path: Path) -> "InForce":
        """What is in force in a plan's folder (or beside its `plan.json`).

        Raises:
            NotFoundError, InputError: The plan, its state or its log cannot be read; the message names the place.
        """
        plan, folder = load_plan(path), path if path.is_dir() else path.parent
        state = _read_state(folder / _STATE) or State()
        own = {line.id: line.daily_budget for line in plan.lines}
        state = state.model_copy(update={"daily_budgets": own | state.daily_budgets})
        return cls(folder, plan, state, _effective(_read_log(folder / _LOG), state))

    def standing(self) -> list[LogEntry]:
        """Entries that still stand, oldest first: those that were undone or rolled back are left out."""
        stack: list[LogEntry] = []
        for entry in self.log:
            if entry.kind == "apply":
                stack.append(entry)
            elif entry.kind == "undo":
                stack = stack[:-1]
            else:
                ids = [one.id for one in stack]
                stack = stack[: ids.index(entry.target) + 1] if entry.target in ids else []
        return stack


@dataclass(frozen=True)
class Author:
    """Who changes what is in force, how, and why."""

    who: str
    mode: Mode = "approve"
    why: str = ""


def apply_changes(path: Path, changes: Changes, author: Author, *, dry_run: bool = False) -> State:
    """Put changes into force, all or none; says what is then in force.

    Raises:
        ConflictError: They were made for another state than the one in force.
        InputError: A line is not the plan's, or a value cannot be.
    """
    with _locked(path) as now:
        after = changed(now.plan, now.state, changes)
        return after if dry_run else _write(now, "apply", after, author, changes.changes, as_of=changes.as_of)


def undo(path: Path, author: Author, *, dry_run: bool = False) -> State:
    """Take back the last entry that stands.

    Raises:
        UsageError: There is none.
    """
    with _locked(path) as now:
        standing = now.standing()
        if not standing:
            raise UsageError(f"Nothing in {now.folder} can be undone: the plan's own budgets are in force.")
        last = standing[-1]
        after = last.before
        return after if dry_run else _write(now, "undo", after, author, as_of=_today(now), target=last.id)


def roll_back(path: Path, to: str, author: Author, *, dry_run: bool = False) -> State:
    """Go back to the state that an entry made; `plan` is the plan as it was composed.

    Raises:
        UsageError: No entry that stands has this id.
    """
    with _locked(path) as now:
        standing = now.standing()
        found = [entry.after for entry in standing if entry.id == to]
        if to == FIRST:
            found = [standing[0].before if standing else now.state]
        if not found:
            known = ", ".join([FIRST, *(entry.id for entry in standing)])
            raise UsageError(f"No state of {now.folder} is called {to!r}.", f"Choose one of {known}.")
        return found[0] if dry_run else _write(now, "rollback", found[0], author, as_of=_today(now), target=to)


def _today(now: InForce) -> date:
    return max(filter(None, [now.state.as_of, utc_now().date()]))


def _write(
    now: InForce,
    kind: Any,
    after: State,
    author: Author,
    made: Sequence[Change] = (),
    *,
    as_of: date,
    target: str | None = None,
) -> State:
    """Add the entry, then replace the state."""
    entries = _read_log(now.folder / _LOG)
    name = f"c{len(entries) + 1}"
    after = after.model_copy(update={"as_of": as_of, "change_id": name})
    entry = LogEntry(
        id=name, kind=kind, at=utc_now(), who=author.who, mode=author.mode, why=author.why, as_of=as_of,
        follows=now.state.change_id, target=target, changes=list(made), before=now.state, after=after,
    )  # fmt: skip
    _append(now.folder / _LOG, entry)
    text = json.dumps(after.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"
    write_together(now.folder, {_STATE: text}, "What is in force")
    return after


def _append(path: Path, entry: LogEntry) -> None:
    """Add a line; what a killed process left of one is taken off first."""
    line = json.dumps(entry.model_dump(mode="json", by_alias=True), ensure_ascii=False) + "\n"
    try:
        with path.open("ab+") as handle:
            handle.seek(0)
            whole = handle.read().rfind(b"\n") + 1
            handle.truncate(whole)
            handle.seek(0, os.SEEK_END)
            handle.write(line.encode())
            handle.flush()
            os.fsync(handle.fileno())
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}.", "Make the plan's folder writable.") from error


def _read_state(path: Path) -> State | None:
    remedy = "Mend it, or take it away: without it the plan's own budgets are in force."
    try:
        return State.model_validate(json.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} cannot be read: {_fault(error)}.", remedy) from error


def _read_log(path: Path) -> list[LogEntry]:
    """All entries; a last line that was never finished is none."""
    try:
        text = path.read_bytes().decode()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}.", "Restore it from a backup.") from error
    entries: list[LogEntry] = []
    for number, line in enumerate(text[: text.rfind("\n") + 1].splitlines(), start=1):
        try:
            entries.append(LogEntry.model_validate(json.loads(line)))
        except (ValueError, RecursionError) as error:
            raise InputError(f"{path}, line {number}: {_fault(error)}.", "Restore it from a backup.") from error
    return entries


def read_changes(path: Path) -> Changes:
    """The changes that `marketmover tune` wrote.

    Raises:
        NotFoundError: There is no such file.
        InputError: It is something else; the message names the place in it.
    """
    remedy = "Name a file that `marketmover tune --out` wrote."
    try:
        return Changes.model_validate(json.loads(path.read_text(encoding="utf-8-sig")))
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.", remedy) from error
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path} holds no changes: {_fault(error)}.", remedy) from error


def _fault(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc']) or 'the whole file'}: {first['msg']}"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _effective(entries: Sequence[LogEntry], state: State) -> tuple[LogEntry, ...]:
    """The entries on the chain that leads to the state."""
    by_id = {entry.id: entry for entry in entries}
    chain: list[LogEntry] = []
    name = state.change_id
    while name is not None and name in by_id and len(chain) <= len(entries):
        chain.append(by_id[name])
        name = chain[-1].follows
    return tuple(reversed(chain))


@contextmanager
def _locked(path: Path) -> Generator[InForce]:
    """One writer at a time in a plan's folder, where the system can lock files."""
    folder = path if path.is_dir() else path.parent
    load_plan(path)
    try:
        import fcntl
    except ImportError:  # a system without file locks: writers must not run side by side
        yield InForce.read(path)
        return
    try:
        handle = (folder / _LOCK).open("w")
    except OSError as error:
        raise InputError(f"{folder} cannot be written to: {error.strerror}.", "Make the folder writable.") from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ConflictError(f"Another process is changing {folder}.", "Try again when it is done.") from error
        yield InForce.read(path)
