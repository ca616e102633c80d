"""What stands around the API: each request is counted, logged and traced by its route's template, never by its path."""

import time
from collections.abc import Awaitable, Callable, Generator, MutableMapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marketmover.app.observe.logs import bind_context, log, release_context
from marketmover.app.observe.tracing import trace_id

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from marketmover.app.observe.metrics import Metrics
    from marketmover.app.observe.tracing import Tracing

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

UNMATCHED = "unmatched"
_EVENTS = b"text/event-stream"
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
_LOG = "marketmover.web"


class Observed:
    """An ASGI middleware, next within the one that gives requests their ids.

    Args:
        app: What is observed.
        metrics: Where requests are counted.
        tracing: Where spans go; `None` for no traces.
    """

    def __init__(self, app: Application, metrics: "Metrics", tracing: "Tracing | None" = None) -> None:
        self.app = app
        self._metrics = metrics
        self._tracing = tracing
        self._templates = Templates()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, and tell what became of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        seen = _Seen(send)
        tokens = bind_context(request_id=str(scope.get("state", {}).get("request_id", "")))
        self._metrics.under_way.inc()
        try:
            with self._span(scope) as span:
                try:
                    await self.app(scope, receive, seen)
                finally:
                    self._tell(scope, seen, span)
        finally:
            self._metrics.under_way.dec()
            release_context(tokens)

    def _span(self, scope: Scope) -> "AbstractContextManager[Span | None]":
        if self._tracing is None:
            return nullcontext()
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        given = {name: headers[name] for name in ("traceparent", "tracestate") if name in headers}
        return self._tracing.span(scope["method"], kind="server", came_with=given)

    def _tell(self, scope: Scope, seen: "_Seen", span: "Span | None") -> None:
        route, seconds = self._templates.of(scope), seen.seconds()
        self._metrics.observe_request(scope["method"], route, seen.status, seconds)
        told: dict[str, Any] = {"method": scope["method"], "route": route, "status": seen.status}
        if span is not None:
            span.update_name(f"{scope['method']} {route}")
            span.set_attributes({"http.route": route, "http.request.method": scope["method"]})
            span.set_attribute("http.response.status_code", seen.status)
            told["trace_id"] = trace_id(span)
        if route in _QUIET and seen.status < 500:
            return
        log(_LOG).info("request", **told, milliseconds=round(seconds * 1000, 1), **_caller(scope))


@dataclass
class _Seen:
    """What was sent: its status, and when it was over."""

    send: Send
    status: int = 500  # of what ends without an answer

    def __post_init__(self) -> None:
        self._began = time.perf_counter()
        self._over: float | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            if any(name.lower() == b"content-type" and value.startswith(_EVENTS) for name, value in message["headers"]):
                self._over = time.perf_counter()
        await self.send(message)

    def seconds(self) -> float:
        return (self._over or time.perf_counter()) - self._began


class Templates:
    """The whole templates of an application's routes: what a request's scope names knows no prefix of its router."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def of(self, scope: Scope) -> str:
        """The template of the route that answers (`/v1/plans/{plan_id}`); `unmatched` where there is none."""
        thing = scope.get("route") or scope.get("endpoint")
        if thing is None:
            return UNMATCHED
        if id(thing) not in self._known:
            self._known = dict(_templates(scope["app"].routes))
        return self._known.get(id(thing), UNMATCHED)


def _templates(routes: Any) -> Generator[tuple[int, str]]:
    from fastapi.routing import iter_route_contexts

    for one in iter_route_contexts(routes):
        path = getattr(one, "path_format", None) or getattr(one, "path", None)
        if path is not None:
            yield id(one.original_route), str(path)
            yield id(getattr(one, "endpoint", None)), str(path)


def _caller(scope: Scope) -> dict[str, str]:
    """Who asked and for which workspace: by kind and id, since a person's name is an address of mail."""
    caller = scope.get("state", {}).get("caller")
    if caller is None:
        return {}
    return {"who": f"{caller.kind} {caller.id}", "workspace": caller.workspace}
