"""Faults that a served account shows on demand, so that whoever talks to it can be tried."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Event, RLock
from typing import Any

from marketmover.errors import UsageError

KINDS = (
    "throttle", "server_error", "bad_gateway", "expired_token", "slow", "cut", "short_body", "late_conversions",
    "report_fails", "refuse",
)  # fmt: skip
"""What can go wrong: see docs/sandbox.md."""

PLACES = ("google", "meta", "token", "crm")
"""Where it can."""

LONGEST_HOLD_S = 300.0
"""A slow answer goes on after this at the latest, released or not."""


@dataclass(frozen=True)
class Fault:
    """One fault, as it is taken by the answer that shows it.

    Attributes:
        where: Of `PLACES`.
        kind: Of `KINDS`.
        wait_s: For `throttle`: how long the caller is told to wait.
        days: For `late_conversions`: how many days conversions are behind.
        words: For `refuse`: what the refusal says.
        release: For `slow`: the answer is held until it is set.
        call: Only calls whose name holds this text; empty for all.
    """

    where: str
    kind: str
    wait_s: float = 30.0
    days: int = 2
    words: str = "The simulated platform refuses this on demand."
    call: str = ""
    release: Event = field(default_factory=Event)

    def hold(self) -> None:
        """Wait until a slow answer is released (`POST /sandbox/faults {"release": true}`)."""
        self.release.wait(LONGEST_HOLD_S)


@dataclass
class _Waiting:
    fault: Fault
    times: int


class Faults:
    """The faults that wait to be shown, oldest first. Safe for threads; a restart forgets them."""

    def __init__(self) -> None:
        self._lock, self._waiting, self._held = RLock(), list[_Waiting](), list[Fault]()

    def add(self, told: Mapping[str, Any]) -> None:
        """Add a fault as `POST /sandbox/faults` tells it.

        Args:
            told: `where`, `kind`, and optionally `times` (1), `wait_s`, `days`, `words`, `call`.

        Raises:
            UsageError: A value is not one of those that there are.
        """
        where, kind = str(told.get("where")), str(told.get("kind"))
        for name, value, known in (("where", where, PLACES), ("kind", kind, KINDS)):
            if value not in known:
                raise UsageError(f"A fault's `{name}` cannot be '{value}'.", f"Choose one of {', '.join(known)}.")
        unknown = sorted(set(told) - {"where", "kind", "times", "wait_s", "days", "words", "call"})
        if unknown:
            raise UsageError(f"A fault has no `{unknown[0]}`.")
        times, days = (_count(told, name, usual) for name, usual in (("times", 1), ("days", 2)))
        wait_s = told.get("wait_s", 30.0)
        if isinstance(wait_s, bool) or not isinstance(wait_s, int | float) or not 0 <= wait_s <= 86_400:
            raise UsageError(f"A fault's `wait_s` cannot be {wait_s!r}.", "Give seconds, at most a day.")
        words = str(told.get("words") or Fault.words)
        fault = Fault(where, kind, float(wait_s), days, words, str(told.get("call") or ""))
        with self._lock:
            self._waiting.append(_Waiting(fault, times))

    def take(self, where: str, call: str = "") -> Fault | None:
        """The fault that this answer is to show, if any; each is shown as often as was asked.

        Args:
            where: Of `PLACES`.
            call: What is called, for faults that are for some calls only.
        """
        return self._take(where, call, late=False)

    def late_days(self, where: str) -> int:
        """By how many days the conversions of this answer are late."""
        taken = self._take(where, "", late=True)
        return taken.days if taken else 0

    def release(self) -> int:
        """Let all slow answers go on; how many waited."""
        with self._lock:
            held, self._held = self._held, []
        for fault in held:
            fault.release.set()
        return len(held)

    def clear(self) -> None:
        """Forget all faults that were not shown yet, and release what is held."""
        with self._lock:
            self._waiting.clear()
        self.release()

    def listed(self) -> list[dict[str, Any]]:
        """The faults that wait, for people."""
        with self._lock:
            return [{"where": one.fault.where, "kind": one.fault.kind, "times": one.times} for one in self._waiting]

    def _take(self, where: str, call: str, *, late: bool) -> Fault | None:
        with self._lock:
            for one in self._waiting:
                fault = one.fault
                if fault.where == where and (fault.kind == "late_conversions") == late and fault.call in call:
                    one.times -= 1
                    if one.times == 0:
                        self._waiting.remove(one)
                    if fault.kind == "slow":
                        fault = Fault(where, "slow", call=fault.call)
                        self._held.append(fault)
                    return fault
        return None


def _count(told: Mapping[str, Any], name: str, usual: int) -> int:
    value = told.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 1_000:
        raise UsageError(f"A fault's `{name}` cannot be {value!r}.", "Give a whole number from 1 to 1000.")
    return value
