"""The web server beside the jobs: it listens before anything is said, and ends when the block ends."""

import logging
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from marketmover.errors import StoreError, UsageError

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

_BACKLOG = 512
_MOST_CONNECTIONS = 900  # a process may commonly open 1,024 files; beyond, 503
_START_S = 30.0


@contextmanager
def listening(api: "FastAPI", host: str, port: int, *, grace_s: float) -> Generator[str]:
    """Answer requests beside the block; gives the address.

    Args:
        api: What answers.
        host: The address to listen on.
        port: The port; 0 takes any that is free.
        grace_s: Seconds that requests under way have when the block ends.

    Raises:
        UsageError: The address cannot be listened on.
    """
    import uvicorn

    from marketmover.app.serving.patience import PatientProtocol

    taken = _bound(host, port)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)  # that it begins and ends is told by us
    config = uvicorn.Config(
        api, log_config=None, access_log=False, lifespan="off", server_header=False, timeout_keep_alive=30,
        timeout_graceful_shutdown=max(1, round(grace_s)), backlog=_BACKLOG, http=PatientProtocol, ws="none",
        limit_concurrency=_MOST_CONNECTIONS,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]}, name="web", daemon=True)
    thread.start()
    try:
        _wait_for(server, thread)
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{taken.getsockname()[1]}"
    finally:
        api.state.stopping.set()
        server.should_exit = True
        thread.join(grace_s + 5)
        taken.close()


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio sends at once (TCP_NODELAY) on sockets that are said to be TCP alone; else answers wait 40 ms for an ACK
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        raise UsageError(
            f"Port {port} of {host} cannot be listened on: {error.strerror}.", "Name another by --port."
        ) from error
    return taken


def _wait_for(server: "uvicorn.Server", thread: threading.Thread) -> None:
    deadline = time.monotonic() + _START_S
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise StoreError("The web server did not start.", "Look at what it said above; then report it.")
        time.sleep(0.01)
