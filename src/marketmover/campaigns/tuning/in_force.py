"""What is in force beside a plan: `state.json`, replaced whole, and `changes.jsonl`, to which entries are only added.

An entry is written before the state that it makes. Whoever is killed in between leaves the former state in force, and
an entry that nothing follows: `state.json` names the entry that made it, and each entry the one before it, so that the
entries which took effect are those on that chain, and no others.
"""

import json
import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from marketmover.campaigns.plan_file import load_plan
from marketmover.campaigns.tuning.changing import changed
from marketmover.errors import ConflictError, InputError, UsageError
from marketmover.kit import days_between, utc_now
from marketmover.plans import Change, Changes, LogEntry, Mode, Plan, State
from marketmover.store import write_together

_STATE, _LOG, _LOCK = "state.json", "changes.jsonl", ".changes.lock"
_CHANGING = frozenset({"apply", "undo", "rollback"})
FIRST = "plan"
"""What the plan's own budgets are called among the entries of the log."""

_OTHER = "Apply them to the plan that they were made for, or tune this one."


class PlanBusyError(ConflictError):
    """Another process is changing a plan's folder; it is to be tried again."""


@dataclass(frozen=True)
class InForce:
    """A plan, what of it is in force, and the entries that took effect, oldest first.

    `log` holds those that changed what is in force, `life` approvals and publishing as well, and `unused`
    counts all others.
    """

    folder: Path
    plan: Plan
    state: State
    log: tuple[LogEntry, ...]
    unused: int = 0
    life: tuple[LogEntry, ...] = ()

    @classmethod
    def read(cls, path: Path) -> "InForce":
        """What is in force in a plan's folder (or beside its `plan.json`).

        Raises:
            NotFoundError, InputError: The plan, its state or its log cannot be read; the message names the place.
        """
        plan, folder = load_plan(path), path if path.is_dir() else path.parent
        state = State.read(folder) or State()
        own = {line.id: line.daily_budget for line in plan.lines}
        state = state.model_copy(update={"daily_budgets": own | state.daily_budgets})
        entries = LogEntry.read_all(folder)
        effective = state.made_by(entries)
        changing = tuple(entry for entry in effective if entry.kind in _CHANGING)
        return cls(folder, plan, state, changing, len(entries) - len(effective), effective)

    def standing(self) -> list[LogEntry]:
        """Entries that still stand, oldest first: those that were undone or rolled back are left out."""
        stack: list[LogEntry] = []
        at: dict[str, list[LogEntry]] = {FIRST: []}
        for entry in self.log:
            if entry.kind == "apply":
                stack = [*stack, entry]
            elif entry.kind == "undo":
                stack = stack[:-1]
            else:
                stack = at.get(entry.target or FIRST, [])
            at[entry.id] = stack
        return stack

    @property
    def as_composed(self) -> State:
        """The plan's own budgets."""
        return State(daily_budgets={line.id: line.daily_budget for line in self.plan.lines})


Carry = Callable[[InForce, LogEntry], Callable[[], None]]
"""Carries an entry to the platforms before it comes into force, and raises where they did not take it.

What it returns is called once the entry is in force.
"""


def _nowhere(_now: InForce, _entry: LogEntry) -> Callable[[], None]:
    """For plans that are not published."""
    return lambda: None


@dataclass(frozen=True)
class Author:
    """Who changes what is in force, how, and why."""

    who: str
    mode: Mode = "approve"
    why: str = ""


def apply_changes(
    path: Path, changes: Changes, author: Author, *, dry_run: bool = False, carry: Carry = _nowhere
) -> State:
    """Put changes into force, all or none; says what is then in force.

    They count from the day after they were made for, or after the day since which the present state is in force, where
    that is later (after an undo): the day of what is in force never goes back.

    Raises:
        ConflictError: They were made for another plan or another state than the one in force, or they are in force.
        InputError: A line is not the plan's, or a value cannot be.
        UsageError: There is nothing to change.
    """
    if not changes.changes:
        raise UsageError(f"There is nothing to put into force: as of {changes.as_of} no change was advised.")
    with locked(path) as now:
        _check_meant(now, changes)
        day = max(changes.as_of, now.state.as_of or changes.as_of)
        after = changed(now.plan, now.state, changes).model_copy(update={"as_of": day})
        if dry_run:
            return after
        return _put(now, _entry(now, "apply", after, author, changes.changes, as_of=day), carry)


def _check_meant(now: InForce, changes: Changes) -> None:
    """Whether changes are this plan's, and not in force yet."""
    plan, money = now.plan, changes.money
    if money is not None and (money.currency, money.total) != (plan.currency, plan.total_budget):
        raise ConflictError(
            f"The changes were made for a plan of {money.total:,.2f} {money.currency}, and {now.folder} is one of "
            f"{plan.total_budget:,.2f} {plan.currency}.",
            _OTHER,
        )
    if changes.as_of > plan.end_date or (money is not None and money.days_left != _days_left(plan, changes.as_of)):
        raise ConflictError(
            f"The changes, as of {changes.as_of}, were made for other dates than those of the plan in {now.folder}, "
            f"{plan.start_date} to {plan.end_date}.",
            _OTHER,
        )
    for entry in now.standing():
        if entry.as_of >= changes.as_of and entry.changes == changes.changes:
            raise ConflictError(f"These changes are in force already, as {entry.id}.", "Tune anew.")


def _days_left(plan: Plan, as_of: date) -> int:
    return max(days_between(max(as_of + timedelta(1), plan.start_date), plan.end_date), 0)


def undo(
    path: Path,
    author: Author,
    *,
    as_of: date | None = None,
    last: str | None = None,
    dry_run: bool = False,
    carry: Carry = _nowhere,
) -> State:
    """Take back the last entry that stands.

    Args:
        path: The plan's folder.
        author: Who does it.
        as_of: The last day on which it was in force; by default today.
        last: The entry that is meant: nothing is taken back where another was made since.
        dry_run: Only say what would be in force.
        carry: Carries it to the platforms first.

    Raises:
        UsageError: There is none.
        ConflictError: What is in force was changed by hand since, or another entry is the last.
    """
    with locked(path) as now:
        standing = now.standing()
        if not standing:
            raise UsageError(f"Nothing in {now.folder} can be undone: the plan's own budgets are in force.")
        _check_by_log(now)
        entry = standing[-1]
        if last is not None and entry.id != last:
            raise ConflictError(
                f"{last} is not the last change any more: {entry.id} by {entry.who} is.",
                "Take that one back first, or go back to an earlier state.",
            )
        after = entry.before
        day = _day(now, as_of)
        if dry_run:
            return after
        after = after.model_copy(update={"as_of": day})
        return _put(now, _entry(now, "undo", after, author, as_of=day, target=entry.id), carry)


def _check_by_log(now: InForce) -> None:
    """Whether what is in force is what the log's last entry made."""
    made = now.log[-1].after
    if any(getattr(made, name) != getattr(now.state, name) for name in ("daily_budgets", "paused", "settings")):
        raise ConflictError(
            f"{now.folder / _STATE} was changed by hand after {now.log[-1].id}, which undoing would take back, too.",
            f"Name the state to go back to: `marketmover plan rollback --to`, for example {now.log[-1].id}.",
        )


def roll_back(
    path: Path, to: str, author: Author, *, as_of: date | None = None, dry_run: bool = False, carry: Carry = _nowhere
) -> State:
    """Go back to the state that an entry made, also one that was undone since; `plan` is the plan as it was composed.

    Args:
        path: The plan's folder.
        to: The entry.
        author: Who does it.
        as_of: The last day on which what is in force now was so; by default today.
        dry_run: Only say what would be in force.
        carry: Carries it to the platforms first.

    Raises:
        UsageError: No entry has this id.
    """
    with locked(path) as now:
        states = {FIRST: now.as_composed, **{entry.id: entry.after for entry in now.log}}
        if to not in states:
            raise UsageError(f"No state of {now.folder} is called {to!r}.", f"Choose one of {', '.join(states)}.")
        day = _day(now, as_of)
        if dry_run:
            return states[to]
        after = states[to].model_copy(update={"as_of": day})
        return _put(now, _entry(now, "rollback", after, author, as_of=day, target=to), carry)


def _day(now: InForce, asked: date | None) -> date:
    """The last day of what is in force now: today, or of a plan that does not run today the last day known."""
    since = now.state.as_of or now.plan.start_date - timedelta(1)
    if asked is not None:
        if asked < since:
            raise UsageError(
                f"What is in force in {now.folder} is so since {since}, after {asked}.", "Name a later day."
            )
        if asked > now.plan.end_date:
            raise UsageError(
                f"The plan in {now.folder} ends on {now.plan.end_date}, before {asked}.", "Name a day of it."
            )
        return asked
    today = utc_now().date()
    return max(since, today) if today <= now.plan.end_date else since


def record(
    now: InForce,
    kind: Literal["approve", "publish", "start", "abandon"],
    author: Author,
    facts: Mapping[str, Any],
) -> LogEntry:
    """Write into a plan's log what leaves the state in force as it is.

    Args:
        now: The plan, as `locked` gave it.
        kind: What was done.
        author: Who did it.
        facts: The entry's `files`, `may_start` or `lines`, and the state's `waits_until` where that changes.
    """
    since = now.state.as_of or now.plan.start_date - timedelta(1)
    entry = _entry(now, kind, now.state, author, as_of=since)
    own = {name: value for name, value in facts.items() if name != "waits_until"}
    after = entry.after.model_copy(update={"waits_until": facts.get("waits_until", now.state.waits_until)})
    entry = entry.model_copy(update={**own, "after": after})
    _come_into_force(now, entry)
    return entry


def _put(now: InForce, entry: LogEntry, carry: Carry) -> State:
    """Carry an entry to the platforms, then let it come into force."""
    finish = carry(now, entry)
    _come_into_force(now, entry)
    finish()
    return entry.after


def _entry(
    now: InForce,
    kind: Any,
    after: State,
    author: Author,
    made: Sequence[Change] = (),
    *,
    as_of: date,
    target: str | None = None,
) -> LogEntry:
    name = f"c{len(LogEntry.read_all(now.folder)) + 1}"
    return LogEntry(
        id=name, kind=kind, at=utc_now(), who=author.who, mode=author.mode, why=author.why, as_of=as_of,
        follows=now.state.change_id, target=target, changes=list(made), before=now.state,
        after=after.model_copy(update={"change_id": name, "waits_until": now.state.waits_until}),
    )  # fmt: skip


def _come_into_force(now: InForce, entry: LogEntry) -> None:
    """Add the entry, then replace the state."""
    _append(now.folder / _LOG, entry)
    text = json.dumps(entry.after.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"
    write_together(now.folder, {_STATE: text}, "What is in force")


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


@contextmanager
def locked(path: Path) -> Generator[InForce]:
    """What is in force in a plan's folder, and nobody else changes it meanwhile, where the system can lock files.

    Raises:
        PlanBusyError: Another process is changing it.
    """
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
            raise PlanBusyError(f"Another process is changing {folder}.", "Try again when it is done.") from error
        yield InForce.read(path)
