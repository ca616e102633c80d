"""A plan published: checked first, made paused, read back, compared, and switched on only if a person said so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from marketmover.campaigns.plan_file import load_plan
from marketmover.campaigns.publishing.accounts import Place, needed, places_of, read_lines, waiting_lines
from marketmover.campaigns.publishing.approving import check_approved, started_on, was_published
from marketmover.campaigns.publishing.comparing import Difference, differences
from marketmover.campaigns.publishing.dispatch import Dispatcher, Part
from marketmover.campaigns.publishing.ledger import Key, Sending
from marketmover.campaigns.publishing.platform import LiveLine, Refusal
from marketmover.campaigns.publishing.requests import (
    PLATFORM_NAMES,
    PlatformRequest,
    changes_between,
    read_files,
    requests_of,
    sendable,
)
from marketmover.campaigns.publishing.sending import line_json
from marketmover.campaigns.publishing.words import about, refused_beforehand
from marketmover.campaigns.tuning.in_force import Author, InForce, locked, record
from marketmover.errors import ConflictError, UsageError
from marketmover.plans import LogEntry, Plan


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
        before: Who published it and when, where nothing was left to send.
        waits_until: The day on which running lines change, where nothing of that was sent yet.
    """

    plan: Plan
    steps: Mapping[str, Sequence[str]]
    refusals: Sequence[Refusal] = ()
    lines: Mapping[str, str] = field(default_factory=dict[str, str])
    differences: Sequence[Difference] = ()
    started: bool = False
    notes: Sequence[str] = ()
    before: str = ""
    waits_until: date | None = None


class Publisher(Dispatcher):
    """Puts plans on connected accounts."""

    def publish(
        self,
        path: Path,
        author: Author,
        *,
        only: str | None = None,
        dry_run: bool = False,
        keep: bool = False,
        start: bool = False,
        at_once: bool = False,
    ) -> Published:
        """Send an approved plan, each step once, however often this is called.

        Before the plan's first day, by the account's own time, only what is new is sent, and stays paused: what changes
        running lines waits for that day, and for the next call then (the job `publish` makes it).

        Args:
            path: The plan's folder.
            author: Who publishes.
            only: One platform alone.
            dry_run: Let the platforms check it, and change nothing.
            keep: Leave what was made where a later step is refused, instead of taking it back.
            start: Switch on what was made, if all of it is there as asked.
            at_once: Change running lines at once, also before the plan's first day.

        Raises:
            ConflictError: The plan is not approved as it is, or was published with other files.
            NotFoundError: An account is not connected.
            PlatformError: A platform refused, or was out of reach; the message says what was taken back.
        """
        with locked(path) as now, self.held(now.plan):
            files = read_files(now.folder)
            approval = None if dry_run else check_approved(now, files)
            parts = self._parts(now, files, only)
            held = [] if at_once else self._held(now.plan, parts)
            notes: list[str] = []
            if not dry_run:
                self._settle(now, parts)
            refusals = self.refusals(parts, notes)
            told = {part.connection.title: [step.what for step in part.steps] for part in parts}
            if dry_run:
                waits = any(part.key in held and not all(step.creates for step in part.steps) for part in parts)
                due = now.plan.start_date if waits else None
                return Published(now.plan, told, refusals, notes=[*_not_approved(now, files), *notes], waits_until=due)
            if refusals:
                raise refused_beforehand(refusals)
            before = self._published_before(parts, held)
            sendings = self.send(now.plan, parts, "publish", author.who, keep=keep, held=held)
            done = self._compared(now, sendings, author, notes, held)
            cut = self._start_was_cut(now.plan)
            if (start or (approval is not None and approval.may_start)) and (cut or not done.started):
                asked = replace(author, mode="by_hand" if start else "automatic")
                done = self._start(InForce.read(now.folder), places_of(now.plan, sendings), done, asked)
            elif cut:
                done = replace(done, notes=[*done.notes, _START_CUT])
            return replace(done, steps=told, before=before)

    def publish_due(self, path: Path) -> Published | None:
        """Publish a plan that has waited, if its first day has come on an account; `None` where it has not.

        Only what was approved is sent, and started only if the approval says so.

        Raises:
            MarketmoverError: As `publish`.
        """
        plan = load_plan(path)
        halves = self.ledger.sendings(plan.digest, "open", "waiting")
        accounts = {(one.key.platform, one.key.account) for one in halves}
        found = (needed(self.connections, PlatformRequest(*account, {})) for account in sorted(accounts))
        if not any(one.opened.today() >= plan.start_date for one in found):
            return None
        return self.publish(path, Author("marketmover", "automatic", "the plan's first day"))

    def _held(self, plan: Plan, parts: Sequence[Part]) -> list[Key]:
        """The parts whose changes of running lines wait, since the plan's first day is still to come there.

        What was begun to be changed is not held any more.
        """
        begun = {
            one.key
            for one in self.ledger.sendings(plan.digest, "open")
            if any(not step.creates and step.state not in {"checked", "refused", "taken_back"}
                   for step in one.steps.values())
        }  # fmt: skip
        return [
            part.key
            for part in parts
            if part.key not in begun and not self.is_done(part) and part.connection.opened.today() < plan.start_date
        ]

    def _start_was_cut(self, plan: Plan) -> bool:
        """Whether somebody began to switch on what was made, and was cut short."""
        return any(one.kind == "start" for one in self.ledger.sendings(plan.digest, "open"))

    def note_approval(self, plan: Plan, entry: LogEntry) -> None:
        """Write an approval into the audit log."""
        told = {"files": entry.files, "may_start": entry.may_start, "why": entry.why}
        self.ledger.note("plan.approved", about(plan), entry.who, told)

    def _parts(self, now: InForce, files: Mapping[str, bytes], only: str | None) -> list[Part]:
        requests = [one for one in requests_of(now.folder, files) if only in (None, one.platform)]
        if not requests:
            raise UsageError("The plan asks nothing of the platforms: there is nothing to publish.")
        return [self.part(now.plan, request) for request in requests]

    def _published_before(self, parts: Sequence[Part], held: Sequence[Key]) -> str:
        """Who published all of this already, and when; empty where something is left to send."""
        if not all(self.is_done(part, *held) for part in parts):
            return ""
        keys = [part.key for part in parts]
        last = next(one for one in self.ledger.sendings(keys[0].plan_digest, "done", "waiting") if one.key in keys)
        return f"{last.who} on {last.begun_at:%Y-%m-%d %H:%M} UTC"

    def _settle(self, now: InForce, parts: Sequence[Part]) -> None:
        """Refuse other files for what is published, and take back what an earlier try with other files left."""
        keys = [part.key for part in parts]
        places = {(key.platform, key.account) for key in keys}
        for sending in self.ledger.sendings(now.plan.digest, "open", "waiting", "done"):
            key = sending.key
            if sending.kind != "publish" or key in keys or (key.platform, key.account) not in places:
                continue
            if sending.state != "open":
                raise ConflictError(
                    f"This plan was published by {sending.who} on {sending.begun_at:%Y-%m-%d} with another request "
                    f"for {PLATFORM_NAMES[key.platform]} account {key.account}.",
                    "What runs is changed by `marketmover plan apply`; what still waits is taken back by "
                    "`marketmover plan abandon`.",
                )
            self.take_back(now.plan, sending, sending.who)

    def _compared(
        self, now: InForce, sendings: Sequence[Sending], author: Author, notes: list[str], held: Sequence[Key]
    ) -> Published:
        """Bring what was changed before publishing, read back, compare, and write it down."""
        plan, places = now.plan, places_of(now.plan, sendings)
        fresh = [one for one in sendings if one.state == "open"]
        changes = sendable(changes_between(plan, now.as_composed, now.state)) if fresh else []
        holding = self._to_hold(plan, fresh, changes, held)
        still = [*holding, *self.ledger.sendings(plan.digest, "waiting")]
        waiting = waiting_lines(plan, places, still)
        parts = self.change_parts(plan, [one for one in changes if one["line_id"] not in waiting], places, "catch up")
        further = self.send_checked(plan, parts, "catch_up", author.who, notes)
        live = read_lines(self.connections, places)
        platforms = {one.key.platform for one in sendings}
        mine = [line.id for line in plan.lines if line.platform in platforms and line.id not in waiting]
        started = started_on(now)
        found = differences(plan, now.state, live, started=started, lines=mine)
        made = {name: place.live_id for name, place in places.items()}
        due = plan.start_date if still else None
        if fresh or not was_published(now):
            record(now, "publish", author, {"lines": made, "waits_until": due})
        for one in holding:
            self.ledger.hold(one, plan.start_date, str(now.folder.absolute()))
        self._close([*further, *sendings], plan, author, live)  # cut short between, it is publishing that goes on
        new = {line.platform for line in plan.lines if line.is_new and line.id in places}
        lines = {name: live_id for name, live_id in made.items() if name != live_id}
        return Published(plan, {}, (), lines, found, bool(new) and new <= started, notes, waits_until=due)

    def _to_hold(
        self, plan: Plan, fresh: Sequence[Sending], changes: Sequence[Mapping[str, Any]], held: Sequence[Key]
    ) -> list[Sending]:
        """Of what is held, the sendings of which something waits."""
        new = {line.id for line in plan.lines if line.is_new}
        changed = {str(one["line_id"]) for one in changes} - new
        return [
            one
            for one in fresh
            if one.key in held and (changed & one.before.keys() or any(not step.creates for step in one.steps.values()))
        ]

    def _start(self, now: InForce, places: Mapping[str, Place], done: Published, author: Author) -> Published:
        """Switch on what was made, if it is as asked."""
        plan, notes = now.plan, list(done.notes)
        waiting = waiting_lines(plan, places, self.ledger.sendings(plan.digest, "waiting"))
        cut, former = self._start_was_cut(plan), started_on(now)
        asleep = [line.id for line in plan.lines if line.is_new and (cut or line.platform not in former)]
        new = [name for name in asleep if name in places and name not in now.state.paused]
        if any(one.line_id in new for one in done.differences) and not cut:
            notes.append("Nothing was switched on, since not all is there as asked.")
            return replace(done, notes=notes)
        changes = [{"line_id": name, "action": "switch_on", "from": "paused", "to": "running"} for name in new]
        parts = self.change_parts(plan, changes, places, "start")
        sendings = self.send_checked(plan, parts, "start", author.who, notes)
        live = read_lines(self.connections, places)
        if not {places[name].platform for name in new} <= former:
            record(now, "start", author, {"lines": {name: places[name].live_id for name in new}})
        self._close(sendings, plan, author, live)
        awake = {one.platform for one in places.values()}
        found = differences(plan, now.state, live, started=awake, lines=[one for one in places if one not in waiting])
        return replace(done, differences=found, started=True, notes=notes)

    def _close(self, sendings: Sequence[Sending], plan: Plan, author: Author, live: Mapping[str, LiveLine]) -> None:
        told = {name: line_json(line) for name, line in live.items()}
        for sending in sendings:
            if sending.state == "open":
                self.ledger.close(sending, "done", about=about(plan), who=author.who, after=told)


_START_CUT = (
    "Somebody began to switch on what is new, and was cut short: it may run in part. Finish it with --start --by NAME, "
    "or put it back with `marketmover plan abandon`."
)


def check_asked(only: str | None, *, start: bool, by: str | None) -> None:
    """Whether what a person asks for goes together.

    Raises:
        UsageError: It does not.
    """
    if only is not None and only not in PLATFORM_NAMES:
        raise UsageError(f"--only {only} is no platform.", f"Choose one of {', '.join(PLATFORM_NAMES)}.")
    if start and not (by or "").strip():
        raise UsageError("--start spends money, which a person answers for.", "Name one: --by NAME.")


def _not_approved(now: InForce, files: Mapping[str, bytes]) -> list[str]:
    try:
        check_approved(now, files)
    except ConflictError as error:
        return [str(error)]
    return []
