"""The ledger: what was to be sent for a plan and what became of it, written down before and after each call.

Each writing is a transaction of its own, since it must be on disk before the platform is called: whoever is killed
in between leaves a step in `sending`, and the next one asks the platform what became of it before anything is sent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from marketmover.campaigns.publishing.platform import Step
from marketmover.kit import new_id, utc_now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketmover.campaigns.publishing.records import SendingRow, StepRow
    from marketmover.jobs import JobRun
    from marketmover.store import Records

OPEN, WAITING, ALL_BACK, GIVEN_UP = "open", "waiting", "taken_back", "given_up"
_MAY_BE_THERE = frozenset({"sent", "found", "sending", "unknown"})
LONGEST_NAME = 255
"""Characters of a name that the records take."""


@dataclass(frozen=True)
class Key:
    """What makes a sending one and the same on each try."""

    plan_digest: str
    platform: str
    account: str
    request_digest: str


@dataclass
class StepState:
    """What became of a step, as it was last written down; `tries` since a person was last told that it may be there."""

    ref: str
    state: str
    what: str
    creates: bool
    tries: int = 0
    ids: dict[str, str] = field(default_factory=dict[str, str])
    words: str = ""

    @property
    def is_there(self) -> bool:
        """Whether it is surely done, sent by this home or found by its mark."""
        return self.state in {"sent", "found"}

    @property
    def may_be_there(self) -> bool:
        """Whether something of it may be on the platform."""
        return self.state in _MAY_BE_THERE


@dataclass
class Sending:
    """One request of a plan for one account, and its steps by reference in the order of sending.

    `due` is the day on which it changes running lines, where it waits or has waited for one.
    """

    id: str
    key: Key
    kind: str
    about: str
    who: str
    state: str
    begun_at: datetime
    request: dict[str, Any]
    before: dict[str, Any]
    steps: dict[str, StepState]
    due: date | None = None

    @property
    def made(self) -> dict[str, str]:
        """The platform's ids by reference, of all that is there."""
        return {ref: known for step in self.steps.values() if step.is_there for ref, known in step.ids.items()}


class Ledger:
    """What was sent for the plans of a workspace.

    Args:
        records: Where it is written.
        now: The clock.

    Attributes:
        run: Holds the plan while something is sent for it; whoever was away for too long sends nothing more.
    """

    def __init__(self, records: "Records", now: Callable[[], datetime] = utc_now) -> None:
        self.records = records
        self.now = now
        self.run: JobRun | None = None

    def begin(
        self, key: Key, kind: str, about: str, who: str, request: Mapping[str, Any], before: Mapping[str, Any]
    ) -> Sending:
        """Open a sending, or the same one again: one that was taken back starts anew, one that is done stays done.

        Of one that was given up, what may still be there is looked for before it is sent.

        Args:
            key: Which it is.
            kind: `publish`, `start`, or the kind of change.
            about: The entry of the plan's log that it is for, where there is one.
            who: Who asks for it.
            request: What is sent, so that whoever comes after a crash needs no file.
            before: What the platform has now, by line; of a sending that is open the first such stays.
        """
        from marketmover.campaigns.publishing.records import SendingRow

        who = who[:LONGEST_NAME]
        with self.records.session() as session:
            row = self._row(session, key)
            if row is None:
                row = SendingRow(
                    workspace_id=self.records.workspace, id=new_id(), plan_digest=key.plan_digest,
                    platform=key.platform, account=key.account, request_digest=key.request_digest, kind=kind,
                    about=about, who=who, state=OPEN, begun_at=self.now(), ended_at=None, request=dict(request),
                    before=dict(before), due=None, folder=None,
                )  # fmt: skip
                session.add(row)
            elif row.state in {ALL_BACK, GIVEN_UP}:
                row.state, row.who, row.begun_at, row.ended_at, row.due = OPEN, who, self.now(), None, None
                row.before = {**before}
                self._forget_steps(session, row)
            if row.state == OPEN:
                row.about = about
            session.flush()
            return self._sending(session, row)

    def plan(self, sending: Sending, steps: Sequence[Step]) -> None:
        """Write down the steps that are to be done, before the first; those that are known stay as they are."""
        from marketmover.campaigns.publishing.records import StepRow

        fresh = [(at, step) for at, step in enumerate(steps) if step.ref not in sending.steps]
        with self.records.session() as session:
            for at, step in fresh:
                row = StepRow(
                    workspace_id=self.records.workspace, sending_id=sending.id, ref=step.ref, position=at,
                    state="checked", what=step.what, creates=step.creates, tries=0, changed_at=self.now(), ids={},
                    words="",
                )  # fmt: skip
                session.add(row)
        for _, step in fresh:
            sending.steps[step.ref] = StepState(step.ref, "checked", step.what, step.creates)

    def mark(
        self, sending: Sending, ref: str, state: str, *, ids: Mapping[str, str] | None = None, words: str = ""
    ) -> None:
        """Write down what became of a step; it is on disk when this returns.

        Raises:
            LeaseLostError: It is to be sent, and another process sends for the plan by now.
        """
        from marketmover.campaigns.publishing.records import StepRow

        step = sending.steps[ref]
        with self.records.session() as session:
            if self.run is not None and state == "sending":
                self.run.confirm(session)
            row = session.get_one(StepRow, (self.records.workspace, sending.id, ref))
            row.state, row.words, row.changed_at = state, words, self.now()
            row.ids = dict(ids) if ids is not None else row.ids
            row.tries += state == "sending"
            step.tries = row.tries
        step.state, step.words = state, words
        step.ids = dict(ids) if ids is not None else step.ids

    def hold(self, sending: Sending, due: date, folder: str | None = None) -> None:
        """Let a sending wait until a day: what it makes is there, what it changes of running lines is not sent.

        Args:
            sending: Which.
            due: The day.
            folder: The plan's, where it is found then; by default as before.
        """
        self._move(sending, WAITING, due=due, **({} if folder is None else {"folder": folder}))

    def release(self, sending: Sending, before: Mapping[str, Any]) -> None:
        """Go on with a sending that waited.

        Args:
            sending: Which.
            before: What the platform has now, by line: what waited is put back to this where it fails.
        """
        self._move(sending, OPEN, before=dict(before))
        sending.before = dict(before)

    def _move(self, sending: Sending, state: str, **columns: Any) -> None:
        from marketmover.campaigns.publishing.records import SendingRow

        with self.records.session() as session:
            row = session.get_one(SendingRow, (self.records.workspace, sending.id))
            if self.run is not None:
                self.run.confirm(session)
            row.state = state
            for name, value in columns.items():
                setattr(row, name, value)
            sending.due = row.due
        sending.state = state

    def folders_waiting(self) -> list[str]:
        """The folders of plans that wait for their first day, or were cut short on it; the earliest first."""
        from sqlalchemy import select

        from marketmover.campaigns.publishing.records import SendingRow

        chosen = select(SendingRow.folder).where(
            SendingRow.workspace_id == self.records.workspace,
            SendingRow.state.in_((OPEN, WAITING)),
            SendingRow.due.is_not(None),
        )
        with self.records.session(read_only=True) as session:
            found = session.scalars(chosen.order_by(SendingRow.due, SendingRow.begun_at)).all()
            return list(dict.fromkeys(folder for folder in found if folder))

    def folders_settled(self, since: datetime) -> dict[str, str]:
        """The folders of plans of which all that waited was ended since a moment, and the state of the last of it."""
        from sqlalchemy import select

        from marketmover.campaigns.publishing.records import SendingRow

        chosen = select(SendingRow.folder, SendingRow.state).where(
            SendingRow.workspace_id == self.records.workspace, SendingRow.due.is_not(None), SendingRow.ended_at >= since
        )
        with self.records.session(read_only=True) as session:
            found = {folder: state for folder, state in session.execute(chosen.order_by(SendingRow.ended_at)) if folder}
        waiting = self.folders_waiting()
        return {folder: state for folder, state in found.items() if folder not in waiting}

    def close(self, sending: Sending, state: str, *, about: str, who: str, after: Mapping[str, Any]) -> None:
        """End a sending, and write it into the audit log in the same transaction.

        Args:
            sending: Which.
            state: `done`, `taken_back` where nothing of it is left, or `given_up`.
            about: The plan, as the audit log names it.
            who: Who ends it.
            after: What the platform has now.
        """
        from marketmover.access import audit
        from marketmover.campaigns.publishing.records import SendingRow

        with self.records.session() as session:
            row = session.get_one(SendingRow, (self.records.workspace, sending.id))
            if self.run is not None:
                self.run.confirm(session)
            row.state, row.ended_at = state, self.now()
            what = f"plan.{sending.kind}.{state}"
            told = {"account": f"{sending.key.platform} {sending.key.account}", "entry": sending.about}
            audit.append(
                session, self.records.workspace, who=who, what=what, about=about, before=told | sending.before,
                after=told | dict(after),
            )  # fmt: skip
        sending.state = state

    def note(self, what: str, about: str, who: str, after: Mapping[str, Any]) -> None:
        """Write something into the audit log that sends nothing."""
        from marketmover.access import audit

        with self.records.session() as session:
            audit.append(session, self.records.workspace, who=who, what=what, about=about, after=after)

    def sendings(self, plan_digest: str, *states: str) -> list[Sending]:
        """The sendings of a plan in these states, oldest first."""
        from sqlalchemy import select

        from marketmover.campaigns.publishing.records import SendingRow

        chosen = select(SendingRow).where(
            SendingRow.workspace_id == self.records.workspace,
            SendingRow.plan_digest == plan_digest,
            SendingRow.state.in_(states),
        )
        with self.records.session() as session:
            rows = session.scalars(chosen.order_by(SendingRow.begun_at, SendingRow.id)).all()
            return [self._sending(session, row) for row in rows]

    def _row(self, session: "Session", key: Key) -> "SendingRow | None":
        from sqlalchemy import select

        from marketmover.campaigns.publishing.records import SendingRow

        chosen = select(SendingRow).where(
            SendingRow.workspace_id == self.records.workspace,
            SendingRow.plan_digest == key.plan_digest,
            SendingRow.platform == key.platform,
            SendingRow.account == key.account,
            SendingRow.request_digest == key.request_digest,
        )
        return session.scalars(chosen).one_or_none()

    def _forget_steps(self, session: "Session", row: "SendingRow") -> None:
        """Take a sending's steps off, but for those that a person was told may still be there."""
        for step in self._steps(session, row.id):
            if step.creates and step.state in _MAY_BE_THERE:
                step.state, step.tries = "unknown", 0
            else:
                session.delete(step)

    def _steps(self, session: "Session", sending_id: str) -> "Sequence[StepRow]":
        from sqlalchemy import select

        from marketmover.campaigns.publishing.records import StepRow

        mine = (StepRow.workspace_id == self.records.workspace, StepRow.sending_id == sending_id)
        return session.scalars(select(StepRow).where(*mine).order_by(StepRow.position)).all()

    def _sending(self, session: "Session", row: "SendingRow") -> Sending:
        steps = {
            step.ref: StepState(step.ref, step.state, step.what, step.creates, step.tries, dict(step.ids), step.words)
            for step in self._steps(session, row.id)
        }
        key = Key(row.plan_digest, row.platform, row.account, row.request_digest)
        return Sending(
            row.id, key, row.kind, row.about, row.who, row.state, row.begun_at, dict(row.request), dict(row.before),
            steps, row.due,
        )  # fmt: skip
