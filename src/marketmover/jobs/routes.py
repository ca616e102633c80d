"""`/v1/jobs`: long work that was asked for. `/v1/schedules`: work that is done again and again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

from fastapi import Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.responses import Response

from marketmover.errors import ConflictError, NotFoundError, UsageError
from marketmover.jobs import ask_to_cancel, find_task, list_tasks
from marketmover.jobs.runs import runs_of
from marketmover.jobs.schedules import RUN, scheduled, shown, shown_run
from marketmover.kit import did_you_mean, utc_now
from marketmover.web import Desk, Identifier, JobView, Listing, Page, accepted, listed, needs, room_router

if TYPE_CHECKING:
    from marketmover.jobs import Job, Task

router = room_router("", "Jobs")

_BIGGEST = 2**53
_Read = Annotated[Desk, needs("jobs:read")]
_Run = Annotated[Desk, needs("jobs:run")]
_Listing = Annotated[Listing, listed()]
_ScheduleName = Annotated[str, Path(min_length=1, max_length=128, pattern=r"^[^\x00]+$", examples=["tidy"])]


class HasJobs(Protocol):
    """What these routes need of an installation."""

    def jobs(self) -> "Sequence[Job]":
        """The scheduled jobs of the workspace."""
        ...


class JobResult(BaseModel):
    """What came of a job."""

    id: str
    kind: str = Field(examples=["plans.compose"])
    result: dict[str, Any] = Field(description="By the kind of job.", examples=[{"plan": "autumn"}])


class ScheduleRun(BaseModel):
    """One run of a scheduled job."""

    number: int = Field(description="Counts the job's runs.", examples=[12])
    state: Literal["running", "done", "failed", "stopped", "lost"]
    attempt: int
    due_at: datetime
    started_at: datetime
    ended_at: datetime | None
    again_at: datetime | None = Field(description="When it is tried again, where it did not end well.")
    owner: str = Field(description="The process that ran it.", examples=["process 12 on host"])
    said: str = Field(description="What was done, or went wrong.", examples=["3 days pulled"])


class Schedule(BaseModel):
    """A scheduled job, how it went last, and when it runs next."""

    name: str = Field(examples=["tidy"])
    help: str = Field(examples=["Forget old runs of jobs and old tasks."])
    schedule: str | None = Field(description="Null: it runs when asked alone.", examples=["daily at 03:15 UTC"])
    lane: str = Field(description="Jobs of one lane run one after the other.", examples=["lake"])
    next_at: datetime | None
    last: ScheduleRun | None


@router.get("/jobs", summary="List jobs", operation_id="list_jobs", response_model=Page[JobView])
def list_jobs(
    desk: _Read,
    listing: _Listing,
    state: Annotated[Literal["queued", "running", "done", "failed", "cancelled"] | None, Query()] = None,
    kind: Annotated[
        str | None,
        Query(max_length=64, pattern=r"^[a-z0-9_.]+$", description="`plans.compose`, or `plans` for all of a room."),
    ] = None,
) -> Page[JobView] | Response:
    """Long work that was asked for, the newest first."""
    before = None if listing.after is None else _moment_and_id(listing.after)
    with desk.session(read_only=True) as session:
        found = list_tasks(session, desk.workspace, state=state, kind=kind, before=before, limit=listing.most)
    rows = [_standing(task) for task in found]
    return listing.answer(rows, lambda row: [row.created_at.isoformat(), row.id], "jobs")


@router.get("/jobs/{job_id}", summary="Look at a job", operation_id="read_job")
def read_job(desk: _Read, job_id: Identifier) -> JobView:
    """How far it is, or how it ended."""
    with desk.session(read_only=True) as session:
        return _standing(find_task(session, desk.workspace, job_id))


@router.get("/jobs/{job_id}/result", summary="Get what came of a job", operation_id="read_job_result")
def read_job_result(desk: _Read, job_id: Identifier) -> JobResult:
    """Its result, once it is done; a conflict (409) before that, and where it failed or was cancelled."""
    with desk.session(read_only=True) as session:
        task = find_task(session, desk.workspace, job_id)
    if task.state != "done":
        raise _no_result(task)
    return JobResult(id=task.id, kind=task.kind, result=dict(task.result or {}))


@router.post("/jobs/{job_id}/cancel", summary="Cancel a job", operation_id="cancel_job")
def cancel_job(desk: _Run, job_id: Identifier) -> JobView:
    """It is cancelled at once where it waits, at its next step where it runs; one that has ended stays as it ended."""
    with desk.session() as session:
        before = find_task(session, desk.workspace, job_id)
        task = ask_to_cancel(session, desk.workspace, job_id, utc_now())
        if not (before.ended or before.cancel_asked):
            desk.audit(session, "job.cancelled", f"job {task.id}", after={"kind": task.kind, "about": task.about})
    return _standing(task)


@router.get("/schedules", summary="List scheduled jobs", operation_id="list_schedules", response_model=Page[Schedule])
def list_schedules(desk: _Read, listing: _Listing) -> Page[Schedule] | Response:
    """The workspace's scheduled jobs by name."""
    there = sorted(_jobs(desk).values(), key=lambda job: job.name)
    if listing.after is not None:
        there = [job for job in there if job.name > str(listing.after)]
    with desk.session(read_only=True) as session:
        found = scheduled(session, desk.workspace, there[: listing.most], utc_now())
    return listing.answer([Schedule.model_validate(shown(one)) for one in found], lambda row: row.name, "schedules")


@router.get(
    "/schedules/{name}/runs",
    summary="List the last runs of a scheduled job",
    operation_id="list_schedule_runs",
    response_model=Page[ScheduleRun],
)
def list_schedule_runs(desk: _Read, name: _ScheduleName, listing: _Listing) -> Page[ScheduleRun] | Response:
    """How it went, the newest first; old runs are forgotten."""
    _job(desk, name)
    before = None if listing.after is None else _number(listing.after)
    with desk.session(read_only=True) as session:
        found = runs_of(session, desk.workspace, name, last=listing.most, before=before)
    rows = [ScheduleRun.model_validate(shown_run(run)) for run in found]
    return listing.answer(rows, lambda row: row.number, "runs")


@router.post(
    "/schedules/{name}/run",
    summary="Run a scheduled job now",
    operation_id="run_schedule",
    status_code=202,
    response_model=JobView,
)
def run_schedule(desk: _Run, name: _ScheduleName) -> JSONResponse:
    """Whatever its schedule; the answer is the job that runs it."""
    _job(desk, name)
    return accepted(desk.submit(RUN, {"name": name}, about=name))


def _jobs(desk: Desk) -> "Mapping[str, Job]":
    has: HasJobs = desk.app
    return {job.name: job for job in has.jobs()}


def _job(desk: Desk, name: str) -> "Job":
    there = _jobs(desk)
    if name not in there:
        raise NotFoundError(f"There is no scheduled job {name!r}.", did_you_mean(name, list(there)))
    return there[name]


def _standing(task: "Task") -> JobView:
    return JobView.model_validate(task.shown())


def _no_result(task: "Task") -> ConflictError:
    if task.state == "failed":
        error = task.error or {}
        return ConflictError(f"The job {task.id} failed: {error.get('detail', '')}", str(error.get("remedy", "")))
    if task.state == "cancelled":
        return ConflictError(f"The job {task.id} was cancelled.", "Ask for the work again.")
    return ConflictError(f"The job {task.id} is {task.state}.", f"Look at /v1/jobs/{task.id} until it is done.")


def _moment_and_id(after: Any) -> tuple[datetime, str]:
    """Where a list of jobs goes on.

    Raises:
        UsageError: The cursor is of another list.
    """
    match after:
        case [str() as moment, str() as task_id] if "\x00" not in task_id and task_id.isascii():
            try:
                parsed = datetime.fromisoformat(moment)
            except ValueError as error:
                raise _foreign_cursor() from error
            if parsed.tzinfo is not None:
                return parsed, task_id
        case _:
            pass
    raise _foreign_cursor()


def _number(after: Any) -> int:
    if isinstance(after, bool) or not isinstance(after, int) or not 0 <= after <= _BIGGEST:
        raise _foreign_cursor()
    return after


def _foreign_cursor() -> UsageError:
    return UsageError("The cursor is not one that this list gave.", "Begin without one.")
