"""What stands around every route: request ids, safe headers, hosts, sizes, and the last word on the unexpected."""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Container, Iterable, MutableMapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from marketmover.kit import new_id
from marketmover.web.problems import MEDIA, Problem

_GIVEN_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_POLICY = (
    b"default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; "
    b"base-uri 'none'; form-action 'self'; object-src 'none'"
)
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"content-security-policy", _POLICY),
)


class RequestIds:
    """Gives each request an id (or takes a proxy's), for its answer, its problems and the log."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = _header(scope, b"x-request-id")
        request_id = given if _GIVEN_ID.fullmatch(given) else new_id()
        scope.setdefault("state", {})["request_id"] = request_id
        await self.app(scope, receive, _adding(send, [(b"x-request-id", request_id.encode())]))


class SecurityHeaders:
    """Adds the headers that keep browsers from doing harm; what a route set itself stays."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on."""
        wrapped = _adding(send, _HEADERS) if scope["type"] == "http" else send
        await self.app(scope, receive, wrapped)


class AllowedHosts:
    """Refuses requests to names that are not ours: else a page elsewhere could reach a server on this machine.

    Probes come by addresses, and tell nothing that matters.

    Args:
        app: What is guarded.
        hosts: Names without ports.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self.app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, or refuse."""
        ours = scope["type"] != "http" or scope["path"] in _PROBES or _host(_header(scope, b"host")) in self._hosts
        if not ours:
            await _refuse(
                scope, send, 421, "This server does not answer to that name.", "Set MARKETMOVER_PUBLIC_URL to it."
            )
            return
        await self.app(scope, receive, send)


class BodyLimit:
    """Refuses bodies that are too large, whether they say so or not, or that do not come.

    Args:
        app: What is guarded.
        most: Bytes of an upload; other bodies may have a few megabytes.
        uploads: Paths that take uploads.
        patience_s: Seconds that a body may take, and for each 20 kB of it one more.
    """

    def __init__(self, app: ASGIApp, most: int, uploads: Container[str] = (), patience_s: float = 30.0) -> None:
        self.app = app
        self._most = most
        self._uploads = uploads
        self._patience_s = patience_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, or refuse."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self._most if scope["path"] in self._uploads else min(self._most, _MOST_BODY)
        said = _header(scope, b"content-length")
        if said and (not said.isdigit() or int(said) > most):
            await _refuse(scope, send, 413, f"More than {most:,} bytes are not taken here.", "Send less at once.")
            return
        await self.app(scope, _counting(receive, most, self._patience_s), send)


_PROBES = {"/healthz", "/readyz"}
_MOST_BODY = 4_000_000
_SLOWEST = 20_000  # bytes a second


class Unexpected:
    """The last word: what nobody expected is logged under the request's id, and told without a trace."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on; answer 500 where that failed before anything was answered."""
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception:
            if scope["type"] != "http" or begun:
                raise
            _LOG.exception("request %s failed: %s %s", _request_id(scope), scope["method"], scope["path"])
            remedy = f"Please report it with the server's log of request {_request_id(scope)}."
            await _refuse(
                scope, send, 500, "Something went wrong inside marketmover; this is our fault, not yours.", remedy
            )


_LOG = logging.getLogger("marketmover.web")


def _request_id(scope: Scope) -> str:
    state: MutableMapping[str, Any] = scope.get("state", {})
    return str(state.get("request_id", ""))


def _header(scope: Scope, name: bytes) -> str:
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return next((value.decode("latin-1") for key, value in headers if key == name), "")


def _host(header: str) -> str:
    """The name in a Host header, without its port."""
    if header.startswith("["):
        return header.partition("]")[0] + "]"
    return header.partition(":")[0].lower()


def _adding(send: Send, headers: Iterable[tuple[bytes, bytes]]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [*message["headers"], *(pair for pair in headers if pair[0] not in there)]
        await send(message)

    return sending


def _counting(receive: Receive, most: int, patience_s: float) -> Callable[[], Awaitable[Message]]:
    taken, whole = 0, False
    clock = asyncio.get_running_loop().time
    began = clock()

    async def receiving() -> Message:
        nonlocal taken, whole
        if whole:  # what comes now is that the other side has gone
            return await receive()
        try:
            async with asyncio.timeout(began + patience_s + taken / _SLOWEST - clock()):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, "The body did not come in time", {"Connection": "close"}) from None
        if message["type"] == "http.request":
            taken += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if taken > most:  # FastAPI lets this one error through where it reads bodies
                raise HTTPException(413, f"More than {most:,} bytes are not taken here")
        return message

    return receiving


async def _refuse(scope: Scope, send: Send, status: int, detail: str, remedy: str) -> None:
    from http import HTTPStatus

    title = HTTPStatus(status).phrase
    told = Problem(
        type=f"urn:marketmover:problem:{title.lower().replace(' ', '-')}",
        title=title,
        status=status,
        detail=detail,
        remedy=remedy,
        instance=_request_id(scope),
    )
    body = json.dumps(told.model_dump()).encode()
    headers = [(b"content-type", MEDIA.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
