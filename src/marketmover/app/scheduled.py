"""The jobs of an installation: which there are, and when they run."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

from marketmover.access import forget_expired
from marketmover.app.publish_notices import teller
from marketmover.app.pull_notices import telling
from marketmover.campaigns.kept import Shelf
from marketmover.campaigns.publishing.jobs import jobs_of as publishing
from marketmover.errors import SettingsError, UsageError
from marketmover.history.overview.jobs import jobs_of as overviews
from marketmover.history.pulls.jobs import jobs_of as pulls
from marketmover.jobs import At, Every, Job, JobRun, forget_runs, forget_tasks, read_schedule
from marketmover.kit import counted, utc_now
from marketmover.monitoring.jobs import first_days
from marketmover.monitoring.jobs import jobs_of as watching
from marketmover.monitoring.kept.jobs import jobs_of as watching_plans
from marketmover.monitoring.notices.jobs import jobs_of as notices
from marketmover.reports import forget_gone
from marketmover.web import idempotency

if TYPE_CHECKING:
    from marketmover.app.opening import App

_RUNS_KEPT = timedelta(days=90)
_OFF = "off"


def jobs_of(app: "App") -> list[Job]:
    """The jobs as they are now, with the schedules of the setting in place of their own.

    A schedule for `pull` is that of each `pull ACCOUNT`, unless one of them has its own.

    Raises:
        SettingsError: The setting cannot be read.
    """
    given = read_schedules(app.settings.schedules)
    return [_rescheduled(job, given) for job in _all(app)]


def _all(app: "App") -> Sequence[Job]:
    pulling = [telling(app, job) for job in pulls(app)]
    return [
        *pulling,
        *overviews(app),
        _tidy(app),
        *watching(app),
        *watching_plans(app),
        *publishing(app, teller(app)),
        *notices(app),
    ]


def _tidy(app: "App") -> Job:
    def work(run: JobRun) -> str:
        with app.home() as stores, stores.records.session() as session:
            gone = forget_runs(session, app.workspace, utc_now() - _RUNS_KEPT)
            tasks = forget_tasks(session, app.workspace, utc_now() - _RUNS_KEPT)
            idempotency.forget(session, utc_now())
            forget_expired(session, app.rules, utc_now())
            forget_gone(session, Shelf(app.settings.home, app.workspace), utc_now() - _RUNS_KEPT)
            run.confirm(session)
        thinned = _thin_pulls(app)
        return (
            f"{counted(gone, 'run')} of jobs and {counted(tasks, 'task')} older than {_RUNS_KEPT.days} days forgotten, "
            f"{counted(thinned, 'file')} of old pulls thinned out"
        )

    help_ = "Forget old runs of jobs and old tasks; thin out the files of old pulls."
    return Job("tidy", At(time(3, 15)), work, help=help_, lane="tidy")


def _thin_pulls(app: "App") -> int:
    """Thin out pulls of before the days that are kept, and of before each plan that is watched."""
    from marketmover.history.pulls.pruning import prune_pulls

    configuration = app.notices()
    first = min(first_days(configuration.watched), default=None) if configuration else None
    with app.home() as stores:
        return prune_pulls(stores, app.settings.pull_days_kept, first)


def unknown_schedules(app: "App") -> list[str]:
    """Names in the setting of schedules that are those of no job."""
    named = {name for job in _all(app) for name in (job.name, job.name.split()[0])}
    return sorted(set(read_schedules(app.settings.schedules)) - named)


def read_schedules(words: str) -> dict[str, Every | At | None]:
    """Schedules by name of job, of the form `pull: every 30 minutes; tidy: off`; `None` for off.

    Raises:
        SettingsError: They cannot be read.
    """
    return dict(_read_one(part) for part in words.split(";") if part.strip())


def _read_one(words: str) -> tuple[str, Every | At | None]:
    name, colon, when = words.partition(":")
    if not (colon and name.strip()):
        raise SettingsError(f"MARKETMOVER_SCHEDULES holds {words.strip()!r}.", "Write it like pull: every 30 minutes")
    try:
        return name.strip(), None if when.strip().lower() == _OFF else read_schedule(when.strip())
    except UsageError as error:
        raise SettingsError(f"MARKETMOVER_SCHEDULES, {name.strip()}: {error.message}", error.remedy) from error


def _rescheduled(job: Job, given: Mapping[str, Every | At | None]) -> Job:
    for name in (job.name, job.name.split()[0]):
        if name in given:
            return replace(job, schedule=given[name])
    return job
