"""What the room does on a schedule: send what waited for a plan's first day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from marketmover.campaigns.kept.feed import tell_change
from marketmover.campaigns.publishing.opening import ConnectedApp, open_publisher
from marketmover.jobs import Every, HeldError, Job, JobRun, LeaseLostError, StoppedError
from marketmover.kit import counted, utc_now

if TYPE_CHECKING:
    from marketmover.campaigns.publishing.service import Published

_NAME = "publish"
_EVERY = Every(10)
_OF_LATE = timedelta(days=7)


@dataclass(frozen=True)
class Attempt:
    """What became of a plan that was due, or waited.

    Attributes:
        folder: The plan's.
        done: How it was published; `None` where it failed, or was ended by a person.
        error: Why it failed.
        ended: The state of what waited for its day and waits no more, whoever ended it: `done`, or given up.
    """

    folder: Path
    done: "Published | None" = None
    error: Exception | None = None
    ended: str = ""


def jobs_of(app: ConnectedApp, tell: Callable[[Attempt], None]) -> list[Job]:
    """The room's jobs.

    Args:
        app: The installation.
        tell: Called with what became of each plan that was due, and then of each that was ended of late.
    """
    help_ = "Change running lines on the first day of plans that wait for it."
    return [Job(_NAME, _EVERY, lambda run: publish_due(app, run, tell), help=help_, lane=_NAME)]


def publish_due(app: ConnectedApp, run: JobRun, tell: Callable[[Attempt], None]) -> str:
    """Publish plans whose first day has come, each as far as it was approved; one that fails holds back no other.

    Raises:
        Exception: What the first that failed raised, once all were tried.
    """
    from marketmover.campaigns.tuning.in_force import PlanBusyError

    with open_publisher(app) as publisher:
        attempts: list[Attempt] = []
        folders = publisher.ledger.folders_waiting()
        for folder in folders:
            run.go_on()
            try:
                done = publisher.publish_due(Path(folder))
            except (StoppedError, LeaseLostError, HeldError, PlanBusyError):
                raise
            except Exception as error:  # noqa: BLE001 - raised below, once the other plans had their turn
                attempts.append(Attempt(Path(folder), error=error))
            else:
                attempts += [Attempt(Path(folder), done)] if done is not None else []
        settled = publisher.ledger.folders_settled(utc_now() - _OF_LATE)
    for attempt in attempts:
        tell_change(app, attempt.folder.name, "published")
    for attempt in [*attempts, *(Attempt(Path(folder), ended=state) for folder, state in settled.items())]:
        tell(attempt)
    for attempt in attempts:
        if attempt.error is not None:
            raise attempt.error
    waiting = len(folders) - len(attempts)
    return f"{counted(len(attempts), 'plan')} published on the first day, {waiting} waiting"
