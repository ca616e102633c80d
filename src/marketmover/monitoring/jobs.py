"""What the room does on a schedule: watch running lines by the home's own pulls, and let people know."""

from contextlib import ExitStack
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from marketmover.errors import NotFoundError
from marketmover.jobs import At, Job, JobRun
from marketmover.kit import counted, utc_now

if TYPE_CHECKING:
    from marketmover.monitoring.notices.configuration import Watched
    from marketmover.monitoring.notices.installation import Installation
    from marketmover.store import StoreOpener, Stores

_MORNING = time(6, 30)
_NAME = _SOURCE = "watch"


def jobs_of(installation: "Installation") -> list[Job]:
    """The room's jobs."""
    help_ = "Watch running lines by the home's pulls; tell what is new."
    return [Job(_NAME, At(_MORNING), lambda run: watch(installation, run), help=help_, lane="lake")]


def watch(installation: "Installation", run: JobRun) -> str:
    """Replay the pulled days as `monitor` does, and put what is new into the outbox; the job `notices` sends it.

    Nothing is replayed where no pull came since, and plan, goals and `notices.toml` are as they were.
    """
    from marketmover.history.pulls import asked_exports
    from marketmover.monitoring.lines.plan_file import first_day_of
    from marketmover.monitoring.notices import alerts_of, tell_alerts
    from marketmover.monitoring.watching import watch_exports

    configuration = installation.notices()
    if configuration is None:
        return "no notices.toml: nobody is told of anything"
    watched, opener = configuration.watched, cast("StoreOpener", installation)
    with installation.home() as stores:
        if not _is_anything_new(stores, [installation.notices_file, *_files(watched)]):
            return "nothing new was pulled since the last time"
    with ExitStack() as stack:
        try:
            exports = stack.enter_context(asked_exports(opener, None, None, first_day_of(watched.plan)))
        except NotFoundError as error:
            return error.message
        found = watch_exports(
            opener,
            exports.history,
            exports.live,
            plan=watched.plan,
            goals=watched.goals,
            as_of=exports.last_day,
            progress=lambda *_: run.go_on(),
        )
    alerts = alerts_of(found.to_json(), "the alerts", _SOURCE)
    with installation.home() as stores:
        told, added = tell_alerts(stores.records, configuration, alerts, utc_now())
    many = counted(len(alerts.alerts), "alert")
    return f"{many} as of {alerts.as_of}, {told} to tell, {counted(added, 'delivery', 'deliveries')}"


def _is_anything_new(stores: "Stores", files: list[Path]) -> bool:
    """Whether a pull came or a file changed since the last run that got through began."""
    from marketmover.history.pulls.freshness import freshness
    from marketmover.jobs.runs import runs_of

    with stores.records.session(read_only=True) as session:
        runs = runs_of(session, stores.workspace, _NAME)
        pulls = [one.pulled_at for one in freshness(session, stores.workspace, utc_now()) if one.pulled_at]
    done = [run.started_at for run in runs if run.state == "done"]
    if not (done and pulls and all(file.exists() for file in files)):
        return True
    return max(*pulls, *map(_changed_at, files)) >= done[0]


def _files(watched: "Watched") -> list[Path]:
    """What the outcome rests on beside the pulls; a folder tells of files that came or went."""
    plan = watched.plan
    within = sorted(plan.glob("*.json")) if plan and plan.is_dir() else []
    return [*within, *(path for path in (plan, watched.goals) if path)]


def _changed_at(file: Path) -> datetime:
    """When a file's content changed or it was put there, whichever is later."""
    about = file.stat()
    return datetime.fromtimestamp(max(about.st_mtime, about.st_ctime), UTC)
