"""Traces by OpenTelemetry, sent by OTLP over HTTP to where a setting says; without it there are none."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from marketmover import __version__
from marketmover.errors import MissingExtraError, SettingsError
from marketmover.store.urls import redacted, scheme_of

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

    from marketmover.settings import Settings

_FLUSH_MS = 5000
Attribute = str | int | float | bool


class Tracing:
    """Makes spans and sends them in the background; a receiver that is away holds nothing up.

    Args:
        provider: OpenTelemetry's, of our own: what libraries set globally is left alone.
    """

    def __init__(self, provider: "TracerProvider") -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("marketmover", __version__)

    @contextmanager
    def span(
        self,
        name: str,
        *,
        kind: Literal["server", "internal"] = "internal",
        came_with: Mapping[str, str] | None = None,
        **attributes: Attribute,
    ) -> "Generator[Span]":
        """A span around the block; what is raised in it is written down in it by its kind alone.

        Args:
            name: Few kinds of names: a route's template, a job's kind.
            kind: `server` for a request that came in.
            came_with: Headers of that request, for the trace that it belongs to (W3C Trace Context).
            attributes: What else to tell; nothing secret or personal.
        """
        from opentelemetry.trace import SpanKind, Status, StatusCode
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        context = TraceContextTextMapPropagator().extract(dict(came_with)) if came_with else None
        with self._tracer.start_as_current_span(
            name,
            context=context,
            kind=SpanKind.SERVER if kind == "server" else SpanKind.INTERNAL,
            attributes=attributes,
            record_exception=False,  # its words may hold what is nobody's business
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(Status(StatusCode.ERROR))
                raise

    def flush(self) -> bool:
        """Send what waits; whether that went well in time."""
        return self._provider.force_flush(_FLUSH_MS)

    def close(self) -> None:
        """Send what waits, and end the sending."""
        self.flush()
        self._provider.shutdown()


def trace_id(span: "Span") -> str:
    """A span's trace, as logs tell it."""
    return f"{span.get_span_context().trace_id:032x}"


def tracing(settings: "Settings") -> Tracing | None:
    """Tracing as the settings have it; `None` where they name no receiver.

    Raises:
        SettingsError: The address is none.
        MissingExtraError: The extra `otel` is not installed.
    """
    url = settings.otlp_url.strip()
    if not url:
        return None
    if scheme_of(url) not in {"http", "https"}:
        raise SettingsError(
            f"MARKETMOVER_OTLP_URL is {redacted(url)!r}, which is no address of a receiver.",
            "Write it like http://localhost:4318",
        )
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise MissingExtraError(f"otlp_url={redacted(url)}", "otel") from error
    address = url if url.rstrip("/").endswith("/v1/traces") else f"{url.rstrip('/')}/v1/traces"
    sender = OTLPSpanExporter(endpoint=address, headers=_headers(settings.otlp_headers.get_secret_value()), timeout=10)
    provider = TracerProvider(resource=Resource.create({"service.name": "marketmover", "service.version": __version__}))
    provider.add_span_processor(BatchSpanProcessor(sender))
    return Tracing(provider)


def _headers(words: str) -> dict[str, str]:
    """Headers of the form `name=value, name=value`.

    Raises:
        SettingsError: They are not of that form; they are not repeated, since they may be secret.
    """
    found: dict[str, Any] = {}
    for part in filter(None, map(str.strip, words.split(","))):
        name, equals, value = part.partition("=")
        if not (equals and name.strip()):
            raise SettingsError("MARKETMOVER_OTLP_HEADERS cannot be read.", "Write it like authorization=Bearer TOKEN")
        found[name.strip()] = value.strip()
    return found
