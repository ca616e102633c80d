"""What is done on a schedule: what is kept of the history follows the lake, whoever changed it."""

from typing import TYPE_CHECKING, Protocol

from marketmover.jobs import Every, Job, JobRun
from marketmover.kit import utc_now

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from marketmover.store import Stores


class Home(Protocol):
    """What the job needs of an installation."""

    def home(self) -> "AbstractContextManager[Stores]":
        """The home's stores."""
        ...


def jobs_of(installation: Home) -> list[Job]:
    """The job. All that changes the lake brings up to date what is kept; this is for what died before it did."""
    help_ = "Bring figures that lists and charts show up to date with the history."
    return [Job("overview", Every(60), lambda run: _refresh(installation, run), help=help_, lane="lake")]


def _refresh(installation: Home, run: JobRun) -> str:
    from marketmover.history.overview.building import refresh

    run.go_on()
    with installation.home() as stores:
        return "made anew" if refresh(stores, utc_now()) else "nothing changed"
