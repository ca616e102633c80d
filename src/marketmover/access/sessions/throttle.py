"""Failed sign-ins slow down those that follow: by e-mail and address together, by e-mail, and by address.

An attempt is counted before it is checked, so that many at once gain nothing; one that succeeds takes it back. The
waits double. Whoever only knows an e-mail can make its owner wait for minutes at most, and only after many tries.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from marketmover.access.records import FailureRow
from marketmover.access.tokens import token_hash
from marketmover.errors import RateLimitError
from marketmover.web.limits import neighbourhood

_FORGOTTEN = timedelta(hours=24)
_FIRST_WAIT_S = 30
_TOLD_EACH = 2  # who has a second factor needs two tries where all goes well


@dataclass(frozen=True)
class _Limit:
    """So many failures are free; then waits double up to the longest."""

    free: int
    longest_s: int


_LIMITS = {"both": _Limit(5, 3600), "email": _Limit(30, 900), "address": _Limit(50, 3600)}


def count_attempt(session: Session, email: str, address: str, now: datetime) -> int:
    """Count an attempt as failed, until it is known to have succeeded. The caller commits before it is checked.

    Returns:
        How many failed on this e-mail lately, this one among them.

    Raises:
        RateLimitError: Too many failed: this one must wait.
    """
    counts: dict[str, int] = {}
    for kind, key in _keys(email, address).items():
        row = _locked(session, key, now)
        if now - row.last_at > _FORGOTTEN:
            row.failures = 0
        _require_waited(row, _LIMITS[kind], now)
        row.failures, row.last_at = row.failures + 1, now
        counts[kind] = row.failures
    session.flush()
    return counts["email"]


def is_told(tries: int) -> bool:
    """Whether so many failures are told in the log: at first, and then each time that they doubled.

    The log keeps all for good, so that nobody may fill it by guessing.

    >>> [tries for tries in range(1, 100) if is_told(tries)]
    [1, 2, 5, 10, 20, 40, 80]
    """
    fives, rest = divmod(tries, 5)
    return tries <= _TOLD_EACH or (rest == 0 and fives.bit_count() == 1)


def keep_failure(session: Session, email: str, now: datetime) -> None:
    """Write down once more when an e-mail's last attempt failed."""
    session.execute(update(FailureRow).where(FailureRow.key == token_hash(f"email\x1f{email}")).values(last_at=now))


def forgive(session: Session, email: str, address: str) -> None:
    """An attempt succeeded: what was held against it is forgotten. Of its address's, this attempt alone."""
    keys = _keys(email, address)
    session.execute(delete(FailureRow).where(FailureRow.key.in_([keys["both"], keys["email"]])))
    session.execute(
        update(FailureRow)
        .where(FailureRow.key == keys["address"], FailureRow.failures > 0)
        .values(failures=FailureRow.failures - 1)
    )


def forget_failures(session: Session, now: datetime) -> None:
    """Forget failures that count no more."""
    session.execute(delete(FailureRow).where(FailureRow.last_at < now - _FORGOTTEN))


def _keys(email: str, address: str) -> dict[str, str]:
    """Hashes: the table names nobody."""
    address = neighbourhood(address)
    return {
        "both": token_hash(f"both\x1f{email}\x1f{address}"),
        "email": token_hash(f"email\x1f{email}"),
        "address": token_hash(f"address\x1f{address}"),
    }


def _require_waited(row: FailureRow, limit: _Limit, now: datetime) -> None:
    beyond = row.failures - limit.free
    if beyond < 0:
        return
    wait_s = min(limit.longest_s, _FIRST_WAIT_S * 2 ** min(beyond, 20))
    left = wait_s - (now - row.last_at).total_seconds()
    if left > 0:
        raise RateLimitError("Signing in failed too often.", f"Try again in {_told(left)}.", wait_s=left)


def _told(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 90 else f"{seconds / 60:.0f} minutes"


def _locked(session: Session, key: str, now: datetime) -> FailureRow:
    """The count, which nobody else changes until this transaction ends. It is made first, so that it can be locked."""
    if session.connection().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert
    row = insert(FailureRow).values(key=key, failures=0, last_at=now)
    # what is there already is locked by this same statement, so that nobody can delete it before it is read
    session.execute(row.on_conflict_do_update(index_elements=[FailureRow.key], set_={"key": key}))
    return session.scalars(select(FailureRow).where(FailureRow.key == key).with_for_update()).one()
