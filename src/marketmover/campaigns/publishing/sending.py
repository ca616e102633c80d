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
            if step.creates == creates and not self.sending.steps[step.ref].is_there:
                self._one(step)

    def take_back(self, steps: Sequence[Step]) -> list[str]:
        """Remove what this sending made, last first, and put back what it changed; says what could not be.

        What was found where the answer was lost is removed where it is of a new line: nothing bore its mark before it
        was sent. All else that was found is left there, as somebody else may have made it.
        """
        left: list[str] = []
        for step in reversed([step for step in steps if step.creates and self._may_be_there(step)]):
            try:
                self._remove(step)
            except PlatformError as error:
                left.append(f"{step.what}: {error}")
        return [*left, *self.put_back(steps)]

    def put_back(self, steps: Sequence[Step]) -> list[str]:
        """Set running lines as they were before this sending changed them; says what could not be."""
        changing = [step for step in steps if not step.creates and self._may_be_there(step)]
        if not changing:
            return []
        lines = {line for step in changing for line in step.line_ids}
        try:
            for step in reversed(changing):
                self._patiently(lambda step=step: self.platform.take_back(step, self.sending.steps[step.ref].ids))
            request = {"changes": self._former(lines)}
            for step in self.platform.steps(request) if request["changes"] else ():
                self._patiently(lambda step=step: self.platform.send(step, {}))
        except PlatformError as error:
            return [f"changes of {', '.join(sorted(lines))}: {error}"]
        for step in changing:
            self._ledger.mark(self.sending, step.ref, "taken_back", ids={})
        return []

    def _may_be_there(self, step: Step) -> bool:
        return self.sending.steps[step.ref].may_be_there

    def _one(self, step: Step) -> None:
        known = self.sending.steps[step.ref]
        if known.state == "by_hand":
            return
        if known.state in {"sending", "unknown"}:
            found = self._settled(step)
            if found is not None:
                self._ledger.mark(self.sending, step.ref, "found" if step.creates else "sent", ids=found)
                return
        try:
            self._tried(step)
        except PlatformError as error:
            if not is_by_hand(*error.codes):
                raise
            self._ledger.mark(self.sending, step.ref, "by_hand", words=error.message)

    def _tried(self, step: Step) -> None:
        """Send a step that is surely not done, again where it surely was not."""

        def once() -> None:
            self._ledger.mark(self.sending, step.ref, "sending")
            try:
                ids, state = self.platform.send(step, self.sending.made), "sent"
            except PlatformError as error:
                found, state = self._after(step, error), "found" if step.creates else "sent"
                if found is None:
                    raise
                ids = found
            self._ledger.mark(self.sending, step.ref, state, ids=ids)

        self._patiently(once)

    def _patiently(self, call: Callable[[], object]) -> None:
        """Call, again after a while where the platform was busy or away; only for what may be done twice."""
        for wait_s in (*self._patience.waits_s, None):
            try:
                call()
            except PlatformError as error:
                asked = error.wait_s or 0.0
                if wait_s is None or asked > self._patience.longest_s or error.kind in {"refused", "expired"}:
                    raise
                self._patience.pause(max(wait_s, asked))
            else:
                return

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
        ids = known.ids if known.state == "sent" else self._settled(step)
        if ids and known.state != "sent" and not self._is_ours(step):
            self._ledger.mark(self.sending, step.ref, "found", ids=ids)
            raise PlatformError(
                f"it was found by its mark ({_named(ids)}), and somebody else may have made it or have it in hand.",
                "If nobody has, remove it there.",
                kind="refused",
            )
        if ids:
            self._patiently(lambda: self.platform.take_back(step, ids))
        self._ledger.mark(self.sending, step.ref, "taken_back", ids={})

    def _is_ours(self, step: Step) -> bool:
        """Whether what is found was surely made by this sending: platforms refuse a mark that is there already."""
        of_new = bool(step.line_ids) and all(":new:" in line for line in step.line_ids)
        return of_new and self.sending.steps[step.ref].tries > 0

    def _former(self, lines: set[str]) -> list[dict[str, Any]]:
        before = {name: live_line(told) for name, told in self.sending.before.items()}
        was = {line.line_id: line for line in before.values()}
        now = {line.line_id: line for line in self.platform.read(sorted(lines & was.keys()))}
        changes = [change for name in sorted(now) for change in _back(was[name], now[name])]
        untold = {name for name in lines if name not in was or not was[name].audience}
        settings: list[dict[str, Any]] = [
            {**change, "from": change["to"], "to": change["from"]}
            for change in self.sending.request.get("changes", [])
            if change["line_id"] in untold and change["action"] == "set_audience" and change["from"]
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
    reached = {part: whole for part, whole in was.audience.items() if now.audience.get(part, whole) != whole}
    if reached:
        found.append({"action": "restore_audience", "from": dict(now.audience), "to": reached})
    return [{"line_id": was.line_id, **change} for change in found]


def line_json(line: LiveLine) -> dict[str, Any]:
    """A line of a platform as the ledger keeps it."""
    return {
        "line_id": line.line_id,
        "name": line.name,
        "status": line.status,
        "daily_budget": line.daily_budget,
        "bidding": dict(line.bidding),
        "audience": dict(line.audience),
    }


def live_line(told: Mapping[str, Any]) -> LiveLine:
    """A line as the ledger has kept it."""
    return LiveLine(
        told["line_id"], told["name"], told["status"], told["daily_budget"], dict(told["bidding"]),
        audience=dict(told.get("audience", {})),
    )  # fmt: skip


def _named(ids: Mapping[str, str]) -> str:
    return ", ".join(dict.fromkeys(ids.values()))
