"""The product's watcher and tuner as a user has them: `marketmover monitor` and `marketmover tune`, run as commands."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from marketmover.errors import InputError
from marketmover.sandbox.judge.alerts import Alert
from marketmover.sandbox.judge.tuning import ToTune
from marketmover.sandbox.judge.watching import Watched

_START = "from marketmover.cli.main import main; main()"  # the house's command line, whatever is on the PATH
_STOPPED = 130
_TOLD = 3  # last lines of what a command said before it failed


def by_monitor(given: Watched, *, daily: bool = False) -> list[Alert]:
    """What `marketmover monitor` tells of a window.

    Args:
        given: The window's folders.
        daily: Hand it the daily pulls instead of the whole window's one.

    Raises:
        InputError: The command failed.
    """
    live = given.pulls if daily else given.live
    words = ["monitor", "--history", given.history, "--live", live, "--as-of", given.last.isoformat()]
    told = run_command([*words, *(["--plan", given.plan] if given.plan else [])], "alerts.json")
    return list(told["alerts"])


def by_tune(given: ToTune) -> list[Mapping[str, Any]]:
    """The changes that `marketmover tune` advises on a day; the window must run on a plan and be exported.

    Raises:
        InputError: The command failed.
    """
    if given.plan is None or given.history is None or given.live is None:
        raise InputError("`marketmover tune` needs a plan and exports.", "Run the window on a plan, with exports.")
    words = ["tune", "--plan", given.plan, "--history", given.history, "--live", given.live]
    told = run_command([*words, "--as-of", given.as_of.isoformat()], "changes.json")
    return list(told["changes"])


def run_command(words: Sequence[str | Path], result: str) -> dict[str, Any]:
    """Run a command of ours in a process and a home of its own, and read the JSON that it writes to `--out`.

    Raises:
        InputError: It failed; what it said last is told.
    """
    with tempfile.TemporaryDirectory(prefix="marketmover-judge-") as folder:
        out = Path(folder) / result
        done = subprocess.run(  # noqa: S603 - our own command, and words of the judge's own making
            [sys.executable, "-c", _START, *map(str, words), "--out", str(out)],
            env={**os.environ, "MARKETMOVER_HOME": str(Path(folder) / "home")},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode == _STOPPED:
            raise KeyboardInterrupt
        if done.returncode != 0:
            said = " ".join(line.strip() for line in done.stderr.splitlines()[-_TOLD:])
            raise InputError(f"`marketmover {words[0]}` failed: {said}")
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return found
