"""How each kind of task is done: the rooms' works, by the names under which they are asked for."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from marketmover.errors import NotFoundError
from marketmover.jobs import TaskRun, Work, holding
from marketmover.jobs.schedules import RUN
from marketmover.kit import did_you_mean

if TYPE_CHECKING:
    from marketmover.app.web.served import ServedApp


def works_of(served: "ServedApp") -> dict[str, Work]:
    """The works of an installation, by kind; each is done in the workspace that asked for it."""
    return {RUN: Work(lambda run: _run_job(served, run)), **_of_history(served), **_of_plans(served)}


def _within(served: "ServedApp", do: Callable[[TaskRun, Any], Mapping[str, Any]], lane: str = "lake") -> Work:
    """Work of a room, which is handed the installation as its workspace sees it."""
    return Work(lambda run: do(run, served.of(run.workspace)), lane)


def _of_history(served: "ServedApp") -> dict[str, Work]:
    from marketmover.app.forgetting import delete_account
    from marketmover.app.sample import load_sample, remove_sample
    from marketmover.history import works
    from marketmover.history.pulls.works import pull_asked
    from marketmover.monitoring.notices.works import test_route
    from marketmover.monitoring.works import watch_asked

    return {
        "history.import": _within(served, works.import_sent),
        "history.map": _within(served, works.map_sent),
        "history.refresh": _within(served, works.refresh_kept),
        "history.delete_account": _within(served, delete_account),
        "history.sample": _within(served, load_sample),
        "history.remove_sample": _within(served, remove_sample),
        "pulls.pull": _within(served, pull_asked),
        "monitoring.watch": _within(served, watch_asked),
        "notices.test": _within(served, test_route, "free"),
    }


def _of_plans(served: "ServedApp") -> dict[str, Work]:
    from marketmover.campaigns.kept import works
    from marketmover.campaigns.publishing.works import give_up, publish_plan

    return {
        "plans.compose": _within(served, works.compose_plan),
        "plans.publish": _within(served, publish_plan, "free"),
        "plans.give_up": _within(served, give_up, "free"),
        "plans.tune": _within(served, works.tune_plan),
        "plans.backtest": _within(served, works.replay_past),
        "models.compare": _within(served, works.compare_models),
    }


def _run_job(served: "ServedApp", run: TaskRun) -> Mapping[str, Any]:
    """Run a scheduled job now, whatever its schedule."""
    app, name = served.of(run.workspace), str(run.arguments["name"])
    there = {job.name: job for job in app.jobs()}
    if name not in there:
        raise NotFoundError(f"There is no job {name!r}.", did_you_mean(name, list(there)))
    job = there[name]
    with holding(app.records, name, lease_s=job.lease_s, stop=run.ending) as held:
        held.said = job.work(held)
    return {"said": held.said}
