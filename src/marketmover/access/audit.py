"""The log of who did what, and how it was before and after. It only ever grows."""

import getpass
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from marketmover.access.records import AuditRow
from marketmover.kit import utc_now

_HIDDEN = "hidden"
_SECRET = re.compile(
    r"secret|token|password|passwd|credential|authori[sz]ation|cookie|private_?key|[_-]key$|apikey$", re.IGNORECASE
)
_IN_TEXT = re.compile(
    r"(?P<name>[\w-]*(?:secret|token|password|api_?key)[\w-]*[\"']?\s*[=:]\s*[\"']?)(?P<value>[^\s\"'&,;}]+)"
    r"|(?P<bearer>Bearer\s+)(?P<held>\S+)"
    r"|(?P<user>://[^\s/:@]*:)(?P<password>[^\s/@]+)(?=@)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Entry:
    """One thing that was done: by whom, when, what, to what, and how that was before and after."""

    at: datetime
    who: str
    what: str
    about: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    id: int = 0

    def shown(self) -> dict[str, Any]:
        """As JSON, for programs."""
        told = {"at": self.at.isoformat(), "who": self.who, "what": self.what, "about": self.about}
        return told | {"before": self.before, "after": self.after}


def append(
    session: Session,
    workspace: str,
    *,
    who: str,
    what: str,
    about: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Write down what was done, in the transaction that does it.

    Args:
        session: Of that transaction.
        workspace: Where it was done.
        who: A person, or what acts for one (`schedule`).
        what: A verb with its object before it: `account.added`, `plan.approved`.
        about: To what: `account google_ads`, `plan 2026-01-05`.
        before: What it was: JSON; values that look secret by their names are hidden.
        after: What it is now, likewise.
        at: When; by default now.
    """
    row = AuditRow(workspace_id=workspace, at=at or utc_now(), who=who[:255], what=what, about=about[:255])
    row.before = None if before is None else masked(before)
    row.after = None if after is None else masked(after)
    session.add(row)


def entries(
    session: Session,
    workspace: str,
    *,
    about: str | None = None,
    who: str | None = None,
    what: str | None = None,
    between: tuple[datetime | None, datetime | None] = (None, None),
    before: int | None = None,
    last: int = 100,
) -> list[Entry]:
    """The last entries, newest first.

    Args:
        session: May be read-only.
        workspace: Whose log.
        about: Of one thing alone.
        who: By one person or key alone.
        what: What was done: `plan.approved`, or `plan` for all that was done with plans.
        between: From when on, and until before when.
        before: An entry's id: what came before it.
        last: How many.
    """
    chosen = select(AuditRow).where(AuditRow.workspace_id == workspace).order_by(AuditRow.id.desc()).limit(last)
    if about is not None:
        chosen = chosen.where(AuditRow.about == about)
    if who is not None:
        chosen = chosen.where(AuditRow.who == who)
    if what is not None:
        chosen = chosen.where(or_(AuditRow.what == what, AuditRow.what.startswith(f"{what}.", autoescape=True)))
    first, end = between
    if first is not None:
        chosen = chosen.where(AuditRow.at >= first)
    if end is not None:
        chosen = chosen.where(AuditRow.at < end)
    if before is not None:
        chosen = chosen.where(AuditRow.id < before)
    return [_entry(row) for row in session.scalars(chosen)]


def every_entry(session: Session, workspace: str, *, about: str | None = None) -> Iterator[Entry]:
    """All entries, oldest first, a few at a time: the log may be larger than memory."""
    chosen = select(AuditRow).where(AuditRow.workspace_id == workspace).order_by(AuditRow.id)
    if about is not None:
        chosen = chosen.where(AuditRow.about == about)
    return map(_entry, session.scalars(chosen.execution_options(yield_per=1_000)))


def _entry(row: AuditRow) -> Entry:
    return Entry(row.at, row.who, row.what, row.about, row.before, row.after, row.id)


def masked(values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy without secrets: values under names like `refresh_token`, and such pairs within texts, are hidden.

    >>> masked({"app_id": "7", "app_secret": "s3cret", "url": "https://h/?access_token=abc&limit=5"})
    {'app_id': '7', 'app_secret': 'hidden', 'url': 'https://h/?access_token=hidden&limit=5'}
    """
    return {str(name): _HIDDEN if _names_secret(str(name), value) else _masked(value) for name, value in values.items()}


def _names_secret(name: str, value: object) -> bool:
    return bool(_SECRET.search(name)) and value not in (None, "") and not isinstance(value, bool)


def _masked(value: Any) -> Any:
    if isinstance(value, Mapping):
        return masked(cast("Mapping[str, Any]", value))
    if isinstance(value, str):
        return _IN_TEXT.sub(_without_value, value)
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_masked(part) for part in cast("Sequence[Any]", value)]
    return value if isinstance(value, bool | int | float | None) else str(value)


def _without_value(found: re.Match[str]) -> str:
    return (found["name"] or found["bearer"] or found["user"]) + _HIDDEN


def this_person() -> str:
    """The operating system's name of who runs this process, for what a command does without `--by`."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        import os

        return f"user {os.getuid()}" if hasattr(os, "getuid") else "unknown"
