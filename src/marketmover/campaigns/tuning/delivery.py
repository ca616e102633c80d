"""Changes delivered: written, shown, and put into force as far as the mode allows."""

import getpass
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast, get_args

from marketmover.campaigns.compose.loading import load_limits
from marketmover.campaigns.compose.words import amount, money
from marketmover.campaigns.tuning.effects import Effect, effects_of, in_json
from marketmover.campaigns.tuning.in_force import Author, InForce, apply_changes
from marketmover.campaigns.tuning.known import Known, load_known
from marketmover.campaigns.tuning.service import tune
from marketmover.campaigns.tuning.words import spread, surely
from marketmover.console import Progress, Table, print_json, print_table, print_text, say
from marketmover.errors import UsageError
from marketmover.kit import coin_of, counted
from marketmover.plans import Change, Changes, LogEntry, Mode, Plan, State
from marketmover.store import write_together

if TYPE_CHECKING:
    from marketmover.store import StoreOpener

_ACTIONS = {
    "set_daily_budget": "daily budget",
    "pause": "pause",
    "resume": "resume",
    "set_bidding": "bidding",
    "set_audience": "audience",
    "rotate_creative": "new ads",
}


def asked_mode(text: str, *, yes: bool) -> Mode:
    """A mode as a person names it.

    Raises:
        UsageError: It is none.
    """
    modes = [mode for mode in get_args(Mode) if mode != "by_hand"]
    if text not in modes:
        raise UsageError(f"--mode {text} is not known.", f"Choose one of {', '.join(modes)}.")
    if yes and text != "approve":
        raise UsageError("--yes approves changes, which needs --mode approve.", "Leave one of them out.")
    return cast("Mode", text)


def author(who: str | None, why: str, mode: Mode = "approve") -> Author:
    """Who changes something, by name."""
    return Author(who or _user(), mode, why)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a process without a user name, as in some containers
        return "unknown"


class Carrier(Protocol):
    """Carries what comes into force to the platforms, and says what became of it there."""

    notes: list[str]

    def __call__(self, now: InForce, entry: LogEntry, /) -> Callable[[], None]:
        """Send an entry; see `Carry`."""
        ...

    @property
    def words(self) -> str:
        """What became of it on the platforms."""
        ...


@dataclass(frozen=True)
class Delivery:
    """Changes that were written, and the plan that they are for."""

    folder: Path
    plan: Plan
    changes: Changes
    file: Path

    def present(self, *, as_json: bool) -> None:
        """Show the changes."""
        if as_json:
            print_text(changes_json(self.changes).rstrip())
        else:
            _show(self.changes, self.plan)
        say(f"changes: {self.file}")

    def put_into_force(
        self, mode: Mode, carrier: "Carrier", *, yes: bool, who: str | None = None, why: str = ""
    ) -> None:
        """Apply what the mode allows: nothing, all after a yes, or what rails ask for."""
        if mode == "advise" or not self.changes.changes:
            return
        if mode == "automatic":
            self._by_rails(carrier)
        elif yes or _confirmed(len(self.changes.changes)):
            state = apply_changes(self.folder, self.changes, author(who, why or "tune", "approve"), carry=carrier)
            _say_in_force(f"In force as {state.change_id}", carrier)
            warn_of(self.changes, state)
        else:
            say("Nothing was changed.")

    def _by_rails(self, carrier: "Carrier") -> None:
        railed = [one for one in self.changes.changes if one.rail is not None]
        rest = len(self.changes.changes) - len(railed)
        if railed:
            taken = self.changes.model_copy(update={"changes": railed})
            state = apply_changes(
                self.folder, taken, author("marketmover", "within the rails", "automatic"), carry=carrier
            )
            told = f"{counted(len(railed), 'change')} within the rails, in force as {state.change_id}"
            _say_in_force(told, carrier)
        if rest:
            say(f"{counted(rest, 'change')} of {self.file.name} wait for approval: `marketmover plan apply`.")


def deliver(
    opener: "StoreOpener",
    folder: Path,
    exports: tuple[Path, Path],
    out: Path,
    *,
    as_of: date | None,
    limits: Path | None,
    progress: Progress,
) -> Delivery:
    """Tune a plan from its folder and write the changes.

    Raises:
        NotFoundError, InputError: The plan, the exports or the limits cannot be read, or `out` cannot be written.
    """
    now = InForce.read(folder)
    wishes = load_limits(limits) if limits else None
    known = _known(opener, now, exports, as_of, progress)
    progress(0.7, "learning from the live days")
    found = tune(now, known, as_of=as_of, limits=wishes)
    write_together(out.parent, {out.name: changes_json(found)}, "The changes")
    return Delivery(now.folder, now.plan, found, out)


def _known(
    opener: "StoreOpener", now: InForce, exports: tuple[Path, Path], as_of: date | None, progress: Progress
) -> Known:
    return load_known(opener, now.plan, exports, as_of=as_of, progress=lambda share, step: progress(0.7 * share, step))


def changes_json(changes: Changes) -> str:
    """The changes in the contract's form."""
    return json.dumps(changes.model_dump(mode="json", by_alias=True), indent=2, ensure_ascii=False) + "\n"


def measured(
    opener: "StoreOpener", folder: Path, exports: tuple[Path, Path], *, as_of: date | None, progress: Progress
) -> list[Effect]:
    """What each change of a plan earned."""
    now = InForce.read(folder)
    known = _known(opener, now, exports, as_of, progress)
    progress(0.7, "measuring")
    return effects_of(now, known)


def _confirmed(count: int) -> bool:
    """Whether a person on a terminal says yes.

    Raises:
        UsageError: There is no terminal to ask on.
    """
    if not sys.stdin.isatty():
        raise UsageError("There is no terminal to ask on.", "Add --yes, or apply later: `marketmover plan apply`.")
    say(f"Put {counted(count, 'change')} into force? [y/N]")
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _say_in_force(told: str, carrier: "Carrier") -> None:
    say(f"{told}: {carrier.words}")
    for note in carrier.notes:
        say(f"Mind: {note}")


def _show(changes: Changes, plan: Plan) -> None:
    standing = changes.money
    if standing is not None:
        left, spent = (money(one, standing.currency) for one in (standing.left, standing.spent))
        print_text(f"As of {changes.as_of}: {spent} spent, {left} left for {counted(standing.days_left, 'day')}.")
    if changes.expected_gain is not None and changes.confidence is not None:
        gain = changes.expected_gain
        mid = amount(abs(gain.mid), gain.metric, plan.currency)
        ends = spread(gain.low, gain.high, gain.metric, plan.currency)
        much = f"{mid} {'more' if gain.mid >= 0 else 'less'} ({ends})"
        print_text(f"All changes together: {much}, {surely(changes.confidence)} sure of a gain.")
    for note in changes.notes:
        print_text(f"Mind: {note}")
    names = {line.id: line.name or line.id for line in plan.lines}
    for change in changes.changes:
        print_text(f"{names.get(change.line_id, change.line_id)}: {_said(change, plan.currency)}\n  {change.reason}")
    for held in changes.held:
        print_text(f"{names.get(held.line_id, held.line_id)}: as it is. {held.reason[:1].upper()}{held.reason[1:]}")


def _said(change: Change, currency: str) -> str:
    what = _ACTIONS[change.action]
    if change.action != "set_daily_budget":
        return what
    return f"{what} {money(float(change.before or 0.0), currency)} to {money(float(change.to), currency)}"


def show_state(before: InForce, state: State, *, as_json: bool, dry_run: bool, sent: str) -> None:
    """What is in force, or would be, beside what was; `sent` says what became of it on the platforms."""
    if as_json:
        print_json(state)
        return
    currency = before.plan.currency
    names = {line.id: line.name or line.id for line in before.plan.lines}
    rows: list[Sequence[str]] = []
    for line in state.daily_budgets:
        was, now = (_as_it_runs(one, line, currency) for one in (before.state, state))
        settings = state.settings.get(line, {})
        set_anew = [name for name, value in settings.items() if value != before.state.settings.get(line, {}).get(name)]
        rows.append([names.get(line, line), was, now, ", ".join(f"new {name}" for name in set_anew)])
    print_table(Table("", ["line", "a day before", "a day now", ""], rows, frozenset({"a day before", "a day now"})))
    say("Nothing was changed (--dry-run)." if dry_run else f"In force as {state.change_id}: {sent}")


def _as_it_runs(state: State, line: str, currency: str) -> str:
    """A line's daily budget, or that it is paused."""
    return "paused" if line in state.paused else money(state.daily_budgets.get(line, 0.0), currency)


def warn_of(made: Changes, state: State) -> None:
    """What a person should know of changes that are in force now: that they count later, or cost more than is left."""
    late = 0 if state.as_of is None else (state.as_of - made.as_of).days
    if late > 0:
        say(
            f"Mind: these changes are as of {made.as_of}, and what was in force before them dates from {state.as_of}: "
            f"they count from the day after that. Their sum is {counted(late, 'day')} old; tune anew for a fresh one."
        )
    if made.money is None:
        return
    days = made.money.days_left - max(late, 0)
    daily = sum(amount for line, amount in state.daily_budgets.items() if line not in state.paused)
    coin = coin_of(made.money.currency) / 100.0
    if daily * days > made.money.left + coin * days * len(state.daily_budgets) + coin:
        whole, left = (money(one, made.money.currency) for one in (daily * days, made.money.left))
        say(
            f"Mind: these daily budgets come to {whole} over the {counted(days, 'day')} left, and {left} was left on "
            f"{made.as_of}: more than the plan has would be spent."
        )


def show_log(now: InForce, *, as_json: bool) -> None:
    """The entries that took effect, and which still stand."""
    if as_json:
        print_json({"entries": [entry.model_dump(mode="json", by_alias=True) for entry in now.life]})
        return
    standing = {entry.id for entry in now.standing()}
    rows: list[Sequence[str]] = [
        [one.id, one.at.isoformat(timespec="seconds"), one.who, one.mode.replace("_", " "), _what(one),
         counted(len(one.changes), "change") if one.changes else "", str(one.as_of + timedelta(1)),
         "stands" if one.id in standing else "", one.why]
        for one in now.life
    ]  # fmt: skip
    if not rows:
        say("Nothing was changed: the plan's own budgets are in force.")
        return
    print_table(Table("", ["id", "at", "who", "mode", "what", "changes", "counts from", "", "why"], rows))
    if now.unused:
        say(f"{counted(now.unused, 'entry', 'entries')} of changes.jsonl never came into force, or state.json was "
            "replaced since: they are not shown.")  # fmt: skip


def _what(entry: LogEntry) -> str:
    """What an entry did, in a word or two."""
    if entry.kind == "approve" and entry.may_start:
        return "approve, may start"
    waits = entry.after.waits_until if entry.kind == "publish" else None
    return f"publish; running lines on {waits}" if waits else f"{entry.kind} {entry.target or ''}".strip()


def show_effects(found: Sequence[Effect], *, as_json: bool) -> None:
    """What changes earned."""
    if as_json:
        print_json(in_json(found))
        return
    for one in found:
        print_text(one.words)
