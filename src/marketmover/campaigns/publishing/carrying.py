"""Changes of a published plan carried to the platforms before they come into force."""

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marketmover.campaigns.publishing.accounts import Place, connection_for, places_of, read_lines, waiting_lines
from marketmover.campaigns.publishing.approving import started_on, was_published
from marketmover.campaigns.publishing.comparing import differences
from marketmover.campaigns.publishing.dispatch import Part
from marketmover.campaigns.publishing.ledger import Key, Sending
from marketmover.campaigns.publishing.opening import open_publisher
from marketmover.campaigns.publishing.platform import Refusal
from marketmover.campaigns.publishing.requests import PLATFORM_NAMES, changes_between, sendable
from marketmover.campaigns.publishing.sending import line_json
from marketmover.campaigns.publishing.service import Publisher
from marketmover.campaigns.publishing.words import about
from marketmover.campaigns.tuning.in_force import InForce
from marketmover.errors import ConflictError
from marketmover.kit import counted
from marketmover.plans import LogEntry, State

if TYPE_CHECKING:
    from marketmover.campaigns.publishing.opening import ConnectedApp

WAITS = "it goes out with the publication, on the plan's first day."
NOT_SENT = "state.json says so; nothing was sent to the platforms: set it there, too."
CHANGING = ("apply", "undo", "rollback", "catch_up")


class Carrier:
    """Sends what changes in a published plan, all or none; for a plan that is not published it does nothing.

    Attributes:
        notes: What a person should know of what was sent, or was not.
        sent: How many changes the platforms took.
        waits: How many go out with the publication, on the plan's first day.
    """

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self.notes: list[str] = []
        self.sent = 0
        self.waits = 0

    @property
    def words(self) -> str:
        """What became of the changes on the platforms."""
        if self.sent:
            return f"the platforms have {counted(self.sent, 'change')}, read back and compared."
        return WAITS if self.waits else NOT_SENT

    def published(self, now: InForce) -> list[Sending]:
        """What of a plan is on connected platforms.

        Raises:
            ConflictError: It is on them by half.
        """
        found = self._publisher.ledger.sendings(now.plan.digest, "open", "waiting", "done")
        halves = [one for one in found if one.state == "open" and one.kind in {"publish", "start"}]
        if halves:
            raise ConflictError(
                f"Publishing this plan was cut short on {halves[0].begun_at:%Y-%m-%d %H:%M} UTC.",
                f"Finish it first: `marketmover plan publish {now.folder}`; or give it up: `marketmover plan abandon`.",
            )
        return [one for one in found if one.kind == "publish"]

    def __call__(self, now: InForce, entry: LogEntry) -> Callable[[], None]:
        """Send what takes the platforms from what is in force to what the entry makes; see `Carry`.

        Raises:
            PlatformError: A platform refused, or is out of reach; what was done before is put back.
        """
        published = self.published(now)
        if not published:
            if was_published(now):
                self.notes.append("This home knows nothing of the plan's publishing: nothing is sent. Set it by hand.")
            return lambda: None
        places = places_of(now.plan, published)
        changes = self._sendable(now, entry.after, places)
        parts = self._parts(now, entry, changes, places)
        if self._settle(now, [part.key for part in parts], entry.who):
            parts = self._parts(now, entry, changes, places)
        sendings = self._publisher.send_checked(now.plan, parts, entry.kind, entry.who, self.notes, entry.id)
        self.sent = len(changes)
        return lambda: self._finish(
            now, entry, sendings, {str(one["line_id"]): places[one["line_id"]] for one in changes}
        )

    def _parts(
        self, now: InForce, entry: LogEntry, changes: Sequence[Mapping[str, Any]], places: Mapping[str, Place]
    ) -> list[Part]:
        return self._publisher.change_parts(now.plan, changes, places, f"{entry.kind} after {entry.follows}")

    def preview(self, now: InForce, after: State) -> list[Refusal]:
        """What the platforms would refuse of a change of state; nothing is sent."""
        published = self.published(now)
        places = places_of(now.plan, published)
        changes = self._sendable(now, after, places) if published else []
        self.sent = len(changes)
        parts = self._publisher.change_parts(now.plan, changes, places, "check")
        return self._publisher.refusals(parts, self.notes)

    def _sendable(self, now: InForce, after: State, places: Mapping[str, Place]) -> list[dict[str, Any]]:
        """The changes that can be sent; of all others `notes` says why not."""
        found = changes_between(now.plan, now.state, after)
        told = sendable(found)
        awake = started_on(now)
        asleep = {line.id for line in now.plan.lines if line.is_new and line.platform not in awake}
        waiting = waiting_lines(now.plan, places, self._publisher.ledger.sendings(now.plan.digest, "waiting"))
        sent: list[dict[str, Any]] = []
        for change in found:
            line = change["line_id"]
            place = places.get(line)
            if line in waiting and change in told:
                self.waits += 1
                self.notes.append(
                    f"{line} changes on {now.plan.start_date}, with all of the plan: nothing is sent yet."
                )
            elif change not in told:
                self.notes.append(f"{line}: its ads are changed by hand: nothing is sent for them.")
            elif place is None:
                self.notes.append(f"{line} is not among what was published: {_todo(change)} by hand.")
            elif connection_for(self._publisher.connections, place.platform, place.account) is None:
                name = PLATFORM_NAMES[place.platform]
                self.notes.append(
                    f"{name} account {place.account} is not connected any more: {line} is changed here alone. "
                    f"{_todo(change).capitalize()} there by hand."
                )
            elif line in asleep and change["action"] in {"pause", "resume"}:
                self.notes.append(f"{line} was not switched on yet: it stays paused on the platform.")
            else:
                sent.append(change)
        return sent

    def _settle(self, now: InForce, going_on: Sequence[Key], who: str) -> bool:
        """End what was cut short: close what came into force all the same, put back what did not.

        Returns:
            Whether anything was put back.
        """
        ledger, put_back = self._publisher.ledger, False
        for sending in ledger.sendings(now.plan.digest, "open"):
            if sending.kind not in CHANGING or sending.key in going_on:
                continue
            if sending.about == now.state.change_id:
                ledger.close(sending, "done", about=about(now.plan), who=sending.who, after={})
                continue
            self._publisher.take_back(now.plan, sending, who)
            self.notes.append(f"What {sending.who} began on {sending.begun_at:%Y-%m-%d} was put back first.")
            put_back = True
        return put_back

    def _finish(self, now: InForce, entry: LogEntry, sendings: Sequence[Sending], places: Mapping[str, Place]) -> None:
        """Read back what was changed, compare, and close."""
        live = read_lines(self._publisher.connections, places)
        told = {name: line_json(line) for name, line in live.items()}
        for sending in sendings:
            if sending.state == "open":
                self._publisher.ledger.close(sending, "done", about=about(now.plan), who=entry.who, after=told)
        found = differences(now.plan, entry.after, live, started=started_on(now), lines=list(places))
        self.notes.extend(one.words for one in found)


def _todo(change: Mapping[str, Any]) -> str:
    action, to = str(change["action"]), change["to"]
    if action == "set_daily_budget":
        return f"set {to:,.2f} a day"
    plain = {"pause": "pause it", "resume": "switch it on"}
    return plain[action] if action in plain else "set its " + action.partition("_")[2]


class NoCarrier:
    """Stands in for a carrier where a plan was not published: its changes are made here alone."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.words = NOT_SENT

    def __call__(self, _now: InForce, _entry: LogEntry) -> Callable[[], None]:
        """Send nothing."""
        return lambda: None

    def preview(self, _now: InForce, _after: State) -> list[Refusal]:
        """Nobody refuses anything."""
        return []


@contextmanager
def carrying(app: "ConnectedApp", path: Path) -> Generator[Carrier | NoCarrier]:
    """What carries changes of the plan in a folder to the platforms, where it was published.

    Nobody else sends for the plan meanwhile. A home is opened only where the plan was published.
    """
    now = InForce.read(path)
    if not was_published(now):
        yield NoCarrier()
        return
    with open_publisher(app) as publisher, publisher.held(now.plan):
        yield Carrier(publisher)
