"""Landing: pulls that the stream tells of are read into the lake, in their order, each once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from marketmover.errors import InputError
from marketmover.history.faults import EmptyHistoryError
from marketmover.history.import_report import ImportReport
from marketmover.history.importing import import_history
from marketmover.history.pulls import ledger
from marketmover.history.pulls.chunk_files import SIMULATED, is_whole
from marketmover.history.pulls.facts import EXPORTS_PULLED, ExportsPulled
from marketmover.history.records import ExportPull
from marketmover.kit import counted

if TYPE_CHECKING:
    from marketmover.store import Fact, Stores

GROUP = "lake"
"""The consumer group that reads pulls into the lake."""


@dataclass(frozen=True)
class Landed:
    """A pull that the lake now knows.

    Attributes:
        pull: Which.
        report: What the import took; `None` where the pull holds no row, as of an account without campaigns.
        problem: Why it could not be read; its days are fetched again by the next pull.
    """

    pull: ExportPull
    report: ImportReport | None
    problem: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "platform": self.pull.platform,
            "account_id": self.pull.account_id,
            "pull": self.pull.number,
            "problem": self.problem,
            "import": self.report.to_json() if self.report else None,
        }


def land_pulls(
    stores: "Stores", *, now: Callable[[], datetime], progress: Callable[[float, str], None]
) -> list[Landed]:
    """Read all pulls that wait into the lake. The lake is not opened where none waits.

    A pull is imported with the account's own day as today, and the group's place in the stream moves after that: a
    process that dies between the two imports it again, which adds nothing.

    Raises:
        StoreError: The lake is held by another process; the pulls wait on.
    """
    landed: list[Landed] = []
    while facts := stores.stream.read(EXPORTS_PULLED, GROUP, limit=1):
        landed.append(_land(stores, facts[0], now, progress))
    return landed


def _land(
    stores: "Stores", fact: "Fact", now: Callable[[], datetime], progress: Callable[[float, str], None]
) -> Landed:
    told = ExportsPulled.of(fact.payload)
    with stores.records.session(read_only=True) as session:
        pull = session.get_one(ExportPull, (stores.workspace, told.platform, told.account_id, told.number))
        chunks = ledger.chunks_of(session, pull)
    broken = [chunk for chunk in chunks if chunk.state == "done" and not is_whole(stores.files, chunk)]
    report, problem = None, None
    if broken:
        problem = f"{counted(len(broken), 'file')} of {ledger.folder_of(pull)} in the home's files changed or went."
    else:
        _sweep(stores, pull, {chunk.file for chunk in chunks})
        report, problem = _import(stores, pull, now(), progress)
    with stores.records.session() as session:
        _settle(session, pull, report, problem, now())
        stores.stream.commit_offset(GROUP, EXPORTS_PULLED, fact.sequence, session=session)
    return Landed(pull, report, problem)


def _sweep(stores: "Stores", pull: ExportPull, known: set[str | None]) -> None:
    """Delete files of tries that were cut off after they were written and before they were marked."""
    folder = ledger.folder_of(pull)
    for name in stores.files.list(folder):
        if name not in known and name != f"{folder}/{SIMULATED}":
            stores.files.delete(name)


def _import(
    stores: "Stores", pull: ExportPull, now: datetime, progress: Callable[[float, str], None]
) -> tuple[ImportReport | None, str | None]:
    try:
        with stores.files.local_folder(ledger.folder_of(pull)) as folder:
            return import_history(stores.lake, folder, now=now, as_of=pull.today, progress=progress), None
    except EmptyHistoryError:
        return None, None
    except InputError as error:
        return None, error.message


def _settle(
    session: Session, pull: ExportPull, report: ImportReport | None, problem: str | None, now: datetime
) -> None:
    pull.state = "spoilt" if problem else "landed"
    pull.problem, pull.landed_at, pull.added = problem, None if problem else now, report.added if report else 0
    session.merge(pull)
