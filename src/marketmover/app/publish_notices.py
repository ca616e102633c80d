"""Publications that waited for their day and failed, or need a person: people are told, once a day."""

from datetime import datetime
from typing import TYPE_CHECKING

from marketmover.console import warn
from marketmover.errors import MarketmoverError
from marketmover.kit import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketmover.app.opening import App
    from marketmover.campaigns.publishing.jobs import Attempt
    from marketmover.monitoring.notices import Notice
    from marketmover.monitoring.notices.notice import Severity

_MOST_BODY = 600
_FAILED: "Severity" = "critical"  # what was published and needs a look is told as a warning


def teller(app: "App") -> "Callable[[Attempt], None]":
    """Tells people what became of plans that were due."""
    return lambda attempt: _tell(app, attempt)


def _tell(app: "App", attempt: "Attempt") -> None:
    """Put what there is to tell into the outbox. Where that cannot be done the publication counts all the same."""
    from marketmover.monitoring.notices import notify, open_notice

    try:
        configuration, now = app.notices(), utc_now()
        if configuration is None:
            return
        with app.home() as stores, stores.records.session() as session:
            notice = _notice(attempt, open_notice(session, app.workspace, _thread(attempt)), now)
            if notice is not None:
                notify(session, app.workspace, [notice], configuration.routes.values(), now)
    except MarketmoverError as trouble:
        warn(f"Nobody could be told how publishing {attempt.folder} went: {trouble}")


def _thread(attempt: "Attempt") -> str:
    return f"publish/{attempt.folder}"


def _notice(attempt: "Attempt", before: "Notice | None", now: datetime) -> "Notice | None":
    """What is to be told; `None` where all is well and was before."""
    from marketmover.monitoring.notices import Notice, one_line

    plan, thread = attempt.folder.name, _thread(attempt)
    subject = (before.subject or before.title) if before else ""
    told = _trouble(attempt)
    if told is None:
        if before is None or (attempt.ended and before.severity != _FAILED):
            return None
        title, body = (one_line(words) for words in _over(plan, attempt))
        return Notice(before.severity, title, body, "", f"{before.key}/over", "publish", "resolved", thread, subject)
    title, body, remedy = told
    return Notice(
        severity=_FAILED if attempt.done is None else "warning",
        title=one_line(title),
        body=one_line(body, _MOST_BODY),
        key=f"{thread}/{now.date()}",
        kind="publish",
        step="worse" if before else "new",
        thread=thread,
        subject=subject,
        facts=(("What to do", f"{remedy} Then: marketmover plan publish {attempt.folder}".strip()),),
    )


def _over(plan: str, attempt: "Attempt") -> tuple[str, str]:
    """Title and body of that it is over."""
    if attempt.ended and attempt.ended != "done":
        return f"Over: the plan {plan} was given up", "What waited for its first day will not be sent."
    if attempt.ended:
        return f"Over: the plan {plan} was published", "A person did it: nothing of it waits any more."
    return f"Over: the plan {plan} is published as asked", "Its running lines were changed, and read back."


def _trouble(attempt: "Attempt") -> tuple[str, str, str] | None:
    """Title, body and remedy of what went wrong, or is for a person to do."""
    plan, error, done = attempt.folder.name, attempt.error, attempt.done
    if error is not None:
        known = isinstance(error, MarketmoverError)
        why = error.message if known else "It broke off with an error of the program; marketmover jobs list shows it."
        body = f"{why} Running lines keep the budgets that they had."
        return f"The plan {plan} could not be published on its first day", body, error.remedy if known else ""
    words = [*done.notes, *(one.words for one in done.differences)] if done is not None else []
    if not words:
        return None
    return f"The plan {plan} was published, and needs a look", " ".join(words), "Look at it on the platform."
