"""Publishes a plan in a process of its own, which kills itself like `kill -9` at a given call of a function.

    python -m tests.campaigns.publishing.publish_once FOLDER RECORDS KILL_AT MINUTES_LATER [CHANGES]

Prints how many calls it took, where it was not killed.
"""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine import make_url
from tests.campaigns.publishing.conftest import ANNE, desk_publisher

from marketmover.campaigns.publishing.carrying import Carrier
from marketmover.campaigns.publishing.service import Publisher
from marketmover.campaigns.tuning.in_force import apply_changes
from marketmover.kit import utc_now
from marketmover.plans import Changes
from marketmover.store import Records


class Counted:
    """Counts calls of functions, and kills the process at one of them."""

    def __init__(self, kill_at: int) -> None:
        self.calls = 0
        self.kill_at = kill_at

    def __call__(self, *_event: object) -> None:
        self.calls += 1
        if self.calls == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path, records: Path, kill_at: int, changes: Path | None, later: timedelta) -> None:
    with_records = Records.open(make_url(f"sqlite:///{records}"))
    publisher = desk_publisher(folder, with_records, now=lambda: utc_now() + later)
    made = Changes.read(changes) if changes else None
    counted = Counted(kill_at)
    sys.setprofile(counted)
    if made is None:
        publisher.publish(folder, ANNE, start=True)
    else:
        _applied(publisher, folder, made)
    sys.setprofile(None)
    sys.stdout.write(f"{counted.calls}\n")


def _applied(publisher: Publisher, folder: Path, made: Changes) -> None:
    apply_changes(folder, made, ANNE, carry=Carrier(publisher))


if __name__ == "__main__":
    changes = Path(sys.argv[5]) if len(sys.argv) > 5 else None
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), changes, timedelta(minutes=int(sys.argv[4])))
