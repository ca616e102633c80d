"""`GET /healthz`: whether this process is alive and reaches its records."""

import json
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from marketmover import __version__
from marketmover.errors import UsageError

if TYPE_CHECKING:
    from marketmover.store import Records


@contextmanager
def answering(host: str, port: int, records: "Records") -> Generator[str]:
    """Answer on `/healthz` beside the block; gives the address.

    Raises:
        UsageError: The address cannot be listened on.
    """
    try:
        server = _Server((host, port), partial(_Health, records))
    except OSError as error:
        raise UsageError(
            f"Port {port} of {host} cannot be listened on: {error.strerror}.", "Name another by --port."
        ) from error
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="health", daemon=True)
    thread.start()
    try:
        shown = f"[{host}]" if ":" in host else host
        yield f"http://{shown}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True


class _Health(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "marketmover", ""
    timeout = 10

    def __init__(self, records: "Records", *args: Any, **kwargs: Any) -> None:
        self._records = records
        super().__init__(*args, **kwargs)

    def do_GET(self) -> None:
        if self.path != "/healthz":
            self._answer(404, {"title": "There is nothing here but /healthz.", "status": 404})
            return
        well = _reached(self._records)
        told = {"status": "ok" if well else "records cannot be reached", "version": __version__}
        self._answer(200 if well else 503, told)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing: a probe comes every few seconds."""

    def _answer(self, status: int, told: Mapping[str, object]) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _reached(records: "Records") -> bool:
    try:
        with records.session(read_only=True) as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
