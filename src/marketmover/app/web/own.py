"""What the server tells of itself: that it lives, that it can work, and which version it is."""

import secrets
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from marketmover import __version__
from marketmover.app.observe.metrics import MEDIA
from marketmover.web import open_to_all, problems, room_router

if TYPE_CHECKING:
    from marketmover.app.web.served import ServedApp

router = room_router("", "Server")
_OF_PROXIES = {"via", "x-real-ip"}


class Alive(BaseModel):
    """That the server answers."""

    status: str
    version: str


@router.get("/version", summary="Which marketmover this is", operation_id="read_version")
def read_version(hall: Annotated[Any, open_to_all()]) -> Alive:
    """The server's version."""
    del hall
    return Alive(status="ok", version=__version__)


async def alive(request: Request) -> JSONResponse:
    """`/healthz`: the process answers; a supervisor restarts it where it does not."""
    del request
    return JSONResponse({"status": "ok", "version": __version__})


async def ready(request: Request) -> JSONResponse:
    """`/readyz`: records can be reached, and the server is not about to stop; else send requests elsewhere."""
    state = request.app.state
    if state.stopping.is_set():
        return JSONResponse({"status": "stopping", "version": __version__}, 503)
    well = await run_in_threadpool(_reached, state.app)
    told = {"status": "ok" if well else "records cannot be reached", "version": __version__}
    return JSONResponse(told, 200 if well else 503)


async def tell_metrics(request: Request) -> Response:
    """`/metrics`: for Prometheus on this machine, or with the token of `MARKETMOVER_METRICS_TOKEN` from anywhere."""
    state = request.app.state
    if not _may_scrape(request, state.app.settings.metrics_token.get_secret_value()):
        remedy = "Set MARKETMOVER_METRICS_TOKEN, and have Prometheus send it: Authorization: Bearer TOKEN."
        return problems.problem(request, 401, "Metrics are told to this machine alone, or by a token.", remedy)
    return Response(await run_in_threadpool(state.metrics.text), media_type=MEDIA)


def _may_scrape(request: Request, token: str) -> bool:
    if token:
        shown = request.headers.get("authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(shown.encode(), token.encode())
    host = request.client.host if request.client else ""
    by_proxy = any("forwarded" in name or name in _OF_PROXIES for name in request.headers)
    return host in {"127.0.0.1", "::1"} and not by_proxy


def _reached(app: "ServedApp") -> bool:
    try:
        with app.records.session(read_only=True) as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
