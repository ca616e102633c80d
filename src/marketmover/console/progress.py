"""Progress of long work: a live bar on a terminal, a line now and then elsewhere."""

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

Progress = Callable[[float, str], None]
"""Called with the share done (0 to 1) and what is being done; it may raise, which ends the work."""

_QUIET_SECONDS = 5.0


@contextmanager
def progress(what: str) -> Generator[Progress]:
    """Show the progress of `what` on stderr while the block runs.

    Yields:
        A function to call with the share done (0 to 1) and a word on the present step.
    """
    if sys.stderr.isatty():
        with _live(what) as report:
            yield report
        return
    last = time.monotonic()

    def occasionally(share: float, step: str) -> None:
        nonlocal last
        if time.monotonic() - last >= _QUIET_SECONDS:
            last = time.monotonic()
            sys.stderr.write(f"{what}: {share:.0%} {step}\n")

    yield occasionally


@contextmanager
def _live(what: str) -> Generator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as RichProgress

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[step]}"),
    )
    with RichProgress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=1.0, step="")
        yield lambda share, step: bar.update(task, completed=share, step=step)
