"""A plan published: checked first, made paused, read back, compared, and switched on only if a person said so."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marketmover.campaigns.publishing.accounts import (
    Connection,
    Place,
    connection_for,
    needed,
    places_of,
    read_lines,
)
from marketmover.campaigns.publishing.approving import check_approved, was_published, was_started
from marketmover.campaigns.publishing.comparing import Difference, differences
from marketmover.campaigns.publishing.ledger import Key, Ledger, Sending
from marketmover.campaigns.publishing.platform import Refusal, Step
from marketmover.campaigns.publishing.requests import (
    PLATFORM_NAMES,
    PlatformRequest,
    changes_between,
    digest_of,
    requests_of,
    sendable,
)
from marketmover.campaigns.publishing.sending import Patience, Sender, check, in_order, line_json
from marketmover.campaigns.publishing.words import about, cut_short, refused_beforehand
from marketmover.campaigns.tuning.in_force import Author, InForce, locked, record
from marketmover.errors import ConflictError, PlatformError, UsageError
from marketmover.plans import Plan

_LEASE_S = 20.0


@dataclass(frozen=True)
class Part:
    """What one account is sent, and the steps of it."""

    connection: Connection
    key: Key
    body: Mapping[str, Any]
    steps: Sequence[Step]


@dataclass(frozen=True)
class Published:
    """What became of publishing a plan.

    Attributes:
        plan: Which.
        steps: What was done (or would be) by account, in the order of sending.
        refusals: What the check found, where nothing was to be sent.
        lines: The platforms' ids by the plan's, of what was made.
        differences: What the platforms have other than asked.
        started: Whether what was made is switched on.
        notes: What a person should know.
    """

    plan: Plan
    steps: Mapping[str, Sequence[str]]
    refusals: Sequence[Refusal] = ()
    lines: Mapping[str, str] = field(default_factory=dict[str, str])
    differences: Sequence[Difference] = ()
    started: bool = False
    notes: Sequence[str] = ()


class Publisher:
    """Puts plans on connected accounts.

    Args:
        ledger: Where each step is written down before it is sent.
        connections: The accounts.
        patience: How long platforms are waited for.
    """

    def __init__(self, ledger: Ledger, connections: Sequence[Connection], patience: Patience | None = None) -> None:
        self.ledger = ledger
        self.connections = connections
        self.patience = patience or Patience()

    @contextmanager
    def held(self, plan: Plan) -> Generator[None]:
        """Nobody else sends for this plan meanwhile, on any machine.

        Raises:
            HeldError: Somebody does.
        """
        from marketmover.jobs import holding

        with holding(self.ledger.records, f"plan {plan.digest[:16]}", lease_s=_LEASE_S):
            yield

    def publish(
        self, path: Path, author: Author, *, only: str | None = None, dry_run: bool = False, keep: bool = False,
        start: bool = False,
    ) -> Published:  # fmt: skip
        """Send an approved plan, each step once, however often this is called.

        Args:
            path: The plan's folder.
            author: Who publishes.
            only: One platform alone.
            dry_run: Let the platforms check it, and change nothing.
            keep: Leave what was made where a later step is refused, instead of taking it back.
            start: Switch on what was made, if all of it is there as asked.

        Raises:
            ConflictError: The plan is not approved as it is, or was published with other files.
            NotFoundError: An account is not connected.
            PlatformError: A platform refused, or was out of reach; the message says what was taken back.
        """
        with locked(path) as now, self.held(now.plan):
            approval = None if dry_run else check_approved(now)
            parts = self._parts(now, only)
            todo = [part for part in parts if not self._is_done(part)]
            refusals = [one for part in todo for one in self.refusals(part)]
            told = {part.connection.title: [step.what for step in part.steps] for part in parts}
            if dry_run:
                return Published(now.plan, told, refusals, notes=_not_approved(now))
            if refusals:
                raise refused_beforehand(refusals)
            self._settle(now, parts)
            sendings = self._send(now.plan, parts, "publish", author, keep=keep, command="marketmover plan publish")
            return self._finish(
                now, parts, sendings, author, told, start=start or (approval is not None and approval.may_start)
            )

    def _parts(self, now: InForce, only: str | None) -> list[Part]:
        requests = [one for one in requests_of(now.folder) if only in (None, one.platform)]
        if not requests:
            raise UsageError("The plan asks nothing of the platforms: there is nothing to publish.")
        return [self.part(now.plan, needed(self.connections, request), request) for request in requests]

    def part(self, plan: Plan, connection: Connection, request: PlatformRequest, digest: str = "") -> Part:
        """A request with its steps in the order of sending."""
        key = Key(plan.digest, request.platform, request.account_id, digest or request.digest)
        return Part(connection, key, request.body, in_order(connection.opened.steps(request.body)))

    def _is_done(self, part: Part) -> bool:
        return any(one.key == part.key for one in self.ledger.sendings(part.key.plan_digest, "done"))

    def _not_sent(self, part: Part) -> list[Step]:
        begun = [one for one in self.ledger.sendings(part.key.plan_digest, "open") if one.key == part.key]
        there = {ref for one in begun for ref, step in one.steps.items() if step.state not in {"checked", "refused"}}
        return [step for step in part.steps if step.ref not in there]

    def _settle(self, now: InForce, parts: Sequence[Part]) -> None:
        """Refuse other files for what is published, and take back what an earlier try with other files left."""
        keys = [part.key for part in parts]
        places = {(key.platform, key.account) for key in keys}
        for sending in self.ledger.sendings(now.plan.digest, "open", "done"):
            key = sending.key
            if sending.kind != "publish" or key in keys or (key.platform, key.account) not in places:
                continue
            if sending.state == "done":
                raise ConflictError(
                    f"This plan was published by {sending.who} on {sending.begun_at:%Y-%m-%d} with another request "
                    f"for {key.platform} {key.account}.",
                    "What runs is changed by `marketmover plan apply`.",
                )
            self.take_back(now.plan, sending, sending.who)

    def take_back(self, plan: Plan, sending: Sending, who: str) -> None:
        """Take back a sending that was cut short.

        Raises:
            NotFoundError: Its account is no longer connected.
            PlatformError: Something of it could not be taken back.
        """
        key = sending.key
        request = PlatformRequest(key.platform, key.account, sending.request)
        platform = needed(self.connections, request).opened
        sender = Sender(self.ledger, sending, platform, self.patience)
        left = sender.take_back(in_order([one for one in platform.steps(request.body) if one.ref in sending.steps]))
        if left:
            raise PlatformError(
                f"What {sending.who} began on {sending.begun_at:%Y-%m-%d} could not all be taken back: "
                f"{'; '.join(left)}",
                "Look at it on the platform, and try again.",
                kind="unavailable",
            )
        self.ledger.close(sending, "taken_back", about=about(plan), who=who, after={})

    def _send(
        self, plan: Plan, parts: Sequence[Part], kind: str, author: Author, *, keep: bool, command: str, entry: str = ""
    ) -> list[Sending]:
        """Send all parts: first all that makes something, on all accounts, then what changes what runs.

        Raises:
            PlatformError: A step failed; what was done before it is taken back, unless it is to be kept.
        """
        senders = [self._sender(plan, part, kind, author, entry) for part in parts]
        both = list(zip(senders, parts, strict=True))
        try:
            for creates in (True, False):
                for sender, part in both:
                    if sender.sending.state != "done":
                        sender.send(part.steps, creates=creates)
        except PlatformError as error:
            raise self._undone(plan, both, error, author, keep=keep, command=command) from error
        return [sender.sending for sender in senders]

    def _sender(self, plan: Plan, part: Part, kind: str, author: Author, entry: str) -> Sender:
        platform = part.connection.opened
        touched = {name for step in part.steps for name in step.line_ids}
        if kind == "publish":
            touched |= {line.id for line in plan.lines if line.platform == part.key.platform and not line.is_new}
        new = {line.id for line in plan.lines if line.is_new}
        before = {line.line_id: line_json(line) for line in platform.read(sorted(touched - new))}
        sending = self.ledger.begin(part.key, kind, entry, author.who, part.body, before)
        self.ledger.plan(sending, part.steps)
        return Sender(self.ledger, sending, platform, self.patience)

    def _undone(
        self, plan: Plan, both: Sequence[tuple[Sender, Part]], error: PlatformError, author: Author, *, keep: bool,
        command: str,
    ) -> PlatformError:  # fmt: skip
        """Take back what was done, and say so."""
        open_ones = [(sender, part) for sender, part in both if sender.sending.state != "done"]
        done = sum(step.state == "sent" for sender, _ in open_ones for step in sender.sending.steps.values())
        left: list[str] = []
        for sender, part in reversed(open_ones):
            remains = [] if keep else sender.take_back(part.steps)
            left.extend(remains)
            if not keep and not remains:
                self.ledger.close(sender.sending, "taken_back", about=about(plan), who=author.who, after={})
        return cut_short(error, done, left, kept=keep, command=command)

    def _finish(
        self, now: InForce, parts: Sequence[Part], sendings: Sequence[Sending], author: Author,
        told: Mapping[str, Sequence[str]], *, start: bool,
    ) -> Published:  # fmt: skip
        """Bring what was changed before publishing, read back, compare, write it down, and start if asked."""
        plan = now.plan
        places = places_of(plan, sendings)
        fresh = any(one.state == "open" for one in sendings)
        changes = sendable(changes_between(plan, now.as_composed, now.state)) if fresh else []
        further = self.send_all(now, self.change_parts(plan, changes, places, "catch up"), "catch_up", author)
        live = read_lines(self.connections, places)
        mine = [line.id for line in plan.lines if line.platform in {part.key.platform for part in parts}]
        started = was_started(now)
        found = differences(plan, now.state, live, started=started, lines=mine)
        made = {name: place.live_id for name, place in places.items()}
        if fresh or not was_published(now):
            record(now, "publish", author, {"lines": made})
            now = InForce.read(now.folder)
        for sending in (*sendings, *further):
            if sending.state == "open":
                self.ledger.close(sending, "done", about=about(plan), who=author.who, after=_told(live))
        notes: list[str] = []
        if start and not started:
            started, found, notes = self._start(now, places, found, author)
        lines = {name: live_id for name, live_id in made.items() if name != live_id}
        return Published(plan, told, (), lines, found, started, notes)

    def _start(
        self, now: InForce, places: Mapping[str, Place], found: Sequence[Difference], author: Author
    ) -> tuple[bool, Sequence[Difference], list[str]]:
        """Switch on what was made, if it is as asked."""
        plan = now.plan
        new = [line.id for line in plan.lines if line.is_new and line.id in places and line.id not in now.state.paused]
        wrong = [one.words for one in found if one.line_id in new]
        if wrong:
            return False, found, ["Nothing was switched on, since not all is there as asked."]
        changes = [{"line_id": name, "action": "switch_on", "from": "paused", "to": "running"} for name in new]
        sendings = self.send_all(now, self.change_parts(plan, changes, places, "start"), "start", author)
        live = read_lines(self.connections, places)
        record(now, "start", author, {"lines": {name: places[name].live_id for name in new}})
        for sending in sendings:
            if sending.state == "open":
                self.ledger.close(sending, "done", about=about(plan), who=author.who, after=_told(live))
        return True, differences(plan, now.state, live, started=True, lines=list(places)), []

    def send_all(
        self, now: InForce, parts: Sequence[Part], kind: str, author: Author, entry: str = ""
    ) -> list[Sending]:
        """Send changes of lines that stand on the platforms.

        Args:
            now: The plan, as it is in force.
            parts: From `change_parts`.
            kind: `start`, `catch_up`, or the kind of the log's entry.
            author: Who changes them.
            entry: The entry of the plan's log that they are for.

        Raises:
            PlatformError: One was refused; those before it are put back.
        """
        refusals = [one for part in parts if not self._is_done(part) for one in self.refusals(part)]
        if refusals:
            raise refused_beforehand(refusals)
        return self._send(now.plan, parts, kind, author, keep=False, command=f"marketmover plan {kind}", entry=entry)

    def refusals(self, part: Part) -> list[Refusal]:
        """What an account would refuse of what it was not sent yet; nothing is sent."""
        return check(part.connection.opened, self._not_sent(part))

    def change_parts(
        self, plan: Plan, changes: Sequence[Mapping[str, Any]], places: Mapping[str, Place], what: str
    ) -> list[Part]:
        """Changes in the form of `changes.json`, by account and under the platforms' ids.

        Args:
            plan: The plan.
            changes: Under the plan's ids; those of lines that stand nowhere are passed over.
            places: Where the lines stand.
            what: Tells these changes from the same ones at another time.
        """
        by_account: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for change in changes:
            place = places.get(str(change["line_id"]))
            if place is not None:
                told = {**change, "line_id": place.live_id}
                by_account.setdefault((place.platform, place.account), []).append(told)
        parts: list[Part] = []
        for (platform, account), asked in by_account.items():
            connection = connection_for(self.connections, platform, account)
            if connection is not None:
                request = PlatformRequest(platform, account, {"changes": asked})
                parts.append(self.part(plan, connection, request, digest_of([what, asked])))
        return parts


def check_asked(only: str | None, *, start: bool, by: str | None) -> None:
    """Whether what a person asks for goes together.

    Raises:
        UsageError: It does not.
    """
    if only is not None and only not in PLATFORM_NAMES:
        raise UsageError(f"--only {only} is no platform.", f"Choose one of {', '.join(PLATFORM_NAMES)}.")
    if start and not (by or "").strip():
        raise UsageError("--start spends money, which a person answers for.", "Name one: --by NAME.")


def _told(live: Mapping[str, Any]) -> dict[str, Any]:
    return {name: line_json(line) for name, line in live.items()}


def _not_approved(now: InForce) -> list[str]:
    try:
        check_approved(now)
    except ConflictError as error:
        return [str(error)]
    return []
