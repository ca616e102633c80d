"""The ledger: what was to be sent for a plan and what became of it, written down before and after each call.

Each writing is a transaction of its own, since it must be on disk before the platform is called: whoever is killed
in between leaves a step in `sending`, and the next one asks the platform what became of it before anything is sent.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from marketmover.campaigns.publishing.platform import Step
from marketmover.kit import new_id, utc_now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketmover.campaigns.publishing.records import SendingRow, StepRow
    from marketmover.jobs import JobRun
    from marketmover.store import Records

ALL_BACK = "taken_back"
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
    """What became of a step, as it was last written down."""

    ref: str
    state: str
    what: str
    creates: bool
    tries: int = 0
    ids: dict[str, str] = field(default_factory=dict[str, str])
    words: str = ""


@dataclass
class Sending:
    """One request of a plan for one account, and its steps by reference in the order of sending."""

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

    @property
    def made(self) -> dict[str, str]:
        """The platform's ids by reference, of all that is there."""
        return {ref: known for step in self.steps.values() if step.state == "sent" for ref, known in step.ids.items()}


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
                    about=about, who=who, state="open", begun_at=self.now(), ended_at=None, request=dict(request),
                    before=dict(before),
                )  # fmt: skip
                session.add(row)
            elif row.state == ALL_BACK:
                row.state, row.who, row.begun_at, row.ended_at, row.before = (
                    "open",
                    who[:LONGEST_NAME],
                    self.now(),
                    None,
                    {**before},
                )
                for step in self._steps(session, row.id):
                    session.delete(step)
            if row.state == "open":
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

    def close(self, sending: Sending, state: str, *, about: str, who: str, after: Mapping[str, Any]) -> None:
        """End a sending, and write it into the audit log in the same transaction.

        Args:
            sending: Which.
            state: `done`, or `taken_back` where nothing of it is left.
            about: The plan, as the audit log names it.
            who: Who ends it.
            after: What the platform has now.
        """
        from marketmover.access import audit
        from marketmover.campaigns.publishing.records import SendingRow

        with self.records.session() as session:
            row = session.get_one(SendingRow, (self.records.workspace, sending.id))
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
            steps,
        )  # fmt: skip
