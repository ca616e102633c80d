"""What the room does on a schedule: send what is due."""

from marketmover.console import warn
from marketmover.jobs import Every, Job, JobRun
from marketmover.kit import counted, utc_now
from marketmover.monitoring.notices.delivering import deliver
from marketmover.monitoring.notices.installation import Installation


def jobs_of(installation: Installation) -> list[Job]:
    """The room's jobs."""
    help_ = "Sends notices that are due."
    return [Job("notices", Every(1), lambda run: send_due(installation, run), help=help_, lane="notices")]


def send_due(installation: Installation, run: JobRun) -> str:
    """One pass over the outbox; nothing where no route is configured. What goes wrong is warned of, and tried again."""
    configuration = installation.notices()
    if configuration is None:
        return "nobody is told of anything yet"
    with installation.home() as stores:
        done = deliver(stores.records, configuration, installation.notifier_of(configuration), utc_now, run.go_on)
    for problem in done.problems:
        warn(problem)
    return f"{counted(done.sent, 'message')} sent, {done.put_off} put off, {done.given_up} given up"
