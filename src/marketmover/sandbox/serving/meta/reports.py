"""Reports that are made while the caller waits: started, asked for, and read when they are done."""

from dataclasses import dataclass
from datetime import date

from marketmover.kit import stable_hash
from marketmover.sandbox.serving.meta.calls import Json
from marketmover.sandbox.serving.meta.insights import Asked
from marketmover.sandbox.serving.meta.refusing import missing, report_not_ready

_STAGES = (("Job Not Started", 0), ("Job Started", 0), ("Job Running", 60), ("Job Running", 100))
"""What a report says of itself each time it is asked; a run at 100% is not done yet, as is so with Meta."""


@dataclass
class Run:
    """One report: what it asks for, and how far it is."""

    id: str
    asked: Asked
    started: date
    polls: int = 0
    fails: bool = False


class Reports:
    """The reports of one account. A server that starts again has forgotten them, as Meta does after a month."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._fail_next = 0

    def fail_next(self) -> None:
        """The next report that is started, or asked for while it runs, will fail."""
        self._fail_next += 1

    def start(self, asked: Asked, today: date) -> str:
        """Start a report; its id."""
        digits = int(stable_hash(str(len(self._runs)), str(today), repr(asked)), 16) % 10**14
        name = f"6{digits:014d}"
        self._runs[name] = Run(name, asked, today, fails=self._fails())
        return name

    def has(self, name: str) -> bool:
        """Whether there is such a report."""
        return name in self._runs

    def state(self, name: str, today: date, account_id: str) -> Json:
        """How a report stands; each time it is asked it is further, and the next day it is done."""
        run = self._run(name)
        run.fails = run.fails or (not self._done(run, today) and self._fails())
        status, percent = self._status(run, today)
        run.polls += 1
        return {
            "id": run.id,
            "account_id": account_id,
            "async_status": status,
            "async_percent_completion": percent,
            "date_start": run.asked.first.isoformat(),
            "date_stop": run.asked.last.isoformat(),
        }

    def result_of(self, name: str, today: date) -> Asked:
        """What a report that is done asks for.

        Raises:
            GraphError: There is no such report, or it is not done.
        """
        run = self._run(name)
        if run.fails or not self._done(run, today):
            raise report_not_ready()
        return run.asked

    def _run(self, name: str) -> Run:
        if name not in self._runs:
            raise missing(name)
        return self._runs[name]

    def _fails(self) -> bool:
        if self._fail_next:
            self._fail_next -= 1
            return True
        return False

    def _done(self, run: Run, today: date) -> bool:
        return run.polls >= len(_STAGES) or today > run.started

    def _status(self, run: Run, today: date) -> tuple[str, int]:
        if run.fails:
            return ("Job Failed", 40) if run.polls else _STAGES[0]
        return ("Job Completed", 100) if self._done(run, today) else _STAGES[run.polls]
