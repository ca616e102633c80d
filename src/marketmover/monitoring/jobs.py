"""What the room does on a schedule: watch running lines by the home's own pulls, and let people know."""

from contextlib import ExitStack
from datetime import time
from typing import TYPE_CHECKING, cast

from marketmover.errors import NotFoundError
from marketmover.jobs import At, Job, JobRun
from marketmover.kit import counted, utc_now

if TYPE_CHECKING:
    from marketmover.monitoring.notices.installation import Installation
    from marketmover.store import StoreOpener

_MORNING = time(6, 30)
_SOURCE = "watch"


def jobs_of(installation: "Installation") -> list[Job]:
    """The room's jobs."""
    help_ = "Watch running lines by the home's pulls; tell what is new."
    return [Job("watch", At(_MORNING), lambda run: watch(installation, run), help=help_, lane="lake")]


def watch(installation: "Installation", run: JobRun) -> str:
    """Replay the pulled days as `monitor` does, and put what is new into the outbox; the job `notices` sends it."""
    from marketmover.history.pulls import asked_exports
    from marketmover.monitoring.lines.plan_file import first_day_of
    from marketmover.monitoring.notices import alerts_of, tell_alerts
    from marketmover.monitoring.watching import watch_exports

    configuration = installation.notices()
    if configuration is None:
        return "no notices.toml: nobody is told of anything"
    watched, opener = configuration.watched, cast("StoreOpener", installation)
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
