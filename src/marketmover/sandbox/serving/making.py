"""A simulated history for a folder that has none yet, so that it can be served."""

from pathlib import Path

from marketmover.errors import UsageError
from marketmover.sandbox.folder import clear_folder, is_sandbox


def make_missing(folder: Path, *, seed: int, lines: int | None = None, days: int | None = None) -> None:
    """Make `folder` a simulated history that ended yesterday, unless it is one.

    Raises:
        UsageError: It is one, and `lines` or `days` say how to make one.
        ConflictError, InputError: It holds something else.
    """
    if is_sandbox(folder):
        if lines is not None or days is not None:
            raise UsageError(
                f"{folder} holds a simulated history already: --lines and --days are for a new one.",
                "Leave them out, or name another folder.",
            )
        return
    from marketmover.sandbox.history import write_history
    from marketmover.sandbox.service import create_market, last_day

    clear_folder(folder, force=False)
    write_history(create_market(lines or 16, days or 730, seed, end=last_day(None)), folder)
