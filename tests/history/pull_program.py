"""A process that pulls and lands, and kills itself (SIGKILL) at a given call of ours: no `finally` runs after that.

Arguments: the home, the folder of exports, the platform, the account's today, and after how many calls to die (0:
never).
Prints how many calls the pull made, and how many pull and landing.
"""

import os
import signal
import sys
from datetime import date
from pathlib import Path
from types import FrameType

from folder_exports import FolderExports

from marketmover.history.pulls.landing import land_pulls
from marketmover.history.pulls.service import pull_exports
from marketmover.kit import utc_now
from marketmover.settings import Settings
from marketmover.store import StoreOpener

_OURS = ("history/pulls/", "history/importing", "history/intake/", "store/", "tests/history/folder_exports")


class Death:
    """Counts calls of functions that pulls are made of, and kills the process at one of them."""

    def __init__(self, at: int) -> None:
        self.calls, self._at = 0, at

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        if event not in {"call", "return"} or not any(part in frame.f_code.co_filename for part in _OURS):
            return
        self.calls += 1
        if self.calls == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


def main(home: str, folder: str, platform: str, today: str, at: str) -> None:
    """Pull, land, and say how many calls that took."""
    death = Death(int(at))
    with StoreOpener(Settings(home=Path(home))).home() as stores:
        sys.setprofile(death)
        source = FolderExports(Path(folder), platform, date.fromisoformat(today))
        pull_exports(stores, source, since=date(2025, 11, 20), now=utc_now, progress=lambda *_: None)
        before_landing = death.calls
        land_pulls(stores, now=utc_now, progress=lambda *_: None)
        sys.setprofile(None)
    print(before_landing, death.calls)  # noqa: T201 - what the test reads


if __name__ == "__main__":
    main(*sys.argv[1:])
