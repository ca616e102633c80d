"""What a serving process does beside answering: jobs that are due and tasks that were asked for, of all workspaces."""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import select

from marketmover.jobs import Done, Served, Turns, run_tasks, run_until
from marketmover.store.records import Workspace

if TYPE_CHECKING:
    from marketmover.app.web.served import ServedApp


def work_until(
    stop: threading.Event,
    app: "ServedApp",
    *,
    tell: Callable[[Done], None],
    grace_s: float,
    look_s: float,
) -> list[str]:
    """Work until `stop` is set; what did not end within `grace_s` seconds of that.

    `look_s` seconds lie between looks at what is due. Jobs and tasks take turns at the lake.
    """
    lake, late = Turns(), list[str]()

    def do_tasks() -> None:
        late.extend(run_tasks(stop, app.records, app.works(), tell=tell, lake=lake, grace_s=grace_s))

    tasks = threading.Thread(target=do_tasks, name="tasks", daemon=True)
    tasks.start()
    jobs = run_until(stop, lambda: _workspaces(app), tell=tell, lake=lake, grace_s=grace_s, look_s=look_s)
    tasks.join()
    return [*jobs, *late]


def _workspaces(app: "ServedApp") -> list[Served]:
    """All workspaces that there are now; not those that were put away."""
    with app.records.session(read_only=True) as session:
        names = list(
            session.scalars(select(Workspace.id).where(Workspace.archived_at.is_(None)).order_by(Workspace.id))
        )
    return [Served(app.of(name).records, app.of(name).jobs) for name in names]
