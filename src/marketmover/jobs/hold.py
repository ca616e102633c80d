"""Holding a job while it runs: the lease is kept alive beside the work, and what became of it is written down."""

import re
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from marketmover.errors import ConflictError, InputError, MarketmoverError, PlatformError, SettingsError, UsageError
from marketmover.jobs import runs
from marketmover.jobs.lease import Lease, confirm, extend, holder, release, take
from marketmover.jobs.owners import new_owner, shown
from marketmover.jobs.retry import Waits
from marketmover.kit import utc_now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketmover.store import Records

_BEATS = 3  # how often a lease is extended within its time
_NEVER = threading.Event()
_ASKED = re.compile(r"\?[^\s'\")]+")  # what an address asks for: libraries put tokens there, and tell them in errors
_WAIT = "Wait until it is done; if that process died, another may follow within a minute."


class StoppedError(MarketmoverError):
    """Work was asked to end before it was done; it is taken up again later."""


class LeaseLostError(ConflictError):
    """Another process has followed: this one was away for longer than its lease."""


class HeldError(ConflictError):
    """Another process has the job, or has just done it."""


class JobRun:
    """What work is handed: how it learns that it must end, and that it still holds its job.

    Attributes:
        name: The job's.
        due_at: When it was due.
        attempt: 1 at the first try.
        said: One line of what was done, for `jobs list`.
    """

    def __init__(self, lease: Lease, due: "runs.Due", stop: threading.Event) -> None:
        self.name = lease.name
        self.due_at = due.at
        self.attempt = due.attempt
        self.said = ""
        self.lost = threading.Event()
        self._lease = lease
        self._stop = stop

    def go_on(self) -> None:
        """Call between steps, where work can be left and taken up again.

        Raises:
            StoppedError: The process is to end.
            LeaseLostError: Another process has the job now.
        """
        if self.lost.is_set():
            raise LeaseLostError(f"The job {self.name} was taken over by another process.")
        if self._stop.is_set():
            raise StoppedError(f"The job {self.name} was asked to stop.", "It goes on at the next start.")

    def confirm(self, session: "Session") -> None:
        """Call in the transaction that keeps work, near its end: nobody else can have the job until it is committed.

        Raises:
            LeaseLostError: Another process has the job now; what was done in this transaction must not be kept.
        """
        if not confirm(session, self._lease):
            self.lost.set()
            self.go_on()

    def pause(self, seconds: float) -> None:
        """Wait, but not when asked to end; as `go_on` does it may raise."""
        self._stop.wait(seconds)
        self.go_on()


@contextmanager
def holding(
    records: "Records",
    name: str,
    *,
    due: "runs.Due | None" = None,
    waits: Waits | None = None,
    lease_s: float = 60.0,
    stop: threading.Event = _NEVER,
    now: Callable[[], datetime] = utc_now,
) -> Generator[JobRun]:
    """Hold a job for the length of a block, so that no other process does the same meanwhile.

    Args:
        records: Where leases and runs are written.
        name: The job's.
        due: When it was due; by default now, by hand.
        waits: When to try again, where it fails for a passing reason; without it not before it is due again.
        lease_s: Seconds after which another may follow a process that died.
        stop: Set when the process is to end.
        now: The clock.

    Raises:
        HeldError: Another process holds it.
    """
    due = due or runs.Due(now(), 1)
    lease = _taken(records, name, due, lease_s, now())
    run = JobRun(lease, due, stop)
    try:
        with beating(records, lease, lease_s, run.lost, now):
            yield run
    except BaseException as error:
        _end(records, lease, state_of(error), words_of(error), _again_at(error, due, waits, now()), now())
        raise
    _end(records, lease, "done", run.said, None, now())


def _taken(records: "Records", name: str, due: "runs.Due", lease_s: float, now: datetime) -> Lease:
    with records.session() as session:
        lease = take(session, records.workspace, name, new_owner(), now, lease_s)
        if lease is None:
            by = holder(session, records.workspace, name, now)
            raise HeldError(f"{name} is being done by {shown(by) if by else 'another process'}.", _WAIT)
        if due.after is not None and lease.token != due.after + 1:
            raise HeldError(f"{name} was just done by another process.")
        runs.begin(session, lease, due, now)
        return lease


@contextmanager
def beating(
    records: "Records", lease: Lease, lease_s: float, lost: threading.Event, now: Callable[[], datetime]
) -> Generator[None]:
    """Extend the lease now and then; `lost` is set where it is another's, or could not be extended in its time."""
    ended = threading.Event()
    beating = threading.Thread(
        target=_beat, args=(records, lease, lease_s, lost, ended, now), name=f"lease {lease.name}", daemon=True
    )
    beating.start()
    try:
        yield
    finally:
        ended.set()
        beating.join()


def _beat(
    records: "Records",
    lease: Lease,
    lease_s: float,
    lost: threading.Event,
    ended: threading.Event,
    now: Callable[[], datetime],
) -> None:
    extended = time.monotonic()
    while not ended.wait(lease_s / _BEATS):
        try:
            with records.session() as session:
                held = extend(session, lease, now(), lease_s)
        except Exception:  # noqa: BLE001 - busy, away or no connection free: the next beat may reach it in time
            held = time.monotonic() - extended < lease_s
        else:
            extended = time.monotonic()
        if not held:
            lost.set()
            return


def _end(records: "Records", lease: Lease, state: str, said: str, again_at: datetime | None, now: datetime) -> None:
    """Write down how it ended and let go of the job, unless another has it by now (who has written it down)."""
    with records.session() as session:
        if release(session, lease):
            runs.end(session, lease, state, said, again_at, now)


def state_of(error: BaseException) -> str:
    """The state of a run that ended with an error."""
    if isinstance(error, LeaseLostError):
        return "lost"
    return "failed" if isinstance(error, Exception) and not isinstance(error, StoppedError) else "stopped"


def words_of(error: BaseException) -> str:
    """What is written down of an error."""
    if isinstance(error, MarketmoverError):
        return str(error)
    return hide_asked(repr(error)) if isinstance(error, Exception) else "Stopped by the user."


def hide_asked(text: str) -> str:
    """A text without what addresses in it ask for."""
    return _ASKED.sub("?...", text)


def _again_at(error: BaseException, due: "runs.Due", waits: Waits | None, now: datetime) -> datetime | None:
    if waits is None:
        return None
    if state_of(error) != "failed":
        return now
    if not _worth_another(error) or due.attempt >= waits.tries:
        return None
    return now + timedelta(seconds=waits.wait(due.attempt, getattr(error, "wait_s", None)))


def _worth_another(error: BaseException) -> bool:
    """Whether a job may go well later though nobody mends anything; work in jobs is such that repeating it is safe."""
    if isinstance(error, PlatformError):
        return error.kind not in {"refused", "expired"}
    return not isinstance(error, SettingsError | UsageError | InputError)
