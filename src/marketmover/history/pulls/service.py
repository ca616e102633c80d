"""Pulling an account's exports: chunk by chunk into files, and never anew what came already."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from marketmover.console import Progress
from marketmover.errors import PlatformError, UsageError
from marketmover.history.pulls import ledger
from marketmover.history.pulls.chunk_files import is_whole, say_simulated, side_of, write_documents
from marketmover.history.pulls.facts import EXPORTS_PULLED, ExportsPulled
from marketmover.history.pulls.source import AdExports, ExportChunk, SourceAccount
from marketmover.kit import new_id

if TYPE_CHECKING:
    from marketmover.history.records import ExportPull, ExportPullChunk
    from marketmover.store import Stores


@dataclass(frozen=True)
class PullReport:
    """What a pull brought.

    Attributes:
        account: The account, as it tells of itself.
        number: Which of the account's pulls it was.
        first_day, last_day: The days asked for.
        chunks: Files that it is made of.
        fetched: Those fetched in this run; the others came before it was cut off.
        rows: Rows in all of them.
        refused: What the account does not offer: kind and why.
        missed: What figures do without and could not be had: kind and why; the next pull asks for it again.
    """

    account: SourceAccount
    number: int
    first_day: date
    last_day: date
    chunks: int
    fetched: int
    rows: int
    refused: tuple[tuple[str, str], ...] = ()
    missed: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {
            "platform": self.account.platform,
            "account_id": self.account.account_id,
            "name": self.account.name,
            "simulated": self.account.simulated,
            "pull": self.number,
            "first_day": self.first_day.isoformat(),
            "last_day": self.last_day.isoformat(),
            "chunks": self.chunks,
            "fetched": self.fetched,
            "rows": self.rows,
            "refused": dict(self.refused),
            "missed": dict(self.missed),
        }


def pull_exports(
    stores: "Stores",
    source: AdExports,
    *,
    since: date | None = None,
    now: Callable[[], datetime],
    progress: Progress,
    go_on: Callable[[], None] = lambda: None,
) -> PullReport:
    """Fetch what is new of an account, and its last 30 days again, into files; announce it once all of it has come.

    A pull that was cut off, even by `kill -9`, goes on where it was. One process pulls an account at a time: see to it
    with a lease (`jobs`).

    Args:
        stores: Records, stream and files; the lake is left alone.
        source: The account.
        since: First day to fetch; by default two years back, later what is not known yet and the 29 days before it.
        now: The clock.
        progress: Called with the share done and the present chunk.
        go_on: Called before each chunk; raises to stop there.

    Raises:
        PlatformError: The platform did not give something that the figures need. What came is kept for the next try.
        UsageError: There is no whole day from `since` on.
    """
    account = source.account()
    last = account.today - timedelta(days=1)
    with stores.records.session() as session:
        first = ledger.first_day(session, stores.workspace, account, since)
    if first > last:
        raise UsageError(
            f"There is no whole day from {first} on: at {account.name} it is {account.today}.", "Give an earlier day."
        )
    chunks = source.chunks(first, last)
    with stores.records.session() as session:
        chunks = ledger.with_missed(session, stores.workspace, account, chunks)
        planned = ledger.begin(session, stores.workspace, account, chunks, (first, last), now())
    _forget_spoilt(stores, planned)
    optional = frozenset(ledger.ref_of(chunk) for chunk in chunks if chunk.optional)
    run = _Run(stores, source, planned, now, optional)
    try:
        fetched = run.fetch_all(progress, go_on)
    except PlatformError as error:
        with stores.records.session() as session:
            ledger.note_problem(session, planned.pull, error.message)
        raise
    return run.finished(account, fetched)


def _forget_spoilt(stores: "Stores", planned: ledger.Planned) -> None:
    """Chunks that are said to be done but whose files are gone or changed are fetched again."""
    for chunk in planned.chunks:
        if chunk.state == "done" and not is_whole(stores.files, chunk):
            chunk.state = "planned"
            with stores.records.session() as session:
                session.merge(chunk)


@dataclass(frozen=True)
class _Run:
    stores: "Stores"
    source: AdExports
    planned: ledger.Planned
    now: Callable[[], datetime]
    optional: frozenset[str]

    @property
    def pull(self) -> "ExportPull":
        return self.planned.pull

    def fetch_all(self, progress: Progress, go_on: Callable[[], None]) -> int:
        """Fetch all chunks that have not come yet; how many came."""
        every, waiting = len(self.planned.chunks), self.planned.waiting()
        if self.pull.simulated:
            say_simulated(self.stores.files, ledger.folder_of(self.pull))
        for done, chunk in enumerate(waiting, start=every - len(waiting)):
            go_on()
            progress(done / every, chunk.ref.replace("_", " "))
            self._fetch_or_pass_over(chunk)
        return len(waiting)

    def _fetch_or_pass_over(self, chunk: "ExportPullChunk") -> None:
        went_on = chunk.resume is not None
        try:
            self._fetch(chunk)
        except PlatformError as error:
            if chunk.ref in self.optional:
                chunk.state, chunk.problem = "missed", str(error)
                with self.stores.records.session() as session:
                    ledger.mark_missed(session, chunk, error)
                return
            if error.kind != "refused":
                raise
            if went_on:  # the report that was under way is gone: ask for it anew, once
                self._keep(chunk, None)
                self._fetch_or_pass_over(chunk)
            elif chunk.first_day is not None:  # figures must be whole
                raise
            else:
                chunk.state, chunk.problem = "refused", str(error)
                with self.stores.records.session() as session:
                    ledger.mark_refused(session, chunk, error)

    def _fetch(self, chunk: "ExportPullChunk") -> None:
        """Write a chunk's file, then mark it done. Each try has a file name of its own: two never mix."""
        side = side_of(self.pull.platform, chunk.kind)
        path = f"{ledger.folder_of(self.pull)}/{side}/{chunk.ref}.{new_id()[-8:]}.json.gz"
        asked = ExportChunk(chunk.kind, chunk.first_day, chunk.last_day)
        documents = self.source.fetch(asked, chunk.resume, lambda resume: self._keep(chunk, resume))
        written = write_documents(self.stores.files, path, documents)
        with self.stores.records.session() as session:
            ours = ledger.mark_done(session, chunk, path, written, self.now())
        if not ours:  # another process fetched it meanwhile
            self.stores.files.delete(path)

    def _keep(self, chunk: "ExportPullChunk", resume: str | None) -> None:
        chunk.resume = resume
        with self.stores.records.session() as session:
            ledger.keep_resume(session, chunk, resume)

    def finished(self, account: SourceAccount, fetched: int) -> PullReport:
        """Mark the pull done and announce it, in one transaction."""
        with self.stores.records.session() as session:
            chunks = ledger.chunks_of(session, self.pull)
            rows = sum(chunk.rows for chunk in chunks)
            if ledger.finish(session, self.pull, rows, self.now()):
                fact = ExportsPulled(account.platform, account.account_id, self.pull.number)
                key = f"{account.platform}:{account.account_id}"
                self.stores.stream.publish(session, EXPORTS_PULLED, fact.payload(), key=key)
        refused, missed = (
            tuple((chunk.kind, chunk.problem or "") for chunk in chunks if chunk.state == state)
            for state in ("refused", "missed")
        )
        days = (self.pull.first_day, self.pull.last_day)
        return PullReport(account, self.pull.number, *days, len(chunks), fetched, rows, refused, missed)
