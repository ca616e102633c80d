"""Scheduled pulls that fail, or whose figures are late: people are told once a day and account, and when it is over."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from marketmover.console import warn
from marketmover.errors import InputError, MarketmoverError, PlatformError, SettingsError, UsageError
from marketmover.jobs import Job, JobRun, LeaseLostError, StoppedError
from marketmover.kit import utc_now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketmover.access import Account
    from marketmover.app.opening import App
    from marketmover.history.pulls import Freshness
    from marketmover.monitoring.notices import Notice

_PULL = "pull "
_LATE_DAYS = 2  # whole days: in the morning nobody knows of yesterday yet
_DAY = timedelta(days=1)
_LANDS_IN_S = 3600.0  # what fails for an hour is told: the job that lands has tried again meanwhile
_MOST_BODY = 600


def telling(app: "App", job: Job) -> Job:
    """A job that tells people what becomes of its pulls; any other job as it is."""
    if not job.name.startswith(_PULL):
        return job

    def work(run: JobRun) -> str:
        try:
            said = job.work(run)
        except (StoppedError, LeaseLostError):
            raise
        except Exception as error:
            _tell(app, job.name, error)
            raise
        _tell(app, job.name, None)
        return said

    return replace(job, work=work)


def _tell(app: "App", job: str, error: Exception | None) -> None:
    """Put what there is to tell into the outbox. Where that cannot be done the pull counts as it went all the same."""
    from marketmover.access import find_account
    from marketmover.monitoring.notices import notify

    try:
        configuration, now = app.notices(), utc_now()
        if configuration is None:
            return
        with app.home() as stores, stores.records.session() as session:
            account = find_account(session, app.workspace, job.removeprefix(_PULL))
            notices = [_notice(session, app.workspace, account, error, now), _access(session, app, account, now)]
            told = [notice for notice in notices if notice is not None]
            if told:
                notify(session, app.workspace, told, configuration.routes.values(), now)
    except MarketmoverError as trouble:
        warn(f"Nobody could be told how {job} went: {trouble}")


def _notice(
    session: "Session", workspace: str, account: "Account", error: Exception | None, now: datetime
) -> "Notice | None":
    """What is to be told after a run; `None` where all is well and was before, or a later try may mend it."""
    from marketmover.monitoring.notices import Notice, one_line, open_notice

    whose, known = (account.platform, account.account_id), _known(session, workspace, account, now)
    thread = "pull/" + ":".join(whose)
    before = open_notice(session, workspace, thread)
    subject = (before.subject or before.title) if before else ""
    shown = account.name + (" (simulated)" if account.settings.get("simulated") else "")
    key = f"{thread}/{now.date()}"
    if _needs_a_person(error):
        title = f"{shown} cannot be pulled"
    elif error is None and known is not None and known.spoilt:
        title = f"What is pulled of {shown} cannot be read"
        key = f"{thread}/spoilt since {known.landed_at}"
    elif error is None and known is not None and known.waiting and known.problem and (known.lag_s or 0.0) > _LANDS_IN_S:
        title = f"What is pulled of {shown} does not get into the lake"
    elif _is_late(account, known, now):
        title = f"The figures of {shown} are late"
    elif error is None and known is not None and known.missing:
        title = f"{shown} is pulled without {' and '.join(kind.replace('_', ' ') for kind, _ in known.missing)}"
    elif error is None and before is not None:
        title, body = f"Over: {shown} is pulled again", _known_to(known)
        return Notice("warning", title, body, "", f"{before.key}/over", "pull", "resolved", thread, subject)
    else:
        return None
    return Notice(
        severity="warning",
        title=one_line(title),
        body=one_line(f"{_why(error, known)} {_known_to(known)}", _MOST_BODY),
        key=key,
        kind="pull",
        step="worse" if before else "new",
        thread=thread,
        subject=subject,
        facts=(("What to do", _what_to_do(error, account)),),
    )


def _known(session: "Session", workspace: str, account: "Account", now: datetime) -> "Freshness | None":
    from marketmover.history.pulls.lag import freshness

    whose = (account.platform, account.account_id)
    return next((one for one in freshness(session, workspace, now) if (one.platform, one.account_id) == whose), None)


def _access(session: "Session", app: "App", account: "Account", now: datetime) -> "Notice | None":
    """What is to be told of credentials that run out; days of a simulated account are those of its last pull."""
    from marketmover.app.accounts.access_life import access_notice

    known = _known(session, app.workspace, account, now)
    if known is None or known.last_day is None or not account.settings.get("simulated"):
        return access_notice(session, app.workspace, account, now.date())
    return access_notice(session, app.workspace, account, known.last_day + timedelta(1 + (known.days_behind or 0)))


def _needs_a_person(error: Exception | None) -> bool:
    """Whether trying again cannot mend it."""
    if isinstance(error, PlatformError):
        return error.kind in {"refused", "expired"}
    return isinstance(error, SettingsError | UsageError | InputError)


def _is_late(account: "Account", known: "Freshness | None", now: datetime) -> bool:
    if known is None or known.days_behind is None:
        return now - account.added_at > _DAY
    return known.days_behind >= _LATE_DAYS


def _why(error: Exception | None, known: "Freshness | None") -> str:
    if isinstance(error, MarketmoverError):
        return error.message
    if error is not None:
        return "The pull broke off with an error of the program; marketmover jobs list shows it."
    told = [*([known.problem] if known.problem else []), *(why for _, why in known.missing)] if known else []
    return " ".join(told) or "Pulls go well, but bring no newer day."


def _known_to(known: "Freshness | None") -> str:
    if known is None or known.last_day is None:
        return "No day of it is known yet."
    behind = known.days_behind or 0
    late = f", {behind} whole days behind: nobody watches what was spent since" if behind >= _LATE_DAYS else ""
    return f"Its figures are known up to {known.last_day}{late}."


def _what_to_do(error: Exception | None, account: "Account") -> str:
    remedy = error.remedy if isinstance(error, MarketmoverError) else ""
    return f"{remedy} Then pull it: marketmover pull --account {account.name}".strip()
