"""What the room does on a schedule: pull each connected account, and land what came."""

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from marketmover.errors import StoreError
from marketmover.history.pulls import ledger
from marketmover.history.pulls.rounds import (
    LANDING,
    Installation,
    job_name,
    land_alone,
    landed_in_words,
    pull_account,
    said_of,
)
from marketmover.jobs import Every, HeldError, Job, JobRun
from marketmover.kit import utc_now

if TYPE_CHECKING:
    from marketmover.access import Account
    from marketmover.store import Stores

_SPOILT_FIRST, _SPOILT_MOST = timedelta(minutes=30), timedelta(hours=24)  # what cannot be read is fetched less and less
_AGAIN = timedelta(hours=6)  # late conversions come all day long; a new day is noticed at the next hour


def jobs_of(installation: Installation) -> list[Job]:
    """A job for each connected account, in a lane of its own, and one that lands what others left."""
    pulls = [_pull_job(installation, account) for account in installation.accounts()]
    help_ = "Read pulled exports into the lake."
    return [*pulls, Job(LANDING, Every(10), lambda run: _land(installation, run), help=help_, lane="lake")]


def _pull_job(installation: Installation, account: "Account") -> Job:
    name = job_name(account)

    def work(run: JobRun) -> str:
        with installation.home() as stores:
            if not _is_due(installation, stores, account):
                return "nothing new is due"
            report = pull_account(installation, stores, account, run, now=utc_now, progress=lambda *_: None)
            return f"{said_of(report)}; {_land_now(stores, run)}"

    return Job(name, Every(60), work, help=f"Pull exports of {account.name}.", lane=name)


def _is_due(installation: Installation, stores: "Stores", account: "Account") -> bool:
    """Whether a day has ended since the last whole pull, or it is hours old; after one that spoilt, a growing wait."""
    with stores.records.session(read_only=True) as session:
        pulls = ledger.pulls_of(session, stores.workspace, account.platform, account.account_id)
    last = pulls[-1] if pulls else None
    if last is None or last.state == "fetching" or last.done_at is None:
        return True
    since = utc_now() - last.done_at
    if spoilt := ledger.spoilt_in_a_row(pulls):
        return since >= min(_SPOILT_FIRST * 2 ** min(spoilt - 1, 10), _SPOILT_MOST)
    if since >= _AGAIN:
        return True
    with closing(installation.exports_of(account)) as source:
        return source.account().today != last.today


def _land_now(stores: "Stores", run: JobRun) -> str:
    """Land what waits, unless somebody does or the lake is held: the pull itself went well, and `land` follows."""
    try:
        return landed_in_words(land_alone(stores, now=utc_now, progress=lambda *_: None, go_on=run.go_on))
    except (HeldError, StoreError) as error:
        return f"it waits to land: {error.message}"


def _land(installation: Installation, run: JobRun) -> str:
    from marketmover.history.pulls.landing import land_pulls, raise_for_waiting

    with installation.home() as stores:
        landed = land_pulls(stores, now=utc_now, progress=lambda *_: None, go_on=run.go_on, confirm=run.confirm)
    raise_for_waiting(landed)
    return landed_in_words(landed)
