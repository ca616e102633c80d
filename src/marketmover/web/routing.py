"""The router that rooms' routes are made of: it keeps idempotency keys."""

from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from fastapi import APIRouter, Request
from fastapi.params import File
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from marketmover.web.desk import Needs
from marketmover.web.problems import Problem

if TYPE_CHECKING:
    from marketmover.web.idempotency import Answer, Ticket

_UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
_KEPT_HEADERS = ("content-type", "location", "etag", "content-disposition", "retry-after")
_UPLOAD = ("multipart/", "application/zip", "application/octet-stream", "application/gzip")
_PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"model": Problem, "description": "What is wrong, and what to do (RFC 9457)."},
}


class Keys(Protocol):
    """Keeps idempotency keys; the application's state holds it as `desks`."""

    def begin(self, request: Request, key: str, body: bytes) -> "tuple[Ticket, Answer | None] | None":
        """Begin a request with a key; `None` where nobody is signed in."""
        ...

    def end(self, ticket: "Ticket", answer: "Answer | None") -> None:
        """Keep its answer."""
        ...


class Route(APIRoute):
    """A route that reads bodies of those alone who may send them, and does a request with a known key once."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, within the idempotency key's bounds."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            await self._let_in(request)
            key = request.headers.get("idempotency-key")
            if key is None or request.method not in _UNSAFE:
                return await handler(request)
            return await _once(request, key, handler, takes_files=self.takes_files)

        return handle

    @property
    def takes_files(self) -> bool:
        """Whether it takes uploads."""
        return any(isinstance(part.field_info, File) for part in self.dependant.body_params)

    async def _let_in(self, request: Request) -> None:
        """Turn away who may not come in before their body is read, and before they are told a known answer again."""
        if self.dependant.body_params or "idempotency-key" in request.headers:
            for part in self.dependant.dependencies:
                if isinstance(part.call, Needs):
                    await run_in_threadpool(part.call, request)


async def _once(
    request: Request,
    key: str,
    handler: Callable[[Request], Coroutine[Any, Any, Response]],
    *,
    takes_files: bool,
) -> Response:
    keys: Keys = request.app.state.desks
    upload = takes_files and request.headers.get("content-type", "").startswith(_UPLOAD)
    # an upload may be larger than memory: its length and its key stand for it
    body = request.headers.get("content-length", "").encode() if upload else await request.body()
    begun = await run_in_threadpool(keys.begin, request, key, body)
    if begun is None:
        return await handler(request)
    ticket, known = begun
    if known is not None:
        return Response(known.body, known.status, {**known.headers, "Idempotency-Replayed": "true"})
    request.state.ticket = ticket
    answer: Answer | None = None
    try:
        response = await handler(request)
        answer = _answer(response)
    finally:
        await run_in_threadpool(keys.end, ticket, answer)
    return response


def _answer(response: Response) -> "Answer | None":
    """What is kept of a response: nothing of a stream, and nothing that must not be stored, such as a new key."""
    from marketmover.web.idempotency import Answer

    if not hasattr(response, "body") or "no-store" in response.headers.get("cache-control", ""):
        return None
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    return Answer(response.status_code, headers, bytes(response.body))


def room_router(prefix: str, tag: str, **options: Any) -> APIRouter:
    """A room's router below `/v1`: `room_router("/plans", "Plans")`."""
    tags: Sequence[str] = [tag]
    return APIRouter(prefix=prefix, tags=list(tags), route_class=Route, responses=_PROBLEMS, **options)
