"""What tasks of this room do: watch running lines, and keep and tell what is found."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol, cast

from marketmover.console import Progress
from marketmover.kit import utc_now
from marketmover.monitoring.ending import source_of

if TYPE_CHECKING:
    from marketmover.jobs import TaskRun
    from marketmover.monitoring.kept import KeptCount
    from marketmover.monitoring.notices.installation import Installation
    from marketmover.store import StoreOpener, Stores


class Plans(Protocol):
    """What the works need of an installation beside its stores and notices."""

    def plan_folder(self, plan_id: str) -> Path:
        """A plan's folder."""
        ...


def watch_asked(run: "TaskRun", app: "Installation") -> Mapping[str, Any]:
    """Replay the pulled days as `monitor` does; keep the alerts and put what is new into the outbox.

    Raises:
        NotFoundError: There is no such plan, or the home holds no pulls.
    """
    return watch_plan(app, str(run.arguments.get("plan_id") or ""), run.report)


def watch_plan(app: "Installation", plan_id: str, progress: Progress) -> dict[str, Any]:
    """Watch a plan of the home, or all lines where none is named; keep what is found, and tell what is new.

    Args:
        app: The installation.
        plan_id: The plan; empty for none.
        progress: Called with the share done and the present step; may raise to stop.

    Returns:
        How many alerts there are, and what is new of them.

    Raises:
        NotFoundError: There is no such plan, or the home holds no pulls.
    """
    from marketmover.history.pulls import asked_exports
    from marketmover.monitoring.lines.plan_file import first_day_of
    from marketmover.monitoring.watching import watch_exports

    plan = cast("Plans", app).plan_folder(plan_id) if plan_id else None
    opener = cast("StoreOpener", app)
    with ExitStack() as stack:
        goals = stack.enter_context(_GoalsFile(app, plan_id)) if plan_id else None
        exports = stack.enter_context(asked_exports(opener, None, None, first_day_of(plan)))
        found = watch_exports(
            opener,
            exports.history,
            exports.live,
            plan=plan,
            goals=goals,
            as_of=exports.last_day,
            progress=lambda share, step: progress(0.9 * share, step),
        )
    progress(0.95, "telling")
    return _kept(app, found.to_json(), plan_id)


def _kept(app: "Installation", told: Mapping[str, Any], plan_id: str) -> dict[str, Any]:
    from marketmover.monitoring.notices import alerts_of, tell_alerts

    configuration, news = app.notices(), 0
    with app.home() as stores:
        count = keep_found(stores, told, source_of(plan_id), plan_id)
        if configuration is not None:
            found = alerts_of(told, "the alerts", source_of(plan_id))
            news, _ = tell_alerts(stores.records, configuration, found, utc_now())
    return {"as_of": told["as_of"], "lines": told["lines"], "notes": told["notes"], "told": news, **vars(count)}


def keep_found(stores: "Stores", told: Mapping[str, Any], source: str, plan_id: str = "") -> "KeptCount":
    """Keep what a watch found, in a transaction of its own; see `keep_alerts`."""
    from marketmover.monitoring.kept.keeping import keep_alerts

    with stores.records.session() as session:
        return keep_alerts(session, stores.workspace, told, source=source, plan_id=plan_id, now=utc_now())


class _GoalsFile:
    """A plan's goals as the file that watching reads; `None` where nobody set any."""

    def __init__(self, app: "Installation", plan_id: str) -> None:
        self._app = app
        self._plan_id = plan_id
        self._folder = TemporaryDirectory(prefix="marketmover-")

    def __enter__(self) -> Path | None:
        import json

        from marketmover.monitoring.kept.goals import goals_of

        with self._app.home() as stores, stores.records.session(read_only=True) as session:
            goals = goals_of(session, stores.workspace, self._plan_id)
        if not goals:
            return None
        path = Path(self._folder.name) / "goals.json"
        path.write_text(json.dumps({metric: goal.model_dump(exclude_none=True) for metric, goal in goals.items()}))
        return path

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()
