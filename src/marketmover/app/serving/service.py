"""The life of the serving process: it begins, runs jobs, and ends when it is told to, with nothing half-done."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from marketmover import console
from marketmover.app.serving.health import answering
from marketmover.jobs import Done, run_until
from marketmover.kit import counted, utc_now

if TYPE_CHECKING:
    from marketmover.app.opening import App


def run(app: "App", host: str, port: int, grace_s: float, look_s: float = 5.0) -> None:
    """Run jobs until SIGTERM or SIGINT; running ones are asked to end, and have `grace_s` seconds for it.

    What is due is looked for every `look_s` seconds.

    A second signal ends the process at once. Whatever it was doing is taken up again at the next start, or by another
    process as soon as the lease has run out.

    Raises:
        SettingsError: The settings cannot be used, so that it does not even begin.
        UsageError: The address is taken.
    """
    stop = threading.Event()
    with app.home() as stores, _stopping(stop):
        records, there = stores.records, app.jobs()  # settings that cannot be read are told now, not by a thread
        with answering(host, port, records) as address:
            say_at(f"serving {counted(len(there), 'job')} of workspace {app.workspace}; {address}/healthz")
            late = run_until(stop, records, app.jobs, tell=_teller(), grace_s=grace_s, look_s=look_s)
    if late:
        say_at(f"stopped; jobs of {', '.join(late)} did not end in {grace_s:.0f} s and are taken up again later")
        sys.stderr.flush()
        os._exit(0)  # their threads would hold the process; a killed job is what leases are for
    say_at("stopped")


@contextmanager
def _stopping(stop: threading.Event) -> Generator[None]:
    """Set `stop` at the first signal; a second one ends the process as it would have without us."""

    def asked(number: int, frame: FrameType | None) -> None:
        del frame
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    former = {number: signal.signal(number, asked) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _teller() -> Callable[[Done], None]:
    """Tells what became of a run, unless it is what the job said the last time."""
    last: dict[str, Done] = {}

    def tell(done: Done) -> None:
        if last.get(done.name) != done:
            say_at(f"{done.name}: {done.state}{': ' if done.said else ''}{done.said}")
        last[done.name] = done

    return tell


def say_at(message: str) -> None:
    """A line on stderr with its time (UTC)."""
    console.say(f"{utc_now():%Y-%m-%d %H:%M:%S} {message}")
