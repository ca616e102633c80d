"""Signing in at an OpenID provider: begun in one browser, ended in the same, once.

A person is known by what the provider calls them. The first time they are found by their e-mail, if the provider
has seen that it is theirs. Then a password that the account had is forgotten: whoever set it need not have been them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from sqlalchemy import delete
from sqlalchemy.orm import Session

from marketmover.access.oidc.client import Identity, discover, identify, sign_in_address
from marketmover.access.people.roles import find_role
from marketmover.access.people.service import add_person, end_sessions, join, normal_email, person_by_email
from marketmover.access.records import IdentityRow, OidcRow, PersonRow
from marketmover.access.rules import Oidc, Rules, local_path
from marketmover.access.sessions.service import From, end_session, open_session
from marketmover.access.sessions.signing_in import audit_person
from marketmover.access.tokens import new_token, token_hash
from marketmover.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from marketmover.store import Records

CALLBACK = "/v1/session/oidc/callback"
_LASTS = timedelta(minutes=10)
_AGAIN = "Begin again, from the sign-in page."


@dataclass(frozen=True)
class Came:
    """What a browser brings back from the provider: `browser` is the cookie that it was given before."""

    state: str
    code: str
    error: str
    issuer: str
    browser: str


def begin(records: Records, rules: Rules, base_url: str, return_to: str | None, now: datetime) -> tuple[str, str]:
    """Begin to sign in.

    Args:
        records: Of the installation.
        rules: Which provider.
        base_url: Where this browser reaches the installation.
        return_to: A path of this installation to go on to.
        now: The present moment.

    Returns:
        Where to send the browser, and the cookie to give it.

    Raises:
        NotFoundError: There is no provider.
        PlatformError: It cannot be reached.
    """
    _require_provider(rules.oidc)
    provider = discover(rules.oidc)
    state, nonce, verifier, browser = (new_token() for _ in range(4))
    with records.session() as session:
        session.execute(delete(OidcRow).where(OidcRow.expires_at <= now))
        session.add(
            OidcRow(
                state_hash=token_hash(state),
                browser_hash=token_hash(browser),
                nonce=nonce,
                verifier=verifier,
                return_to=local_path(return_to),
                expires_at=now + _LASTS,
            )
        )
    redirect = base_url + CALLBACK
    address = sign_in_address(rules.oidc, provider, redirect=redirect, state=state, nonce=nonce, verifier=verifier)
    return address, browser


def finish(
    records: Records, rules: Rules, base_url: str, came: Came, origin: From, now: datetime, *, former: str | None = None
) -> tuple[str, str]:
    """Sign in whom the provider sends back.

    Returns:
        The session's token, and the path to go on to.

    Raises:
        NotFoundError: There is no provider.
        UnauthenticatedError: What was brought back does not hold, or was not begun in this browser.
        ForbiddenError: The person may not come in.
        PlatformError: The provider cannot be reached.
    """
    _require_provider(rules.oidc)
    under_way = _take(records, came, now)
    provider = discover(rules.oidc)
    named = came.issuer or ("" if provider.names_itself else rules.oidc.issuer)
    if named != rules.oidc.issuer:  # another provider's answer in the place of ours: RFC 9207
        raise UnauthenticatedError("This is not the answer of the provider that was asked.", _AGAIN)
    if came.error or not came.code:
        raise UnauthenticatedError("The provider did not let you in.", _AGAIN)
    identity = identify(
        rules.oidc,
        provider,
        code=came.code,
        redirect=base_url + CALLBACK,
        nonce=under_way.nonce,
        verifier=under_way.verifier,
        now=now,
    )
    with records.session() as session:
        person = _person(session, rules.oidc, identity, now)
        end_session(session, former)
        token = open_session(session, person, "oidc", origin, rules, now)
        audit_person(session, person, "session.opened", who=person.email, now=now, after={"way": "oidc"})
    return token, local_path(under_way.return_to)


def _require_provider(oidc: Oidc) -> None:
    if not oidc.issuer:
        raise NotFoundError("No OpenID provider is set.", "Sign in by password.")


def _take(records: Records, came: Came, now: datetime) -> OidcRow:
    """The sign-in that was begun, used up whatever becomes of it."""
    with records.session() as session:
        row = session.get(OidcRow, token_hash(came.state))
        gone = delete(OidcRow).where(OidcRow.state_hash == token_hash(came.state)).returning(OidcRow.state_hash)
        taken = session.scalar(gone.execution_options(synchronize_session=False))
    if row is None or taken is None or row.expires_at <= now:
        raise UnauthenticatedError("This sign-in was not begun here, was ended already, or took too long.", _AGAIN)
    if not compare_digest(token_hash(came.browser), row.browser_hash):
        raise UnauthenticatedError("This sign-in was begun in another browser.", _AGAIN)
    return row


def _person(session: Session, oidc: Oidc, identity: Identity, now: datetime) -> PersonRow:
    known = session.get(IdentityRow, (oidc.issuer, identity.subject))
    if known is not None:
        person = session.get_one(PersonRow, known.person_id)
    else:
        person = person_by_email(session, identity.email)
        person = _new(session, oidc, identity, now) if person is None else _claimed(session, person, now)
        session.add(IdentityRow(issuer=oidc.issuer, subject=identity.subject, person_id=person.id, since=now))
        session.flush()
    if person.disabled_at is not None:
        raise ForbiddenError(f"The account of {person.email} is disabled.", "Ask an owner of the workspace.")
    return person


def _claimed(session: Session, person: PersonRow, now: datetime) -> PersonRow:
    end_sessions(session, person.id)
    if person.password is not None:
        person.password = None
        audit_person(session, person, "person.password_forgotten", who=person.email, now=now)
    return person


def _new(session: Session, oidc: Oidc, identity: Identity, now: datetime) -> PersonRow:
    email = normal_email(identity.email)
    if not oidc.role or (oidc.domains and email.rpartition("@")[2] not in oidc.domains):
        raise ForbiddenError(f"{email} is not invited here.", "Ask an owner of a workspace for an invitation.")
    find_role(session, oidc.workspace, oidc.role)
    person = add_person(session, email, identity.name, now)
    join(session, oidc.workspace, person, oidc.role, who="the OpenID provider", now=now)
    return person
