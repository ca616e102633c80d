"""Signing in by e-mail and password, with a code where the second factor is on.

The attempt is counted in a transaction of its own before anything is checked; hashing goes on outside of any, so that
nobody waits for it; what was checked is looked at once more in the transaction that opens the session.
"""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from marketmover.access import audit
from marketmover.access.keys import Keys
from marketmover.access.people.service import end_sessions, memberships, normal_email, person_by_email
from marketmover.access.records import PersonRow
from marketmover.access.rules import Rules
from marketmover.access.sessions.passwords import check_password, hashed, is_outdated, verify
from marketmover.access.sessions.service import From, end_session, open_session
from marketmover.access.sessions.throttle import count_attempt, forgive, is_told, keep_failure
from marketmover.access.sessions.totp import forget_totp, require_second_factor
from marketmover.errors import SecondFactorError, UnauthenticatedError, UsageError
from marketmover.store import Records

_NO = "The e-mail or the password is wrong."
_HOW = "Try again, or ask an owner for a link for a new password; whoever runs the server can make one too."


@dataclass(frozen=True)
class Shown:
    """What somebody shows to sign in."""

    email: str
    password: str = field(repr=False)
    code: str = field(default="", repr=False)


@dataclass(frozen=True)
class Proven:
    """Who has proved a password, and how many attempts failed lately on their e-mail, counting this one."""

    person: PersonRow
    tries: int


def sign_in(
    records: Records, keys: Keys, rules: Rules, shown: Shown, origin: From, now: datetime, *, former: str | None = None
) -> str:
    """Open a session for whoever shows a person's e-mail, password and, where it is on, second factor.

    Args:
        records: Of the installation.
        keys: What opens second factors.
        rules: How long sessions last.
        shown: E-mail, password, code.
        origin: Where from.
        now: The present moment.
        former: The token of the browser's former session, which ends.

    Returns:
        The new session's token.

    Raises:
        UnauthenticatedError: Something shown is wrong. It says the same of unknown people, after the same time.
        SecondFactorError: A code is asked for.
        RateLimitError: Too many attempts failed.
    """
    proven = prove(records, shown, origin, now)
    with telling_refused(records, proven, now), records.session() as session:
        row = session.get_one(PersonRow, proven.person.id)
        if row.disabled_at is not None or row.password != proven.person.password:
            raise UnauthenticatedError(_NO, _HOW)
        require_second_factor(session, keys, row, shown.code, now)
        forgive(session, row.email, origin.address)
        if is_outdated(row.password or ""):
            row.password = hashed(shown.password)
        end_session(session, former)
        token = open_session(session, row, "password", origin, rules, now)
        audit_person(session, row, "session.opened", who=row.email, now=now, after={"way": "password"})
    return token


def prove(records: Records, shown: Shown, origin: From, now: datetime) -> Proven:
    """Who has this e-mail and password; attempts are counted, and the log tells of those that fail.

    Raises:
        UnauthenticatedError: Nobody who may sign in.
        RateLimitError: Too many attempts failed.
    """
    try:
        email = normal_email(shown.email)
    except UsageError:
        email = ""
    with records.session() as session:
        tries = count_attempt(session, email, origin.address, now)
    with records.session(read_only=True) as session:
        person = person_by_email(session, email) if email else None
    right = verify(shown.password, None if person is None else person.password)
    if person is None or not right or person.disabled_at is not None:
        _tell_refused(records, email, person, tries, "account disabled" if right else "password", now)
        raise UnauthenticatedError(_NO, _HOW)
    return Proven(person, tries)


@contextmanager
def telling_refused(records: Records, proven: Proven, now: datetime) -> Generator[None]:
    """Have the log tell where somebody who has proved the password shows a wrong code."""
    try:
        yield
    except SecondFactorError:
        raise
    except UnauthenticatedError:
        _tell_refused(records, proven.person.email, proven.person, proven.tries, "code", now)
        raise


def _tell_refused(
    records: Records, email: str, person: PersonRow | None, tries: int, wrong: str, now: datetime
) -> None:
    """Tell in each workspace of a person that somebody failed to sign in as them; not each time."""
    if not is_told(tries):
        return
    with records.session() as session:
        keep_failure(session, email, now)  # something is written for who is unknown, too: it takes as long
        if person is not None:
            after: dict[str, object] = {"wrong": wrong, "tries": tries}
            audit_person(session, person, "session.refused", who="somebody", now=now, after=after)


def set_password(session: Session, person: PersonRow, password_hash: str, *, who: str, now: datetime) -> None:
    """Keep a new password's hash, and sign the person out everywhere."""
    person.password = password_hash
    end_sessions(session, person.id)
    audit_person(session, person, "person.password_set", who=who, now=now)


def change_password(
    records: Records, keys: Keys, person: PersonRow, shown: Shown, new: str, origin: From, now: datetime
) -> None:
    """Change one's own password by the present one, with a code where the second factor is on; all sessions end.

    Raises:
        UnauthenticatedError: The present password or the code is wrong.
        UsageError: The new one cannot be one.
        RateLimitError: Too many attempts failed.
    """
    fresh = hashed(check_password(new, person.email))
    proven = prove(records, shown, origin, now)
    with telling_refused(records, proven, now), records.session() as session:
        row = session.get_one(PersonRow, person.id)
        require_second_factor(session, keys, row, shown.code, now)
        forgive(session, row.email, origin.address)
        set_password(session, row, fresh, who=row.email, now=now)


def prove_again(records: Records, person: PersonRow, password: str, origin: From, now: datetime) -> Proven:
    """See that whoever is signed in is still the person, before their account changes; attempts are counted.

    Who has no password, since a provider signs them in, is asked for none.

    Raises:
        UnauthenticatedError: The password is wrong.
        RateLimitError: Too many attempts failed.
    """
    if person.password is not None:
        return prove(records, Shown(person.email, password), origin, now)
    with records.session() as session:
        return Proven(person, count_attempt(session, person.email, origin.address, now))


def turn_totp_off(records: Records, keys: Keys, person: PersonRow, shown: Shown, origin: From, now: datetime) -> None:
    """Turn one's own second factor off by the password and a code; attempts are counted.

    Raises:
        UnauthenticatedError: The code or the password is wrong.
        SecondFactorError: No code was shown.
        RateLimitError: Too many attempts failed.
    """
    proven = prove_again(records, person, shown.password, origin, now)
    with telling_refused(records, proven, now), records.session() as session:
        require_second_factor(session, keys, person, shown.code, now)
        forgive(session, person.email, origin.address)
        if forget_totp(session, keys, person.id):
            audit_person(session, person, "person.totp_off", who=person.email, now=now)


def audit_person(
    session: Session, person: PersonRow, what: str, *, who: str, now: datetime, after: dict[str, object] | None = None
) -> None:
    """Write down, in each workspace that a person belongs to, what became of their account."""
    for workspace in sorted(memberships(session, person.id)):
        audit.append(session, workspace, who=who, what=what, about=f"person {person.email}", after=after, at=now)
