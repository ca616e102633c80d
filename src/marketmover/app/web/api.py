"""The application: routes, what stands around them, and what it answers of itself."""

import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI

from marketmover import __version__
from marketmover.app.observe.requests import Observed
from marketmover.app.web import own, pages
from marketmover.app.web.desks import WebDesks
from marketmover.app.web.guards import AllowedHosts, BodyLimit, RequestIds, SecurityHeaders, Unexpected
from marketmover.web import problems
from marketmover.web.routing import Route

if TYPE_CHECKING:
    from marketmover.app.observe.metrics import Metrics
    from marketmover.app.observe.tracing import Tracing
    from marketmover.app.web.served import ServedApp

ROUTES = (
    "marketmover.access.sessions.routes",
    "marketmover.access.oidc.routes",
    "marketmover.access.links.routes",
    "marketmover.access.people.routes",
    "marketmover.access.api_keys.routes",
    "marketmover.access.workspaces.routes",
    "marketmover.access.routes",
    "marketmover.app.web.own",
    "marketmover.campaigns.dialogue.routes",
    "marketmover.campaigns.kept.routes",
    "marketmover.campaigns.what_if.routes",
    "marketmover.campaigns.publishing.routes",
    "marketmover.campaigns.tuning.routes",
    "marketmover.campaigns.backtest.routes",
    "marketmover.campaigns.modelling.routes",
    "marketmover.campaigns.trust.routes",
    "marketmover.reports.shares.routes",
    "marketmover.reports.answers.routes",
    "marketmover.reports.shared.routes",
    "marketmover.reports.files.routes",
    "marketmover.reports.survey.routes",
    "marketmover.app.web.events",
    "marketmover.jobs.routes",
    "marketmover.history.uploads.routes",
    "marketmover.history.overview.routes",
    "marketmover.history.pulls.routes",
    "marketmover.app.accounts.routes",
    "marketmover.app.accounts.platforms",
    "marketmover.monitoring.routes",
    "marketmover.monitoring.notices.routes",
    "marketmover.app.web.settings",
)
"""Modules whose `router` is mounted under `/v1`: the rooms', in the order of the documentation."""

_ABOUT = """Everything that marketmover does, for programs.

Sign in by `Authorization: Bearer KEY` (`marketmover keys create`). Long work is answered with 202 and a job to look at.
Lists come by pages (`limit`, `cursor`) and as tables (`format=csv`). Errors are problem details (RFC 9457) with a
remedy. A request with an `Idempotency-Key` is done once, however often it is sent."""


def make_api(
    app: "ServedApp",
    hosts: Sequence[str] = (),
    *,
    metrics: "Metrics | None" = None,
    tracing: "Tracing | None" = None,
    built: Path = pages.BUILT,
) -> FastAPI:
    """The API of an installation, and its dashboard where that was built.

    Args:
        app: What it serves.
        hosts: Names that requests may come to; none: any.
        metrics: Where requests are counted, and what `/metrics` tells; without them there is none.
        tracing: Where traces go.
        built: Where the dashboard was built to.
    """
    api = FastAPI(
        title="marketmover",
        version=__version__,
        description=_ABOUT,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        separate_input_output_schemas=False,
    )
    api.state.desks = WebDesks(app, app.rules)
    api.state.app = app
    api.state.stopping = threading.Event()
    api.add_route("/healthz", own.alive, include_in_schema=False)
    api.add_route("/readyz", own.ready, include_in_schema=False)
    if metrics is not None:
        api.state.metrics = metrics
        api.add_route("/metrics", own.tell_metrics, include_in_schema=False)
    pages.take_over_links(api, built)
    for name in ROUTES:
        module: Any = import_module(name)
        router: APIRouter = module.router
        api.include_router(router, prefix="/v1")
    pages.mount(api, built)
    problems.install(api)
    _guard(api, app, hosts)
    if metrics is not None:
        api.add_middleware(Observed, metrics=metrics, tracing=tracing)
    api.add_middleware(RequestIds)
    return api


def _guard(api: FastAPI, app: "ServedApp", hosts: Sequence[str]) -> None:
    """What stands around every route; what is added last is outermost."""
    api.add_middleware(BodyLimit, most=app.settings.upload_limit, uploads=_uploads())
    api.add_middleware(Unexpected)
    if hosts:
        api.add_middleware(AllowedHosts, hosts=frozenset(hosts))
    api.add_middleware(SecurityHeaders)


def _uploads() -> frozenset[str]:
    """The paths that take files; all others take small bodies alone."""
    routes = [route for name in ROUTES for route in import_module(name).router.routes]
    return frozenset(f"/v1{route.path}" for route in routes if isinstance(route, Route) and route.takes_files)
