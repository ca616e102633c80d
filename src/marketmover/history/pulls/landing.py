"""Landing: pulls that the stream tells of are read into the lake, in their order, each once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from marketmover.console import Progress
from marketmover.errors import InputError, MarketmoverError, StoreError
from marketmover.history.faults import EmptyHistoryError
from marketmover.history.import_report import ImportReport
from marketmover.history.importing import import_history
from marketmover.history.overview.building import refresh
from marketmover.history.pulls import ledger
from marketmover.history.pulls.chunk_files import is_whole, sweep
from marketmover.history.pulls.facts import EXPORTS_PULLED, ExportsPulled
from marketmover.history.records import ExportPull
from marketmover.jobs import LeaseLostError, StoppedError
from marketmover.kit import counted, plural

if TYPE_CHECKING:
    from marketmover.store import Stores

GROUP = "lake"
"""The consumer group that reads pulls into the lake."""


@dataclass(frozen=True)
class Landed:
    """What became of a pull that was to land.

    Attributes:
        pull: Which.
        report: What the import took; `None` where the pull holds no row, as of an account without campaigns.
        problem: Why it could not be read.
        waits: Whether it waits to be tried again as it is, since what failed may pass or has to be mended here. Else,
            where there is a problem, its days are fetched again by the next pull.
    """

    pull: ExportPull
    report: ImportReport | None
    problem: str | None = None
    waits: bool = False

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "platform": self.pull.platform,
            "account_id": self.pull.account_id,
            "pull": self.pull.number,
            "problem": self.problem,
            "waits": self.waits,
            "import": self.report.to_json() if self.report else None,
        }


def land_pulls(
    stores: "Stores",
    *,
    now: Callable[[], datetime],
    progress: Progress,
    go_on: Callable[[], None] = lambda: None,
    confirm: Callable[[Session], None] = lambda _: None,
) -> list[Landed]:
    """Read all pulls that wait into the lake. The lake is not opened where none waits.

    A pull is imported with the account's own day as today, and the group's place in the stream moves after that: a
    process that dies between the two imports it again, which adds nothing. A pull that fails for another reason than
    what it holds waits, and the later ones of its account with it; those of other accounts land. The group's place
    stays before the first that waits; what landed beyond it is known by its state.

    Args:
        stores: Of the home.
        now: The clock.
        progress: Called with the share done of a pull, and the present step.
        go_on: Called before each pull; raises to stop there.
        confirm: Called in the transaction that writes down what became of a pull; raises where another process lands.

    Raises:
        StoreError: The lake cannot be opened, as where another process holds it; all pulls wait on.
    """
    landed: list[Landed] = []
    held: set[tuple[str, str]] = set()
    after = stores.stream.offset(GROUP, EXPORTS_PULLED)
    while facts := stores.stream.replay(EXPORTS_PULLED, after, limit=1):
        go_on()
        after, told = facts[0].sequence, ExportsPulled.of(facts[0].payload)
        whose = (told.platform, told.account_id)
        if whose in held:
            continue
        pull = _waiting(stores, told)
        one = _land(stores, pull, now, progress) if pull else None
        if one is not None:
            landed.append(one)
            if one.waits:
                held.add(whose)
        with stores.records.session() as session:
            if one is not None:
                _settle(session, one, now())
            if not held:
                stores.stream.commit_offset(GROUP, EXPORTS_PULLED, after, session=session)
            confirm(session)
    if landed:
        refresh(stores, now())
    return landed


def raise_for_waiting(landed: list[Landed]) -> None:
    """Raise where a pull could not land and waits.

    Raises:
        StoreError: It tells each.
    """
    told = [f"Pull {one.pull.number} of {one.pull.name}: {one.problem}" for one in landed if one.waits]
    if told:
        raise StoreError(
            f"{counted(len(told), 'pull')} could not be read into the lake, and {plural(len(told), 'waits', 'wait')}. "
            + " ".join(told),
            "It is tried again; `marketmover doctor` says whether the disk is full.",
        )


def _waiting(stores: "Stores", told: ExportsPulled) -> ExportPull | None:
    """The pull that the stream tells of; `None` where it landed before, or was forgotten with its account."""
    with stores.records.session(read_only=True) as session:
        pull = session.get(ExportPull, (stores.workspace, told.platform, told.account_id, told.number))
    return pull if pull is not None and pull.state == "done" else None


def _land(stores: "Stores", pull: ExportPull, now: Callable[[], datetime], progress: Progress) -> Landed:
    with stores.records.session(read_only=True) as session:
        chunks = ledger.chunks_of(session, pull)
    lake = stores.lake  # if it cannot be opened, no pull can land
    try:
        broken = [chunk for chunk in chunks if chunk.state == "done" and not is_whole(stores.files, chunk)]
        if broken:
            which = f"{counted(len(broken), 'file')} of {ledger.folder_of(pull)}"
            return Landed(pull, None, f"{which} in the home's files changed or went.")
        sweep(stores, pull, {chunk.file for chunk in chunks})
        with stores.files.local_folder(ledger.folder_of(pull)) as folder:
            return Landed(pull, import_history(lake, folder, now=now(), as_of=pull.today, progress=progress))
    except EmptyHistoryError:
        return Landed(pull, None)
    except InputError as error:
        return Landed(pull, None, error.message)
    except (StoppedError, LeaseLostError):
        raise
    except Exception as error:  # noqa: BLE001 - a full disk, or a fault of ours: it is told, and other accounts go on
        words = error.message if isinstance(error, MarketmoverError) else repr(error)
        return Landed(pull, None, words, waits=True)


def _settle(session: Session, landed: Landed, now: datetime) -> None:
    if landed.waits:
        ledger.note_problem(session, landed.pull, landed.problem or "")
    elif landed.problem:
        ledger.mark_spoilt(session, landed.pull, landed.problem)
    else:
        ledger.mark_landed(session, landed.pull, landed.report.added if landed.report else 0, now)
