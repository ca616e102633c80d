"""What a command works on: the home's history, or exports that are read for this run alone."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from marketmover.console import Progress
from marketmover.errors import UsageError
from marketmover.history.faults import EmptyHistoryError
from marketmover.history.once import reading
from marketmover.kit import parse_date, utc_now

if TYPE_CHECKING:
    from marketmover.store import Lake, StoreOpener


@contextmanager
def opened_history(
    opener: "StoreOpener",
    folder: Path | None,
    *,
    as_of: date | None,
    progress: Progress,
    on_empty: Callable[[str], None] | None = None,
) -> Generator["Lake"]:
    """The home's lake; with `folder`, a temporary one with its exports in it, gone when the block ends.

    The block reads: nothing is written to the lake's history in it.

    Args:
        opener: Opens the stores.
        folder: Exports to work on instead of the home's data.
        as_of: Taken as today while they are read.
        progress: Called with the share of reading done and the present step.
        on_empty: Called with what is missing where the folder holds nothing of use; without it that is an error.

    Raises:
        NotFoundError, EmptyHistoryError, InputError: As `import_history`.
    """
    if folder is None:
        with opener.home() as stores, reading(stores.lake):
            yield stores.lake
        return
    from marketmover.history.importing import import_history

    with opener.temporary() as stores:
        try:
            import_history(stores.lake, folder, now=utc_now(), as_of=as_of, progress=progress)
        except EmptyHistoryError as error:
            if on_empty is None:
                raise
            on_empty(error.message)
        with reading(stores.lake):
            yield stores.lake


def asked_day(option: str, text: str | None) -> date | None:
    """The day that a person gave with an option; `None` where it was not given.

    Raises:
        UsageError: The text is not `YYYY-MM-DD`.
    """
    try:
        return parse_date(text) if text else None
    except ValueError as error:
        raise UsageError(f"{option} {text} is not a day.", "Write it as YYYY-MM-DD, for example 2026-01-05.") from error
