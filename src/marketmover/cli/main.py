"""The edge: arguments in, exit code out. Errors are translated here, once."""

import gc
import os
import signal
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from types import FrameType

from marketmover.cli.commands import ENTRIES, build
from marketmover.console import say
from marketmover.errors import MarketmoverError


def main() -> None:
    """Run the command line. Exit codes: 0 done, 1 failed, 2 wrong use, 130 stopped by the user.

    Matrices are small here: numpy's linear algebra takes one thread, unless the environment says how many. More only
    wait for each other, for a third of the time that a fit takes.
    """
    for name in _THREADS:
        os.environ.setdefault(name, "1")  # read when numpy is imported, which no command has done yet
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # else every installed package is searched for them
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(run(sys.argv[1:]))


_THREADS = "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"
_OBJECTS_BETWEEN_COLLECTIONS = 50_000  # a start makes objects to keep; looking for rings among them is a twentieth
_STOPPED_BY_USER = 130
_STOPPED = threading.Event()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    """Leave so that transactions are rolled back and temporary stores removed."""
    _STOPPED.set()
    raise KeyboardInterrupt


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; whatever goes wrong is told on stderr in words."""
    try:
        return _invoke(arguments)
    except MarketmoverError as error:
        say(f"error: {error.message}")
        if error.remedy:
            say(f"       {error.remedy}")
        return error.exit_code
    except KeyboardInterrupt:
        return _stopped()
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception:  # noqa: BLE001 - the last edge: a person never sees a trace, but it is kept for a report
        return _stopped() if _STOPPED.is_set() else _unexpected()  # DuckDB turns Ctrl-C into an error of its own


def _stopped() -> int:
    say("stopped; nothing half-done was kept")
    return _STOPPED_BY_USER


def _invoke(arguments: list[str]) -> int:
    from marketmover.app import open_app

    completing = "_MARKETMOVER_COMPLETE" in os.environ
    named = next((argument for argument in arguments if not argument.startswith("-")), "")
    app = build(set(ENTRIES) if completing else {named} & set(ENTRIES))
    try:
        app(args=arguments, prog_name="marketmover", obj=open_app())
    except SystemExit as ended:
        if ended.code == _STOPPED_BY_USER:
            raise KeyboardInterrupt from ended
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


def _unexpected() -> int:
    trace = traceback.format_exc()
    if os.environ.get("MARKETMOVER_DEBUG", "").lower() in {"1", "true", "yes", "on"}:
        say(trace)
    handle, name = tempfile.mkstemp(prefix="marketmover-error-", suffix=".txt")
    os.close(handle)
    Path(name).write_text(trace, encoding="utf-8")
    say(f"error: something went wrong inside marketmover: {trace.strip().splitlines()[-1]}")
    say(f"       This is our fault, not yours. Please report it with the file {name}")
    return 1
