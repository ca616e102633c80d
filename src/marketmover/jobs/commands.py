"""`marketmover jobs`: what runs on a schedule, how it went, running it now; and long work that was asked for."""

from datetime import datetime
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from marketmover import console

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from marketmover.jobs import Job, Task
    from marketmover.jobs.schedules import Scheduled
    from marketmover.store import Stores

_SAID = 100  # characters of what a run said that a table shows; --json shows all
_ID_HELP = "The task's id, or how it begins, as `jobs tasks` shows it."

app = typer.Typer(no_args_is_help=True, help="Work on a schedule, and work that was asked for.")


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
    from marketmover.jobs.schedules import scheduled, shown
    from marketmover.kit import utc_now

    has: HasJobs = ctx.obj
    there, now = has.jobs(), utc_now()
    with has.home() as stores, stores.records.session(read_only=True) as session:
        found = scheduled(session, stores.workspace, there, now)
    if as_json:
        console.print_json([shown(one) for one in found])
        return
    table = console.Table("", ["job", "runs", "last (UTC)", "went", "said", "next (UTC)"])
    table.rows += [_row(one, now) for one in found]
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


@app.command()
def tasks(
    ctx: typer.Context,
    state: Annotated[str | None, typer.Option(help="Only those queued, running, done, failed or cancelled.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only those of a kind, like plans.compose, or of a room.")] = None,
    last: Annotated[int, typer.Option(min=1, max=10_000, help="So many at most.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """List long work that was asked for, the newest first."""
    from marketmover.errors import UsageError
    from marketmover.jobs import list_tasks
    from marketmover.jobs.tasks import STATES

    if state is not None and state not in STATES:
        raise UsageError(f"There is no state {state!r}.", f"Name one of {', '.join(STATES)}.")
    has: HasJobs = ctx.obj
    with has.home() as stores, stores.records.session(read_only=True) as session:
        found = list_tasks(session, stores.workspace, state=state, kind=kind, limit=last)
    if as_json:
        console.print_json([task.shown() for task in found])
        return
    table = console.Table("", ["id", "work", "about", "asked (UTC)", "by", "state", "at"])
    table.rows += [_task_row(task) for task in found]
    console.print_table(table)


@app.command()
def show(ctx: typer.Context, task_id: Annotated[str, typer.Argument(metavar="ID", help=_ID_HELP)]) -> None:
    """Show a task as JSON: how far it is, what came of it, or why it failed."""
    from marketmover.jobs.tasks import find_by_start

    has: HasJobs = ctx.obj
    with has.home() as stores, stores.records.session(read_only=True) as session:
        task = find_by_start(session, stores.workspace, task_id)
    console.print_json({**task.shown(), "arguments": task.arguments, "result": task.result})


@app.command()
def cancel(ctx: typer.Context, task_id: Annotated[str, typer.Argument(metavar="ID", help=_ID_HELP)]) -> None:
    """Cancel a task: at once where it waits, at its next step where it runs."""
    from marketmover.jobs import ask_to_cancel
    from marketmover.jobs.tasks import find_by_start
    from marketmover.kit import utc_now

    has: HasJobs = ctx.obj
    with has.home() as stores, stores.records.session() as session:
        task = find_by_start(session, stores.workspace, task_id)
        had_ended = task.ended
        task = ask_to_cancel(session, stores.workspace, task.id, utc_now())
    if had_ended:
        console.print_text(f"{task.id}: {task.state} already; nothing to cancel")
    else:
        console.print_text(f"{task.id}: {'cancelled' if task.ended else 'it ends at its next step'}")


def _task_row(task: "Task") -> list[str]:
    detail = str((task.error or {}).get("detail", "")) or task.step
    at = f"{task.progress:.0%} {detail}".strip() if task.state == "running" else detail
    return [
        task.id[:12],
        task.kind,
        shorten(task.about, 40, placeholder="…"),
        f"{task.created_at:%Y-%m-%d %H:%M:%S}",
        task.asked_by,
        f"{task.state}, being cancelled" if task.state == "running" and task.cancel_asked else task.state,
        shorten(at, _SAID, placeholder="…"),
    ]


def _row(one: "Scheduled", now: datetime) -> list[str]:
    job, last = one.job, one.last
    when = "off" if one.next_at is None else "now" if one.next_at <= now else f"{one.next_at:%Y-%m-%d %H:%M}"
    runs = "by hand" if job.schedule is None else str(job.schedule)
    if last is None:
        return [job.name, runs, "never", "", "", when]
    went = last.state if last.attempt == 1 else f"{last.state}, try {last.attempt}"
    said = shorten(last.said, _SAID, placeholder="…")
    return [job.name, runs, f"{last.started_at:%Y-%m-%d %H:%M:%S}", went, said, when]
