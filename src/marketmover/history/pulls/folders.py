"""Pulls laid out as folders of exports: what was known before a day, and each day's pull since."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from marketmover.errors import InputError, NotFoundError
from marketmover.history.pulls import ledger
from marketmover.history.pulls.chunk_files import SIMULATED, cut_rows, side_of
from marketmover.store import check_folder

if TYPE_CHECKING:
    from marketmover.history.records import ExportPull, ExportPullChunk
    from marketmover.store import StoreOpener, Stores

_WATCHED_DAYS = 28  # without a day to begin on


@dataclass(frozen=True)
class Exports:
    """Folders of exports, and the last day that they hold where they were laid out from pulls."""

    history: Path
    live: Path
    last_day: date | None = None


@contextmanager
def asked_exports(
    opener: "StoreOpener", history: Path | None, live: Path | None, start: date | None
) -> Generator[Exports]:
    """The folders that a person named; for one that was not named the home's pulls, while the block runs.

    Args:
        opener: Opens the home.
        history: Exports of the time before.
        live: Exports since.
        start: First live day, as a plan's; by default 28 days before the last pulled one.

    Raises:
        NotFoundError: A folder is needed, and the home holds no pull.
    """
    if history is not None and live is not None:
        yield Exports(history, live)
        return
    with TemporaryDirectory(prefix="marketmover-") as place, opener.home() as stores:
        laid = lay_out(stores, Path(place), start)
        yield Exports(history or laid.history, live or laid.live, laid.last_day)


def lay_out_anew(stores: "Stores", place: Path, start: date | None = None) -> Exports:
    """Lay pulls out in a folder that a person named.

    Raises:
        InputError: It cannot be a folder, or it holds something.
        NotFoundError: There is no whole pull.
    """
    check_folder(place)
    if place.is_dir() and any(place.iterdir()):
        raise InputError(f"The folder {place} holds something already.", "Name one that is empty or not there yet.")
    return lay_out(stores, place, start)


def lay_out(stores: "Stores", place: Path, start: date | None = None) -> Exports:
    """Write the workspace's whole pulls into `place` as `history/` and `live/DATE/`.

    A live day's folder is named by the last day that its pull holds; of several pulls of one day it is the last. The
    history is what was pulled before `start`; of an account that was not, its first pull up to the day before.

    Raises:
        NotFoundError: There is no whole pull.
    """
    with stores.records.session(read_only=True) as session:
        pulls = [pull for pull in ledger.pulls_of(session, stores.workspace) if pull.state in {"done", "landed"}]
        chunks = {id(pull): ledger.chunks_of(session, pull) for pull in pulls}
    if not pulls:
        raise NotFoundError(
            "The home holds no pulled exports.", "Name folders with --history and --live, or run: marketmover pull"
        )
    last_day = max(pull.last_day for pull in pulls)
    first = start or last_day - timedelta(days=_WATCHED_DAYS - 1)
    laid = Exports(place / "history", place / "live", last_day)
    laid.live.mkdir(parents=True)
    for pull in _before(pulls, first):
        _write(stores, pull, chunks[id(pull)], laid.history, before=first)
    newest = {(pull.platform, pull.account_id, pull.last_day): pull for pull in pulls if pull.last_day >= first}
    for pull in newest.values():
        _write(stores, pull, chunks[id(pull)], laid.live / pull.last_day.isoformat(), before=None)
    return laid


def _before(pulls: "list[ExportPull]", first: date) -> "list[ExportPull]":
    """The pulls that a history up to the day before `first` is made of."""
    accounts = {(pull.platform, pull.account_id): pull for pull in reversed(pulls)}
    early = [pull for pull in pulls if pull.last_day < first]
    have = {(pull.platform, pull.account_id) for pull in early}
    return early + [pull for account, pull in accounts.items() if account not in have]


def _write(
    stores: "Stores", pull: "ExportPull", chunks: "list[ExportPullChunk]", folder: Path, before: date | None
) -> None:
    """Write a pull's files into a folder; of one that reaches to `before` or beyond only the rows up to then."""
    owner = ledger.folder_of(pull).removeprefix("pulls/").replace("/", "-")
    cut = before if before is not None and pull.last_day >= before else None
    for chunk in chunks:
        if chunk.file is None or (cut and chunk.first_day and chunk.first_day >= cut):
            continue
        target = folder / side_of(pull.platform, chunk.kind) / f"{owner}-{chunk.ref}.json.gz"
        target.parent.mkdir(parents=True, exist_ok=True)
        if cut and (chunk.last_day is None or chunk.last_day >= cut):
            target.write_bytes(cut_rows(stores.files.read_bytes(chunk.file), cut))
        else:
            stores.files.copy_out(chunk.file, target)
    if pull.simulated:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SIMULATED).write_text('{"simulated": true}\n', encoding="utf-8")
