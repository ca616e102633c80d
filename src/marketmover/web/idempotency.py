"""Idempotency keys, kept in the database: a request that is sent again is answered again, and not done again.

A key is `begun` before its request is carried out. Whatever the request keeps turns it to `applied` in the same
transaction (`mark_applied`), so that a process that dies leaves either nothing, and the request may be sent again, or
something, and the key says so. The answer is kept last.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketmover.errors import ConflictError, UsageError
from marketmover.kit import new_id
from marketmover.web.records import IdempotencyRow

KEPT = timedelta(hours=24)
_ABANDONED = timedelta(minutes=2)  # no request takes longer: what does is a job
_MOST_KEY = 255
_MOST_BODY = 1_000_000


@dataclass(frozen=True)
class Ticket:
    """A request with its key, as it was begun."""

    workspace: str
    caller: str
    key: str
    holder: str


@dataclass(frozen=True)
class Answer:
    """What was answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def fingerprint(method: str, path: str, query: str, body: bytes) -> str:
    """What a request asks for: one key stands for one such."""
    whole = hashlib.sha256()
    for part in (method.encode(), path.encode(), query.encode(), body):
        whole.update(len(part).to_bytes(8, "big") + part)
    return whole.hexdigest()


def begin(
    session: Session, workspace: str, caller: str, key: str, asked: str, now: datetime
) -> tuple[Ticket, Answer | None]:
    """Begin a request with a key; the answer where it was given already.

    Raises:
        UsageError: The key is empty or too long, or stands for another request.
        ConflictError: The same request is under way, or it was done and its answer is not known any more.
    """
    if not 1 <= len(key) <= _MOST_KEY or not key.isprintable():
        raise UsageError(f"An idempotency key has 1 to {_MOST_KEY} printable characters.", "A UUID does well.")
    ticket = Ticket(workspace, caller, key, new_id())
    row = session.get(IdempotencyRow, (workspace, caller, key))
    if row is not None and row.begun_at < now - KEPT:
        session.delete(row)
        session.flush()
        row = None
    if row is None:
        return _new(session, ticket, asked, now)
    if row.fingerprint != asked:
        raise UsageError(
            f"The idempotency key {key!r} was used for another request.", "Take a new key for each new request."
        )
    if row.state == "answered" and row.status is not None:
        return ticket, Answer(row.status, row.headers or {}, row.body or b"")
    if row.state == "applied" and row.begun_at < now - _ABANDONED:
        raise ConflictError(
            f"The request with the idempotency key {key!r} was done, but its answer is not kept.",
            "Look at what it made; do not send it with a new key unless it shall be done twice.",
        )
    if row.begun_at >= now - _ABANDONED:
        raise ConflictError(f"The request with the idempotency key {key!r} is under way.", "Ask again in a moment.")
    row.begun_at, row.holder = now, ticket.holder
    return ticket, None


def _new(session: Session, ticket: Ticket, asked: str, now: datetime) -> tuple[Ticket, None]:
    session.add(
        IdempotencyRow(
            workspace_id=ticket.workspace,
            caller=ticket.caller,
            key=ticket.key,
            fingerprint=asked,
            holder=ticket.holder,
            state="begun",
            begun_at=now,
        )
    )
    try:
        session.flush()
    except IntegrityError as error:
        raise ConflictError("The same request is under way.", "Ask again in a moment.") from error
    return ticket, None


def mark_applied(session: Session, ticket: Ticket) -> None:
    """Say, in the transaction that keeps something, that it must not be done again.

    Raises:
        ConflictError: Another process has taken the request over: this one was away too long.
    """
    change = update(IdempotencyRow).where(_is(ticket)).values(state="applied").returning(IdempotencyRow.key)
    if session.execute(change.execution_options(synchronize_session=False)).first() is None:
        raise ConflictError("The request took too long and was taken over by another.", "Ask again with the same key.")


def end(session: Session, ticket: Ticket, answer: Answer | None) -> None:
    """Keep the answer; without one nothing of the answer is kept, and an unapplied key is free again."""
    if answer is not None and len(answer.body) <= _MOST_BODY:
        values = {"status": answer.status, "headers": dict(answer.headers), "body": answer.body, "state": "answered"}
        change = update(IdempotencyRow).where(_is(ticket)).values(values)
        session.execute(change.execution_options(synchronize_session=False))
        return
    unused = delete(IdempotencyRow).where(_is(ticket), IdempotencyRow.state == "begun")
    session.execute(unused.execution_options(synchronize_session=False))


def _is(ticket: Ticket) -> ColumnElement[bool]:
    return and_(
        IdempotencyRow.workspace_id == ticket.workspace,
        IdempotencyRow.caller == ticket.caller,
        IdempotencyRow.key == ticket.key,
        IdempotencyRow.holder == ticket.holder,
    )


def forget(session: Session, now: datetime) -> int:
    """Forget keys of long ago; how many."""
    gone = delete(IdempotencyRow).where(IdempotencyRow.begun_at < now - KEPT).returning(IdempotencyRow.key)
    return len(session.execute(gone.execution_options(synchronize_session=False)).all())
