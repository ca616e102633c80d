"""A plan that runs (contract: plan): what is to be changed, what is in force, and the log of what was changed."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import AliasChoices, ConfigDict, Field

from marketmover.errors import NotFoundError
from marketmover.plans.base import Form
from marketmover.plans.reading import LOG_FILE, STATE_FILE, read_lines, read_one

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Action = Literal["set_daily_budget", "pause", "resume", "set_bidding", "set_audience", "rotate_creative"]
Mode = Literal["advise", "approve", "automatic", "by_hand"]
"""How something came about: advised alone; a person approved it; nobody was asked; or a person did it."""


class ExpectedGain(Form):
    """What a change is expected to earn over the days that are left: 50th, 10th and 90th percentile of `metric`."""

    metric: str
    mid: float
    low: float
    high: float


class Change(Form):
    """One change of a line. `before` and `to` are daily budgets, or a setting in the form of a plan's line.

    `confidence` is the probability that it is for the better. `rail` names the rail that calls for it, where one does:
    such a change may be made without asking. `trial` says that a paused line is resumed to find out whether it is well
    again; what a person resumes is none.
    """

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)

    line_id: str
    action: Action
    before: Any = Field(default=None, validation_alias=AliasChoices("from", "before"), serialization_alias="from")
    to: Any = None
    reason: str
    expected_gain: ExpectedGain | None = None
    confidence: float = Field(default=1.0, ge=0, le=1)
    rail: Literal["pace", "cost"] | None = None
    trial: bool = False


class Held(Form):
    """A line that is left as it is, and why."""

    line_id: str
    reason: str


class RemainingMoney(Form):
    """Where a plan's money stands: `left` is the budget less what was spent, for `days_left` days.

    `unplaced` is what of it no line may take within its largest step, and that stays unspent for now.
    """

    currency: str
    total: float
    spent: float
    left: float
    days_left: int
    unplaced: float = 0.0


class Changes(Form):
    """What `marketmover tune` writes; `new_lines` are the platforms' ids of the plan's new lines, by the plan's."""

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)

    as_of: date
    changes: list[Change]
    held: list[Held] = []
    simulated: bool = False
    money: RemainingMoney | None = None
    expected_gain: ExpectedGain | None = None
    confidence: float | None = None
    notes: list[str] = []
    new_lines: dict[str, str] = {}

    @classmethod
    def read(cls, file: "Path") -> "Changes":
        """The changes that a file holds.

        Raises:
            NotFoundError: There is no such file.
            InputError: It holds something else; the message names the place in it.
        """
        remedy = "Name a file that `marketmover tune --out` wrote."
        found = read_one(cls, file, what="holds no changes", remedy=remedy)
        if found is None:
            raise NotFoundError(f"There is no file {file}.", remedy)
        return found


class State(Form):
    """What is in force: `state.json`.

    `change_id` is the entry of the change log that made it; `settings` holds what was changed beside budgets, by line.
    `waits_until` is the day on which running lines of a published plan change, while that is still to come.
    """

    model_config = ConfigDict(extra="allow", allow_inf_nan=False)

    as_of: date | None = None
    daily_budgets: dict[str, float] = {}
    paused: list[str] = []
    change_id: str | None = None
    settings: dict[str, dict[str, Any]] = {}
    waits_until: date | None = None

    @classmethod
    def read(cls, folder: "Path") -> "State | None":
        """The `state.json` of a plan's folder; `None` where the plan's own budgets are in force.

        Raises:
            InputError: It cannot be read; the message names the place in it.
        """
        remedy = "Mend it, or take it away: without it the plan's own budgets are in force."
        return read_one(cls, folder / STATE_FILE, what="cannot be read", remedy=remedy)

    def made_by(self, entries: "Sequence[LogEntry]") -> "tuple[LogEntry, ...]":
        """The entries of a log that lead to this state, oldest first; all others never took effect."""
        by_id = {entry.id: entry for entry in entries}
        chain: list[LogEntry] = []
        name = self.change_id
        while name is not None and name in by_id and len(chain) <= len(entries):
            chain.append(by_id[name])
            name = chain[-1].follows
        return tuple(reversed(chain))


class LogEntry(Form):
    """One line of `changes.jsonl`. `follows` is the entry that was in force before, `after` the state that it makes.

    `approve`, `publish`, `start` and `abandon` leave what is in force as it is. `files` are the SHA-256 digests of the
    files that were approved, by name; `may_start` says that the approval holds for switching on what is made, too.
    `lines` are the platforms' ids of what was published (after `abandon`: of what still is), by the plan's.
    """

    id: str
    kind: Literal["apply", "undo", "rollback", "approve", "publish", "start", "abandon"]
    at: datetime
    who: str
    mode: Mode
    why: str
    as_of: date
    follows: str | None
    target: str | None = None
    changes: list[Change] = []
    files: dict[str, str] = {}
    may_start: bool = False
    lines: dict[str, str] = {}
    before: State
    after: State

    @classmethod
    def read_all(cls, folder: "Path") -> "list[LogEntry]":
        """The `changes.jsonl` of a plan's folder, oldest first; a last line that was never finished is no entry.

        Raises:
            InputError: It cannot be read; the message names the line.
        """
        return read_lines(cls, folder / LOG_FILE)
