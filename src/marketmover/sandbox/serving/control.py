"""The plain HTTP side of a served account: `/token`, `/sandbox/...`, `/crm/leads`, and Meta's Graph API below them."""

import json
import re
from collections.abc import Mapping
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import isfinite
from typing import Any, Protocol, cast
from urllib.parse import parse_qsl, urlsplit

from marketmover.errors import MarketmoverError, UsageError
from marketmover.sandbox.serving import oauth
from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.clock import Clock
from marketmover.sandbox.serving.faults import Fault
from marketmover.sandbox.serving.service_account import ServiceAccount

MOST_BYTES = 16 << 20
"""A longer body is refused."""

_GRAPH = re.compile(r"/(v\d+(\.\d+)?(/|$|\?))")
_HERE = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?")


class Graph(Protocol):
    """Meta's side: reads the request and writes the answer."""

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        ...


class ControlServer(ThreadingHTTPServer):
    """Serves on loopback only, one thread a connection.

    Attributes:
        account, clock, graph: What is served.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, account: ServedAccount, clock: Clock, graph: Graph) -> None:
        """Raises OSError: The port is taken."""
        self.account, self.clock, self.graph = account, clock, graph
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def address(self) -> str:
        """Where it is, without a path."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "marketmover-sandbox"
    timeout = 60

    def _answer(self) -> None:
        if not _HERE.fullmatch(self.headers.get("Host") or ""):
            self._say(403, {"simulated": True, "error": "The sandbox answers on this machine alone."})
        elif _GRAPH.match(self.path):
            self._server.graph.serve(self)
        else:
            self._control()

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - http.server calls them so

    def _control(self) -> None:
        path = urlsplit(self.path).path.rstrip("/")
        try:
            body = self._body()
            if path == "/token" and self.command == "POST":
                self._token(body)
            elif path == "/crm/leads" and self.command == "GET":
                self._leads()
            elif (self.command, path) in _CONTROLS:
                told = _CONTROLS[self.command, path](self._server, _object(body) if self.command == "POST" else {})
                self._say(200, {"simulated": True, **told})
            else:
                self._say(404, {"simulated": True, "error": f"The sandbox has no {self.command} {path or '/'}."})
        except MarketmoverError as error:
            self._say(400, {"simulated": True, "error": str(error)})

    def _token(self, body: bytes) -> None:
        fault = self._server.account.faults.take("token", "POST /token")
        if fault and fault.kind == "refuse":
            self._say(*oauth.revoked())
        elif fault is None or not self._faulty(fault):
            form = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
            self._say(*oauth.answer(self._server.account.tokens, form, f"{self._server.address}/token"))

    def _leads(self) -> None:
        fault = self._server.account.faults.take("crm", "GET /crm/leads")
        if fault is not None and self._faulty(fault):
            return
        asked = dict(parse_qsl(urlsplit(self.path).query))
        platform = asked.get("platform")
        rows = self._server.account.crm_rows(_day(asked.get("since")))
        self._say(200, [row for row in rows if platform in {None, row["platform"]}])

    def _faulty(self, fault: Fault) -> bool:
        """Show a fault; false where the answer still follows."""
        if fault.kind == "slow":
            fault.hold()
            return False
        if fault.kind == "throttle":
            self._say(429, {"error": "rate_limited"}, {"Retry-After": str(round(fault.wait_s))})
        elif fault.kind in {"cut", "short_body"}:
            text = b'{"access_token": "ya29.'
            self._send(200, text, {}, length=len(text) * (2 if fault.kind == "cut" else 1))
        else:
            self._send(502 if fault.kind == "bad_gateway" else 503, b"<html>SIMULATED outage</html>", {})
        return True

    def _body(self) -> bytes:
        try:
            length = int(self.headers.get("Content-Length") or 0)
        except ValueError:
            length = -1
        if not 0 <= length <= MOST_BYTES:
            self.close_connection = True
            raise UsageError(f"A body of {self.headers.get('Content-Length')} bytes is not taken.")
        return self.rfile.read(length)

    def _say(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        self._send(status, json.dumps(body, ensure_ascii=False).encode(), headers or {})

    def _send(self, status: int, content: bytes, headers: Mapping[str, str], length: int | None = None) -> None:
        self.send_response(status)
        kind = "text/html" if content.startswith(b"<") else "application/json; charset=UTF-8"
        for name, value in {"Content-Type": kind, "X-Simulated": "marketmover", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        if length is not None and length != len(content):
            self.close_connection = True
        self.end_headers()
        self.wfile.write(content)

    @property
    def _server(self) -> ControlServer:
        return cast("ControlServer", self.server)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server names it so
        """Requests hold tokens: nothing of them is logged."""


def _clock(server: ControlServer, told: Mapping[str, Any]) -> dict[str, Any]:
    """Where the clock stands, after the steps and the speed that were asked for."""
    for name in sorted(set(told) - {"days", "speed"}):
        raise UsageError(f"The clock has no `{name}`.", 'Say {"days": 1}, or {"speed": 2}.')
    if "speed" in told:
        server.clock.set(_number(told, "speed"))
    if "days" in told:
        days = _number(told, "days")
        if days != int(days):
            raise UsageError(f"The clock steps by whole days, not by {days:g}.")
        server.account.advance(int(days))
    account = server.account
    return {
        "today": account.today.isoformat(),
        "last_date": account.last_date.isoformat(),
        "time_zone": account.time_zone,
        "days_a_minute": server.clock.speed,
    }


def _faults(server: ControlServer, told: Mapping[str, Any]) -> dict[str, Any]:
    """The faults that wait, after one was added, or what is held was released."""
    faults = server.account.faults
    if told.get("release") is True:
        return {"released": faults.release(), "waiting": faults.listed()}
    if told:
        faults.add(told)
    return {"waiting": faults.listed()}


def _forget_faults(server: ControlServer, _told: Mapping[str, Any]) -> dict[str, Any]:
    server.account.faults.clear()
    return {"waiting": []}


def _token_life(server: ControlServer, told: Mapping[str, Any]) -> dict[str, Any]:
    """On which simulated day Meta's access token runs out; `days` from today, or `null` for never."""
    account = server.account
    for name in sorted(set(told) - {"days"}):
        raise UsageError(f"The token has no `{name}`.", 'Say {"days": 10}, or {"days": null} for one that stays.')
    if "days" in told:
        days = told["days"]
        account.tokens.meta_ends = None if days is None else account.today + timedelta(int(_number(told, "days")))
    ends = account.tokens.meta_ends
    return {"meta_token_ends": ends.isoformat() if ends else None}


def _service_account(server: ControlServer, _told: Mapping[str, Any]) -> dict[str, Any]:
    """Make a service account, in place of one that was made before, and give its key: it is told this once."""
    account = server.account
    made, key = ServiceAccount.made(f"sandbox-{account.google_customer}", f"{server.address}/token")
    account.tokens.service_account = made
    return {"json_key": key}


def _about(server: ControlServer, _told: Mapping[str, Any]) -> dict[str, Any]:
    account = server.account
    return {
        "notice": "These accounts are simulated by marketmover. No advertiser, campaign or person in them exists.",
        "google_ads": account.google_customer,
        "meta_ads": f"act_{account.meta_account}",
        "currency": account.currency,
        **_clock(server, {}),
    }


_CONTROLS = {
    ("GET", ""): _about,
    ("GET", "/sandbox"): _about,
    ("GET", "/sandbox/clock"): _clock,
    ("POST", "/sandbox/clock"): _clock,
    ("POST", "/sandbox/service-account"): _service_account,
    ("GET", "/sandbox/token"): _token_life,
    ("POST", "/sandbox/token"): _token_life,
    ("GET", "/sandbox/faults"): _faults,
    ("POST", "/sandbox/faults"): _faults,
    ("DELETE", "/sandbox/faults"): _forget_faults,
}


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        told: Any = json.loads(body or b"{}")
    except ValueError as error:
        raise UsageError(f"The body is no JSON: {error}.") from error
    if not isinstance(told, dict):
        raise UsageError("The body is not a JSON object.")
    return cast("Mapping[str, Any]", told)


def _number(told: Mapping[str, Any], name: str) -> float:
    value = told[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise UsageError(f"The clock's `{name}` cannot be {value!r}.", "Give a number.")
    return float(value)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"`since` cannot be '{text}'.", "Give a day, like 2026-01-05.") from error
