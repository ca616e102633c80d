"""Requests for connected accounts: checked, sent to all of them or to none, and taken back."""

from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from marketmover.campaigns.publishing.accounts import Connection, Place, connection_for, needed
from marketmover.campaigns.publishing.ledger import GIVEN_UP, OPEN, WAITING, Key, Ledger, Sending, StepState
from marketmover.campaigns.publishing.platform import Refusal, Step
from marketmover.campaigns.publishing.requests import PlatformRequest, digest_of
from marketmover.campaigns.publishing.sending import Patience, Sender, check, in_order, is_by_hand, line_json
from marketmover.campaigns.publishing.words import about, cut_short, refused_beforehand
from marketmover.errors import PlatformError
from marketmover.plans import Plan

_LEASE_S = 20.0


@dataclass(frozen=True)
class Part:
    """What one account is sent, and the steps of it."""

    connection: Connection
    key: Key
    body: Mapping[str, Any]
    steps: Sequence[Step]


class Dispatcher:
    """Sends requests for plans to connected accounts.

    Args:
        ledger: Where each step is written down before it is sent.
        connections: The accounts.
        patience: How long platforms are waited for.
    """

    def __init__(self, ledger: Ledger, connections: Sequence[Connection], patience: Patience | None = None) -> None:
        self.ledger = ledger
        self.connections = connections
        self._patience = patience or Patience()

    @contextmanager
    def held(self, plan: Plan) -> Generator[None]:
        """Nobody else sends for this plan meanwhile, on any machine.

        Raises:
            HeldError: Somebody does.
        """
        from marketmover.jobs import holding

        with holding(self.ledger.records, f"plan {plan.digest[:16]}", lease_s=_LEASE_S, now=self.ledger.now) as run:
            self.ledger.run = run
            try:
                yield
            finally:
                self.ledger.run = None

    def part(self, plan: Plan, request: PlatformRequest, digest: str = "") -> Part:
        """A request with its steps in the order of sending.

        Raises:
            NotFoundError: Its account is not connected.
        """
        connection = needed(self.connections, request)
        key = Key(plan.digest, request.platform, request.account_id, digest or request.digest)
        return Part(connection, key, request.body, in_order(connection.opened.steps(request.body)))

    def change_parts(
        self, plan: Plan, changes: Sequence[Mapping[str, Any]], places: Mapping[str, Place], what: str
    ) -> list[Part]:
        """Changes in the form of `changes.json`, by account and under the platforms' ids.

        Args:
            plan: The plan.
            changes: Under the plan's ids; those of lines that stand in no connected account are passed over.
            places: Where the lines stand.
            what: Tells these changes from the same ones at another time.
        """
        by_account: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for change in changes:
            place = places.get(str(change["line_id"]))
            if place is not None and connection_for(self.connections, place.platform, place.account) is not None:
                told = {**change, "line_id": place.live_id}
                by_account.setdefault((place.platform, place.account), []).append(told)
        requests = [PlatformRequest(*account, {"changes": asked}) for account, asked in by_account.items()]
        return [self.part(plan, one, digest_of([what, one.body])) for one in requests]

    def is_done(self, part: Part, *held: Key) -> bool:
        """Whether all of a part was sent, and counts; of one that is held, all that does not wait."""
        states = ("done", "waiting") if part.key in held else ("done",)
        return any(one.key == part.key for one in self.ledger.sendings(part.key.plan_digest, *states))

    def refusals(self, parts: Sequence[Part], notes: list[str]) -> list[Refusal]:
        """What accounts would refuse of what they were not sent yet; nothing is sent.

        What an API cannot do, and a person can, goes into the notes.
        """
        found = [
            one
            for part in parts
            if not self.is_done(part)
            for one in check(part.connection.opened, self._not_sent(part))
        ]
        notes.extend(f"{one.words} {one.remedy}".strip() for one in found if is_by_hand(one.code))
        return [one for one in found if not is_by_hand(one.code)]

    def _not_sent(self, part: Part) -> list[Step]:
        """The steps of which nothing can be there by this home: platforms refuse what is there already."""
        known = self.ledger.sendings(part.key.plan_digest, OPEN, WAITING, GIVEN_UP)
        there = {ref for one in known for ref, step in one.steps.items() if _is_begun(part.key, one, step)}
        return [step for step in part.steps if step.ref not in there]

    def send_checked(
        self, plan: Plan, parts: Sequence[Part], kind: str, who: str, notes: list[str], entry: str = ""
    ) -> list[Sending]:
        """Check and send changes of lines that stand on the platforms.

        Args:
            plan: The plan.
            parts: From `change_parts`.
            kind: `start`, `catch_up`, or the kind of the log's entry.
            who: Who changes them.
            notes: Takes what a person is to do by hand.
            entry: The entry of the plan's log that they are for.

        Raises:
            PlatformError: One was refused; those before it are put back.
        """
        refusals = self.refusals(parts, notes)
        if refusals:
            raise refused_beforehand(refusals)
        return self.send(plan, parts, kind, who, entry=entry)

    def send(
        self,
        plan: Plan,
        parts: Sequence[Part],
        kind: str,
        who: str,
        *,
        keep: bool = False,
        entry: str = "",
        held: Collection[Key] = (),
    ) -> list[Sending]:
        """Send all parts: first all that makes something, on all accounts, then what changes what runs.

        Of the parts that are held, only what makes something is sent.

        Raises:
            PlatformError: A step failed; what was done before it is taken back, unless it is to be kept.
        """
        found = [self._before(plan, part, kind) for part in parts]  # all of it read, before anything is begun
        senders = [self._sender(part, kind, who, entry, before) for part, before in zip(parts, found, strict=True)]
        both = list(zip(senders, parts, strict=True))
        for (sender, part), before in zip(both, found, strict=True):
            if sender.sending.state == "waiting" and part.key not in held:
                self.ledger.release(sender.sending, before)
        try:
            for creates in (True, False):
                for sender, part in both:
                    if sender.sending.state == "open" and (creates or part.key not in held):
                        sender.send(part.steps, creates=creates)
        except PlatformError as error:
            raise self._undone(plan, both, error, who, keep=keep) from error
        return [sender.sending for sender in senders]

    def _before(self, plan: Plan, part: Part, kind: str) -> dict[str, Any]:
        """What the account has now of the running lines that a part is about, as the ledger keeps it."""
        touched = {name for step in part.steps for name in step.line_ids}
        if kind == "publish":
            touched |= {line.id for line in plan.lines if line.platform == part.key.platform and not line.is_new}
        new = {line.id for line in plan.lines if line.is_new}
        return {line.line_id: line_json(line) for line in part.connection.opened.read(sorted(touched - new))}

    def _sender(self, part: Part, kind: str, who: str, entry: str, before: Mapping[str, Any]) -> Sender:
        sending = self.ledger.begin(part.key, kind, entry, who, part.body, before)
        self.ledger.plan(sending, part.steps)
        return Sender(self.ledger, sending, part.connection.opened, self._patience)

    def _undone(
        self, plan: Plan, both: Sequence[tuple[Sender, Part]], error: PlatformError, who: str, *, keep: bool
    ) -> PlatformError:
        """Take back what was done, and say so."""
        ours = [(sender, part) for sender, part in both if sender.sending.state == "open"]
        steps = [(sender, step) for sender, _ in ours for step in sender.sending.steps.values() if step.is_there]
        done = sum(not step.creates or sender.sending.due is None for sender, step in steps)
        left: list[str] = []
        for sender, part in reversed(ours if not keep else []):
            left.extend(self._ended(plan, sender, part.steps, who))
        waits = [sender.sending.due for sender, _ in ours if sender.sending.due is not None]
        return cut_short(error, done, left, kept=keep, waits=bool(waits))

    def _ended(self, plan: Plan, sender: Sender, steps: Sequence[Step], who: str) -> list[str]:
        """Take a sending back, or, where it has waited, let it wait again; says what could not be taken back."""
        due = sender.sending.due
        left = sender.take_back(steps) if due is None else sender.put_back(steps)
        if not left and due is None:
            self.ledger.close(sender.sending, "taken_back", about=about(plan), who=who, after={})
        elif not left and due is not None:
            self.ledger.hold(sender.sending, due)
        return left

    def take_back(self, plan: Plan, sending: Sending, who: str) -> None:
        """Take back a sending that was cut short.

        Raises:
            NotFoundError: Its account is no longer connected.
            PlatformError: Something of it could not be taken back.
        """
        left = self.remains(sending)
        if left:
            raise PlatformError(
                f"What {sending.who} began on {sending.begun_at:%Y-%m-%d} could not all be taken back: "
                f"{'; '.join(left)}",
                "Look at it on the platform, and try again.",
                kind="unavailable",
            )
        self.ledger.close(sending, "taken_back", about=about(plan), who=who, after={})

    def remains(self, sending: Sending) -> list[str]:
        """Take back what a sending did, and say what could not be.

        Raises:
            NotFoundError: Its account is no longer connected.
            PlatformError: The account cannot be read.
        """
        key = sending.key
        platform = needed(self.connections, PlatformRequest(key.platform, key.account, {})).opened
        steps = in_order([one for one in platform.steps(sending.request) if one.ref in sending.steps])
        return Sender(self.ledger, sending, platform, self._patience).take_back(steps)


def _is_begun(key: Key, sending: Sending, step: StepState) -> bool:
    """Whether a step of a sending stands for the same one of a part: it is gone on with, looked for or taken back."""
    if sending.key == key:
        given_up = sending.state == GIVEN_UP  # then only what it made is looked for
        return step.may_be_there and step.creates if given_up else step.may_be_there or step.state == "by_hand"
    same_account = (sending.key.platform, sending.key.account) == (key.platform, key.account)
    return same_account and sending.state != GIVEN_UP and step.creates and step.may_be_there
