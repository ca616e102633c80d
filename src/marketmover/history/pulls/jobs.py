"""What the room does on a schedule: pull each connected account, and land what came."""

from datetime import timedelta
from typing import TYPE_CHECKING

from marketmover.console import warn
from marketmover.history.pulls import ledger
from marketmover.history.pulls.rounds import Installation, job_name, pull_account, said_of
from marketmover.jobs import Every, Job, JobRun
from marketmover.kit import counted, utc_now

if TYPE_CHECKING:
    from marketmover.access import Account
    from marketmover.store import Stores

_AGAIN = timedelta(hours=6)  # late conversions come all day long; a new day is noticed at the next hour


def jobs_of(installation: Installation) -> list[Job]:
    """A job for each connected account, and one that lands what others left."""
    pulls = [_pull_job(installation, account) for account in installation.accounts()]
    landing = Job(
        "land", Every(10), lambda _: _land_all(installation), help="Read pulled exports into the lake.", lane="lake"
    )
    return [*pulls, landing]


def _pull_job(installation: Installation, account: "Account") -> Job:
    def work(run: JobRun) -> str:
        with installation.home() as stores:
            if not _is_due(installation, stores, account):
                return "nothing new is due"
            report = pull_account(installation, stores, account, run, now=utc_now, progress=lambda *_: None)
        return f"{said_of(report)}; {_land_all(installation)}"

    return Job(job_name(account), Every(60), work, help=f"Pull exports of {account.name}.", lane="lake")


def _is_due(installation: Installation, stores: "Stores", account: "Account") -> bool:
    """Whether a day has ended since the last whole pull, or it is hours old."""
    with stores.records.session(read_only=True) as session:
        pulls = ledger.pulls_of(session, stores.workspace, account.platform, account.account_id)
    last = pulls[-1] if pulls else None
    if last is None or last.state not in {"done", "landed"} or last.done_at is None:
        return True
    if utc_now() - last.done_at >= _AGAIN:
        return True
    source = installation.exports_of(account)
    try:
        return source.account().today != last.today
    finally:
        source.close()


def _land_all(installation: Installation) -> str:
    from marketmover.history.pulls.landing import land_pulls

    with installation.home() as stores:
        landed = land_pulls(stores, now=utc_now, progress=lambda *_: None)
    for one in landed:
        if one.problem:
            warn(f"A pull of {one.pull.name} could not land: {one.problem} The next pull fetches its days again.")
    added = sum(one.report.added for one in landed if one.report)
    return f"{counted(len(landed), 'pull')} landed with {added:,} rows new or changed"
