"""`/v1/events`: what changes, as it changes, by server-sent events."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Header, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from marketmover.campaigns.kept import plan_changes_after
from marketmover.errors import RateLimitError, UsageError
from marketmover.jobs import changes
from marketmover.monitoring.kept import alert_changes_after
from marketmover.web import Desk, needs, room_router

router = room_router("", "Server")

_LOOK_S = 1.0
_QUIET_S = 15.0  # proxies cut connections on which nothing comes
_LASTS_S = 600.0  # then the browser comes again, and is asked anew who it is
_MOST_EACH, _MOST = 8, 500


@dataclass(frozen=True)
class Feed:
    """Something that changes.

    Attributes:
        name: The events' name.
        permission: What it takes to see it.
        read: What came after a place, and the place to go on from; `None`: from now on.
    """

    name: str
    permission: str
    read: Callable[[Any, int | None], tuple[list[Mapping[str, Any]], int]]


def _jobs(app: Any, after: int | None) -> tuple[list[Mapping[str, Any]], int]:
    found = changes(app.records, app.workspace, after)
    return [task.shown() for task in found.tasks], found.token


def _alerts(app: Any, after: int | None) -> tuple[list[Mapping[str, Any]], int]:
    with app.records.session(read_only=True) as session:
        rows, place = alert_changes_after(session, app.workspace, after)
    return list(rows), place


def _plans(app: Any, after: int | None) -> tuple[list[Mapping[str, Any]], int]:
    rows, place = plan_changes_after(app, after)
    return list(rows), place


FEEDS = (
    Feed("job", "jobs:read", _jobs),
    Feed("alert", "monitoring:read", _alerts),
    Feed("plan", "plans:read", _plans),
)


class Streams:
    """How many streams there are, so that nobody takes all connections."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self._lock = threading.Lock()

    def require_room(self, caller: str) -> None:
        """See that there may be another.

        Raises:
            RateLimitError: There are too many.
        """
        with self._lock:
            if self._open[caller] >= _MOST_EACH or self._open.total() >= _MOST:
                raise RateLimitError(
                    "Too many streams of events are open.", "Close one, or share one stream.", wait_s=_QUIET_S
                )

    @contextmanager
    def one(self, caller: str) -> Generator[bool]:
        """A stream for the length of the block; whether there was room, which many who come at once may have taken."""
        with self._lock:
            room = self._open[caller] < _MOST_EACH and self._open.total() < _MOST
            self._open[caller] += 1
        try:
            yield room
        finally:
            with self._lock:
                self._open[caller] -= 1


_STREAMS = Streams()
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events, one after the other.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}


@router.get(
    "/events",
    summary="What changes, as it changes",
    operation_id="stream_events",
    response_class=StreamingResponse,
    responses=_ANSWERS,
)
def stream_events(
    request: Request,
    desk: Annotated[Desk, needs(None)],
    last_event_id: Annotated[str | None, Header(max_length=200, description="Where a former stream ended.")] = None,
) -> StreamingResponse:
    """Server-sent events: `job`, `alert` and `plan`, each with what changed as JSON, as far as the caller may see it.

    An event `plan` names the plan's id and what happened to it: `composed`, `approved`, `published`, `changed`,
    `given_up`, `tuned`, `deleted`, `shared` or its link `opened`, what a client `said`, how they `rated` it.
    `Last-Event-ID` goes on after a break.

    It ends after ten minutes, and at once where the caller may not see all of it any more; browsers' `EventSource`
    comes again by itself, and nothing is missed.
    """
    feeds = [feed for feed in FEEDS if desk.caller.may(feed.permission)]
    places = _places(last_event_id, [feed.name for feed in feeds])
    _STREAMS.require_room(_holder(desk))
    return StreamingResponse(
        _events(request, desk, feeds, places),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _holder(desk: Desk) -> str:
    return f"{desk.caller.kind}:{desk.caller.id}"


def _still_may(request: Request, desk: Desk, feeds: list[Feed]) -> bool:
    """Whether whoever asked may see all of it at the moment, in the same workspace."""
    now = request.app.state.desks.caller_now(request)
    return now is not None and now.workspace == desk.workspace and all(now.may(feed.permission) for feed in feeds)


async def _events(
    request: Request, desk: Desk, feeds: list[Feed], places: dict[str, int | None]
) -> AsyncGenerator[bytes]:
    stopping: threading.Event = request.app.state.stopping
    loop = asyncio.get_running_loop()
    ends, told = loop.time() + _LASTS_S, loop.time()
    with _STREAMS.one(_holder(desk)) as room:
        yield b"retry: 2000\n\n"
        while room and not stopping.is_set() and loop.time() < ends and not await request.is_disconnected():
            for feed in feeds:
                rows, place = await run_in_threadpool(feed.read, desk.app, places[feed.name])
                if rows and not await run_in_threadpool(_still_may, request, desk, feeds):
                    return
                places[feed.name] = place
                for row in rows[:-1]:
                    yield _event(feed.name, row)
                for row in rows[-1:]:  # only behind the last is all of it read
                    yield _event(feed.name, row, _id(places))
                    told = loop.time()
            if loop.time() - told > _QUIET_S:
                if not await run_in_threadpool(_still_may, request, desk, feeds):
                    return
                told = loop.time()
                yield b": nothing new\n\n"
            await asyncio.sleep(_LOOK_S)


def _event(name: str, row: Mapping[str, Any], place: str | None = None) -> bytes:
    behind = "" if place is None else f"id: {place}\n"
    return f"event: {name}\n{behind}data: {json.dumps(row, ensure_ascii=False, default=str)}\n\n".encode()


def _id(places: Mapping[str, int | None]) -> str:
    return ",".join(f"{name}:{place}" for name, place in places.items() if place is not None)


def _places(text: str | None, names: list[str]) -> dict[str, int | None]:
    """Where each feed goes on.

    Raises:
        UsageError: It is none of our ids.
    """
    places: dict[str, int | None] = dict.fromkeys(names)
    for part in filter(None, (text or "").split(",")):
        name, _, place = part.partition(":")
        if not (place.isascii() and place.isdigit() and len(place) < 19):
            raise UsageError("Last-Event-ID is none that this API gave.", "Begin without one.")
        if name in places:
            places[name] = int(place)
    return places
