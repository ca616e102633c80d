"""The life of the serving process: it begins, runs jobs, and ends when it is told to, with nothing half-done."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from ipaddress import ip_address
from types import FrameType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from marketmover import console
from marketmover.access import first_link
from marketmover.app.observe.logs import configure_logs
from marketmover.app.observe.metrics import Metrics
from marketmover.app.observe.standing import Standing
from marketmover.app.observe.tracing import tracing as tracing_of
from marketmover.app.scheduled import unknown_schedules
from marketmover.app.serving.listening import listening
from marketmover.app.serving.working import work_until
from marketmover.app.web.api import make_api
from marketmover.app.web.served import ServedApp
from marketmover.jobs import Done
from marketmover.kit import counted, utc_now

if TYPE_CHECKING:
    from marketmover.app.observe.tracing import Tracing
    from marketmover.app.opening import App
    from marketmover.settings import Settings

_LOCAL_NAMES = ("127.0.0.1", "localhost", "[::1]")


def run(
    app: "App", host: str, port: int, grace_s: float, look_s: float = 5.0, serving: type[ServedApp] = ServedApp
) -> None:
    """Serve until SIGTERM or SIGINT; what runs then is asked to end, and has `grace_s` seconds for it.

    What is due is looked for every `look_s` seconds. `serving` is what is served: the installation, or what a test
    puts in its place.

    A second signal ends the process at once. Whatever it was doing is taken up again at the next start, or by another
    process as soon as the lease has run out.

    Raises:
        SettingsError: The settings cannot be used, so that it does not even begin.
        UsageError: The address is taken.
    """
    stop = threading.Event()
    configure_logs(app.settings)
    for name in unknown_schedules(app):
        console.warn(f"MARKETMOVER_SCHEDULES names {name!r}, which is no job: see marketmover jobs list")
    with app.home() as stores, _stopping(stop):
        there = app.jobs()  # settings that cannot be read are told now, not by a thread
        served = serving(app.settings, stores.records)
        metrics = Metrics(Standing(app.settings, stores.records))
        hosts = names_of(host, served.rules.public_url)
        with (
            _traced(app.settings) as tracing,
            listening(
                make_api(served, hosts, metrics=metrics, tracing=tracing), host, port, grace_s=grace_s
            ) as address,
        ):
            say_at(f"serving {address} and {counted(len(there), 'job')} of workspace {app.workspace}")
            _tell_first_link(served, address)
            late = work_until(stop, served, tell=_teller(app.workspace, metrics), grace_s=grace_s, look_s=look_s)
    if late:
        say_at(f"stopped; jobs of {', '.join(late)} did not end in {grace_s:.0f} s and are taken up again later")
        sys.stderr.flush()
        os._exit(0)  # their threads would hold the process; a killed job is what leases are for
    say_at("stopped")


def names_of(host: str, public_url: str) -> tuple[str, ...]:
    """The names that requests may come to; none where it listens to the network and nobody said its name.

    A server on this machine alone answers to this machine's names, so that no page elsewhere reaches it by a name that
    leads here.
    """
    public = urlsplit(public_url).hostname
    if not (public or is_local(host)):
        return ()
    return (*_LOCAL_NAMES, host.lower(), *filter(None, [public]))


def is_local(host: str) -> bool:
    """Whether an address to listen on is this machine's alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _tell_first_link(served: ServedApp, address: str) -> None:
    """Say how the first owner comes in, as long as there is none."""
    with served.records.session() as session:
        link = first_link(session, served.workspace, served.rules.public_url or address, utc_now())
    if link is not None:
        say_at(f"nobody can sign in yet: the owner opens this link once, within a day: {link}")


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


@contextmanager
def _traced(settings: "Settings") -> "Generator[Tracing | None]":
    """Traces for the length of the block, where a setting says where they go."""
    found = tracing_of(settings)
    try:
        yield found
    finally:
        if found is not None:
            found.close()


def _teller(own: str, metrics: Metrics) -> Callable[[Done], None]:
    """Tells what became of a run, unless it is what the job said the last time; of other workspaces with their name."""
    last: dict[tuple[str, str], Done] = {}

    def tell(done: Done) -> None:
        metrics.observe_work(done.name.split()[0], done.state, done.seconds)
        if last.get((done.workspace, done.name)) != done:
            whose = "" if done.workspace in {"", own} else f" of {done.workspace}"
            say_at(f"{done.name}{whose}: {done.state}{': ' if done.said else ''}{done.said}")
        last[done.workspace, done.name] = done

    return tell


def say_at(message: str) -> None:
    """A line on stderr with its time (UTC)."""
    console.say(f"{utc_now():%Y-%m-%d %H:%M:%S} {message}")
