"""`/v1/links`: what a one-time link is for, and using it up. Tokens come in bodies: no log of addresses has them."""

from datetime import datetime
from typing import Annotated

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from marketmover.access.browsers import (
    House,
    caller_of,
    keep_session,
    not_kept,
    origin_of,
    person_signed_in,
    require_own_page,
)
from marketmover.access.forms import Code, Email, Form, Password, Token
from marketmover.access.links.page import page
from marketmover.access.links.service import Redeemed, look, redeem
from marketmover.access.records import PersonRow
from marketmover.access.sessions.service import end_session, open_session
from marketmover.access.sessions.signing_in import Shown, audit_person
from marketmover.access.tokens import csrf_of
from marketmover.errors import NoWorkspaceError, UnauthenticatedError
from marketmover.kit import utc_now
from marketmover.web import Name, open_to_all, room_router

router = room_router("/links", "One-time links")


class LinkToken(Form):
    """The token of a link: what stands behind `#` in its address."""

    token: Token


class Redeem(Form):
    """Who opens a link."""

    token: Token
    email: Email | None = Field(default=None, description="The first owner's; other links know whose they are.")
    name: Name | None = None
    password: Password | None = Field(
        default=None, description="A new one; where the e-mail has an account (`known`), that account's."
    )
    code: Code = ""


class LinkAnswer(BaseModel):
    """What a link is for."""

    purpose: str = Field(description="`owner`, `invitation` or `reset`.")
    workspace: str
    email: str
    role: str
    known: bool = Field(description="Whether the e-mail has an account, whose password must be shown.")
    expires_at: datetime


class Redemption(BaseModel):
    """Who is in now; `signed_in` where the answer brought a session."""

    email: str
    workspace: str
    signed_in: bool
    csrf: str | None = None


@router.get(
    "/page", response_class=HTMLResponse, summary="The page that a one-time link opens", operation_id="show_link_page"
)
def show_link_page(hall: Annotated[House, open_to_all()]) -> HTMLResponse:
    """A page without anything from elsewhere; the token never leaves the browser but in the body of a request."""
    del hall
    html, policy = page()
    return HTMLResponse(html, headers={"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"})


@router.post("/look", summary="See what a one-time link is for", operation_id="look_at_link")
def look_at_link(response: Response, asked: LinkToken, hall: Annotated[House, open_to_all()]) -> LinkAnswer:
    """What it does, and for whom; it is not used up."""
    not_kept(response)
    with hall.records.session(read_only=True) as session:
        link = look(session, asked.token, utc_now())
    return LinkAnswer(
        purpose=link.purpose,
        workspace=link.workspace,
        email=link.email,
        role=link.role,
        known=link.known,
        expires_at=link.expires_at,
    )


@router.post("/redeem", summary="Use a one-time link", operation_id="redeem_link")
def redeem_link(
    request: Request, response: Response, asked: Redeem, hall: Annotated[House, open_to_all()]
) -> Redemption:
    """Become the owner, join a workspace, or set a new password; signs in, unless a second factor is asked for."""
    require_own_page(request, hall.rules)
    now, origin, signed_in = utc_now(), origin_of(request), _whose_session(request, hall)
    with hall.records.session(read_only=True) as session:
        link = look(session, asked.token, now)
    given = Redeemed(asked.email or "", asked.name or "", Shown("", asked.password or "", asked.code))
    person, at_once = redeem(hall.records, hall.keys, asked.token, given, origin, now, signed_in=signed_in)
    done = Redemption(email=person.email, workspace=link.workspace, signed_in=at_once)
    not_kept(response)
    if at_once:
        done.csrf = csrf_of(_signed_in(request, response, hall, person))
    return done


def _whose_session(request: Request, hall: House) -> str | None:
    """The id of the person whose session the browser has; also of one who belongs to no workspace yet."""
    try:
        caller = caller_of(request)
    except NoWorkspaceError:
        return person_signed_in(request, hall).id
    return caller.id if caller is not None and caller.kind == "person" else None


def _signed_in(request: Request, response: Response, hall: House, person: PersonRow) -> str:
    with hall.records.session() as session:
        row = session.get(PersonRow, person.id)
        if row is None or row.disabled_at is not None:
            raise UnauthenticatedError("The account is disabled.")
        end_session(session, request.cookies.get(hall.rules.session_cookie))
        now = utc_now()
        token = open_session(session, row, "link", origin_of(request), hall.rules, now)
        audit_person(session, row, "session.opened", who=row.email, now=now, after={"way": "link"})
    keep_session(response, hall.rules, token)
    return token
