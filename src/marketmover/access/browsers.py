"""What browsers send and keep: where a request comes from, and the cookies that sign somebody in."""

from typing import Protocol, cast
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from marketmover.access.keys import Keys
from marketmover.access.permissions import Asker
from marketmover.access.records import PersonRow
from marketmover.access.rules import Rules
from marketmover.access.sessions.service import From, session_of
from marketmover.errors import ForbiddenError, NoWorkspaceError, UnauthenticatedError
from marketmover.kit import utc_now
from marketmover.store import Records
from marketmover.web import Caller


class House(Protocol):
    """What these routes need of an installation."""

    @property
    def records(self) -> Records:
        """Its records."""
        ...

    @property
    def keys(self) -> Keys:
        """What seals secrets."""
        ...

    @property
    def rules(self) -> Rules:
        """How people sign in."""
        ...


def origin_of(request: Request) -> From:
    """Where a request comes from."""
    return From(request.client.host if request.client else "", request.headers.get("user-agent", ""))


def caller_of(request: Request) -> Caller | None:
    """Who asks, where an endpoint is open to all."""
    return cast("Caller | None", request.app.state.desks.caller_of(request))


def base_url_of(request: Request, rules: Rules) -> str:
    """Where this browser reaches us: as it is set, else by whichever name and port it asked."""
    return rules.public_url or str(request.base_url).rstrip("/")


def require_own_page(request: Request, rules: Rules) -> None:
    """See that a page of this installation sends this, or no page at all: no other may sign a browser in.

    Raises:
        ForbiddenError: Another page does.
    """
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site", "none")
    host = urlsplit(rules.public_url).netloc or request.headers.get("host", "")
    if site not in {"same-origin", "none"} or (origin is not None and urlsplit(origin).netloc != host):
        raise ForbiddenError(
            "Another website's page sent this.", "Where this is your own address, set MARKETMOVER_PUBLIC_URL to it."
        )


def keep_session(response: Response, rules: Rules, token: str) -> None:
    """Have the browser keep a session: out of reach of scripts, and never sent along by another site's page."""
    response.set_cookie(
        rules.session_cookie,
        token,
        max_age=int(rules.lasts.total_seconds()),
        path="/",
        secure=rules.secure,
        httponly=True,
        samesite="strict",
    )
    not_kept(response)


def drop_session(response: Response, rules: Rules) -> None:
    """Have the browser forget the session."""
    response.delete_cookie(rules.session_cookie, path="/", secure=rules.secure, httponly=True, samesite="strict")


def not_kept(response: Response) -> None:
    """Have nobody keep the answer: it holds what is told once."""
    response.headers["Cache-Control"] = "no-store"


def person_signed_in(request: Request, house: House) -> PersonRow:
    """The person of the request's session, whether or not they belong to a workspace.

    Raises:
        UnauthenticatedError: Nobody signed in.
        ForbiddenError: A key asks, or the CSRF token is missing.
    """
    try:
        caller = caller_of(request)
        if caller is None:
            raise UnauthenticatedError("Nobody is signed in.", "Sign in.")
        require_person(caller)
    except NoWorkspaceError:
        pass  # their session holds, and what it takes to end it was shown
    with house.records.session(read_only=True) as session:
        row = session_of(session, request.cookies.get(house.rules.session_cookie), house.rules, utc_now())
        if row is None:
            raise UnauthenticatedError("Nobody is signed in.", "Sign in.")
        return session.get_one(PersonRow, row.person_id)


def asker_of(caller: Caller) -> Asker:
    """Who has something done."""
    return Asker(caller.who, caller.permissions, caller.id if caller.kind == "person" else None)


def require_person(caller: Caller) -> Caller:
    """See that a person asks, who signed in.

    Raises:
        ForbiddenError: A key does.
    """
    if caller.kind != "person":
        raise ForbiddenError("A key cannot do this.", "A person can, who signed in; or a command on the server.")
    return caller
