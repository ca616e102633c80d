"""Running what is due in all workspaces, until told to stop: one job of a lane at a time, lanes side by side."""

import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from marketmover.jobs import runs
from marketmover.jobs.hold import words_of
from marketmover.jobs.running import Done, Job, run_due
from marketmover.kit import utc_now

if TYPE_CHECKING:
    from marketmover.store import Records

LAKE = "lake"
_MOST_LANES = 16  # threads at once; what finds none free has its turn at a later look
_LOOK_S = 0.5


class Turns:
    """A lock that is had in the order in which it was asked for, so that nobody waits for ever."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._asked: list[object] = []

    @property
    def waiting(self) -> int:
        """How many wait for it."""
        return max(0, len(self._asked) - 1)

    @contextmanager
    def taken(self, stop: threading.Event) -> Generator[bool]:
        """Hold it for a block, once it is one's turn; `False` where `stop` was set before that."""
        mine = object()
        with self._changed:
            self._asked.append(mine)
            while self._asked[0] is not mine and not stop.is_set():
                self._changed.wait(_LOOK_S)
            had = self._asked[0] is mine
        try:
            yield had
        finally:
            with self._changed:
                self._asked.remove(mine)
                self._changed.notify_all()


@dataclass(frozen=True)
class Served:
    """A workspace whose jobs are run.

    Attributes:
        records: The records, seen from it.
        jobs: Its jobs as they are now: accounts come and go.
    """

    records: "Records"
    jobs: Callable[[], Sequence[Job]]


def run_until(
    stop: threading.Event,
    workspaces: Callable[[], Sequence[Served]],
    *,
    tell: Callable[[Done], None],
    lake: Turns | None = None,
    grace_s: float = 30.0,
    look_s: float = 5.0,
) -> list[str]:
    """Run the jobs of all workspaces as they become due, until `stop` is set.

    The lane `lake` is one for all workspaces, any other is each workspace's own. A look takes up all that is due, so
    that a workspace with many jobs holds back none with few.

    Args:
        stop: Set to end. Runs under way are asked to end at their next step.
        workspaces: Those that there are now.
        tell: Called with what became of each run, from the lanes' threads.
        lake: Whose turn it is to use the lake, where others in this process use it as well.
        grace_s: Seconds that runs under way have to end.
        look_s: Seconds between looks at what is due.

    Returns:
        Lanes that did not end in time; what they did is taken up again when their leases have run out.
    """
    turns = lake or Turns()
    lanes: dict[tuple[str, str], threading.Thread] = {}
    while not stop.is_set():
        lanes = {key: lane for key, lane in lanes.items() if lane.is_alive()}
        for key, due in _due_by_lane(workspaces, tell).items():
            if key not in lanes and len(lanes) < _MOST_LANES:
                turn = turns if key[1] == LAKE else Turns()
                lanes[key] = threading.Thread(
                    target=_run_lane, args=(due, stop, turn, tell), name=f"lane {_shown(key)}", daemon=True
                )
                lanes[key].start()
        stop.wait(look_s)
    deadline = time.monotonic() + grace_s
    for lane in lanes.values():
        lane.join(max(0.0, deadline - time.monotonic()))
    return [_shown(key) for key, lane in lanes.items() if lane.is_alive()]


def _due_by_lane(
    workspaces: Callable[[], Sequence[Served]], tell: Callable[[Done], None]
) -> "dict[tuple[str, str], list[tuple[Records, Job]]]":
    """What is due now, by workspace and lane; where that cannot be read it is told, and looked at again later."""
    found: dict[tuple[str, str], list[tuple[Records, Job]]] = {}
    try:
        there = workspaces()
    except Exception as error:  # noqa: BLE001 - the records were away: the lanes that run go on, and it looks again
        tell(Done("workspaces", "failed", words_of(error)))
        return found
    for served in there:
        try:
            due = _due(served)
        except Exception as error:  # noqa: BLE001 - as above; and one workspace must not hold back the others
            tell(Done("jobs", "failed", words_of(error), served.records.workspace))
            continue
        for job in due:
            key = ("" if job.lane == LAKE else served.records.workspace, job.lane)
            found.setdefault(key, []).append((served.records, job))
    return found


def _due(served: Served) -> list[Job]:
    """A workspace's jobs that are due by their last runs; whether somebody holds one is seen when it is run."""
    there = {job.name: job for job in served.jobs()}
    workspace, now = served.records.workspace, utc_now()
    with served.records.session(read_only=True) as session:
        last = runs.last_runs(session, workspace, list(there))
    return [
        job
        for name, job in there.items()
        if job.schedule is not None and runs.due_after(last.get(name), job.schedule, job.waits.tries, now) is not None
    ]


def _run_lane(
    due: "Sequence[tuple[Records, Job]]", stop: threading.Event, turn: Turns, tell: Callable[[Done], None]
) -> None:
    for records, job in due:
        workspace = records.workspace

        def tell_of(done: Done, workspace: str = workspace) -> None:
            tell(replace(done, workspace=workspace))

        with turn.taken(stop) as had:
            if not had:
                return
            try:
                run_due(records, [job], stop=stop, tell=tell_of)
            except Exception as error:  # noqa: BLE001 - the records were away: it is looked at again, and told
                tell_of(Done(job.name, "failed", words_of(error)))


def _shown(key: tuple[str, str]) -> str:
    workspace, lane = key
    return f"{lane} of {workspace}" if workspace else lane
