"""What an operator sees of a running installation: metrics, logs and traces, of a real API and a real receiver."""

import asyncio
import io
import json
import logging
import sys
import threading
from collections.abc import Generator, Mapping
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi import APIRouter, FastAPI
from fastapi.responses import StreamingResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

from marketmover import __version__
from marketmover.app.observe.logs import bind_context, configure_logs, log, release_context
from marketmover.app.observe.metrics import Metrics
from marketmover.app.observe.requests import Observed
from marketmover.app.observe.standing import Standing
from marketmover.app.observe.tracing import Tracing, tracing
from marketmover.errors import MissingExtraError, SettingsError
from marketmover.history.records import ExportPull
from marketmover.jobs import holding
from marketmover.kit import utc_now
from marketmover.monitoring.notices.records import NoticeThread
from marketmover.settings import Settings
from marketmover.store import Records, StoreOpener
from marketmover.store.records import Workspace


def samples(metrics: Metrics) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    families = text_string_to_metric_families(metrics.text().decode())
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def sample(metrics: Metrics, name: str, **labels: str) -> float | None:
    return samples(metrics).get((name, frozenset(labels.items())))


def an_api() -> FastAPI:
    api = FastAPI()
    router = APIRouter(prefix="/plans")

    @router.get("/{plan_id}")
    def read_plan(plan_id: str) -> dict[str, str]:
        log("marketmover.plans").info("plan read")
        return {"id": plan_id}

    @router.get("/{plan_id}/failing")
    def fail(plan_id: str) -> None:
        raise RuntimeError(f"s3cret of {plan_id}")

    @router.get("/{plan_id}/events")
    def events(plan_id: str) -> StreamingResponse:
        return StreamingResponse(iter([f"data: {plan_id}\n\n"]), media_type="text/event-stream")

    api.include_router(router, prefix="/v1")
    return api


def asked(app: Any, path: str, method: str = "GET", headers: Mapping[str, str] | None = None, **state: Any) -> int:
    """The status of an answer, as a server gets it from the application."""
    statuses: list[int] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"email=ana@acme.com",
        "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
        "root_path": "",
        "state": {"request_id": "r-12345678", **state},
    }

    came = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        if (message := next(came, None)) is None:
            await asyncio.Event().wait()  # the client stays
        return message or {}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    async def run() -> None:
        await app(scope, receive, send)

    try:
        asyncio.run(run())
    except RuntimeError:
        return 500
    return statuses[0]


@pytest.fixture
def logs() -> Generator[io.StringIO]:
    """What is logged as JSON meanwhile."""
    root = logging.getLogger()
    handlers, level, stream = root.handlers, root.level, io.StringIO()
    configure_logs(Settings(log_format="json"), stream)
    yield stream
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def events_of(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_requests_are_counted_by_the_template_of_their_route_and_never_by_their_path(logs: io.StringIO) -> None:
    metrics = Metrics()
    app = Observed(an_api(), metrics)
    assert [asked(app, path) for path in ("/v1/plans/ana@acme.com", "/v1/plans/2", "/nowhere/ana@acme.com")] == [
        200,
        200,
        404,
    ]
    assert asked(app, "/v1/plans/2", "BREW") == 405
    requests = "marketmover_http_requests_total"
    assert sample(metrics, requests, method="GET", route="/v1/plans/{plan_id}", status="200") == 2
    assert sample(metrics, requests, method="GET", route="unmatched", status="404") == 1
    assert not any(label == ("method", "BREW") for _, labels in samples(metrics) for label in labels)
    count = "marketmover_http_request_duration_seconds_count"
    assert sample(metrics, count, method="GET", route="/v1/plans/{plan_id}") == 2
    assert "ana" not in metrics.text().decode()
    assert sample(metrics, "marketmover_http_requests_under_way") == 0
    assert logs.getvalue()


def test_a_request_that_fails_is_counted_as_such(logs: io.StringIO) -> None:
    metrics = Metrics()
    assert asked(Observed(an_api(), metrics), "/v1/plans/7/failing") == 500
    route = "/v1/plans/{plan_id}/failing"
    assert sample(metrics, "marketmover_http_requests_total", method="GET", route=route, status="500") == 1
    assert sample(metrics, "marketmover_http_requests_under_way") == 0
    assert events_of(logs)[-1]["status"] == 500


def test_a_stream_of_events_counts_too(logs: io.StringIO) -> None:
    metrics = Metrics()
    assert asked(Observed(an_api(), metrics), "/v1/plans/7/events") == 200
    route = "/v1/plans/{plan_id}/events"
    assert sample(metrics, "marketmover_http_requests_total", method="GET", route=route, status="200") == 1
    assert events_of(logs)[-1]["route"] == route


def test_work_is_counted_by_kind_and_how_it_ended() -> None:
    metrics = Metrics()
    metrics.observe_work("pull", "done", 2.0)
    metrics.observe_work("pull", "failed", 0.2)
    assert sample(metrics, "marketmover_work_total", kind="pull", state="failed") == 1
    assert sample(metrics, "marketmover_work_duration_seconds_sum", kind="pull") == pytest.approx(2.2)
    assert sample(metrics, "marketmover_build_info", version=__version__, python=sys.version.split()[0]) == 1


def pull(number: int, **changes: Any) -> ExportPull:
    values: dict[str, Any] = {
        "workspace_id": "default",
        "platform": "google_ads",
        "account_id": "123",
        "number": number,
        "name": "Acme",
        "time_zone": "UTC",
        "simulated": False,
        "today": date(2026, 1, 5),
        "first_day": date(2025, 12, 1),
        "last_day": utc_now().date() - timedelta(days=3),
        "state": "landed",
        "started_at": datetime(2026, 1, 5, 6, tzinfo=UTC),
        "done_at": datetime(2026, 1, 5, 6, 1, tzinfo=UTC),
        "landed_at": datetime(2026, 1, 5, 6, 2, tzinfo=UTC),
        "rows": 5,
    }
    return ExportPull(**(values | changes))


def alert(key: str, severity: str, resolved_on: str | None) -> NoticeThread:
    return NoticeThread(
        workspace_id="default",
        key=key,
        source="plan 1",
        platform="google_ads",
        metric="cost",
        direction="up",
        kind="spike",
        line_ids=["1"],
        detected_on="2026-01-01",
        updated_on="2026-01-02",
        resolved_on=resolved_on,
        severity=severity,
        money=5.0,
        subject="Costs of Acme",
        times=1,
    )


def test_the_state_of_all_workspaces_is_told(records: Records, tmp_path: Path) -> None:
    with records.session() as session:
        session.add(Workspace(id="agency", created_at=utc_now()))
        session.add_all([pull(1), pull(2, state="done", landed_at=None, problem="The disk was full.")])
        session.add_all([alert("a", "high", None), alert("b", "high", "2026-01-03")])
    with holding(records, "tidy"):
        pass
    metrics = Metrics(Standing(Settings(home=tmp_path), records))
    account = {"workspace": "default", "platform": "google_ads", "account": "123"}
    assert sample(metrics, "marketmover_records_up") == 1
    assert sample(metrics, "marketmover_pull_days_behind", **account) == 2
    assert sample(metrics, "marketmover_pulls_waiting", **account) == 1
    assert sample(metrics, "marketmover_pull_problem", **account) == 1
    assert sample(metrics, "marketmover_alerts_open", workspace="default", severity="high") == 1
    assert sample(metrics, "marketmover_job_runs", workspace="default", job="tidy", state="done") == 1
    ended = sample(metrics, "marketmover_job_last_end_timestamp_seconds", workspace="default", job="tidy", state="done")
    assert ended is not None
    assert abs(ended - utc_now().timestamp()) < 300
    assert (sample(metrics, "marketmover_disk_free_bytes") or 0) > 0


def test_sizes_of_the_stores_are_told_and_records_that_are_gone(opener: StoreOpener) -> None:
    with opener.home() as stores:
        assert stores.lake is not None
        metrics = Metrics(Standing(opener.settings, stores.records))
        assert (sample(metrics, "marketmover_store_bytes", store="lake") or 0) > 1000
        assert (sample(metrics, "marketmover_store_bytes", store="records") or 0) > 1000
        with stores.records.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE job_runs")
        assert sample(Metrics(Standing(opener.settings, stores.records)), "marketmover_records_up") == 0


class Someone:
    kind, id, name, workspace = "person", "p1", "ana@acme.com", "agency"


def test_a_request_is_logged_with_its_id_its_workspace_and_who_asked_and_without_personal_data(
    logs: io.StringIO,
) -> None:
    app = Observed(an_api(), Metrics())
    assert asked(app, "/v1/plans/ana@acme.com", caller=Someone()) == 200
    inner, outer = events_of(logs)
    assert (inner["event"], inner["request_id"], inner["logger"]) == ("plan read", "r-12345678", "marketmover.plans")
    assert {name: outer[name] for name in ("event", "route", "status", "request_id", "who", "workspace")} == {
        "event": "request",
        "route": "/v1/plans/{plan_id}",
        "status": 200,
        "request_id": "r-12345678",
        "who": "person p1",
        "workspace": "agency",
    }
    assert "acme" not in logs.getvalue()
    log().info("later")
    assert "request_id" not in events_of(logs)[-1]


def failing(words: str) -> None:
    """Log an error with its trace."""

    def fail() -> None:
        raise ValueError(words)

    try:
        fail()
    except ValueError:
        log().exception("failed")


def test_what_libraries_log_and_what_fails_comes_in_the_same_form_without_secrets(logs: io.StringIO) -> None:
    password = "hunter2"  # noqa: S105 - a test's
    logging.getLogger("some.library").warning(
        "call ana@acme.com or %s at https://h/x?access_token=%s", "+49 30 1234567", password
    )
    log().info("kept", refresh_token=password, said=f"Authorization: Bearer {password}", deep={"api_key": password})
    failing(f"postgresql://ana:{password}@h/db of ana@acme.com")
    first, second, third = events_of(logs)
    assert first["event"] == "call [mail] or [telephone] at https://h/x?..."
    assert (first["level"], first["logger"]) == ("warning", "some.library")
    assert (second["refresh_token"], second["deep"]) == ("hidden", {"api_key": "hidden"})
    assert third["exception"][0]["exc_type"] == "ValueError"
    assert password not in logs.getvalue()
    assert "acme" not in logs.getvalue()


def test_for_people_it_is_a_line(logs: io.StringIO) -> None:
    stream = io.StringIO()
    configure_logs(Settings(log_format="console", log_level="warning"), stream)
    log().info("not told")
    tokens = bind_context(workspace="agency")
    log().warning("job failed", job="pull")
    release_context(tokens)
    failing("of ana@acme.com")
    line, *rest = stream.getvalue().splitlines()
    assert "job failed" in line
    assert "workspace=agency" in line
    assert "job=pull" in line
    assert any("ValueError: of [mail]" in one for one in rest)
    assert logs.getvalue() == ""


class Receiver(ThreadingHTTPServer):
    """Takes traces by OTLP over HTTP."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), TraceHandler)
        self.taken: list[tuple[str, str | None, ExportTraceServiceRequest]] = []

    def spans(self) -> list[Any]:
        return [
            span
            for _, _, request in self.taken
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


class TraceHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert isinstance(self.server, Receiver)
        self.server.taken.append((self.path, self.headers["authorization"], ExportTraceServiceRequest.FromString(body)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""


@pytest.fixture
def receiver() -> Generator[Receiver]:
    server = Receiver()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def traced(receiver: Receiver) -> Generator[Tracing]:
    url = f"http://127.0.0.1:{receiver.server_address[1]}"
    made = tracing(Settings.model_validate({"otlp_url": url, "otlp_headers": "authorization=Bearer t0ken"}))
    assert made is not None
    yield made
    made.close()


def test_requests_and_work_are_traced_to_a_receiver(receiver: Receiver, traced: Tracing, logs: io.StringIO) -> None:
    app = Observed(an_api(), Metrics(), traced)
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    assert asked(app, "/v1/plans/ana@acme.com", headers={"traceparent": parent}) == 200
    assert asked(app, "/v1/plans/7/failing") == 500
    with traced.span("job pull", workspace="default"), traced.span("lake"):
        pass
    assert traced.flush()
    first, failed, inner, job = receiver.spans()
    assert (first.name, first.kind, first.trace_id.hex()) == ("GET /v1/plans/{plan_id}", 2, parent.split("-")[1])
    attributes = {one.key: one.value for one in first.attributes}
    assert attributes["http.route"].string_value == "/v1/plans/{plan_id}"
    assert attributes["http.response.status_code"].int_value == 200
    assert (failed.status.code, {one.key: one.value.string_value for one in failed.attributes}["error.type"]) == (
        2,
        "RuntimeError",
    )
    assert (inner.parent_span_id, job.name) == (job.span_id, "job pull")
    assert {(path, token) for path, token, _ in receiver.taken} == {("/v1/traces", "Bearer t0ken")}
    sent = b"".join(request.SerializeToString() for _, _, request in receiver.taken)
    assert b"acme" not in sent
    assert b"s3cret" not in sent
    assert {event.get("trace_id") for event in events_of(logs) if event["event"] == "request"} >= {parent.split("-")[1]}


def test_without_an_address_there_are_no_traces_and_a_wrong_one_is_told() -> None:
    assert tracing(Settings()) is None
    with pytest.raises(SettingsError, match="MARKETMOVER_OTLP_URL"):
        tracing(Settings(otlp_url="localhost:4318"))
    with pytest.raises(SettingsError, match="MARKETMOVER_OTLP_HEADERS") as caught:
        tracing(Settings.model_validate({"otlp_url": "http://localhost:4318", "otlp_headers": "s3cret"}))
    assert "s3cret" not in str(caught.value)


def test_without_the_extra_the_install_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(MissingExtraError, match=r"marketmover\[otel\]"):
        tracing(Settings(otlp_url="http://localhost:4318"))
