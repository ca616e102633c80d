"""A round of pulls: every account asked for, one after the other, and what came read into the lake."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from marketmover.console import Progress
from marketmover.errors import MarketmoverError, PlatformError
from marketmover.history.pulls import ledger
from marketmover.history.pulls.service import PullReport, pull_exports
from marketmover.jobs import HeldError, StoppedError, holding
from marketmover.kit import counted

if TYPE_CHECKING:
    from marketmover.access import Account
    from marketmover.history.pulls.landing import Landed
    from marketmover.history.pulls.source import AdExports
    from marketmover.jobs import JobRun
    from marketmover.store import Stores

LANDING = "land"
"""The job that reads pulls into the lake; whoever does it holds that."""

Clock = Callable[[], datetime]


class Installation(Protocol):
    """What pulls need of an installation: its stores and its connected accounts."""

    def home(self) -> "AbstractContextManager[Stores]":
        """Open the home's stores."""
        ...

    def accounts(self, platform: str | None = None) -> "Sequence[Account]":
        """The connected accounts; of one platform alone where it is named."""
        ...

    def account(self, name: str) -> "Account":
        """A connected account by its name."""
        ...

    def exports_of(self, account: "Account") -> "AdExports":
        """Where an account's exports are pulled from."""
        ...


@dataclass
class Round:
    """What a round brought: pulls, those that failed by the account's name, what landed, and why the rest waits."""

    pulls: list[PullReport] = field(default_factory=list[PullReport])
    failed: dict[str, MarketmoverError] = field(default_factory=dict[str, MarketmoverError])
    landed: "list[Landed]" = field(default_factory=list["Landed"])
    waits: str = ""

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "pulls": [report.to_json() for report in self.pulls],
            "landed": [one.to_json() for one in self.landed],
            "waits": self.waits,
            "failed": {name: str(error) for name, error in self.failed.items()},
        }

    def raise_for_failures(self) -> None:
        """Raise what failed.

        Raises:
            MarketmoverError: Of one account its own error, of several one that tells them all.
            StoreError: A pull came, and could not be read into the lake.
        """
        from marketmover.history.pulls.landing import raise_for_waiting

        errors = list(self.failed.values())
        if len(errors) == 1:
            raise errors[0]
        if errors:
            told = " ".join(f"{name}: {error}" for name, error in self.failed.items())
            raise MarketmoverError(f"{len(errors)} accounts were not pulled. {told}")
        raise_for_waiting(self.landed)


def job_name(account: "Account") -> str:
    """The job that pulls an account; whoever pulls it holds that."""
    return f"pull {account.name}"


def pull_round(
    installation: Installation,
    accounts: "Sequence[Account]",
    *,
    since: date | None = None,
    now: Clock,
    progress: Progress,
) -> Round:
    """Pull accounts and land what came. One account's failure does not keep the others from it.

    Args:
        installation: Its stores, and what opens the accounts.
        accounts: Which.
        since: First day to fetch, where a person asks for one.
        now: The clock.
        progress: Called with the share done and the present step.

    Raises:
        StoreError: The lake is held by another process. What was pulled waits; the next round lands it.
    """
    found = Round()
    with installation.home() as stores:
        for place, account in enumerate(accounts):
            told = _part_of(progress, account.name, place, len(accounts))
            try:
                with holding(stores.records, job_name(account)) as run:
                    report = pull_account(installation, stores, account, run, since=since, now=now, progress=told)
                    run.said = said_of(report)
            except StoppedError:
                raise
            except MarketmoverError as error:
                found.failed[account.name] = error
            else:
                found.pulls.append(report)
        try:
            found.landed = land_alone(stores, now=now, progress=lambda share, step: progress(0.9 + 0.1 * share, step))
        except HeldError as error:
            found.waits = f"{error.message} It takes what was pulled now, too."
    return found


def land_alone(
    stores: "Stores", *, now: Clock, progress: Progress, go_on: Callable[[], None] = lambda: None
) -> "list[Landed]":
    """Read what waits into the lake, as the one that does so: the lake is one file, whatever runs beside.

    Raises:
        HeldError: Another process or thread does it. It looks for more before it ends; the job `land` takes the rest.
        StoreError: The lake cannot be opened.
    """
    from marketmover.history.pulls.landing import land_pulls

    with holding(stores.records, LANDING, now=now) as run:
        landed = land_pulls(stores, now=now, progress=progress, go_on=go_on, confirm=run.confirm)
        run.said = landed_in_words(landed)
    return landed


def landed_in_words(landed: "list[Landed]") -> str:
    """What landed, in a line."""
    came = [one.report for one in landed if one.report]
    said = f"{counted(len(came), 'pull')} landed with {sum(report.added for report in came):,} rows new or changed"
    left = [one for one in landed if one.problem]
    return said + "".join(f"; pull {one.pull.number} of {one.pull.name} could not: {one.problem}" for one in left)


def pull_account(
    installation: Installation,
    stores: "Stores",
    account: "Account",
    run: "JobRun",
    *,
    since: date | None = None,
    now: Clock,
    progress: Progress,
) -> PullReport:
    """Pull one account within a run of its job.

    Raises:
        PlatformError, UsageError, SettingsError: As `pull_exports` and the connector do.
    """
    try:
        with closing(installation.exports_of(account)) as source:
            return pull_exports(stores, source, since=since, now=now, progress=progress, go_on=run.go_on)
    except PlatformError as error:
        with stores.records.session() as session:
            pulls = ledger.pulls_of(session, stores.workspace, account.platform, account.account_id)
            if pulls:  # `freshness` tells it
                ledger.note_problem(session, pulls[-1], error.message)
        raise


def said_of(report: PullReport) -> str:
    """A pull in a line."""
    said = f"{report.first_day} to {report.last_day}: {report.rows:,} rows in {counted(report.chunks, 'file')}"
    return said + "".join(f"; no {kind.replace('_', ' ')}: {why}" for kind, why in report.missed)


def _part_of(progress: Progress, name: str, place: int, of: int) -> Progress:
    return lambda share, step: progress(0.9 * (place + share) / of, f"{name}: {step}")
