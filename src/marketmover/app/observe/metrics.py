"""The metrics of a process, in Prometheus' text form; docs/operations.md tells each with its meaning."""

import platform
from typing import TYPE_CHECKING

from marketmover import __version__

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.registry import Collector

MEDIA = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_WORK_S = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400)


class Metrics:
    """A registry of our own, so that nothing that a library counts gets in unasked.

    Args:
        standing: What reads the present state of the installation when it is asked for; none where only this process'
            own doings count.
    """

    def __init__(self, standing: "Collector | None" = None) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, disable_created_metrics

        disable_created_metrics()  # they would double the series, and Prometheus knows when one began
        self._registry: CollectorRegistry = CollectorRegistry()
        self._requests = Counter(
            "marketmover_http_requests",
            "Requests that were answered, by route template and status.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._request_seconds = Histogram(
            "marketmover_http_request_duration_seconds",
            "Time from a request to the end of its answer; of a stream of events, to its beginning.",
            ("method", "route"),
            buckets=_REQUEST_S,
            registry=self._registry,
        )
        self.under_way = Gauge(
            "marketmover_http_requests_under_way", "Requests that are being answered.", registry=self._registry
        )
        self._work = Counter(
            "marketmover_work",
            "Jobs and tasks that this process ended, by kind and how they ended.",
            ("kind", "state"),
            registry=self._registry,
        )
        self._work_seconds = Histogram(
            "marketmover_work_duration_seconds",
            "Time that jobs and tasks of this process took.",
            ("kind",),
            buckets=_WORK_S,
            registry=self._registry,
        )
        about = Info("marketmover_build", "The version that runs.", registry=self._registry)
        about.info({"version": __version__, "python": platform.python_version()})
        if standing is not None:
            self._registry.register(standing)
        _register_process(self._registry)

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answered request.

        Args:
            method: As it came; one that is not HTTP's counts as `OTHER`.
            route: The route's template (`/v1/plans/{plan_id}`), never the path itself.
            status: Of the answer.
            seconds: How long it took.
        """
        known = method if method in _METHODS else "OTHER"
        self._requests.labels(known, route, str(status)).inc()
        self._request_seconds.labels(known, route).observe(seconds)

    def observe_work(self, kind: str, state: str, seconds: float) -> None:
        """Count a job or task that ended.

        Args:
            kind: A job's name up to its first space (`pull`), or a task's kind (`plans.compose`).
            state: `done`, `failed`, `stopped`, `lost` or `cancelled`.
            seconds: How long it took.
        """
        self._work.labels(kind, state).inc()
        self._work_seconds.labels(kind).observe(seconds)

    def text(self) -> bytes:
        """All metrics, as `MEDIA` says."""
        from prometheus_client import generate_latest

        return generate_latest(self._registry)


def _register_process(registry: "CollectorRegistry") -> None:
    """Memory, processor time and open files of this process, where the system tells them."""
    from prometheus_client import ProcessCollector

    ProcessCollector(registry=registry)
