"""The present state of an installation as metrics, read when it is scraped: jobs, pulls, alerts, notices, sizes."""

import shutil
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from marketmover.app.operating.memory import last_backup
from marketmover.app.operating.places import Places, file_of
from marketmover.history.pulls.lag import Freshness, freshness
from marketmover.kit import utc_now
from marketmover.store import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from prometheus_client.metrics_core import Metric
    from sqlalchemy.orm import Session

    from marketmover.settings import Settings
    from marketmover.store import Records

_KEPT_S = 5.0
"""What was read is handed out again so long: many who ask cost no more than one."""

_RUNS = sa.table("job_runs", *map(sa.column, ("workspace_id", "name", "state", "started_at", "ended_at")))
_TASKS = sa.table("tasks", *map(sa.column, ("workspace_id", "kind", "state")))
_ALERTS = sa.table("notice_threads", *map(sa.column, ("workspace_id", "severity", "resolved_on")))
_DELIVERIES = sa.table("notice_deliveries", *map(sa.column, ("workspace_id", "route", "state")))
_WORKSPACES = sa.table("workspaces", sa.column("id"))


class Standing(Collector):
    """Reads the records of all workspaces, and the sizes of what lies on disk.

    Where the records cannot be reached only `marketmover_records_up` and what lies on disk are told.

    Args:
        settings: Where everything lies.
        records: Open.
    """

    def __init__(self, settings: "Settings", records: "Records") -> None:
        self._places = Places.of(settings)
        self._records = records
        self._lock = threading.Lock()
        self._read: tuple[float, list[Metric]] = (float("-inf"), [])

    def describe(self) -> "Sequence[Metric]":
        """Nothing: names are known once it is read."""
        return ()

    def collect(self) -> "Iterator[Metric]":
        """All of it, at most a few seconds old."""
        with self._lock:
            if time.monotonic() - self._read[0] >= _KEPT_S:
                self._read = (time.monotonic(), [*self._of_records(), *self._of_disk()])
            return iter(self._read[1])

    def _of_records(self) -> "list[Metric]":
        found = GaugeMetricFamily("marketmover_records_up", "Whether the records can be reached.")
        try:
            with self._records.session(read_only=True) as session:
                told = _told(session, utc_now())
        except SQLAlchemyError:
            found.add_metric((), 0)
            return [found]
        found.add_metric((), 1)
        return [found, *told]

    def _of_disk(self) -> "list[Metric]":
        places = self._places
        sizes = GaugeMetricFamily("marketmover_store_bytes", "Size of a store on this disk.", labels=("store",))
        for name, path in (
            ("lake", places.lake),
            ("records", file_of(places.records)),
            ("models", file_of(places.tracking)),
        ):
            if path is not None and path.exists():
                sizes.add_metric((name,), path.stat().st_size)
        free = GaugeMetricFamily("marketmover_disk_free_bytes", "Free on the disk of the home.")
        free.add_metric((), shutil.disk_usage(_there(places.home)).free)
        told: list[Metric] = [sizes, free]
        if (last := last_backup(places.home)) is not None:
            taken = GaugeMetricFamily("marketmover_last_backup_timestamp_seconds", "When the last backup was taken.")
            taken.add_metric((), last.at.timestamp())
            told.append(taken)
        return told


_JOBS = ~_RUNS.c.name.startswith("plan ")
"""Runs of jobs alone: what is done to a plan is held under its name, and there would be a series for each plan."""


def _there(folder: Path) -> Path:
    return next(one for one in (folder, *folder.parents) if one.exists())


def _told(session: "Session", now: datetime) -> "list[Metric]":
    workspaces = list(session.scalars(sa.select(_WORKSPACES.c.id).order_by(_WORKSPACES.c.id)))
    open_alerts = _ALERTS.c.resolved_on.is_(None)
    return [
        _counts(
            session,
            "job_runs",
            "Kept runs of jobs, by how they ended.",
            _RUNS,
            {"job": "name", "state": "state"},
            _JOBS,
        ),
        _last_ends(session),
        *_tasks(session),
        _counts(session, "alerts_open", "Alerts that are not over.", _ALERTS, {"severity": "severity"}, open_alerts),
        _counts(
            session,
            "notice_deliveries",
            "Notices on their routes, by what became of them; `dead` ones were given up.",
            _DELIVERIES,
            {"route": "route", "state": "state"},
        ),
        *_pulls({name: freshness(session, name, now) for name in workspaces}),
    ]


def _counts(
    session: "Session",
    name: str,
    words: str,
    table: sa.TableClause,
    labels: dict[str, str],
    where: "sa.ColumnElement[bool] | None" = None,
) -> "Metric":
    """Rows of a table by workspace and by columns, which are given by their labels."""
    found = GaugeMetricFamily(f"marketmover_{name}", words, labels=("workspace", *labels))
    keys = [table.c[column] for column in ("workspace_id", *labels.values())]
    query = sa.select(*keys, sa.func.count()).group_by(*keys)
    for row in session.execute(query if where is None else query.where(where)):
        found.add_metric([str(value) for value in row[:-1]], float(row[-1]))
    return found


def _last_ends(session: "Session") -> "Metric":
    labels = ("workspace", "job", "state")
    found = GaugeMetricFamily("marketmover_job_last_end_timestamp_seconds", "When a job last ended so.", labels=labels)
    keys = (_RUNS.c.workspace_id, _RUNS.c.name, _RUNS.c.state)
    last = sa.func.max(_RUNS.c.ended_at, type_=UtcDateTime())
    query = sa.select(*keys, last).where(_RUNS.c.ended_at.is_not(None), _JOBS).group_by(*keys)
    for *values, moment in session.execute(query):
        found.add_metric([str(value) for value in values], moment.timestamp())
    return found


def _tasks(session: "Session") -> "list[Metric]":
    if not sa.inspect(session.connection()).has_table(_TASKS.name):
        return []
    words = "Long work that was asked for, by kind and state."
    return [_counts(session, "tasks", words, _TASKS, {"kind": "kind", "state": "state"})]


def _pulls(found: dict[str, list[Freshness]]) -> "Iterator[Metric]":
    labels = ("workspace", "platform", "account")
    behind = GaugeMetricFamily(
        "marketmover_pull_days_behind", "Whole days of an account that the lake does not know yet.", labels=labels
    )
    lag = GaugeMetricFamily(
        "marketmover_pull_lag_seconds", "Time from the last whole pull to its landing in the lake.", labels=labels
    )
    waiting = GaugeMetricFamily("marketmover_pulls_waiting", "Whole pulls that have not landed yet.", labels=labels)
    problem = GaugeMetricFamily(
        "marketmover_pull_problem", "1 where the last pull stopped or could not land.", labels=labels
    )
    for workspace, accounts in found.items():
        for one in accounts:
            values = (workspace, one.platform, one.account_id)
            if one.days_behind is not None:
                behind.add_metric(values, one.days_behind)
            if one.lag_s is not None:
                lag.add_metric(values, one.lag_s)
            waiting.add_metric(values, one.waiting)
            problem.add_metric(values, float(one.problem is not None))
    yield from (behind, lag, waiting, problem)
