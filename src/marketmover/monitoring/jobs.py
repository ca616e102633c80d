"""What the room does on a schedule: watch running lines by the home's own pulls, and let people know."""

from contextlib import ExitStack
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, cast

from marketmover.errors import MarketmoverError, NotFoundError
from marketmover.jobs import At, Job, JobRun, LeaseLostError, StoppedError
from marketmover.kit import counted, utc_now
from marketmover.monitoring.ending import close_ended, last_day, source_of

if TYPE_CHECKING:
    from marketmover.monitoring.notices.configuration import Configuration, Watched
    from marketmover.monitoring.notices.installation import Installation
    from marketmover.store import StoreOpener, Stores

_MORNING = time(6, 30)
_NAME = "watch"
PLAN_FILE = "plan.json"


def jobs_of(installation: "Installation") -> list[Job]:
    """The room's jobs."""
    help_ = "Watch running lines by the home's pulls; tell what is new."
    return [Job(_NAME, At(_MORNING), lambda run: watch(installation, run), help=help_, lane="watch")]


def first_days(watched: "Watched") -> list[date]:
    """The first days of the plans that are watched, whether they have ended or not.

    Raises:
        NotFoundError, InputError: A plan cannot be read.
    """
    from marketmover.monitoring.lines.plan_file import load_plan

    forms = [load_plan(folder)[1] for named in watched.plans for folder in _plans_in(named)]
    return [form.start_date for form in forms if form]


def watch(installation: "Installation", run: JobRun) -> str:
    """Replay the pulled days as `monitor` does, and put what is new into the outbox; the job `notices` sends it.

    Each plan that runs is watched by itself; one that cannot be does not keep the others from it. Nothing is replayed
    where no pull came since, and plans, goals and `notices.toml` are as they were.

    Raises:
        MarketmoverError: What was wrong with the first plan that could not be watched, once the others were.
    """
    configuration = installation.notices()
    if configuration is None:
        return "nobody is told of anything yet"
    watched = configuration.watched
    with installation.home() as stores:
        if not _is_anything_new(stores, [installation.notices_file, *_files(watched)]):
            return "nothing new was pulled since the last time"
        last = last_day(stores)
    plans: list[Path | None] = [plan for named in watched.plans for plan in _running(named, last)]
    if watched.plans and not plans:
        return close_ended(installation, (), _is_folder, "no plan runs")
    said, failed = list[str](), list[MarketmoverError]()
    for plan in plans or [None]:
        run.go_on()
        try:
            told = _watch_one(installation, configuration, plan, run)
        except (StoppedError, LeaseLostError):
            raise
        except MarketmoverError as error:
            failed.append(error)
        else:
            said.append(f"{plan.name}: {told}" if plan and len(plans) > 1 else told)
    if failed:
        raise failed[0]
    return close_ended(installation, [str(plan) for plan in plans if plan], _is_folder, "; ".join(said))


def _is_folder(plan: str) -> bool:
    """Whether a plan is named by its folder, as this job names those that it watches; others are named by ids."""
    return Path(plan).is_absolute()


def _watch_one(installation: "Installation", configuration: "Configuration", plan: Path | None, run: JobRun) -> str:
    from marketmover.history.pulls import asked_exports
    from marketmover.monitoring.lines.plan_file import first_day_of
    from marketmover.monitoring.notices import alerts_of, tell_alerts
    from marketmover.monitoring.watching import watch_exports
    from marketmover.monitoring.works import keep_found

    opener = cast("StoreOpener", installation)
    with ExitStack() as stack:
        try:
            exports = stack.enter_context(asked_exports(opener, None, None, first_day_of(plan)))
        except NotFoundError as error:
            return error.message
        found = watch_exports(
            opener,
            exports.history,
            exports.live,
            plan=plan,
            goals=configuration.watched.goals,
            as_of=exports.last_day,
            progress=lambda *_: run.go_on(),
        )
    source = source_of(str(plan or ""))
    alerts = alerts_of(found.to_json(), "the alerts", source)
    with installation.home() as stores:
        keep_found(stores, found.to_json(), source)
        told, added = tell_alerts(stores.records, configuration, alerts, utc_now())
    many = counted(len(alerts.alerts), "alert")
    return f"{many} as of {alerts.as_of}, {told} to tell, {counted(added, 'delivery', 'deliveries')}"


def _plans_in(named: Path) -> list[Path]:
    """A plan's folder itself, or those that a folder of plans holds."""
    if not named.is_dir() or (named / PLAN_FILE).exists():
        return [named]
    return sorted(file.parent for file in named.glob(f"*/{PLAN_FILE}"))


def _running(named: Path, last: date | None) -> list[Path]:
    """A plan that was named by itself; of a folder of plans those that are published and reach to the last day."""
    from marketmover.monitoring.lines.plan_file import load_plan
    from marketmover.plans import LogEntry

    plans = _plans_in(named)
    if plans == [named]:
        return plans
    published = [plan for plan in plans if any(entry.kind == "publish" for entry in LogEntry.read_all(plan))]
    forms = [(plan, load_plan(plan)[1]) for plan in published]
    return [plan for plan, form in forms if form and (last is None or form.end_date >= last)]


def _is_anything_new(stores: "Stores", files: list[Path]) -> bool:
    """Whether a pull came or a file changed since the last run that got through began."""
    from marketmover.history.pulls.lag import freshness
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
    plans = [plan for named in watched.plans for plan in _plans_in(named)]
    within = [file for plan in plans if plan.is_dir() for file in sorted(plan.glob("*.json"))]
    return [*within, *plans, *watched.plans, *([watched.goals] if watched.goals else [])]


def _changed_at(file: Path) -> datetime:
    """When a file's content changed or it was put there, whichever is later."""
    about = file.stat()
    return datetime.fromtimestamp(max(about.st_mtime, about.st_ctime), UTC)
