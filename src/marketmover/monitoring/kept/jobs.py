"""What is done on a schedule: the home's running plans are watched, and what is found is kept and told."""

from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from marketmover.errors import MarketmoverError, NotFoundError
from marketmover.jobs import At, Job, JobRun, LeaseLostError, StoppedError
from marketmover.kit import counted, utc_now

if TYPE_CHECKING:
    from marketmover.monitoring.notices.installation import Installation

NAME = "watch-plans"
_MORNING = time(6, 45)  # after what was pulled in the night


class Running(Protocol):
    """What the job needs of an installation beside its stores and notices."""

    def running_plans(self) -> list[str]:
        """Ids of the plans that run."""
        ...


def jobs_of(installation: "Installation") -> list[Job]:
    """The job."""
    help_ = "Watch running plans by the home's pulls; keep the alerts, and tell what is new."
    return [Job(NAME, At(_MORNING), lambda run: watch_running(installation, run), help=help_, lane="lake")]


def watch_running(installation: "Installation", run: JobRun) -> str:
    """Watch each plan that runs; without any, and where the job `watch` does not, all lines.

    Nothing is replayed where no pull came since the last time.

    Raises:
        MarketmoverError: What was wrong with the first plan that could not be watched, once the others were.
    """
    from marketmover.monitoring.ending import close_ended
    from marketmover.monitoring.works import watch_plan

    plans = cast("Running", installation).running_plans()
    if not plans and installation.notices() is not None:
        return close_ended(installation, (), _is_id, "no plan runs; the job watch looks at all lines")
    if not _is_anything_new(installation):
        return "nothing new was pulled since the last time"
    said, failed = list[str](), list[MarketmoverError]()
    for plan in plans or [""]:
        run.go_on()
        try:
            found = watch_plan(installation, plan, lambda *_: run.go_on())
        except (StoppedError, LeaseLostError):
            raise
        except NotFoundError as error:
            said.append(error.message)
        except MarketmoverError as error:
            failed.append(error)
        else:
            said.append(f"{plan or 'all lines'}: {counted(found['alerts'], 'alert')} as of {found['as_of']}")
    if failed:
        raise failed[0]
    return close_ended(installation, plans, _is_id, "; ".join(said))


def _is_id(plan: str) -> bool:
    """Whether a plan is named by its id, as this job names those that it watches; others are named by their folders."""
    return not Path(plan).is_absolute()


def _is_anything_new(installation: "Installation") -> bool:
    """Whether a pull came since the last run that got through began."""
    from marketmover.history.pulls import freshness
    from marketmover.jobs.runs import runs_of

    with installation.home() as stores, stores.records.session(read_only=True) as session:
        done = [run.started_at for run in runs_of(session, stores.workspace, NAME) if run.state == "done"]
        pulls = [one.pulled_at for one in freshness(session, stores.workspace, utc_now()) if one.pulled_at]
    return not (done and pulls) or max(pulls) >= max(done)
