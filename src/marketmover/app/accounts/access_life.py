"""How long an account's credentials still open it: noted at each pull, shown, and told before they run out."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from marketmover.kit import counted

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketmover.access import Account
    from marketmover.history.pulls import Document, ExportChunk, SourceAccount
    from marketmover.history.pulls.source import AdExports
    from marketmover.monitoring.notices import Notice

SOON_DAYS = 14
"""Days before the end from which on people are told."""

_STAGES = (0, 1, 3, 7, SOON_DAYS)


class NotedExports:
    """An account's exports; what the platform says of its credentials' end is passed on whenever it is asked.

    Args:
        exports: The account's own.
        note: Called with the account.
    """

    def __init__(self, exports: "AdExports", note: "Callable[[SourceAccount], None]") -> None:
        self._exports = exports
        self._note = note
        self.platform = exports.platform

    def account(self) -> "SourceAccount":
        """The account, asked for anew."""
        found = self._exports.account()
        self._note(found)
        return found

    def chunks(self, since: date, until: date) -> "Sequence[ExportChunk]":
        """What makes up the exports."""
        return self._exports.chunks(since, until)

    def fetch(self, chunk: "ExportChunk", resume: str | None, keep: Callable[[str], None]) -> "Iterator[Document]":
        """The documents of a chunk."""
        return self._exports.fetch(chunk, resume, keep)

    def close(self) -> None:
        """Let go of connections."""
        self._exports.close()


def life_words(ends: date, today: date) -> str:
    """When credentials run out, in words.

    >>> life_words(date(2026, 1, 15), date(2026, 1, 5))
    'run out on 2026-01-15, in 10 days'
    """
    days = (ends - today).days
    if days <= 0:
        return f"ran out on {ends}"
    return f"run out on {ends}, in {counted(days, 'day')}"


def access_notice(session: "Session", workspace: str, account: "Account", today: date) -> "Notice | None":
    """What is to be told of an account's credentials, if anything.

    Something is 14, 7, 3 and 1 days before they run out, on the day, and when others took their place.

    Args:
        session: Of the records.
        workspace: Whose account.
        account: As it is kept.
        today: The account's day.
    """
    from marketmover.monitoring.notices import Notice, one_line, open_notice

    thread = f"access/{account.platform}:{account.account_id}"
    before, ends = open_notice(session, workspace, thread), account.access_ends
    subject = (before.subject or before.title) if before else ""
    shown = account.name + (" (simulated)" if account.settings.get("simulated") else "")
    left = (ends - today).days if ends else None
    if ends is None or left is None or left > SOON_DAYS:
        if before is None:
            return None
        title = one_line(f"Over: {shown} has credentials that last")
        body = f"They {life_words(ends, today)}." if ends else "They do not run out."
        return Notice("warning", title, body, "", f"{before.key}/over", "pull", "resolved", thread, subject)
    stage = next(days for days in _STAGES if left <= days)
    renew = f"Make a new token, then: marketmover accounts add {account.platform} --credentials FILE.json"
    return Notice(
        severity="warning",
        title=one_line(f"The credentials of {shown} {life_words(ends, today)}"),
        body="Then nothing of it can be pulled or published, and nobody watches what it spends.",
        key=f"{thread}/{ends}/{stage}",
        kind="pull",
        step="worse" if before else "new",
        thread=thread,
        subject=subject,
        facts=(("What to do", f"{renew} --name {account.name}"),),
    )
