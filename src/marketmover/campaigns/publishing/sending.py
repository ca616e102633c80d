"""Steps sent to one account: each once, however often it is tried, and taken back where a later one is refused.

A step is written down as `sending` before the call. Who finds one there asks the platform for it, by the marks in
names, before anything is sent. Steps that change what runs set it to a value, so that doing them twice is the same.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketmover.campaigns.publishing.comparing import is_on
from marketmover.campaigns.publishing.ledger import Ledger, Sending
from marketmover.campaigns.publishing.platform import AdPlatform, LiveLine, Refusal, Step
from marketmover.errors import PlatformError

_BY_HAND = "by_hand"
Pause = Callable[[float], object]


@dataclass(frozen=True)
class Patience:
    """How long platforms are waited for.

    Attributes:
        waits_s: Seconds before each further try of a step that surely was not done.
        settling_s: Seconds before each look for a step whose answer was lost: it may still be under way.
        longest_s: Where a platform asks for more seconds than this, it is not waited for.
        pause: Waits.
    """

    waits_s: Sequence[float] = (2.0, 8.0, 30.0)
    settling_s: Sequence[float] = (0.0, 2.0, 10.0)
    longest_s: float = 300.0
    pause: Pause = time.sleep


def check(platform: AdPlatform, steps: Sequence[Step]) -> list[Refusal]:
    """What the platform would refuse, as far as it can be asked beforehand; nothing is done."""
    return [refusal for step in steps for refusal in platform.check(step)]


def in_order(steps: Sequence[Step]) -> list[Step]:
    """Steps that make something before those that change what runs: they can be taken back, and spend nothing."""
    return sorted(steps, key=lambda step: not step.creates)


def is_by_hand(*codes: str) -> bool:
    """Whether a step is one that the platform's API cannot be asked for, but a person can do."""
    return _BY_HAND in codes


class Sender:
    """One sending on its way to one account.

    Args:
        ledger: Where each step is written down.
        sending: What is sent.
        platform: The account.
        patience: How long it is waited for.
    """

    def __init__(self, ledger: Ledger, sending: Sending, platform: AdPlatform, patience: Patience) -> None:
        self.sending = sending
        self.platform = platform
        self._ledger = ledger
        self._patience = patience

    def send(self, steps: Sequence[Step], *, creates: bool) -> None:
        """Do those steps that make something, or those that change what runs, each that is not done yet.

        Raises:
            PlatformError: A step was refused, or the platform is out of reach; what was done is in the ledger.
        """
        for step in steps:
            if step.creates == creates and self.sending.steps[step.ref].state != "sent":
                self._one(step)

    def take_back(self, steps: Sequence[Step]) -> list[str]:
        """Remove what was made, last first, and put back what was changed; says what could not be."""
        left: list[str] = []
        touched: set[str] = set()
        for step in reversed(steps):
            state = self.sending.steps[step.ref].state
            if state not in {"sent", "sending", "unknown"}:
                continue
            if not step.creates:
                touched |= set(step.line_ids)
                continue
            try:
                self._remove(step)
            except PlatformError as error:
                left.append(f"{step.what}: {error}")
        if touched:
            left.extend(self._put_back(steps, touched))
        return left

    def _one(self, step: Step) -> None:
        known = self.sending.steps[step.ref]
        if known.state == "by_hand":
            return
        if known.state in {"sending", "unknown"}:
            found = self._settled(step)
            if found is not None:
                self._ledger.mark(self.sending, step.ref, "sent", ids=found)
                return
        try:
            self._ledger.mark(self.sending, step.ref, "sent", ids=self._tried(step))
        except PlatformError as error:
            if not is_by_hand(*error.codes):
                raise
            self._ledger.mark(self.sending, step.ref, "by_hand", words=error.message)

    def _tried(self, step: Step) -> dict[str, str]:
        """Send a step that is surely not done, again where it surely was not."""
        for wait_s in (*self._patience.waits_s, None):
            self._ledger.mark(self.sending, step.ref, "sending")
            try:
                return self.platform.send(step, self.sending.made)
            except PlatformError as error:
                found = self._after(step, error)
                if found is not None:
                    return found
                asked = error.wait_s or 0.0
                if wait_s is None or asked > self._patience.longest_s or error.kind in {"refused", "expired"}:
                    raise
                self._patience.pause(max(wait_s, asked))
        raise AssertionError("the last try returns or raises")

    def _after(self, step: Step, error: PlatformError) -> dict[str, str] | None:
        """Write down what an error says of a step; what it made, where the answer alone was lost.

        A platform may refuse a step as made already, where an earlier try that seemed lost came in late.
        """
        if error.kind == "unknown":
            self._ledger.mark(self.sending, step.ref, "unknown", words=str(error))
            return self._settled(step)
        state = "refused" if error.kind == "refused" else "checked"
        self._ledger.mark(self.sending, step.ref, state, words=str(error))
        late = state == "refused" and step.creates and self.sending.steps[step.ref].tries > 1
        return self.platform.find(step, self.sending.made) if late else None

    def _settled(self, step: Step) -> dict[str, str] | None:
        """What a step made of which nobody knows whether it was done: looked for until it could no longer come."""
        for wait_s in self._patience.settling_s:
            if wait_s:
                self._patience.pause(wait_s)
            found = self.platform.find(step, self.sending.made)
            if found is not None:
                return found
        return None

    def _remove(self, step: Step) -> None:
        known = self.sending.steps[step.ref]
        ids: Mapping[str, str] | None = known.ids
        if known.state != "sent":
            ids = self._settled(step)
        if ids is not None:
            self.platform.take_back(step, ids)
        self._ledger.mark(self.sending, step.ref, "taken_back", ids={})

    def _put_back(self, steps: Sequence[Step], lines: set[str]) -> list[str]:
        """Set running lines as they were when the sending began."""
        try:
            request = {"changes": self._former(lines)}
            if request["changes"]:
                for step in self.platform.steps(request):
                    self.platform.send(step, {})
        except PlatformError as error:
            return [f"changes of {', '.join(sorted(lines))}: {error}"]
        for step in steps:
            if not step.creates and self.sending.steps[step.ref].state in {"sent", "sending", "unknown"}:
                self._ledger.mark(self.sending, step.ref, "taken_back", ids={})
        return []

    def _former(self, lines: set[str]) -> list[dict[str, Any]]:
        before = {name: live_line(told) for name, told in self.sending.before.items()}
        was = {line.line_id: line for line in before.values()}
        now = {line.line_id: line for line in self.platform.read(sorted(lines & was.keys()))}
        changes = [change for name in sorted(now) for change in _back(was[name], now[name])]
        settings: list[dict[str, Any]] = [
            {**change, "from": change["to"], "to": change["from"]}
            for change in self.sending.request.get("changes", [])
            if change["line_id"] in lines and change["action"] == "set_audience" and change["from"]
        ]
        return changes + settings


def _back(was: LiveLine, now: LiveLine) -> list[dict[str, Any]]:
    """What makes a running line what it was, as far as it can be read."""
    found: list[dict[str, Any]] = []
    if is_on(was.status) != is_on(now.status):
        action = "resume" if is_on(was.status) else "pause"
        found.append({"action": action, "from": now.status, "to": was.status})
    if was.daily_budget is not None and was.daily_budget != now.daily_budget:
        found.append({"action": "set_daily_budget", "from": now.daily_budget, "to": was.daily_budget})
    if was.bidding and was.bidding != now.bidding:
        found.append({"action": "set_bidding", "from": dict(now.bidding), "to": dict(was.bidding)})
    return [{"line_id": was.line_id, **change} for change in found]


def line_json(line: LiveLine) -> dict[str, Any]:
    """A line of a platform as the ledger keeps it."""
    return {
        "line_id": line.line_id,
        "name": line.name,
        "status": line.status,
        "daily_budget": line.daily_budget,
        "bidding": dict(line.bidding),
    }


def live_line(told: Mapping[str, Any]) -> LiveLine:
    """A line as the ledger has kept it."""
    return LiveLine(told["line_id"], told["name"], told["status"], told["daily_budget"], dict(told["bidding"]))
