"""Both sandbox servers over one account, started and stopped together."""

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any, Protocol, TypeVar

from marketmover.errors import ConflictError
from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.certificates import certificates_in
from marketmover.sandbox.serving.clock import Clock
from marketmover.sandbox.serving.connection import FILE, Connection
from marketmover.sandbox.serving.control import ControlServer


class GrpcServer(Protocol):
    """Google's side, listening."""

    port: int

    def stop(self) -> None:
        """Listen no more."""
        ...


@dataclass(frozen=True)
class Serving:
    """Servers that listen.

    Attributes:
        account: What they serve.
        http_port, grpc_port: Where.
        connection: The file that says how one connects.
    """

    account: ServedAccount
    http_port: int
    grpc_port: int
    connection: Path

    def told(self) -> dict[str, Any]:
        """For people and machines, once both listen."""
        http = f"http://127.0.0.1:{self.http_port}"
        return {
            "simulated": True,
            "notice": "SIMULATED accounts: no advertiser, campaign or person in them exists.",
            "google_ads": f"localhost:{self.grpc_port}",
            "meta_ads": http,
            "control": f"{http}/sandbox",
            "http_port": self.http_port,
            "grpc_port": self.grpc_port,
            "connection": str(self.connection),
            "today": self.account.today.isoformat(),
        }


@contextmanager
def serving(
    folder: Path, *, port: int | None = None, speed: float = 0.0, seed: int = 1, troubles: int | None = None
) -> Iterator[Serving]:
    """Both servers over the simulated history in `folder`, on loopback.

    Args:
        folder: What `marketmover sandbox create` wrote.
        port: Where HTTP listens; gRPC on the next one. 0 takes free ones, `None` those of the last time if they are
            free.
        speed: Simulated days a minute; 0 stands still.
        seed, troubles: Of a folder that was never served: see `ServedAccount.open`.

    Raises:
        ConflictError: A port is taken, or another process serves the folder.
        NotFoundError, InputError: The folder cannot be used.
    """
    account = ServedAccount.open(folder, seed=seed, troubles=troubles)
    try:
        clock = Clock(account, speed)
        wanted = _ports(folder, port)
        connection = account.tokens.connection
        grpc = _listening(wanted[1], port, lambda number: _google(account, folder, number))
        try:
            http = _listening(wanted[0], port, lambda number: _http(account, connection, clock, number))
            thread = Thread(target=http.serve_forever, name="sandbox http", daemon=True)
            thread.start()
            clock.start()
            try:
                path = connection.write(folder, grpc.port, http.server_port)
                yield Serving(account, http.server_port, grpc.port, path)
            finally:
                clock.stop()
                account.faults.clear()
                http.shutdown()
                http.server_close()
                thread.join()
        finally:
            grpc.stop()
    finally:
        account.close()


def serve_until_stopped(folder: Path, listening: Callable[[Serving], None], **options: Any) -> None:
    """Serve until the process is told to end (SIGTERM, Ctrl-C); `listening` is called once both listen.

    Args and errors are those of `serving`.
    """
    over = Event()
    before = {one: signal.signal(one, lambda *_: over.set()) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        with serving(folder, **options) as running:
            listening(running)
            over.wait()
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _google(account: ServedAccount, folder: Path, port: int) -> GrpcServer:
    from marketmover.sandbox.serving.google import start

    return start(account, certificates_in(folder), port)


def _http(account: ServedAccount, connection: Connection, clock: Clock, port: int) -> ControlServer:
    from marketmover.sandbox.serving.meta import MetaGraph

    graph = MetaGraph(
        account, app_id=connection.app_id, app_secret=connection.app_secret, access_token=connection.access_token
    )
    return ControlServer(port, account, clock, graph)


def _ports(folder: Path, port: int | None) -> tuple[int, int]:
    """Ports of HTTP and gRPC to try first."""
    if port is not None:
        return (port, port + 1) if port else (0, 0)
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return tuple(int(str(told[side][name]).rpartition(":")[2]) for side, name in _ADDRESSES)  # pyright: ignore[reportReturnType] - two addresses
    except (OSError, ValueError, KeyError, TypeError):
        return 0, 0


_Server = TypeVar("_Server")
_ADDRESSES = (("meta_ads", "url"), ("google_ads", "endpoint"))


def _listening(wanted: int, asked: int | None, start: Callable[[int], _Server]) -> _Server:
    """A server on the wanted port; on a free one where nobody asked for that port."""
    try:
        return start(wanted)
    except (OSError, RuntimeError) as error:
        if asked is not None or not wanted:
            raise ConflictError(
                f"Port {wanted} cannot be listened on: {error}.", "Name another with --port."
            ) from error
    return start(0)
