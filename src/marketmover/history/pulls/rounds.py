"""A round of pulls: every account asked for, one after the other, and what came read into the lake."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from marketmover.errors import MarketmoverError, PlatformError
from marketmover.history.pulls import ledger
from marketmover.history.pulls.service import PullReport, pull_exports
from marketmover.jobs import StoppedError, holding

if TYPE_CHECKING:
    from marketmover.access import Account
    from marketmover.history.pulls.landing import Landed
    from marketmover.history.pulls.source import AdExports
    from marketmover.jobs import JobRun
    from marketmover.store import Stores

Progress = Callable[[float, str], None]
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
    """What a round brought: pulls, those that failed by the account's name, and what landed."""

    pulls: list[PullReport] = field(default_factory=list[PullReport])
    failed: dict[str, MarketmoverError] = field(default_factory=dict[str, MarketmoverError])
    landed: "list[Landed]" = field(default_factory=list["Landed"])

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "pulls": [report.to_json() for report in self.pulls],
            "landed": [one.to_json() for one in self.landed],
            "failed": {name: str(error) for name, error in self.failed.items()},
        }

    def raise_for_failures(self) -> None:
        """Raise what failed.

        Raises:
            MarketmoverError: Of one account its own error, of several one that tells them all.
        """
        errors = list(self.failed.values())
        if len(errors) == 1:
            raise errors[0]
        if errors:
            told = " ".join(f"{name}: {error}" for name, error in self.failed.items())
            raise MarketmoverError(f"{len(errors)} accounts were not pulled. {told}")


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
    from marketmover.history.pulls.landing import land_pulls

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
        found.landed = land_pulls(stores, now=now, progress=lambda share, step: progress(0.9 + 0.1 * share, step))
    return found


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
    return f"{report.first_day} to {report.last_day}: {report.rows:,} rows in {report.chunks} files"


def _part_of(progress: Progress, name: str, place: int, of: int) -> Progress:
    return lambda share, step: progress(0.9 * (place + share) / of, f"{name}: {step}")
