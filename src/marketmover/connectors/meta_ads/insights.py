"""Daily figures from Meta: asked for at once, else as a report that Meta makes meanwhile, else for fewer days.

Source: Marketing API, Insights, and Asynchronous and batch requests.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from marketmover.connectors.meta_ads.edges import InsightsKind
from marketmover.connectors.meta_ads.failures import TooMuchError
from marketmover.connectors.meta_ads.session import MetaSession
from marketmover.errors import PlatformError

Json = dict[str, Any]

_DONE = "Job Completed"
_FAILED = frozenset({"Job Failed", "Job Skipped"})
_FIRST_WAIT_S, _LONGEST_WAIT_S = 2.0, 30.0
_PATIENCE_S = 1800.0
_RUN_STARTS = 2


class ReportFailedError(PlatformError):
    """Meta gave a report up."""


@dataclass(frozen=True)
class Figures:
    """Figures that are asked for: their kind and their days, both included."""

    kind: InsightsKind
    first: date
    last: date

    def params(self) -> Json:
        """As parameters. Conversions count on the day that the ad was seen, not on the day that they came in."""
        told: Json = {
            "level": self.kind.level,
            "time_increment": 1,
            "time_range": {"since": self.first.isoformat(), "until": self.last.isoformat()},
            "fields": ",".join(self.kind.fields),
            "use_unified_attribution_setting": True,
            "action_report_time": "impression",
        }
        return told | ({"breakdowns": list(self.kind.breakdowns)} if self.kind.breakdowns else {})

    def halves(self) -> "tuple[Figures, Figures]":
        """The earlier and the later half of the days."""
        middle = self.first + (self.last - self.first) // 2
        return Figures(self.kind, self.first, middle), Figures(self.kind, middle + timedelta(1), self.last)

    @property
    def what(self) -> str:
        """In words, for messages."""
        return f"reading the figures of {self.first} to {self.last}"


def figures_of(session: MetaSession, asked: Figures, resume: str | None, keep: Callable[[str], None]) -> Iterator[Json]:
    """The pages of the figures, none before all of a page's part have come.

    Args:
        session: The account.
        asked: What to ask for.
        resume: The id of a report on all of it that an earlier try started.
        keep: Is told the id of such a report.

    Raises:
        PlatformError: They cannot be had; also where even one day's report fails.
    """
    if resume:
        try:
            yield from _made(session, asked, resume)
        except PlatformError as error:
            if error.kind != "refused":
                raise  # it may still be ready at the next try
        else:
            return
    try:
        yield from list(session.pages((session.act, "insights"), asked.params(), asked.what))
    except PlatformError as error:
        if not _is_too_much(error):
            raise
        yield from _as_report(session, asked, keep)


def _is_too_much(error: PlatformError) -> bool:
    """Whether a report may do what an answer at once does not: Meta says so, or fails by code 1 time and again."""
    return isinstance(error, TooMuchError) or (error.kind == "unavailable" and "1" in error.codes)


def _as_report(session: MetaSession, asked: Figures, keep: Callable[[str], None]) -> Iterator[Json]:
    """The figures by a report, and where Meta gives that up, by reports on half of the days each."""
    for _ in range(_RUN_STARTS):
        started = session.start((session.act, "insights"), asked.params(), asked.what)
        run = str(started.get("report_run_id") or "")
        keep(run)
        try:
            yield from _made(session, asked, run)
        except ReportFailedError:
            continue
        return
    if asked.first == asked.last:
        raise PlatformError(
            f"Meta does not finish its report on {asked.first} for Meta ad account {session.account_id}.",
            "Try again later; the other days are kept.",
            kind="unavailable",
        )
    for half in asked.halves():
        yield from _as_report(session, half, _not_kept)


def _not_kept(_: str) -> None:
    """A report on a part of the days is no way to go on with all of them."""


def _made(session: MetaSession, asked: Figures, run: str) -> list[Json]:
    """The pages of a report, once it is made.

    Raises:
        ReportFailedError: Meta gave it up.
        PlatformError: `refused`: there is no such report any more; `unavailable`: it takes longer than we wait.
    """
    waited, wait = 0.0, _FIRST_WAIT_S
    while True:
        state = session.read((run,), {"fields": "async_status,async_percent_completion"}, asked.what)
        status = state.get("async_status")
        if status == _DONE:  # 100% alone does not say so
            return list(session.pages((run, "insights"), {}, asked.what))
        if status in _FAILED:
            raise ReportFailedError(
                f"Meta gave up its report ({status}) while {asked.what} in Meta ad account {session.account_id}.",
                "Ask for fewer days at once.",
                kind="refused",
            )
        if waited >= _PATIENCE_S:
            raise PlatformError(
                f"Meta has not finished its report after {waited / 60.0:.0f} minutes, while {asked.what}.",
                "Pull again later: it goes on with the same report.",
                kind="unavailable",
            )
        session.pause(wait)
        waited, wait = waited + wait, min(2.0 * wait, _LONGEST_WAIT_S)
