"""`marketmover jobs`: what runs on a schedule, how it went, and running it now."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from marketmover import console

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from marketmover.jobs import Job
    from marketmover.jobs.runs import PastRun
    from marketmover.store import Stores

app = typer.Typer(no_args_is_help=True, help="Work on a schedule: list it, run it now.")


class HasJobs(Protocol):
    """What these commands need of an installation."""

    def jobs(self) -> "Sequence[Job]":
        """Its jobs."""
        ...

    def home(self) -> "AbstractContextManager[Stores]":
        """Its stores."""
        ...


@app.callback()
def jobs() -> None:
    """Work on a schedule, which `marketmover serve` runs."""


@app.command("list")
def list_(
    ctx: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False
) -> None:
    """List the jobs: when each runs, how it went last, and when it runs next."""
    from marketmover.jobs.runs import last_runs, next_at
    from marketmover.kit import utc_now

    has: HasJobs = ctx.obj
    there, now = has.jobs(), utc_now()
    with has.home() as stores, stores.records.session(read_only=True) as session:
        last = last_runs(session, stores.workspace, [job.name for job in there])
    coming = {
        job.name: next_at(last.get(job.name), job.schedule, job.waits.tries, now)
        for job in there
        if job.schedule is not None
    }
    if as_json:
        console.print_json([_shown(job, last.get(job.name), coming.get(job.name)) for job in there])
        return
    table = console.Table("", ["job", "runs", "last (UTC)", "went", "said", "next (UTC)"])
    table.rows += [_row(job, last.get(job.name), coming.get(job.name), now) for job in there]
    console.print_table(table)


@app.command()
def run(
    ctx: typer.Context, name: Annotated[str, typer.Argument(help="The job's name, as `jobs list` shows it.")]
) -> None:
    """Run a job now, whatever its schedule. Exit code 1 where it fails; refused while another process runs it."""
    from marketmover.errors import NotFoundError
    from marketmover.jobs import holding
    from marketmover.kit import did_you_mean

    has: HasJobs = ctx.obj
    there = {job.name: job for job in has.jobs()}
    if name not in there:
        raise NotFoundError(f"There is no job {name!r}.", did_you_mean(name, list(there)))
    job = there[name]
    with has.home() as stores, holding(stores.records, name, lease_s=job.lease_s) as held:
        held.said = job.work(held)
    console.print_text(f"{name}: {held.said or 'done'}")


def _row(job: "Job", last: "PastRun | None", coming: datetime | None, now: datetime) -> list[str]:
    when = "off" if coming is None else "now" if coming <= now else f"{coming:%Y-%m-%d %H:%M}"
    runs = "by hand" if job.schedule is None else str(job.schedule)
    if last is None:
        return [job.name, runs, "never", "", "", when]
    went = last.state if last.attempt == 1 else f"{last.state}, try {last.attempt}"
    return [job.name, runs, f"{last.started_at:%Y-%m-%d %H:%M:%S}", went, last.said, when]


def _shown(job: "Job", last: "PastRun | None", coming: datetime | None) -> dict[str, object]:
    return {
        "name": job.name,
        "help": job.help,
        "schedule": None if job.schedule is None else str(job.schedule),
        "lane": job.lane,
        "next_at": coming and coming.isoformat(),
        "last": last
        and {
            "state": last.state,
            "attempt": last.attempt,
            "due_at": last.due_at.isoformat(),
            "started_at": last.started_at.isoformat(),
            "ended_at": last.ended_at and last.ended_at.isoformat(),
            "again_at": last.again_at and last.again_at.isoformat(),
            "owner": last.owner,
            "said": last.said,
        },
    }
